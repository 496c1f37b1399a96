//! Who may see and keep the accounts of a patient and the family.

use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::access::{PatientAccess, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "relative.read";
}

pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "relative.write";
    const STEP_UP: bool = true;
}

pub(super) async fn may_read(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Read>)> {
    tx.open(patient_id).await
}

pub(super) async fn may_write(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Write>)> {
    tx.open(patient_id).await
}
