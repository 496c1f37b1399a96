//! The access log: a row in the same transaction as what it records, reads and refusals too.
//!
//! A request cannot end well without an entry ([`crate::ctx`] sees to it), and nothing is answered before the entry is
//! committed. Entries hold ids and codes, never text that a person wrote.

#![expect(
    clippy::ref_option_ref,
    reason = "written by the derive of an insertable row, not by us"
)]

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{audit_event_patients, audit_events};
use uuid::Uuid;

use super::{access::Question, auth::Actor, ids};
use crate::{Error, Result, ctx::Tx};

/// What happened, as the feature tells it. Who, when and from where is added by the transaction.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    action: &'static str,
    patient_id: Option<Uuid>,
    resource: Option<(&'static str, Uuid)>,
    count: Option<i32>,
    patients: Vec<Uuid>,
    code: Option<&'static str>,
}

impl Entry {
    /// `action` was done: `feature.verb`.
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            ..Self::default()
        }
    }

    /// It concerned this patient.
    #[must_use]
    pub fn of_patient(mut self, patient_id: Uuid) -> Self {
        self.patient_id = Some(patient_id);
        self
    }

    /// It concerned this thing.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: Uuid) -> Self {
        self.resource = Some((kind, id));
        self
    }

    /// The answer was a list of so many things.
    #[must_use]
    pub fn listing(mut self, count: usize) -> Self {
        self.count = i32::try_from(count).ok();
        self
    }

    /// It was refused with this code, in a transaction that is kept: what counts attempts must not be taken back.
    #[must_use]
    pub fn refused(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// The answer named these patients.
    #[must_use]
    pub fn naming(mut self, patients: impl IntoIterator<Item = Uuid>) -> Self {
        self.patients = patients.into_iter().collect();
        self
    }
}

/// A refusal, to be recorded after the transaction was taken back.
#[derive(Debug, Clone)]
pub struct Denial {
    /// What was tried.
    pub action: &'static str,
    /// The patient concerned.
    pub patient_id: Option<Uuid>,
    /// The thing concerned.
    pub resource: Option<(&'static str, Uuid)>,
    /// Whether the caller may know that the thing exists.
    pub visible: bool,
}

impl Denial {
    /// A refusal that looks like "not found".
    pub fn hidden(action: &'static str) -> Self {
        Self {
            action,
            patient_id: None,
            resource: None,
            visible: false,
        }
    }

    /// It concerned this patient.
    #[must_use]
    pub fn of_patient(mut self, patient_id: Uuid) -> Self {
        self.patient_id = Some(patient_id);
        self
    }

    /// It concerned this thing.
    #[must_use]
    pub fn on(mut self, kind: &'static str, id: Uuid) -> Self {
        self.resource = Some((kind, id));
        self
    }
}

impl From<Denial> for Entry {
    fn from(denial: Denial) -> Self {
        Self {
            action: denial.action,
            patient_id: denial.patient_id,
            resource: denial.resource,
            ..Self::default()
        }
    }
}

#[derive(Insertable)]
// NULL rather than DEFAULT for what is not there, so that the statement is always the same and prepared once.
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
struct NewEvent<'a> {
    tenant_id: Uuid,
    id: Uuid,
    at: chrono::DateTime<chrono::Utc>,
    actor_kind: &'static str,
    account_id: Option<Uuid>,
    staff_member_id: Option<Uuid>,
    client_id: Option<Uuid>,
    profession: Option<&'a str>,
    facility_id: Option<Uuid>,
    session_id: Option<Uuid>,
    action: &'static str,
    purpose: &'static str,
    outcome: &'static str,
    code: Option<&'static str>,
    patient_id: Option<Uuid>,
    resource_type: Option<&'static str>,
    resource_id: Option<Uuid>,
    count: Option<i32>,
    rules: &'a [String],
    policy_digest: &'a str,
    request_id: &'a str,
    source_ip: Option<&'a str>,
    decision: Option<String>,
    delegate_id: Option<Uuid>,
}

/// Writes one entry. `question` is what the rules were asked, `code` the error code of a refusal.
pub(crate) async fn write(
    tx: &Tx<'_>,
    entry: &Entry,
    rules: &[String],
    question: Option<&Question>,
    code: Option<&'static str>,
) -> Result<()> {
    let person = if let Actor::Person(person) = tx.actor {
        Some(person)
    } else {
        None
    };
    let system = if let Actor::System(system) = tx.actor {
        Some(system)
    } else {
        None
    };
    let id = ids::new_id();
    let code = code.or(entry.code);
    let event = NewEvent {
        tenant_id: tx.tenant_id,
        id,
        at: tx.now,
        actor_kind: match tx.actor {
            Actor::Person(_) => "staff",
            Actor::System(_) | Actor::Worker => "system",
            Actor::Anonymous => "anonymous",
        },
        account_id: person.map(|p| p.account_id),
        staff_member_id: person.map(|p| p.staff_member_id),
        client_id: system.map(|s| s.client_id),
        profession: person.map(|p| p.profession.as_str()),
        facility_id: person
            .map(|p| p.facility_id)
            .or(system.map(|s| s.facility_id)),
        session_id: person.map(|p| p.session_id),
        action: entry.action,
        purpose: tx.purpose.code(),
        outcome: if code.is_some() { "denied" } else { "allowed" },
        code,
        patient_id: entry.patient_id,
        resource_type: entry.resource.map(|(kind, _)| kind),
        resource_id: entry.resource.map(|(_, id)| id),
        count: entry.count,
        rules,
        policy_digest: tx.policy_digest(),
        request_id: tx.request_id(),
        source_ip: tx.source_ip(),
        decision: question
            .map(serde_json::to_string)
            .transpose()
            .map_err(Error::internal)?,
        delegate_id: person.and_then(|p| p.via),
    };
    diesel::insert_into(audit_events::table)
        .values(&event)
        .execute(&mut tx.conn())
        .await?;
    if !entry.patients.is_empty() {
        let rows: Vec<_> = entry
            .patients
            .iter()
            .map(|patient| {
                use audit_event_patients::{event_id, patient_id, tenant_id};
                (
                    tenant_id.eq(tx.tenant_id),
                    event_id.eq(id),
                    patient_id.eq(*patient),
                )
            })
            .collect();
        diesel::insert_into(audit_event_patients::table)
            .values(&rows)
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}
