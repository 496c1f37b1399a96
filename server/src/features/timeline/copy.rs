//! Posts for copies of the record: in their order, as the interface shows them, with the versions before.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{
    policy, queries,
    view::{self, PostVersionView},
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::provisions,
    spine::{
        access::{PatientAccess, Scope},
        clock::day_begins,
        page::TimeKey,
    },
};

/// First and last day in Japan; without one, from the beginning or until now.
pub type Span = (Option<NaiveDate>, Option<NaiveDate>);

/// Which posts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Which {
    /// Only what was observed from the first to before the second of these moments.
    pub between: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Only what this staff member wrote.
    pub author: Option<Uuid>,
}

impl Which {
    /// Everything that was observed on these days.
    pub fn of_days((from, to): Span) -> Self {
        let between = (from.is_some() || to.is_some()).then(|| {
            let end = to.and_then(|day| day.succ_opt()).map(day_begins);
            let far = DateTime::from_timestamp(253_402_300_799, 0);
            (
                from.map_or(DateTime::UNIX_EPOCH, day_begins),
                end.or(far).unwrap_or(DateTime::<Utc>::MAX_UTC),
            )
        });
        Self {
            between,
            author: None,
        }
    }
}

/// Opens the timeline of a patient for a copy of what whoever acts may read of it.
pub async fn open_for_copy(tx: &Tx<'_>, patient_id: Uuid) -> Result<(PatientAccess, Scope)> {
    policy::may_list(tx, patient_id).await
}

/// How many posts of these there are for a reader with this scope. Whatever another facility wrote is noted as given.
pub async fn copy_size(
    tx: &Tx<'_>,
    access: &PatientAccess,
    scope: &Scope,
    which: &Which,
) -> Result<usize> {
    let groups = queries::count_forward(tx, access, scope, which).await?;
    let given = groups
        .iter()
        .map(|(facility, kind, _)| (*facility, kind.as_str()));
    provisions::note(tx, access.patient_id(), access.ground(), given).await?;
    let all: i64 = groups.iter().map(|(.., count)| count).sum();
    Ok(usize::try_from(all).unwrap_or_default())
}

/// The next of these posts, oldest first, as the interface shows them; those that were amended or taken back have
/// `versions`. Then where the next page begins.
pub async fn copy_page(
    tx: &Tx<'_>,
    access: &PatientAccess,
    scope: &Scope,
    which: &Which,
    (after, limit): (Option<TimeKey>, i64),
) -> Result<(Vec<Value>, Option<TimeKey>)> {
    let mut rows = queries::page_forward(tx, access, scope, which, after, limit).await?;
    let more = rows.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if more {
        rows.pop();
    }
    let next = rows.last().map(|row| TimeKey(row.recorded_at, row.id));
    let changed: BTreeSet<Uuid> = rows
        .iter()
        .filter(|row| row.version > 1)
        .map(|row| row.id)
        .collect();
    let views = view::posts(tx, rows, scope, access.ground(), None).await?;
    let mut items = Vec::with_capacity(views.len());
    for post in views {
        let versions = if changed.contains(&post.id) {
            queries::list_versions(tx, post.id).await?
        } else {
            Vec::new()
        };
        let mut item = serde_json::to_value(&post).map_err(Error::internal)?;
        if let Some(fields) = item.as_object_mut() {
            // What these say is about the reader, not about the record.
            fields.remove("unread");
            fields.remove("mine");
            if !versions.is_empty() {
                let versions: Vec<PostVersionView> = versions.into_iter().map(Into::into).collect();
                let versions = serde_json::to_value(versions).map_err(Error::internal)?;
                fields.insert("versions".to_owned(), versions);
            }
        }
        items.push(item);
    }
    Ok((items, next.filter(|_| more)))
}
