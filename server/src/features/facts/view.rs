//! What a fact looks like to its reader.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::try_join;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    catalogue::{self, Kind},
    model::{Class, Holding, contradictions},
    policy::{Reader, Sight},
    queries::{self, Fact, PersonRow, VersionRow},
    value::{Said, ScoreView, score, summary},
};
use crate::{Error, Result, ctx::Tx, features::provisions};

/// A fact.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactView {
    /// Identifier.
    pub(super) id: Uuid,
    /// Whose fact it is.
    patient_id: Uuid,
    /// Kind, by `schema/facts.json`: `allergy`, `infection`, `device`, `medicine`, `problem`, `adl`, `barthel`,
    /// `disability_level`, `dementia_level`, `diet`, `pressure_injury`, `wishes`, `contact` or `service`.
    kind: String,
    /// `team`, `medical` or `sensitive`.
    channel: String,
    /// What makes it sensitive, on that channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<String>,
    /// Number of the newest version, for `If-Match`.
    pub(super) version: i32,
    /// Whether only a summary is open to the caller.
    summary_only: bool,
    /// What is so, by the fields of its kind.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    value: Map<String, Value>,
    /// What is added up, where all of it is known.
    score: Option<ScoreView>,
    /// What else is to be said.
    note: Option<String>,
    /// `confirmed`, `reported` or `suspected`.
    confidence: String,
    /// Since when it is so.
    since: Option<NaiveDate>,
    /// Where it comes from.
    source: FactSourceView,
    /// Who said so.
    author: FactAuthorView,
    /// When that was taken in.
    recorded_at: DateTime<Utc>,
    /// When somebody last found that it is so.
    confirmed_at: DateTime<Utc>,
    /// Who found it.
    confirmed_by_name: String,
    /// The caller sees these facts as well, and they say something else about the same.
    contradicts: Vec<Uuid>,
    /// Whether the caller may change, confirm and end it.
    changeable: bool,
    /// Since when and why it is not so any more.
    ended: Option<FactEndView>,
    /// What was so before, the oldest first, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    earlier: Option<Vec<FactVersionView>>,
}

/// Where a fact comes from.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct FactSourceView {
    /// `observation`, `interview`, `post`, `document`, `sheet` or `import`.
    kind: String,
    /// The post, document or sheet.
    id: Option<Uuid>,
    /// In words.
    text: Option<String>,
    /// Whether the post was taken back meanwhile.
    retracted: bool,
}

/// Who said something of a fact.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct FactAuthorView {
    /// The staff member.
    id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession.
    profession: String,
    /// Facility.
    facility_name: String,
}

/// The end of a fact.
#[derive(Debug, Serialize, ToSchema)]
struct FactEndView {
    /// Since when it is not so any more, where that is known.
    since: Option<NaiveDate>,
    /// Why.
    reason: String,
    /// Who said so.
    author: FactAuthorView,
    /// When.
    recorded_at: DateTime<Utc>,
    /// The fact that stands in its place.
    superseded_by: Option<Uuid>,
}

/// Something that was said of a fact.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactVersionView {
    /// 1, 2, 3 …
    version: i32,
    /// `create`, `change` (what is so replaces what was), `confirm` (still so) or `end` (not so any more).
    act: String,
    /// What is so, by the fields of the kind; not there where nothing new was said.
    #[schema(value_type = Option<std::collections::BTreeMap<String, Value>>)]
    value: Option<Map<String, Value>>,
    /// What is added up.
    score: Option<ScoreView>,
    /// What else was said.
    note: Option<String>,
    /// `confirmed`, `reported` or `suspected`.
    confidence: Option<String>,
    /// Since when it is so; of an end, since when it is not.
    since: Option<NaiveDate>,
    /// Where it comes from.
    source: Option<FactSourceView>,
    /// Why it was changed or ended.
    reason: Option<String>,
    /// The fact that stands in its place.
    superseded_by: Option<Uuid>,
    /// When it was found.
    observed_at: DateTime<Utc>,
    /// Who wrote it.
    author: FactAuthorView,
    /// When the server took it in.
    recorded_at: DateTime<Utc>,
}

