//! Until when people are to acknowledge or to answer: what a calendar asks for.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    list::{MOST, readable},
    model::Ask,
    queries,
};
use crate::{
    Result,
    ctx::Tx,
    features::provisions,
    spine::{access::Ground, clock::japanese_day},
};

/// A post that is to be acknowledged or answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueAnswer {
    /// The post.
    pub post_id: Uuid,
    /// The patient.
    pub patient_id: Uuid,
    /// Kind of the post.
    pub post_kind: String,
    /// Whether somebody is asked for a reply; else acknowledging it is enough.
    pub reply: bool,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// Whether the time is over.
    pub overdue: bool,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
}

/// What waits for the caller with a deadline from one day to another, of posts that the rules open to the caller. When
/// today is one of the days, what is overdue as well.
pub async fn due_of_caller(tx: &Tx<'_>, days: (NaiveDate, NaiveDate)) -> Result<Vec<DueAnswer>> {
    let mine = queries::list_mine(tx, MOST).await?.into_iter();
    // Whoever is only told is told nothing of the post.
    let mine = mine.filter(|(part, _)| part != "told").map(|(_, ask)| ask);
    shown(tx, mine.collect(), days).await
}

/// The same of what waits for anybody about a patient.
pub async fn due_of_patient(
    tx: &Tx<'_>,
    patient_id: Uuid,
    days: (NaiveDate, NaiveDate),
) -> Result<Vec<DueAnswer>> {
    let asks = queries::list_due(tx, patient_id, MOST).await?;
    shown(tx, asks, days).await
}

/// Those that fall on these days and are about posts that the caller may read, each post once for each deadline.
async fn shown(
    tx: &Tx<'_>,
    mut asks: Vec<Ask>,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<DueAnswer>> {
    let with_overdue = (from..=until).contains(&tx.today());
    asks.retain(|ask| {
        let day = ask.due_at.map(japanese_day);
        day.is_some_and(|day| day <= until && (from <= day || with_overdue))
    });
    let posts: Vec<Uuid> = asks.iter().map(|ask| ask.post_id).collect();
    let posts = readable(tx, &posts).await?;
    let given = posts
        .values()
        .map(|post| (post.patient_id, post.facility_id, post.information.as_str()));
    provisions::note_all(tx, Ground::default(), given).await?;
    let mut found: Vec<DueAnswer> = Vec::new();
    for ask in asks {
        let (Some(post), Some(due_at)) = (posts.get(&ask.post_id), ask.due_at) else {
            continue;
        };
        let known = found
            .iter_mut()
            .find(|known| known.post_id == ask.post_id && known.due_at == due_at);
        if let Some(known) = known {
            known.reply |= ask.answer;
            continue;
        }
        found.push(DueAnswer {
            post_id: ask.post_id,
            patient_id: post.patient_id,
            post_kind: post.kind.clone(),
            reply: ask.answer,
            due_at,
            overdue: due_at < tx.now,
            asked_at: ask.asked_at,
        });
    }
    Ok(found)
}
