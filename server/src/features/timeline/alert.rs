//! The post that the server adds, in the name of whoever recorded it, when a vital sign is outside its limits.
//!
//! It answers the post with the values, on the same channel, so that exactly those learn of it who may read the values'
//! surroundings; whoever the limits name, and may read it, is asked to acknowledge.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{
    model::{Content, WrittenKind},
    people, publish,
    queries::{self, Beside, NewPost},
};
use crate::{
    Result,
    ctx::Tx,
    features::{
        acknowledgements::{self, Asked, NewAsk},
        events,
        vital_signs::{Crossing, Limits, VitalSigns, limits_of},
    },
    spine::{audit::Entry, ids},
};

/// A post with vital signs that was just written.
pub(super) struct Recorded<'a> {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) channel: &'a str,
    pub(super) sensitivity: Option<&'a str>,
    pub(super) observed_at: chrono::DateTime<chrono::Utc>,
    pub(super) thread_id: Uuid,
}

/// Adds the post when values are outside their limits that were not so in the version before.
pub(super) async fn raise(
    tx: &Tx<'_>,
    post: &Recorded<'_>,
    before: Option<&VitalSigns>,
    now: &VitalSigns,
) -> Result<()> {
    let Some(limits) = limits_of(tx, post.patient_id).await? else {
        return Ok(());
    };
    let crossed = match before {
        Some(before) => limits.newly_crossed_by(before, now),
        None => limits.crossed_by(now),
    };
    if crossed.is_empty() {
        return Ok(());
    }
    let id = ids::new_id();
    let content = Content {
        body: Some(words(&limits, &crossed)),
        ..Content::default()
    };
    let alert = NewPost {
        id,
        patient_id: post.patient_id,
        kind: WrittenKind::Urgent.code(),
        channel: post.channel,
        sensitivity: post.sensitivity,
        reply_to: Some(post.id),
        observed_at: post.observed_at,
        content,
        by_system: None,
        automatic: true,
        beside: Beside {
            thread_id: Some(post.thread_id),
            ..Beside::default()
        },
    };
    queries::put(tx, &alert).await?;
    people::inherit(tx, post.id, id).await?;
    ask(tx, post, id, &limits).await?;
    tx.record(
        Entry::new("post.create")
            .of_patient(post.patient_id)
            .on("post", id)
            .version(1),
    );
    events::enqueue_post(tx, events::POST_CREATED, post.patient_id, id).await
}

/// Asks whom the limits name, as far as they may read the post.
async fn ask(tx: &Tx<'_>, post: &Recorded<'_>, id: Uuid, limits: &Limits) -> Result<()> {
    let readers = publish::readers_of(tx, id).await?;
    let mut people = limits.notify.clone();
    people.retain(|person| readers.contains(person));
    if people.is_empty() {
        return Ok(());
    }
    let minutes = limits.answer_within_minutes.map(i64::from);
    let due_at = minutes.map(|minutes| tx.now + TimeDelta::minutes(minutes));
    let asked = Asked {
        post_id: id,
        patient_id: post.patient_id,
        urgent: true,
    };
    acknowledgements::ask(tx, &asked, &NewAsk::of_people(people, due_at), "").await
}

fn words(limits: &Limits, crossed: &[Crossing]) -> String {
    let mut words = "バイタルが連絡の基準を外れました。".to_owned();
    for crossing in crossed {
        words.push_str("\n・");
        words.push_str(&crossing.line());
    }
    if let Some(instruction) = &limits.instruction {
        words.push_str("\n指示：");
        words.push_str(instruction);
    }
    words
}
