//! What a post looks like to its reader.

mod queries;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use futures_util::future::{try_join3, try_join5};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

pub(super) use self::queries::list_authors;
use self::queries::{AcknowledgementRow, ParentRow, RequestRow};
use super::{
    model::{DocumentLine, Post},
    queries::{VersionRow, find_read_mark},
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        provisions,
        vital_signs::{self, News2View, VitalSigns, news2},
    },
    spine::{
        access::{Ground, Scope, scope_of},
        text,
    },
};

/// A post.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PostView {
    /// Identifier.
    pub(super) id: Uuid,
    /// Whose timeline it is on.
    patient_id: Uuid,
    /// `note`, `vitals`, `medication`, `wound`, `visit_report`, `urgent`, `end_of_life`, `notice` or `document`.
    kind: String,
    /// `team`, `medical`, `family` or `sensitive`.
    channel: String,
    /// What makes it sensitive, on that channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<String>,
    /// Who wrote it.
    author: AuthorView,
    /// What it answers.
    reply_to: Option<ReplyToView>,
    /// When what it tells was seen or measured.
    observed_at: DateTime<Utc>,
    /// When the server took it in.
    recorded_at: DateTime<Utc>,
    /// Number of the newest version, for `If-Match`.
    pub(super) version: i32,
    /// When it was last amended.
    amended_at: Option<DateTime<Utc>>,
    /// When and why it was taken back.
    retraction: Option<RetractionView>,
    /// Text; null when it has none or was taken back.
    body: Option<String>,
    /// Vital signs.
    vitals: Option<VitalSigns>,
    /// What the vital signs score together, when that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    news2: Option<News2View>,
    /// Document.
    document: Option<DocumentLineView>,
    /// Who was asked, and who has acknowledged.
    acknowledgement: AcknowledgementView,
    /// Whether the server added it because a vital sign was outside its limits, in the name of the author.
    automatic: bool,
    /// Whether it is new to the caller.
    unread: bool,
    /// Whether the caller wrote it.
    mine: bool,
}

/// Who wrote something.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AuthorView {
    /// `staff` or `system`.
    kind: &'static str,
    /// The staff member or client.
    id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession, for people.
    profession: Option<String>,
    /// Facility.
    facility_name: String,
}

/// What a reply answers.
#[derive(Debug, Serialize, ToSchema)]
struct ReplyToView {
    /// The post.
    id: Uuid,
    /// Who wrote it.
    author_name: String,
    /// Its first characters, or its vital signs in Japanese; null when the caller may not read it or it was taken back.
    excerpt: Option<String>,
}

/// A retraction.
#[derive(Debug, Serialize, ToSchema)]
struct RetractionView {
    /// When.
    at: DateTime<Utc>,
    /// By whom.
    by_name: String,
    /// Why.
    reason: String,
}

/// A document, as a post shows it.
#[derive(Debug, Serialize, ToSchema)]
struct DocumentLineView {
    /// Identifier.
    id: Uuid,
    /// Title.
    title: String,
    /// Code of the type.
    type_code: String,
    /// The type in Japanese.
    type_label: String,
    /// When it was written.
    authored_at: DateTime<Utc>,
    /// By whom.
    author_name: String,
    /// Where.
    institution_name: String,
    /// Its first characters.
    excerpt: String,
}

/// Where the acknowledgement of a post stands.
#[derive(Debug, Serialize, ToSchema)]
struct AcknowledgementView {
    /// By when.
    due_at: Option<DateTime<Utc>>,
    /// Who was asked.
    asked: Vec<AskedView>,
    /// Who has acknowledged, asked or not.
    acknowledged: Vec<AcknowledgedView>,
    /// For the caller: `none`, `asked` or `done`.
    mine: &'static str,
}

/// Somebody who was asked.
#[derive(Debug, Serialize, ToSchema)]
struct AskedView {
    /// Who.
    staff_member_id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession.
    profession: String,
    /// When acknowledged.
    acknowledged_at: Option<DateTime<Utc>>,
}

/// Somebody who acknowledged.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AcknowledgedView {
    /// Who.
    staff_member_id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession.
    profession: String,
    /// When.
    acknowledged_at: DateTime<Utc>,
}

/// A version of a post.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PostVersionView {
    /// 1, 2, 3 …
    version: i32,
    /// Text.
    body: Option<String>,
    /// Vital signs.
    vitals: Option<VitalSigns>,
    /// Document.
    document_id: Option<Uuid>,
    /// Why it was written; null for the first.
    reason: Option<String>,
    /// Whether it takes the post back.
    retracted: bool,
    /// Who wrote it.
    written_by: String,
    /// When.
    written_at: DateTime<Utc>,
}