/// What the caller may do with a kind of facts.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactKindView {
    /// Kind.
    kind: &'static str,
    /// What the caller sees of it: `all`, `summary`, `own` (what the own facility said) or `nothing`.
    sees: &'static str,
    /// Whether the caller may write it.
    writes: bool,
}

/// The current state of a patient, as far as the caller sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactListView {
    /// Facts, the oldest first.
    pub(super) items: Vec<FactView>,
    /// For each kind, what the caller sees and writes: what is not seen is not the same as what is not there.
    kinds: Vec<FactKindView>,
    /// Always null: all facts come at once.
    next: Option<String>,
}

/// What rows do not hold themselves.
struct Around {
    people: HashMap<Uuid, PersonRow>,
    retracted: BTreeSet<Uuid>,
    versions: HashMap<Uuid, Vec<VersionRow>>,
}

/// The facts among `rows` that the reader sees, with what was so before when `history` asks for it.
pub(super) async fn list(
    tx: &Tx<'_>,
    reader: &mut Reader,
    rows: Vec<Fact>,
    history: bool,
) -> Result<FactListView> {
    let items = facts(tx, reader, rows, history).await?;
    let kinds = reader.kinds(tx).into_iter();
    Ok(FactListView {
        items,
        kinds: kinds
            .map(|(kind, sees, writes)| FactKindView { kind, sees, writes })
            .collect(),
        next: None,
    })
}

/// One fact that the reader sees, held against the others that hold.
pub(super) async fn fact(tx: &Tx<'_>, reader: &mut Reader, row: Fact) -> Result<FactView> {
    let wanted = queries::Wanted {
        kind: Some(&row.kind),
        ..queries::Wanted::default()
    };
    let id = row.id;
    let mut rows = queries::list(tx, row.patient_id, &wanted).await?;
    if row.ended {
        rows.push(row);
    }
    let mut all = facts(tx, reader, rows, false).await?;
    let place = all.iter().position(|fact| fact.id == id);
    place
        .map(|place| all.swap_remove(place))
        .ok_or(Error::NotFound)
}

async fn facts(
    tx: &Tx<'_>,
    reader: &mut Reader,
    rows: Vec<Fact>,
    history: bool,
) -> Result<Vec<FactView>> {
    let mut seen = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(sight) = reader.sees(tx, &row.class(), row.facility_id) {
            seen.push((row, sight));
        }
    }
    let around = around(tx, &seen, history).await?;
    let given: BTreeSet<(Uuid, String)> = seen
        .iter()
        .map(|(row, _)| (row.facility_id, row.information.clone()))
        .collect();
    let given = given
        .iter()
        .map(|(facility, kind)| (*facility, kind.as_str()));
    provisions::note(tx, reader.patient_id(), reader.ground(), given).await?;
    let writes: BTreeSet<&str> = reader
        .kinds(tx)
        .into_iter()
        .filter_map(|(kind, _, writes)| writes.then_some(kind))
        .collect();
    let mut views = Vec::with_capacity(seen.len());
    for (row, sight) in seen {
        let mut view = view(&row, sight, &around)?;
        view.changeable = sight == Sight::Whole && !row.ended && writes.contains(row.kind.as_str());
        if history {
            view.earlier = Some(earlier(tx, reader, &row, &around)?);
        }
        views.push(view);
    }
    contradict(&mut views);
    Ok(views)
}

