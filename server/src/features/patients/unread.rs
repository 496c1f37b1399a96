//! How much somebody has not read, over all patients: the numbers beside the list and on the icon of the app.

use uuid::Uuid;

use super::{policy, queries};
use crate::{Result, ctx::Tx};

/// Posts that the caller has not read, by patient, where there are any: of those that the caller may read, and did not
/// write. The same numbers as in the list of patients.
pub async fn unread(tx: &Tx<'_>) -> Result<Vec<(Uuid, i64)>> {
    let ids = queries::list_ids(tx).await?;
    let seen = policy::seen(tx, &ids).await?;
    let mut unread = Vec::new();
    for (scope, ids) in policy::by_scope(tx, &seen, &ids) {
        unread.extend(queries::count_unread(tx, &ids, &scope).await?);
    }
    unread.sort_unstable();
    Ok(unread)
}
