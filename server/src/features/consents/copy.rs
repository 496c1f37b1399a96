//! Consents for copies of the record.

use super::{policy::Read, queries, routes::ConsentView};
use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, PatientAccess},
};

/// Every consent of the patient, newest first; nothing for whoever may not read consents.
pub async fn copy(tx: &Tx<'_>, access: &PatientAccess) -> Result<Option<Vec<ConsentView>>> {
    if !access::offers::<Read>(tx, access) {
        return Ok(None);
    }
    let (access, _permit) = tx.open::<Read>(access.patient_id()).await?;
    queries::list(tx, access.patient_id()).await.map(Some)
}