async fn around(tx: &Tx<'_>, seen: &[(Fact, Sight)], history: bool) -> Result<Around> {
    let wanted: Vec<Uuid> = seen
        .iter()
        .filter(|(row, _)| history || row.ended)
        .map(|(row, _)| row.id)
        .collect();
    let versions = queries::list_versions(tx, &wanted).await?;
    let mut people: BTreeSet<Uuid> = versions.iter().map(|row| row.written_by).collect();
    people.extend(
        seen.iter()
            .flat_map(|(row, _)| [row.written_by, row.confirmed_by]),
    );
    let of_rows = seen
        .iter()
        .map(|(row, _)| (row.source.as_deref(), row.source_id));
    let of_versions = versions
        .iter()
        .map(|row| (row.source.as_deref(), row.source_id));
    let posts = posts(of_rows.chain(of_versions));
    let people: Vec<Uuid> = people.into_iter().collect();
    let (people, retracted) = try_join(
        queries::list_people(tx, &people),
        queries::list_retracted(tx, &posts),
    )
    .await?;
    let mut by_fact: HashMap<Uuid, Vec<VersionRow>> = HashMap::new();
    for row in versions {
        by_fact.entry(row.fact_id).or_default().push(row);
    }
    Ok(Around {
        people,
        retracted: retracted.into_iter().collect(),
        versions: by_fact,
    })
}

/// The posts among sources.
fn posts<'a>(sources: impl Iterator<Item = (Option<&'a str>, Option<Uuid>)>) -> Vec<Uuid> {
    let posts = sources.filter(|(kind, _)| *kind == Some("post"));
    let distinct: BTreeSet<Uuid> = posts.filter_map(|(_, id)| id).collect();
    distinct.into_iter().collect()
}

impl Around {
    fn author(&self, id: Uuid) -> Result<FactAuthorView> {
        let (name, profession, facility_name) = self
            .people
            .get(&id)
            .cloned()
            .ok_or_else(|| Error::internal("a fact without its author"))?;
        Ok(FactAuthorView {
            id,
            name,
            profession,
            facility_name,
        })
    }

    fn source(&self, kind: &str, id: Option<Uuid>, text: Option<&String>) -> FactSourceView {
        FactSourceView {
            kind: kind.to_owned(),
            id,
            text: text.cloned(),
            retracted: id.is_some_and(|id| self.retracted.contains(&id)),
        }
    }

    fn end(&self, fact: Uuid) -> Result<Option<FactEndView>> {
        let mut versions = self.versions.get(&fact).into_iter().flatten();
        let Some(end) = versions.rfind(|row| row.act == "end") else {
            return Ok(None);
        };
        Ok(Some(FactEndView {
            since: end.since,
            reason: end.reason.clone().unwrap_or_default(),
            author: self.author(end.written_by)?,
            recorded_at: end.written_at,
            superseded_by: end.superseded_by,
        }))
    }
}

/// What a row says, as this server wrote it.
pub(super) fn said(value: Option<Value>) -> Said {
    match value {
        Some(Value::Object(said)) => said,
        _ => Said::new(),
    }
}

fn kind_of(code: &str) -> Result<&'static Kind> {
    catalogue::find(code)
        .ok_or_else(|| Error::internal("a fact of a kind that is not in the catalogue"))
}

fn view(row: &Fact, sight: Sight, around: &Around) -> Result<FactView> {
    let kind = kind_of(&row.kind)?;
    let whole = said(row.value.clone());
    let all = sight == Sight::Whole;
    let source_kind = row.source.clone().unwrap_or_default();
    let source = around.source(&source_kind, row.source_id, row.source_text.as_ref());
    let confirmer = around.author(row.confirmed_by)?;
    Ok(FactView {
        id: row.id,
        patient_id: row.patient_id,
        kind: row.kind.clone(),
        channel: row.channel.clone(),
        sensitivity: row.sensitivity.clone(),
        version: row.version,
        summary_only: !all,
        score: score(kind, &whole),
        value: if all { whole } else { summary(kind, &whole) },
        note: row.note.clone().filter(|_| all),
        confidence: row.confidence.clone().unwrap_or_default(),
        since: row.since,
        source: FactSourceView {
            id: source.id.filter(|_| all),
            text: source.text.filter(|_| all),
            ..source
        },
        author: around.author(row.written_by)?,
        recorded_at: row.written_at,
        confirmed_at: row.confirmed_at,
        confirmed_by_name: confirmer.name,
        contradicts: Vec::new(),
        changeable: false,
        ended: if row.ended { around.end(row.id)? } else { None },
        earlier: None,
    })
}

