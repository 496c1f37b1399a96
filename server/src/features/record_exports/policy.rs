//! Who may have a copy of a record.

use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, PatientAccess, Permit, Verb},
};

/// A whole record leaves the system.
pub(super) struct Create;
impl Verb for Create {
    const ACTION: &'static str = "record_export.create";
    const STEP_UP: bool = true;
}

/// The same, where factors were shown when it was asked for: making it, listing what one asked for, and fetching by link.
pub(super) struct Make;
impl Verb for Make {
    const ACTION: &'static str = "record_export.create";
}

/// Adding who has looked to a copy for the patient.
pub(super) struct Disclose;
impl Verb for Disclose {
    const ACTION: &'static str = "record_export.disclose";
}

/// The patient and the family see who has looked.
pub(super) struct ReadAccesses;
impl Verb for ReadAccesses {
    const ACTION: &'static str = "access.read";
}

pub(super) async fn may_create(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Create>)> {
    tx.open(patient_id).await
}

pub(super) async fn may_make(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Make>)> {
    tx.open(patient_id).await
}

/// Whether the list of who has looked may be in a copy, and on what ground.
pub(super) enum Accesses {
    /// It is the reader's own to see.
    Own(Permit<ReadAccesses>),
    /// The copy is for the patient.
    ForPatient(Permit<Disclose>),
    /// It may not.
    Not,
}

/// Allows the list of who has looked, in a copy that is for the patient or not.
pub(super) async fn accesses(
    tx: &Tx<'_>,
    access: &PatientAccess,
    for_patient: bool,
) -> Result<Accesses> {
    if access::offers::<ReadAccesses>(tx, access) {
        let (_, permit) = tx.open(access.patient_id()).await?;
        return Ok(Accesses::Own(permit));
    }
    if for_patient && access::offers::<Disclose>(tx, access) {
        let (_, permit) = tx.open(access.patient_id()).await?;
        return Ok(Accesses::ForPatient(permit));
    }
    Ok(Accesses::Not)
}
