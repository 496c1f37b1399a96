//! Devices that are to be exchanged: what a calendar asks for.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    catalogue, policy, queries,
    value::{Said, headline},
};
use crate::{Result, ctx::Tx, features::provisions, spine::access::PatientAccess};

/// A device that is to be exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueExchange {
    /// The fact.
    pub fact_id: Uuid,
    /// The patient.
    pub patient_id: Uuid,
    /// What is exchanged, in Japanese, such as 尿道留置カテーテル.
    pub what: String,
    /// The day.
    pub on: NaiveDate,
    /// Whether the day is past.
    pub overdue: bool,
    /// The version of the fact that says so.
    pub version: i32,
    /// When that was written.
    pub written_at: DateTime<Utc>,
}

/// The patients with whom the caller has to do and of whom something is to be exchanged until a day. Whether the caller
/// may know, the rules say.
pub async fn patients_with_exchanges(tx: &Tx<'_>, until: NaiveDate) -> Result<Vec<Uuid>> {
    queries::list_due_patients(tx, until).await
}

/// What is to be exchanged from one day to another, the first day first, of patients to whom the caller has access:
/// exactly what the caller sees among their facts. When today is one of the days, what is overdue as well.
pub async fn due_exchanges(
    tx: &Tx<'_>,
    patients: &[PatientAccess],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<DueExchange>> {
    let today = tx.today();
    let with_overdue = (from..=until).contains(&today);
    let ids: Vec<Uuid> = patients.iter().map(PatientAccess::patient_id).collect();
    let mut readers: Vec<_> = patients
        .iter()
        .map(|access| policy::reader_with(tx, access))
        .collect();
    let mut due = Vec::new();
    for fact in queries::list_due(tx, &ids, until).await? {
        let reader = readers
            .iter_mut()
            .find(|reader| reader.patient_id() == fact.patient_id);
        let seen = reader.and_then(|reader| {
            let sight = reader.sees(tx, &fact.class(), fact.facility_id)?;
            Some((sight, reader.ground()))
        });
        let (Some((_, ground)), Some(on), Some(kind)) =
            (seen, fact.next_on, catalogue::find(&fact.kind))
        else {
            continue;
        };
        if on < from && !with_overdue {
            continue;
        }
        let given = [(fact.facility_id, fact.information.as_str())];
        provisions::note(tx, fact.patient_id, ground, given).await?;
        let said: Said = match fact.value {
            Some(serde_json::Value::Object(said)) => said,
            _ => Said::new(),
        };
        due.push(DueExchange {
            fact_id: fact.id,
            patient_id: fact.patient_id,
            what: headline(kind, &said),
            on,
            overdue: on < today,
            version: fact.said_version,
            written_at: fact.written_at,
        });
    }
    Ok(due)
}