/// Names in each fact the others that say something else about the same. Summaries are not held against anything: they
/// leave out what may differ.
fn contradict(views: &mut [FactView]) {
    let found = {
        let holding: Vec<Holding<'_>> = views
            .iter()
            .filter(|view| view.ended.is_none() && !view.summary_only)
            .filter_map(|view| {
                Some(Holding {
                    id: view.id,
                    kind: catalogue::find(&view.kind)?,
                    said: &view.value,
                })
            })
            .collect();
        contradictions(&holding)
    };
    for (one, other) in found {
        for view in views.iter_mut() {
            if view.id == one {
                view.contradicts.push(other);
            } else if view.id == other {
                view.contradicts.push(one);
            }
        }
    }
}

/// What was so before, as far as the reader sees it.
fn earlier(
    tx: &Tx<'_>,
    reader: &mut Reader,
    fact: &Fact,
    around: &Around,
) -> Result<Vec<FactVersionView>> {
    let rows = around.versions.get(&fact.id).into_iter().flatten();
    let before = rows
        .filter(|row| row.value.is_some() && row.version < fact.said_version)
        .cloned()
        .collect();
    seen_versions(tx, reader, (&fact.kind, &fact.class()), before, around)
}

fn seen_versions(
    tx: &Tx<'_>,
    reader: &mut Reader,
    (kind, class): (&str, &Class),
    rows: Vec<VersionRow>,
    around: &Around,
) -> Result<Vec<FactVersionView>> {
    let kind = kind_of(kind)?;
    let mut views = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(sight) = reader.sees(tx, class, row.facility_id) else {
            continue;
        };
        let all = sight == Sight::Whole;
        let whole = row.value.map(|value| said(Some(value)));
        let source = row
            .source
            .as_deref()
            .map(|kind| around.source(kind, row.source_id, row.source_text.as_ref()));
        views.push(FactVersionView {
            version: row.version,
            act: row.act,
            score: whole.as_ref().and_then(|whole| score(kind, whole)),
            value: whole.map(|whole| if all { whole } else { summary(kind, &whole) }),
            note: row.note.filter(|_| all),
            confidence: row.confidence,
            since: row.since,
            source: source.filter(|_| all),
            reason: row.reason.filter(|_| all),
            superseded_by: row.superseded_by,
            observed_at: row.observed_at,
            author: around.author(row.written_by)?,
            recorded_at: row.written_at,
        });
    }
    Ok(views)
}

/// Everything that was ever said of a fact, as far as the reader sees it.
pub(super) async fn versions(
    tx: &Tx<'_>,
    reader: &mut Reader,
    fact: Fact,
) -> Result<Vec<FactVersionView>> {
    let (kind, class, id) = (fact.kind.clone(), fact.class(), fact.id);
    let sight = Sight::Whole;
    let mut around = around(tx, &[(fact, sight)], true).await?;
    let rows = around.versions.remove(&id).unwrap_or_default();
    let mut given: BTreeSet<Uuid> = BTreeSet::new();
    for row in &rows {
        if reader.sees(tx, &class, row.facility_id).is_some() {
            given.insert(row.facility_id);
        }
    }
    let given = given
        .iter()
        .map(|facility| (*facility, class.information.as_str()));
    provisions::note(tx, reader.patient_id(), reader.ground(), given).await?;
    seen_versions(tx, reader, (&kind, &class), rows, &around)
}
