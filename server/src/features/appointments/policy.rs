//! Who may see and keep appointments. Those of a patient: the team sees all of them, the patient and the family what is
//! marked for them. Without a patient: the people who take part.

use uuid::Uuid;

use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, PatientAccess, Permit, Verb},
        audit::Denial,
    },
};

pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "appointment.read";
}

/// Who comes and when, without what for.
pub(super) struct Outline;
impl Verb for Outline {
    const ACTION: &'static str = "appointment.outline";
}

/// Opening the patient, for what other features know of the coming days.
struct ReadPatient;
impl Verb for ReadPatient {
    const ACTION: &'static str = "patient.read";
}

/// Opening the summary of the patient.
struct SummarizePatient;
impl Verb for SummarizePatient {
    const ACTION: &'static str = "patient.summary";
}

pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "appointment.write";
}

/// One's own calendar.
pub(super) struct Own;
impl Verb for Own {
    const ACTION: &'static str = "appointment.own";
}

/// How much of an appointment is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// What kind and when: to whoever takes part and may not see the patient.
    Time,
    /// Who comes and when: to the patient and the family.
    Outline,
    /// Everything.
    Full,
}

/// How much the caller sees of these patients' appointments; those of whom nothing is seen are not in the answer.
pub(super) async fn seen(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, Detail)>> {
    let found = access::seen::<Read, Outline>(tx, ids).await?;
    Ok(found
        .into_iter()
        .map(|(access, outline)| {
            let detail = if outline {
                Detail::Outline
            } else {
                Detail::Full
            };
            (access.patient_id(), detail)
        })
        .collect())
}

/// Those of these patients whom the caller sees, or a summary of them: of their facts each feature shows its part.
pub(super) async fn known(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<PatientAccess>> {
    let found = access::seen::<ReadPatient, SummarizePatient>(tx, ids).await?;
    Ok(found.into_iter().map(|(access, _)| access).collect())
}

/// Opens the calendar of a patient.
pub(super) async fn may_list(tx: &Tx<'_>, patient_id: Uuid) -> Result<Detail> {
    match seen(tx, &[patient_id]).await?.first() {
        Some((_, detail)) => Ok(*detail),
        // Says no, in the words of the rules.
        None => tx
            .open::<Outline>(patient_id)
            .await
            .map(|_| Detail::Outline),
    }
}

/// Whether the caller may change appointments of this patient, or of nobody: for telling a page what to offer.
pub(super) async fn offers_writing(tx: &Tx<'_>, patient_id: Option<Uuid>) -> Result<bool> {
    let Some(patient_id) = patient_id else {
        return Ok(access::offers_on_network::<Own>(tx));
    };
    let ground = access::ground(tx, patient_id).await?;
    Ok(ground.is_some_and(|ground| {
        tx.would_allow(
            Write::ACTION,
            access::Resource::patient(patient_id),
            Some(ground),
        )
    }))
}

/// That the caller may write an appointment of this patient, or of nobody.
pub(super) enum Allowed {
    /// Of a patient.
    OfPatient(Permit<Write>),
    /// Of nobody.
    Own(Permit<Own>),
}

/// Allows writing an appointment of this patient, or of nobody.
pub(super) async fn may_write(tx: &Tx<'_>, patient_id: Option<Uuid>) -> Result<Allowed> {
    match patient_id {
        Some(patient_id) => {
            let (_, permit) = tx.open::<Write>(patient_id).await?;
            Ok(Allowed::OfPatient(permit))
        }
        None => access::on_network::<Own>(tx).map(Allowed::Own),
    }
}

/// Allows reading an appointment of a patient in full, or answers as if there were none.
pub(super) async fn may_read(tx: &Tx<'_>, id: Uuid, patient_id: Uuid) -> Result<()> {
    let ground = access::ground(tx, patient_id).await?;
    let patient = access::Resource::patient(patient_id);
    let read = ground.is_some_and(|ground| tx.decide(Read::ACTION, patient, Some(ground)).allowed);
    if read {
        return Ok(());
    }
    let denial = Denial::hidden(Read::ACTION).on("appointment", id);
    Err(Error::Denied(Box::new(denial.of_patient(patient_id))))
}

/// Refuses an appointment as if it were not there.
pub(super) fn hidden(id: Uuid) -> Error {
    Error::Denied(Box::new(Denial::hidden(Read::ACTION).on("appointment", id)))
}
