//! What was written before it could be found, and what is to be found in a new form. Run by the worker.

use uuid::Uuid;

use super::{
    entry::{Author, Entry, Place, Row, Source, document_text},
    queries::{self, Written},
    words::FORM,
};
use crate::{Result, ctx::Tx};

/// How many posts at once.
const BATCH: i64 = 500;

/// Makes the next posts findable; answers whether there may be more.
pub async fn catch_up(tx: &Tx<'_>) -> Result<bool> {
    let after = match queries::find_progress(tx).await? {
        Some((FORM, _, true)) => return Ok(false),
        Some((FORM, after, false)) => after,
        _ => Uuid::nil(),
    };
    let posts = queries::list_posts(tx, after, BATCH).await?;
    let last = posts.last().map_or(after, |post| post.id);
    let more = i64::try_from(posts.len()).is_ok_and(|count| count == BATCH);
    let mut rows = Vec::with_capacity(posts.len());
    for post in posts {
        let id = post.id;
        match row(tx.tenant_id, post) {
            Some(row) => rows.push(row),
            None => queries::remove(tx, Source::Post, id).await?,
        }
    }
    if !rows.is_empty() {
        queries::put_all(tx, &rows).await?;
    }
    queries::keep_progress(tx, (FORM, last, !more)).await?;
    Ok(more)
}

/// The row of a post; nothing when it was taken back or has no words.
fn row(tenant_id: Uuid, post: Written) -> Option<Row> {
    if post.retracted {
        return None;
    }
    let (title, text) = match post.document {
        Some((title, content, excerpt)) => (title, document_text(content, &excerpt)),
        None => (String::new(), post.body.unwrap_or_default()),
    };
    let author = post.author_staff_id.map(Author::Staff);
    let entry = Entry {
        source: Source::Post,
        id: post.id,
        kind: &post.kind,
        place: Place::Patient(post.patient_id, post.class),
        post_id: Some(post.id),
        facility_id: post.facility_id,
        author: author.or(post.author_client_id.map(Author::Client)),
        at: post.recorded_at,
        title: &title,
        body: &text,
    };
    Row::of(tenant_id, &entry)
}
