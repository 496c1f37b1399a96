//! What goes out of an appointment: as much as the caller may see.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::{Exception, Occurrence, Participant, Plan},
    policy::{self, Detail},
    queries::{self, Appointment},
};
use crate::{Result, ctx::Tx};

/// Whom an appointment is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = AppointmentPatient)]
pub(super) struct PatientView {
    /// The patient.
    pub(super) id: Uuid,
    /// Name.
    pub(super) name: String,
}

/// Somebody who takes part.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppointmentPerson)]
pub(super) struct PersonView {
    /// The post, of a staff member.
    staff_member_id: Option<Uuid>,
    /// Code of the profession, of a staff member or where anybody of it takes part.
    profession: Option<String>,
    /// Name; null where anybody of the profession takes part.
    name: Option<String>,
}

/// One of the times of an appointment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppointmentOccurrence)]
pub(super) struct OccurrenceView {
    /// The appointment.
    appointment_id: Uuid,
    /// Its version, for `If-Match`.
    version: i32,
    /// The day in Japan that names this time within a series.
    on: NaiveDate,
    /// Whether it is one of a series.
    series: bool,
    /// Whether it differs from the rest of the series.
    changed: bool,
    /// Whom it is about; null where the caller may not see it, or nobody is.
    patient: Option<PatientView>,
    /// `full`; `outline` without note; `time`: kind and time only.
    detail: &'static str,
    /// What it says, at its own time.
    plan: Plan,
    /// Who takes part, by name.
    people: Vec<PersonView>,
    /// Whether the caller takes part.
    mine: bool,
    /// Whether the caller has something else at that time.
    overlaps: bool,
    /// Whether the caller may change it.
    can_write: bool,
}

/// An appointment, with all days on which it differs.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AppointmentView {
    /// Identifier.
    id: Uuid,
    /// Counts the changes from 1, for `If-Match`.
    pub(super) version: i32,
    /// Whom it is about.
    patient: Option<PatientView>,
    /// What it says; of a series, of its first day.
    plan: Plan,
    /// Who takes part, by name.
    people: Vec<PersonView>,
    /// The days on which it is not, or is otherwise.
    exceptions: Vec<Exception>,
    /// Whether it is called off.
    cancelled: bool,
    /// The series that it goes on from.
    follows: Option<Uuid>,
    /// Why it was last changed.
    reason: Option<String>,
    /// Who wrote the newest version.
    written_by_name: Option<String>,
    /// When.
    written_at: DateTime<Utc>,
    /// Whether the caller may change it.
    can_write: bool,
}

impl Detail {
    fn word(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Outline => "outline",
            Self::Full => "full",
        }
    }

    /// What of a plan is shown.
    fn of(self, plan: Plan) -> Plan {
        match self {
            Self::Full => plan,
            Self::Outline => Plan { note: None, ..plan },
            Self::Time => Plan {
                title: None,
                place: None,
                note: None,
                for_family: false,
                participants: Vec::new(),
                ..plan
            },
        }
    }
}

/// What the views of a list have in common.
pub(super) struct Shown {
    names: HashMap<Uuid, (String, String)>,
    patients: HashMap<Uuid, String>,
    details: HashMap<Uuid, Detail>,
    writable: HashMap<Option<Uuid>, bool>,
    me: Uuid,
}

impl Shown {
    /// Loads what is shown of these appointments, with what the caller sees of their patients.
    pub(super) async fn load(
        tx: &Tx<'_>,
        of: &[&Appointment],
        details: &[(Uuid, Detail)],
    ) -> Result<Self> {
        let exceptional = |appointment: &&Appointment| {
            let plans = appointment
                .exceptions
                .iter()
                .filter_map(|other| other.plan.as_ref());
            plans.flat_map(Plan::staff).collect::<Vec<_>>()
        };
        let mut staff: Vec<Uuid> = of.iter().flat_map(exceptional).collect();
        staff.extend(of.iter().flat_map(|appointment| appointment.plan.staff()));
        staff.extend(of.iter().filter_map(|appointment| appointment.written_by));
        let seen: Vec<Uuid> = details.iter().map(|(id, _)| *id).collect();
        let mut writable = HashMap::new();
        for patient_id in details.iter().map(|(id, _)| Some(*id)).chain([None]) {
            writable.insert(patient_id, policy::offers_writing(tx, patient_id).await?);
        }
        Ok(Self {
            names: queries::list_posts(tx, &staff).await?,
            patients: queries::list_patients(tx, &seen).await?,
            details: details.iter().copied().collect(),
            writable,
            me: tx.actor.ids().0,
        })
    }

