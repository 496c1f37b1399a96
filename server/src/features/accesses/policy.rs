//! Who may see who has looked.

use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::access::{PatientAccess, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "access.read";
}

pub(super) async fn may_read(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Read>)> {
    tx.open(patient_id).await
}
