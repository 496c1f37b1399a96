//! Who may see, find and register patients.

use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::access::{self, PatientAccess, Permit, Verb},
};

pub(super) struct List;
impl Verb for List {
    const ACTION: &'static str = "patient.list";
}

pub(super) struct Create;
impl Verb for Create {
    const ACTION: &'static str = "patient.create";
}

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "patient.read";
}

pub(super) struct AddIdentifier;
impl Verb for AddIdentifier {
    const ACTION: &'static str = "identifier.create";
}

pub(super) struct KeepTeam;
impl Verb for KeepTeam {
    const ACTION: &'static str = "care_team.write";
}

pub(super) struct KeepConsent;
impl Verb for KeepConsent {
    const ACTION: &'static str = "consent.write";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<List>> {
    access::on_network(tx)
}

pub(super) fn may_create(tx: &Tx<'_>) -> Result<Permit<Create>> {
    access::on_network(tx)
}

pub(super) async fn may_read(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Read>)> {
    tx.open(patient_id).await
}

pub(super) async fn may_add_identifier(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<AddIdentifier>)> {
    tx.open(patient_id).await
}