    /// How much of an appointment is shown.
    pub(super) fn detail(&self, of: &Appointment) -> Detail {
        match of.patient_id {
            None => Detail::Full,
            Some(patient) => self.details.get(&patient).copied().unwrap_or(Detail::Time),
        }
    }

    fn can_write(&self, of: &Appointment) -> bool {
        let whole = self.detail(of) == Detail::Full;
        let own = of.patient_id.is_some() || of.involves(self.me) || of.created_by == Some(self.me);
        whole && own && self.writable.get(&of.patient_id).copied().unwrap_or(false)
    }

    fn patient(&self, of: &Appointment) -> Option<PatientView> {
        let id = of.patient_id?;
        let name = self.patients.get(&id)?.clone();
        Some(PatientView { id, name })
    }

    fn people(&self, plan: &Plan) -> Vec<PersonView> {
        let person = |person: &Participant| {
            let known = person.staff_member_id.and_then(|id| self.names.get(&id));
            PersonView {
                staff_member_id: person.staff_member_id,
                profession: known
                    .map(|(_, profession)| profession.clone())
                    .or_else(|| person.profession.clone()),
                name: known
                    .map(|(name, _)| name.clone())
                    .or_else(|| person.name.clone()),
            }
        };
        plan.participants.iter().map(person).collect()
    }

    /// One of the times of an appointment.
    pub(super) fn occurrence(&self, of: &Appointment, found: Occurrence) -> OccurrenceView {
        let detail = self.detail(of);
        let mine = found.plan.staff().any(|id| id == self.me);
        let plan = detail.of(found.plan);
        OccurrenceView {
            appointment_id: of.id,
            version: of.version,
            on: found.on,
            series: of.plan.recurrence.is_some(),
            changed: found.changed,
            patient: self.patient(of),
            detail: detail.word(),
            people: self.people(&plan),
            plan,
            mine,
            overlaps: false,
            can_write: self.can_write(of),
        }
    }

    /// An appointment as a whole.
    pub(super) fn appointment(&self, of: Appointment) -> AppointmentView {
        let detail = self.detail(&of);
        let can_write = self.can_write(&of);
        let patient = self.patient(&of);
        let exceptions = of.exceptions.into_iter().map(|other| Exception {
            on: other.on,
            plan: other.plan.map(|plan| detail.of(plan)),
        });
        let writer = of.written_by.and_then(|id| self.names.get(&id));
        let plan = detail.of(of.plan);
        AppointmentView {
            id: of.id,
            version: of.version,
            patient,
            people: self.people(&plan),
            plan,
            exceptions: exceptions.collect(),
            cancelled: of.cancelled,
            follows: of.follows,
            reason: of.reason,
            written_by_name: writer.map(|(name, _)| name.clone()),
            written_at: of.written_at,
            can_write,
        }
    }
}

impl OccurrenceView {
    /// Notes whether there is something else at that time.
    pub(super) fn overlapping(mut self, overlaps: bool) -> Self {
        self.overlaps = overlaps;
        self
    }

    /// The patient whom it names.
    pub(super) fn patient_id(&self) -> Option<Uuid> {
        self.patient.as_ref().map(|patient| patient.id)
    }
}

/// An appointment that the caller sees in full.
pub(super) async fn whole(tx: &Tx<'_>, appointment: Appointment) -> Result<AppointmentView> {
    let details: Vec<(Uuid, Detail)> = appointment
        .patient_id
        .map(|id| (id, Detail::Full))
        .into_iter()
        .collect();
    let shown = Shown::load(tx, &[&appointment], &details).await?;
    Ok(shown.appointment(appointment))
}
