//! What waits for somebody beside requests: mentions, answers, messages, announcements, approvals, dates.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{self, WaitingRow};
use crate::{
    Result,
    ctx::Tx,
    features::acknowledgements::{self, PostLine},
};

/// How many notices of one person are looked at.
const MOST: i64 = 200;

/// Something that waits for the caller.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WaitingView)]
pub struct WaitingView {
    /// The notice.
    id: Uuid,
    /// Kind of notice.
    kind: String,
    /// What it is about: `post`, `room`, `message` and so on.
    about: String,
    /// Which.
    about_id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// The patient, when it is about a post that the caller may read.
    patient_id: Option<Uuid>,
    /// Name.
    patient_name: Option<String>,
    /// Kind of the post.
    post_kind: Option<String>,
    /// Its first characters.
    excerpt: Option<String>,
}

impl WaitingView {
    /// Kind of notice.
    pub fn kind(&self) -> &str {
        &self.kind
    }
}

/// What waits for the caller.
#[derive(Debug)]
pub struct Waiting {
    /// The patients that it names.
    pub patients: Vec<Uuid>,
    /// The notices.
    pub items: Vec<WaitingView>,
}

fn posts_of(rows: &[WaitingRow]) -> Vec<Uuid> {
    let about_posts = rows.iter().filter(|(_, _, about, ..)| about == "post");
    about_posts.map(|(_, _, _, id, ..)| *id).collect()
}

/// What waits for the caller, newest first. What the rules do not open any more is not shown.
pub async fn waiting(tx: &Tx<'_>) -> Result<Waiting> {
    let rows = queries::list_waiting(tx, MOST).await?;
    let lines = acknowledgements::post_lines(tx, &posts_of(&rows)).await?;
    let items = rows.into_iter().filter_map(|row| {
        let (id, kind, about, about_id, _, at) = row;
        let line: Option<&PostLine> = lines.get(&about_id);
        (about != "post" || line.is_some()).then(|| WaitingView {
            id,
            kind,
            about,
            about_id,
            at,
            patient_id: line.map(|line| line.patient_id),
            patient_name: line.map(|line| line.patient_name.clone()),
            post_kind: line.map(|line| line.kind.clone()),
            excerpt: line.and_then(|line| line.excerpt.clone()),
        })
    });
    let items: Vec<WaitingView> = items.collect();
    let mut patients: Vec<Uuid> = items.iter().filter_map(|item| item.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    Ok(Waiting { patients, items })
}

/// How many notices wait for the caller.
pub async fn count_waiting(tx: &Tx<'_>) -> Result<usize> {
    let rows = queries::list_waiting(tx, MOST).await?;
    let open = acknowledgements::readable_posts(tx, &posts_of(&rows)).await?;
    let waits = |(_, _, about, id, ..): &&WaitingRow| about != "post" || open.contains(id);
    Ok(rows.iter().filter(waits).count())
}