/// Everything that the rows of a page do not hold themselves.
struct Surroundings {
    authors: HashMap<Uuid, AuthorView>,
    parents: HashMap<Uuid, ParentRow>,
    requests: HashMap<Uuid, Vec<RequestRow>>,
    acknowledgements: HashMap<Uuid, Vec<AcknowledgementRow>>,
    /// Whether NEWS2 uses the second SpO₂ scale for the patient.
    second_scale: bool,
}

/// Makes views of posts of one patient, in their order, for a reader with this ground. Whatever another facility wrote is
/// noted as given.
pub(super) async fn posts(
    tx: &Tx<'_>,
    rows: Vec<Post>,
    scope: &Scope,
    ground: Ground,
    read_until: Option<DateTime<Utc>>,
) -> Result<Vec<PostView>> {
    let Some(patient_id) = rows.first().map(|row| row.patient_id) else {
        return Ok(Vec::new());
    };
    let shown: BTreeSet<_> = rows
        .iter()
        .map(|row| (row.facility_id, row.information.as_str()))
        .collect();
    let has_vitals = rows.iter().any(|row| row.vitals.is_some());
    let second_scale =
        async { Ok(has_vitals && vital_signs::has_second_scale(tx, patient_id).await?) };
    let (mut around, (), second_scale) = try_join3(
        surroundings(tx, &rows),
        provisions::note(tx, patient_id, ground, shown.iter().copied()),
        second_scale,
    )
    .await?;
    around.second_scale = second_scale;
    // What a reply quotes is mostly on the same page.
    let quoted = around
        .parents
        .values()
        .filter(|parent| parent.is_in(scope))
        .map(|parent| (parent.facility_id, parent.information.as_str()))
        .filter(|given| !shown.contains(given));
    provisions::note(tx, patient_id, ground, quoted).await?;
    rows.into_iter()
        .map(|row| view(tx, row, scope, read_until, &mut around))
        .collect()
}

/// Makes the view of one post, for a reader with this ground.
pub(super) async fn post(tx: &Tx<'_>, row: Post, ground: Ground) -> Result<PostView> {
    // The scope is needed for what a reply answers, the mark for what others wrote.
    let scope = if row.reply_to.is_some() {
        scope_of(tx, ground)
    } else {
        Scope::nothing()
    };
    let mine = row.author_staff_id == Some(tx.actor.ids().0);
    let read_until = if mine {
        None
    } else {
        find_read_mark(tx, row.patient_id).await?
    };
    let made = posts(tx, vec![row], &scope, ground, read_until)
        .await?
        .pop();
    made.ok_or(Error::NotFound)
}

