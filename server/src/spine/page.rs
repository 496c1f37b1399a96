//! Lists: `{items, next}` with keyset cursors. A cursor is the sort key of the last item, opaque to the caller.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ids;
use crate::{Error, Result};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the order of the list.
    pub items: Vec<T>,
    /// Cursor of the next page; null when this is the last.
    pub next: Option<String>,
}

/// The place in a list that is ordered by time and id.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct TimeKey(pub DateTime<Utc>, pub Uuid);

/// The place in a list that is ordered by a text and id.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TextKey(pub String, pub Uuid);

/// How many items a page has when the caller does not say.
pub const DEFAULT_LIMIT: i64 = 50;

/// Reads a cursor back.
pub fn parse<K: DeserializeOwned>(cursor: Option<&str>) -> Result<Option<K>> {
    cursor
        .map(|text| {
            ids::from_base64(text)
                .and_then(|bytes| serde_json::from_slice(&bytes).ok())
                .ok_or_else(|| {
                    Error::invalid("cursor", "not_allowed", "not a cursor that this list gave")
                })
        })
        .transpose()
}

/// How many items to answer with: 1 to 100.
pub fn limit(asked: Option<i64>) -> Result<i64> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(n @ 1..=100) => Ok(n),
        Some(_) => Err(Error::invalid("limit", "out_of_range", "1 to 100")),
    }
}

/// Makes a page of `rows`, of which one more than `limit` was asked for to see whether there is a next page.
pub fn page<R, T, K: Serialize>(
    mut rows: Vec<R>,
    limit: i64,
    key: impl Fn(&R) -> K,
    view: impl Fn(R) -> T,
) -> Page<T> {
    let next = cut(&mut rows, limit, key);
    Page {
        items: rows.into_iter().map(view).collect(),
        next,
    }
}

/// Cuts `rows` to `limit` and gives the cursor of the next page.
pub fn cut<R, K: Serialize>(
    rows: &mut Vec<R>,
    limit: i64,
    key: impl Fn(&R) -> K,
) -> Option<String> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return None;
    }
    rows.truncate(limit);
    let key = serde_json::to_vec(&key(rows.last()?)).ok()?;
    Some(ids::to_base64(&key))
}
