//! Who may issue, revoke and read cards.

use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, PatientAccess, Permit, Verb},
};

/// A card opens the name of a patient to whoever holds it: issuing one takes factors shown just now.
pub(super) struct Issue;
impl Verb for Issue {
    const ACTION: &'static str = "registration_card.write";
    const STEP_UP: bool = true;
}

/// Seeing which cards there are, and revoking a lost one, which must not wait.
pub(super) struct Keep;
impl Verb for Keep {
    const ACTION: &'static str = "registration_card.write";
}

/// Reading a card that somebody presents.
pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "registration_card.read";
}

pub(super) async fn may_issue(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Issue>)> {
    tx.open(patient_id).await
}

pub(super) async fn may_keep(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Keep>)> {
    tx.open(patient_id).await
}

pub(super) fn may_read(tx: &Tx<'_>) -> Result<Permit<Read>> {
    access::on_network(tx)
}
