//! Who may see what was given to other facilities.

use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::access::{PatientAccess, Permit, Verb},
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "provision.read";
}

/// A file leaves the system.
pub(super) struct Export;
impl Verb for Export {
    const ACTION: &'static str = "provision.export";
    const STEP_UP: bool = true;
}

pub(super) async fn may_read(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Read>)> {
    tx.open(patient_id).await
}

pub(super) async fn may_export(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Export>)> {
    tx.open(patient_id).await
}
