//! Who may see and record consents.

use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::access::{PatientAccess, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "consent.read";
}

/// Recording and withdrawing a consent changes what others may see: it takes factors shown just now.
pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "consent.write";
    const STEP_UP: bool = true;
    const FINAL: bool = true;
}

/// Adding the paper to a consent that is recorded changes nothing for anybody.
pub(super) struct AddEvidence;
impl Verb for AddEvidence {
    const ACTION: &'static str = "consent.write";
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

pub(super) async fn may_add_evidence(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<AddEvidence>)> {
    tx.open(patient_id).await
}
