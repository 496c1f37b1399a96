//! The list for copies of the record, as the patient reads it.

use serde_json::Value;

use super::{
    queries::{self, Shown},
    view,
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::withholdings,
    spine::{
        access::{PatientAccess, Permit, Verb},
        page::{self, TimeKey},
    },
};

/// The next lines of the list, newest first, as the interface shows them to the patient; then where the next page begins.
/// What the patient and the family did themselves, and what the system did by itself, is left out as on the screen.
pub async fn copy_page<V: Verb>(
    tx: &Tx<'_>,
    permit: &Permit<V>,
    access: &PatientAccess,
    (before, limit): (Option<TimeKey>, i64),
) -> Result<(Vec<Value>, Option<TimeKey>)> {
    let patient_id = access.patient_id();
    let family = queries::family(tx, patient_id).await?;
    // Whoever is handed a copy may be of the family: what is withheld from them is left out, unless the patient asks.
    let withheld = withholdings::in_force(tx, patient_id, !access.ground().patient).await?;
    let shown = Shown {
        patient_id,
        between: None,
        withheld,
        without: family.keys().copied().collect(),
        routine: false,
        only: None,
    };
    let mut rows = queries::page(tx, permit, &shown, before, limit).await?;
    let next = rows.get(
        usize::try_from(limit)
            .unwrap_or(usize::MAX)
            .saturating_sub(1),
    );
    let next = next.map(|row| TimeKey(row.at, row.id));
    let more = page::cut(&mut rows, limit, |row| TimeKey(row.at, row.id)).is_some();
    let lines = view::lines(tx, patient_id, family, rows).await?;
    let values: Result<Vec<_>, _> = lines.iter().map(serde_json::to_value).collect();
    Ok((values.map_err(Error::internal)?, next.filter(|_| more)))
}
