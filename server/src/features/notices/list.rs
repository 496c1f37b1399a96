//! What waits for somebody beside requests: mentions, answers, messages, announcements, approvals, dates.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries::{self, WaitingRow};
use crate::{
    Result,
    ctx::Tx,
    features::{
        acknowledgements::{self, PostLine},
        messages,
    },
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
    /// The room, when it is about a message in a room that the caller is in.
    room_id: Option<Uuid>,
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

/// What these notices are about, of those about this kind of thing.
fn about(what: &str, rows: &[WaitingRow]) -> Vec<Uuid> {
    let about = rows.iter().filter(|(_, _, about, ..)| about == what);
    about.map(|(_, _, _, id, ..)| *id).collect()
}

/// The rooms of the messages that these notices are about.
async fn rooms_of(tx: &Tx<'_>, rows: &[WaitingRow]) -> Result<HashMap<Uuid, Uuid>> {
    messages::rooms_with(tx, &about("message", rows)).await
}

/// What waits for the caller, newest first. What the rules do not open any more is not shown.
pub async fn waiting(tx: &Tx<'_>) -> Result<Waiting> {
    let rows = queries::list_waiting(tx, MOST).await?;
    let lines = acknowledgements::post_lines(tx, &about("post", &rows)).await?;
    let rooms = rooms_of(tx, &rows).await?;
    let items = rows.into_iter().filter_map(|row| {
        let (id, kind, about, about_id, _, at) = row;
        let line: Option<&PostLine> = lines.get(&about_id);
        let room_id = rooms.get(&about_id).copied();
        let open = match about.as_str() {
            "post" => line.is_some(),
            "message" => room_id.is_some(),
            _ => true,
        };
        open.then(|| WaitingView {
            id,
            kind,
            about,
            about_id,
            at,
            room_id,
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
    let open = acknowledgements::readable_posts(tx, &about("post", &rows)).await?;
    let rooms = rooms_of(tx, &rows).await?;
    let waits = |(_, _, about, id, ..): &&WaitingRow| match about.as_str() {
        "post" => open.contains(id),
        "message" => rooms.contains_key(id),
        _ => true,
    };
    Ok(rows.iter().filter(waits).count())
}