async fn surroundings(tx: &Tx<'_>, rows: &[Post]) -> Result<Surroundings> {
    let distinct = |mut ids: Vec<Uuid>| {
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let posts: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let people = distinct(rows.iter().filter_map(|row| row.author_staff_id).collect());
    let systems = distinct(rows.iter().filter_map(|row| row.author_client_id).collect());
    let parents = distinct(rows.iter().filter_map(|row| row.reply_to).collect());
    let (people, systems, parents, asked, acknowledged) = try_join5(
        queries::list_authors(tx, &people),
        queries::list_systems(tx, &systems),
        queries::list_parents(tx, &parents),
        queries::list_requests(tx, &posts),
        queries::list_acknowledgements(tx, &posts),
    )
    .await?;
    let people = people
        .into_iter()
        .map(|(id, name, profession, facility_name)| {
            (
                id,
                AuthorView {
                    kind: "staff",
                    id,
                    name,
                    profession: Some(profession),
                    facility_name,
                },
            )
        });
    let systems = systems.into_iter().map(|(id, name, facility_name)| {
        (
            id,
            AuthorView {
                kind: "system",
                id,
                name,
                profession: None,
                facility_name,
            },
        )
    });
    let mut around = Surroundings {
        authors: people.chain(systems).collect(),
        parents: parents.into_iter().map(|row| (row.id, row)).collect(),
        requests: HashMap::new(),
        acknowledgements: HashMap::new(),
        second_scale: false,
    };
    for row in asked {
        around.requests.entry(row.0).or_default().push(row);
    }
    for row in acknowledged {
        around.acknowledgements.entry(row.0).or_default().push(row);
    }
    Ok(around)
}

fn view(
    tx: &Tx<'_>,
    row: Post,
    scope: &Scope,
    read_until: Option<DateTime<Utc>>,
    around: &mut Surroundings,
) -> Result<PostView> {
    let me = tx.actor.ids().0;
    let mine = row.author_staff_id == Some(me);
    let author = around.authors.get(&row.author()).cloned();
    let author = author.ok_or_else(|| Error::internal("a post without its author"))?;
    let acknowledgement = acknowledgement(
        around.requests.remove(&row.id).unwrap_or_default(),
        around.acknowledgements.remove(&row.id).unwrap_or_default(),
        me,
    );
    let shown = !row.retracted;
    let retraction = row.retracted.then(|| RetractionView {
        at: row.written_at,
        by_name: author.name.clone(),
        reason: row.reason.clone().unwrap_or_default(),
    });
    let vitals: Option<VitalSigns> = row
        .vitals
        .filter(|_| shown)
        .map(serde_json::from_value)
        .transpose()
        .map_err(Error::internal)?;
    Ok(PostView {
        reply_to: row
            .reply_to
            .map(|id| reply_to(id, around.parents.get(&id), scope)),
        unread: !mine && read_until.is_none_or(|until| row.recorded_at > until),
        amended_at: (shown && row.version > 1).then_some(row.written_at),
        body: row.body.filter(|_| shown),
        document: row.document.filter(|_| shown).map(DocumentLineView::from),
        id: row.id,
        patient_id: row.patient_id,
        kind: row.kind,
        channel: row.channel,
        sensitivity: row.sensitivity,
        author,
        observed_at: row.observed_at,
        recorded_at: row.recorded_at,
        version: row.version,
        automatic: row.automatic,
        retraction,
        news2: vitals.and_then(|signs| news2(&signs, around.second_scale)),
        vitals,
        acknowledgement,
        mine,
    })
}

/// What a reply answers, as far as the reader may read that.
fn reply_to(id: Uuid, parent: Option<&ParentRow>, scope: &Scope) -> ReplyToView {
    let Some(parent) = parent.filter(|parent| parent.is_in(scope)) else {
        return ReplyToView {
            id,
            author_name: String::new(),
            excerpt: None,
        };
    };
    let said = parent.title.clone().or_else(|| parent.body.clone());
    // Written by this server; what cannot be read back says nothing here.
    let measured = || {
        let vitals = parent.vitals.clone()?;
        let signs: VitalSigns = serde_json::from_value(vitals).ok()?;
        Some(signs.in_words())
    };
    let says = said.or_else(measured).filter(|_| !parent.retracted);
    ReplyToView {
        id,
        author_name: parent
            .staff_name
            .clone()
            .or_else(|| parent.client_name.clone())
            .unwrap_or_default(),
        excerpt: says.map(|says| text::excerpt(&says, 60)),
    }
}

fn acknowledgement(
    asked: Vec<RequestRow>,
    given: Vec<AcknowledgementRow>,
    me: Uuid,
) -> AcknowledgementView {
    let when = |staff: Uuid| given.iter().find(|row| row.1 == staff).map(|row| row.4);
    let mine = match (when(me), asked.iter().any(|row| row.1 == me)) {
        (Some(_), _) => "done",
        (None, true) => "asked",
        (None, false) => "none",
    };
    let due_at = asked.first().and_then(|row| row.4);
    let asked = asked
        .into_iter()
        .map(|(_, staff_member_id, name, profession, _)| AskedView {
            acknowledged_at: when(staff_member_id),
            staff_member_id,
            name,
            profession,
        });
    let asked = asked.collect();
    let acknowledged =
        given
            .into_iter()
            .map(
                |(_, staff_member_id, name, profession, acknowledged_at)| AcknowledgedView {
                    staff_member_id,
                    name,
                    profession,
                    acknowledged_at,
                },
            );
    AcknowledgementView {
        due_at,
        asked,
        acknowledged: acknowledged.collect(),
        mine,
    }
}

impl From<DocumentLine> for DocumentLineView {
    fn from(row: DocumentLine) -> Self {
        Self {
            id: row.id,
            title: row.title,
            type_code: row.type_code,
            type_label: row.type_label,
            authored_at: row.authored_at,
            author_name: row.author_name,
            institution_name: row.institution_name,
            excerpt: row.excerpt,
        }
    }
}

impl From<VersionRow> for PostVersionView {
    fn from(row: VersionRow) -> Self {
        Self {
            version: row.version,
            body: row.body,
            // Written by this server; what cannot be read back is shown as absent rather than hiding the history.
            vitals: row
                .vitals
                .and_then(|vitals| serde_json::from_value(vitals).ok()),
            document_id: row.document_id,
            reason: row.reason,
            retracted: row.retracted,
            written_by: row.staff_name.or(row.client_name).unwrap_or_default(),
            written_at: row.written_at,
        }
    }
}
