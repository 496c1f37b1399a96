//! What a post looks like to its reader.

mod beside;
mod parts;
mod queries;

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use futures_util::future::{try_join3, try_join5};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use self::{
    beside::{Beside, BesideView},
    parts::DocumentLineView,
    queries::{AcknowledgementRow, ParentRow, RequestRow},
};
pub(super) use self::{parts::PostVersionView, queries::list_authors};
use super::{
    model::Post,
    moved::{self, MoveView},
    queries::find_read_mark,
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        acknowledgements::{self, AskView},
        attachments::{self, AttachmentView},
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
    pub(super) patient_id: Uuid,
    /// `note`, `vitals`, `medication`, `wound`, `visit_report`, `urgent`, `end_of_life`, `notice` or `document`.
    kind: String,
    /// `team`, `medical`, `family`, `sensitive` or `named`.
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
    /// Files, in their order.
    attachments: Vec<AttachmentView>,
    /// Who was asked, and who has acknowledged.
    acknowledgement: AcknowledgementView,
    /// Whether the server added it because a vital sign was outside its limits, in the name of the author.
    automatic: bool,
    /// How it came from a room, when it was said there.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<MoveView>,
    /// Whether it is new to the caller.
    unread: bool,
    /// Whether the caller wrote it.
    mine: bool,
    /// What it is beside its content.
    #[serde(flatten)]
    beside: BesideView,
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

/// Where the acknowledgement of a post stands.
#[derive(Debug, Serialize, ToSchema)]
struct AcknowledgementView {
    /// By when.
    due_at: Option<DateTime<Utc>>,
    /// Who was asked.
    asked: Vec<AskedView>,
    /// Who has acknowledged, asked or not.
    acknowledged: Vec<AcknowledgedView>,
    /// For the caller: `none`, `asked`, `answer` (a reply is asked for) or `done`.
    mine: &'static str,
    /// Each request: whom it went to, when people were reminded, to whom it went on, and how it ended.
    asks: Vec<AskView>,
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
    /// Whether something is still asked of the person.
    open: bool,
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

/// Everything that the rows of a page do not hold themselves.
struct Surroundings {
    authors: HashMap<Uuid, AuthorView>,
    parents: HashMap<Uuid, ParentRow>,
    requests: HashMap<Uuid, Vec<RequestRow>>,
    acknowledgements: HashMap<Uuid, Vec<AcknowledgementRow>>,
    attachments: HashMap<Uuid, Vec<AttachmentView>>,
    asks: HashMap<Uuid, Vec<AskView>>,
    beside: Beside,
    moves: HashMap<Uuid, MoveView>,
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
        surroundings(tx, &rows, scope),
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
    let scope = scope_of(tx, ground);
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

async fn surroundings(tx: &Tx<'_>, rows: &[Post], scope: &Scope) -> Result<Surroundings> {
    let distinct = |mut ids: Vec<Uuid>| {
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    let posts: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let people = distinct(rows.iter().filter_map(|row| row.author_staff_id).collect());
    let systems = distinct(rows.iter().filter_map(|row| row.author_client_id).collect());
    let parents = distinct(rows.iter().filter_map(|row| row.reply_to).collect());
    let versions: Vec<(Uuid, i32)> = rows
        .iter()
        .filter(|row| !row.retracted)
        .map(|row| (row.id, row.version))
        .collect();
    let around = try_join5(
        queries::list_authors(tx, &people),
        queries::list_systems(tx, &systems),
        queries::list_parents(tx, &parents),
        queries::list_requests(tx, &posts),
        queries::list_acknowledgements(tx, &posts),
    );
    let ((people, systems, parents, asked, acknowledged), beside, attachments) = try_join3(
        around,
        Beside::load(tx, rows, scope),
        attachments::of_posts(tx, &versions),
    )
    .await?;
    let mut about: Vec<Uuid> = asked.iter().map(|row| row.post_id).collect();
    about.dedup();
    let asks = acknowledgements::asks_of(tx, &about).await?;
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
        attachments,
        asks,
        beside,
        moves: moved::moves(tx, &posts).await?,
        second_scale: false,
    };
    for row in asked {
        around.requests.entry(row.post_id).or_default().push(row);
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
    let beside = around.beside.view(&row, me);
    let author = around.authors.get(&row.author()).cloned();
    let author = author.ok_or_else(|| Error::internal("a post without its author"))?;
    let acknowledgement = acknowledgement(
        around.requests.remove(&row.id).unwrap_or_default(),
        around.acknowledgements.remove(&row.id).unwrap_or_default(),
        around.asks.remove(&row.id).unwrap_or_default(),
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
        attachments: around.attachments.remove(&row.id).unwrap_or_default(),
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
        moved: around.moves.remove(&row.id),
        retraction,
        news2: vitals.and_then(|signs| news2(&signs, around.second_scale)),
        vitals,
        acknowledgement,
        mine,
        beside,
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
    mut asked: Vec<RequestRow>,
    given: Vec<AcknowledgementRow>,
    asks: Vec<AskView>,
    me: Uuid,
) -> AcknowledgementView {
    let when = |staff: Uuid| given.iter().find(|row| row.1 == staff).map(|row| row.4);
    let open = |row: &&RequestRow| row.closed_at.is_none() && row.staff_member_id == me;
    let mine = match asked.iter().filter(open).map(|row| row.answer).max() {
        Some(true) => "answer",
        Some(false) => "asked",
        None if when(me).is_some() => "done",
        None if asked.iter().any(|row| row.closed_by == Some(me)) => "done",
        None => "none",
    };
    let due_at = asked.iter().filter_map(|row| row.due_at).min();
    // Somebody who is asked twice is shown once, as open while one of the requests is.
    asked.sort_by_key(|row| row.closed_at.is_some());
    let mut shown = BTreeSet::new();
    let asked = asked
        .into_iter()
        .filter(|row| shown.insert(row.staff_member_id))
        .map(|row| AskedView {
            acknowledged_at: when(row.staff_member_id),
            open: row.closed_at.is_none(),
            staff_member_id: row.staff_member_id,
            name: row.name,
            profession: row.profession,
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
        asks,
    }
}
