//! What a request looks like.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::future::try_join3;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::Ask,
    queries::{self, RequestRow, StepRow},
};
use crate::{Result, ctx::Tx};

/// Whom a request goes to.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AskedOfView {
    /// The person, when it is one.
    staff_member_id: Option<Uuid>,
    /// The person's name.
    name: Option<String>,
    /// Code of the profession that is asked, or through which the person is.
    profession: Option<String>,
    /// The facility that is asked, or through which the person is.
    facility_id: Option<Uuid>,
    /// Its name.
    facility_name: Option<String>,
}

/// Somebody who has a part in a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AskPersonView {
    /// Who.
    staff_member_id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession.
    profession: String,
    /// `asked`, `deputy`, `duty` (duty contact), or `told` (a duty contact who may not read the post).
    part: String,
}

/// Something that happened to a request.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AskStepView {
    /// When.
    at: DateTime<Utc>,
    /// `reminded`, `deputy`, `duty`, `told`, `nobody` (there was nobody to turn to), `acknowledged`, `answered` or
    /// `withdrawn`.
    what: String,
    /// To whom it went, or who did it.
    name: Option<String>,
}

/// A request to acknowledge or to answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AskView)]
pub struct AskView {
    /// Identifier.
    id: Uuid,
    /// The post.
    post_id: Uuid,
    /// Who asks.
    asked_by: Uuid,
    /// Name.
    asked_by_name: String,
    /// When it was asked.
    asked_at: DateTime<Utc>,
    /// By when.
    due_at: Option<DateTime<Utc>>,
    /// Whom it goes to.
    of: AskedOfView,
    /// Whether a reply is asked for.
    answer: bool,
    /// Whether quiet hours do not count.
    urgent: bool,
    /// `asked`, `reminded`, `escalated`, `acknowledged`, `answered` or `withdrawn`.
    state: String,
    /// When people were reminded.
    reminded_at: Option<DateTime<Utc>>,
    /// When it was closed.
    closed_at: Option<DateTime<Utc>>,
    /// By whom.
    closed_by_name: Option<String>,
    /// The reply.
    answer_post_id: Option<Uuid>,
    /// Everybody who has a part in it.
    people: Vec<AskPersonView>,
    /// What happened to it, in order.
    steps: Vec<AskStepView>,
    /// Whether the caller asked it.
    mine: bool,
}

/// The requests of posts, by post.
pub async fn asks_of(tx: &Tx<'_>, posts: &[Uuid]) -> Result<HashMap<Uuid, Vec<AskView>>> {
    let asks = queries::list_of_posts(tx, posts).await?;
    let mut by_post: HashMap<Uuid, Vec<AskView>> = HashMap::new();
    for view in views(tx, asks).await? {
        by_post.entry(view.post_id).or_default().push(view);
    }
    Ok(by_post)
}

/// Views of requests, in their order.
pub(super) async fn views(tx: &Tx<'_>, asks: Vec<Ask>) -> Result<Vec<AskView>> {
    if asks.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<Uuid> = asks.iter().map(|ask| ask.id).collect();
    let mut posts: Vec<Uuid> = asks.iter().map(|ask| ask.post_id).collect();
    posts.dedup();
    let facilities: Vec<Uuid> = asks.iter().filter_map(|ask| ask.facility_id).collect();
    let (people, steps, facilities) = try_join3(
        queries::list_requests(tx, &ids),
        queries::list_steps(tx, &posts),
        queries::list_facilities(tx, &facilities),
    )
    .await?;
    let mut named: Vec<Uuid> = people.iter().map(|(_, person, ..)| *person).collect();
    named.extend(steps.iter().filter_map(|(.., who)| *who));
    for ask in &asks {
        named.extend(
            [Some(ask.asked_by), ask.closed_by, ask.staff_member_id]
                .into_iter()
                .flatten(),
        );
    }
    named.sort_unstable();
    named.dedup();
    let names = Names {
        people: queries::list_people(tx, &named)
            .await?
            .into_iter()
            .map(|one| (one.id, (one.name, one.profession)))
            .collect(),
        facilities: facilities.into_iter().collect(),
    };
    let me = tx.actor.ids().0;
    Ok(asks
        .into_iter()
        .map(|ask| view(ask, &people, &steps, &names, me))
        .collect())
}

struct Names {
    people: HashMap<Uuid, (String, String)>,
    facilities: HashMap<Uuid, String>,
}

impl Names {
    fn of(&self, id: Option<Uuid>) -> Option<String> {
        self.people.get(&id?).map(|(name, _)| name.clone())
    }
}

fn view(ask: Ask, people: &[RequestRow], steps: &[StepRow], names: &Names, me: Uuid) -> AskView {
    let people = people
        .iter()
        .filter(|(id, ..)| *id == ask.id)
        .map(|(_, person, part, _)| {
            let (name, profession) = names.people.get(person).cloned().unwrap_or_default();
            AskPersonView {
                staff_member_id: *person,
                name,
                profession,
                part: part.clone(),
            }
        });
    let steps = steps
        .iter()
        .filter(|(id, ..)| *id == ask.id)
        .map(|(_, at, what, who)| AskStepView {
            at: *at,
            what: what.clone(),
            name: names.of(*who),
        });
    AskView {
        people: people.collect(),
        steps: steps.collect(),
        asked_by_name: names.of(Some(ask.asked_by)).unwrap_or_default(),
        closed_by_name: names.of(ask.closed_by),
        of: AskedOfView {
            name: names.of(ask.staff_member_id),
            facility_name: ask
                .facility_id
                .and_then(|id| names.facilities.get(&id).cloned()),
            staff_member_id: ask.staff_member_id,
            profession: ask.profession,
            facility_id: ask.facility_id,
        },
        mine: ask.asked_by == me,
        id: ask.id,
        post_id: ask.post_id,
        asked_by: ask.asked_by,
        asked_at: ask.asked_at,
        due_at: ask.due_at,
        answer: ask.answer,
        urgent: ask.urgent,
        state: ask.state,
        reminded_at: ask.reminded_at,
        closed_at: ask.closed_at,
        answer_post_id: ask.answer_post_id,
    }
}

impl AskView {
    /// The post.
    pub(super) fn post_id(&self) -> Uuid {
        self.post_id
    }
}
