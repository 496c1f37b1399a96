//! What is asked of somebody, and by somebody, over all patients: of each only what the rules open at this moment.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::Ask,
    queries::{self, PostRow},
    view::{self, AskView},
};
use crate::{
    Result,
    ctx::Tx,
    features::{provisions, timeline},
    spine::{
        access::{self, Ground, Scope},
        text,
    },
};

/// How many open requests of one person are looked at.
pub(super) const MOST: i64 = 200;

/// A request with the post and the patient that it is about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DutyView)]
pub struct DutyView {
    /// The request.
    ask: AskView,
    /// The caller's part: `asked`, `deputy`, `duty`, `told` or `asker`.
    part: String,
    /// Whether the time is over.
    overdue: bool,
    /// The patient; null for somebody who is only told.
    patient_id: Option<Uuid>,
    /// Name.
    patient_name: Option<String>,
    /// Kind of the post.
    post_kind: Option<String>,
    /// Channel of the post.
    channel: Option<String>,
    /// Its first characters.
    excerpt: Option<String>,
}

/// What the caller has to do about requests.
#[derive(Debug)]
pub struct Duty {
    /// The patients that it names.
    pub patients: Vec<Uuid>,
    /// The requests.
    pub items: Vec<DutyView>,
}

/// Those of these posts that the rules open to the caller at this moment.
pub(super) async fn readable(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, PostRow>> {
    let posts = queries::list_posts(tx, ids).await?;
    let mut patients: Vec<Uuid> = posts.iter().map(|post| post.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    let named = timeline::named_to_caller(tx, ids).await?;
    let me = tx.actor.ids().0;
    let grounds = access::grounds(tx, &patients).await?;
    let scopes: HashMap<Uuid, Scope> = grounds
        .into_iter()
        .map(|(patient, ground)| (patient, access::scope_of(tx, ground)))
        .collect();
    Ok(posts
        .into_iter()
        .filter(|post| {
            let scope = scopes.get(&post.patient_id);
            let recipient = post.author() == me || named.contains(&post.id);
            scope.is_some_and(|scope| scope.covers_post(post.class(), post.facility_id, recipient))
        })
        .map(|post| (post.id, post))
        .collect())
}

/// A post in one line, with its patient.
#[derive(Debug, Clone)]
pub struct PostLine {
    /// The patient.
    pub patient_id: Uuid,
    /// Name.
    pub patient_name: String,
    /// Kind of the post.
    pub kind: String,
    /// Its channel.
    pub channel: String,
    /// Its first characters.
    pub excerpt: Option<String>,
}

/// Whether the rules open these posts to the caller: those that they do.
pub async fn readable_posts(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(readable(tx, ids).await?.into_keys().collect())
}

/// Those of these posts that the rules open to the caller, each in one line. What another facility wrote is noted as
/// given.
pub async fn post_lines(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, PostLine>> {
    let posts = readable(tx, ids).await?;
    let mut patients: Vec<Uuid> = posts.values().map(|post| post.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    let named = queries::list_patients(tx, &patients).await?;
    let names = named
        .iter()
        .map(|(id, _, facility)| (*id, *facility, "basic"));
    let texts = posts
        .values()
        .map(|post| (post.patient_id, post.facility_id, post.information.as_str()));
    provisions::note_all(tx, Ground::default(), names.chain(texts)).await?;
    let line = |post: PostRow| {
        let patient = named.iter().find(|(id, ..)| *id == post.patient_id);
        PostLine {
            patient_id: post.patient_id,
            patient_name: patient.map(|(_, name, _)| name.clone()).unwrap_or_default(),
            excerpt: post
                .body
                .as_deref()
                .filter(|_| !post.retracted)
                .map(|body| text::excerpt(body, 80)),
            kind: post.kind,
            channel: post.channel,
        }
    };
    Ok(posts
        .into_iter()
        .map(|(id, post)| (id, line(post)))
        .collect())
}

/// How many requests wait for the caller.
pub async fn count_open(tx: &Tx<'_>) -> Result<usize> {
    let mine = queries::list_mine(tx, MOST).await?;
    let posts: Vec<Uuid> = mine.iter().map(|(_, ask)| ask.post_id).collect();
    let posts = readable(tx, &posts).await?;
    let waits = |(part, ask): &&(String, Ask)| part == "told" || posts.contains_key(&ask.post_id);
    Ok(mine.iter().filter(waits).count())
}

/// What waits for the caller, the nearest deadline first.
pub async fn duties(tx: &Tx<'_>) -> Result<Duty> {
    let mine = queries::list_mine(tx, MOST).await?;
    views(tx, mine).await
}

pub(super) async fn views(tx: &Tx<'_>, mut rows: Vec<(String, Ask)>) -> Result<Duty> {
    // Whoever is only told is told nothing of the post.
    let posts = rows.iter().filter(|(part, _)| part != "told");
    let posts: Vec<Uuid> = posts.map(|(_, ask)| ask.post_id).collect();
    let lines = post_lines(tx, &posts).await?;
    rows.retain(|(part, ask)| part == "told" || lines.contains_key(&ask.post_id));
    let late: Vec<bool> = rows.iter().map(|(_, ask)| is_late(ask, tx.now)).collect();
    let (parts, asks): (Vec<String>, Vec<Ask>) = rows.into_iter().unzip();
    let asks = view::views(tx, asks).await?;
    let items = asks.into_iter().zip(parts).zip(late);
    let items = items.map(|((ask, part), overdue)| {
        let line = lines.get(&ask.post_id()).filter(|_| part != "told");
        DutyView {
            patient_id: line.map(|line| line.patient_id),
            patient_name: line.map(|line| line.patient_name.clone()),
            post_kind: line.map(|line| line.kind.clone()),
            channel: line.map(|line| line.channel.clone()),
            excerpt: line.and_then(|line| line.excerpt.clone()),
            ask,
            part,
            overdue,
        }
    });
    let items: Vec<DutyView> = items.collect();
    let mut patients: Vec<Uuid> = items.iter().filter_map(|item| item.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    Ok(Duty { patients, items })
}

impl DutyView {
    /// The caller's part.
    pub fn part(&self) -> &str {
        &self.part
    }
}

fn is_late(ask: &Ask, now: DateTime<Utc>) -> bool {
    ask.closed_at.is_none() && ask.due_at.is_some_and(|due_at| due_at < now)
}
