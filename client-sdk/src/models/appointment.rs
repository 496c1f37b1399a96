//! Appointments (予定) and the calendar feed.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// What an appointment is for.
    pub enum AppointmentKind {
        /// 訪問
        Visit = "visit",
        /// 機器・カテーテルなどの交換
        Exchange = "exchange",
        /// カンファレンス・サービス担当者会議
        Conference = "conference",
        /// 期限
        Deadline = "deadline",
        /// そのほか
        Other = "other",
    }
}

open_enum! {
    /// How much of an appointment is shown.
    pub enum AppointmentDetail {
        /// Everything.
        Full = "full",
        /// Who comes and when, without the note: to the patient and the family.
        Outline = "outline",
        /// Kind and time: to who takes part and may not see the patient.
        Time = "time",
    }
}

open_enum! {
    /// Of what an appointment is changed.
    pub enum AppointmentScope {
        /// All of it.
        All = "all",
        /// One day.
        This = "this",
        /// One day and what follows.
        Following = "following",
    }
}

/// Somebody who takes part; exactly one of the three is set.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentParticipant {
    /// A staff member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_member_id: Option<Uuid>,
    /// Anybody of a profession.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
    /// Family or somebody outside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl AppointmentParticipant {
    /// A staff member.
    pub fn staff(id: Uuid) -> Self {
        Self {
            staff_member_id: Some(id),
            ..Self::default()
        }
    }
}

/// What an appointment says. Either `starts_at` or `starts_on` is set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AppointmentPlan {
    /// What it is for.
    pub kind: AppointmentKind,
    /// What exactly, up to 100 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// When it begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<DateTime<Utc>>,
    /// When it ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<DateTime<Utc>>,
    /// The first day, for what takes whole days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
    /// The last day; the first when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// What else the team should know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the patient and the family see that it is.
    #[serde(default)]
    pub for_family: bool,
    /// How it recurs: an RRULE of RFC 5545 with FREQ DAILY, WEEKLY or MONTHLY.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<String>,
    /// Who takes part.
    #[serde(default)]
    pub participants: Vec<AppointmentParticipant>,
}

impl AppointmentPlan {
    /// Something by the clock, with nobody yet.
    pub fn timed(kind: AppointmentKind, starts_at: DateTime<Utc>, ends_at: DateTime<Utc>) -> Self {
        Self {
            starts_at: Some(starts_at),
            ends_at: Some(ends_at),
            ..Self::on(kind, starts_at.date_naive())
        }
        .without_days()
    }

    /// Something that takes a whole day, with nobody yet.
    pub fn on(kind: AppointmentKind, day: NaiveDate) -> Self {
        Self {
            kind,
            title: None,
            starts_at: None,
            ends_at: None,
            starts_on: Some(day),
            ends_on: None,
            place: None,
            note: None,
            for_family: false,
            recurrence: None,
            participants: Vec::new(),
        }
    }

    fn without_days(mut self) -> Self {
        self.starts_on = None;
        self
    }

    /// With these staff members.
    #[must_use]
    pub fn with(mut self, staff: &[Uuid]) -> Self {
        self.participants = staff
            .iter()
            .copied()
            .map(AppointmentParticipant::staff)
            .collect();
        self
    }

    /// Recurring by this rule.
    #[must_use]
    pub fn recurring(mut self, rule: &str) -> Self {
        self.recurrence = Some(rule.to_owned());
        self
    }
}

/// Whom an appointment is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AppointmentPatient {
    /// The patient.
    pub id: Uuid,
    /// Name.
    pub name: String,
}

/// Somebody who takes part, by name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AppointmentPerson {
    /// The post, of a staff member.
    pub staff_member_id: Option<Uuid>,
    /// Code of the profession.
    pub profession: Option<String>,
    /// Name; absent where anybody of the profession takes part.
    pub name: Option<String>,
}

/// One of the times of an appointment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AppointmentOccurrence {
    /// The appointment.
    pub appointment_id: Uuid,
    /// Its version.
    pub version: i64,
    /// The day in Japan that names this time within a series.
    pub on: NaiveDate,
    /// Whether it is one of a series.
    pub series: bool,
    /// Whether it differs from the rest of the series.
    pub changed: bool,
    /// Whom it is about, where the caller may see that.
    pub patient: Option<AppointmentPatient>,
    /// How much is shown.
    pub detail: AppointmentDetail,
    /// What it says, at its own time.
    pub plan: AppointmentPlan,
    /// Who takes part, by name.
    pub people: Vec<AppointmentPerson>,
    /// Whether the caller takes part.
    pub mine: bool,
    /// Whether the caller has something else at that time.
    pub overlaps: bool,
    /// Whether the caller may change it.
    pub can_write: bool,
}

open_enum! {
    /// What is due.
    pub enum AppointmentDueKind {
        /// The next exchange of a device.
        DeviceExchange = "device_exchange",
        /// A post that is to be acknowledged or answered.
        Answer = "answer",
    }
}

/// Something that is due on a day and is no appointment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AppointmentDue {
    /// What it is.
    pub kind: AppointmentDueKind,
    /// Whom it is about, where the caller may see that.
    pub patient: Option<AppointmentPatient>,
    /// What is exchanged, in Japanese.
    pub what: Option<String>,
    /// Kind of the post.
    pub post_kind: Option<String>,
    /// Whether a reply to the post is asked for; otherwise acknowledging it is enough.
    pub reply: bool,
    /// The day in Japan.
    pub on: NaiveDate,
    /// By when on that day; absent for an exchange.
    pub at: Option<DateTime<Utc>>,
    /// Whether it should have been done by now.
    pub overdue: bool,
    /// The fact that says so, of an exchange.
    pub fact_id: Option<Uuid>,
    /// The post, of an answer.
    pub post_id: Option<Uuid>,
}

/// The appointments of some days, and what else is due then.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AppointmentCalendar {
    /// Appointments, in the order of time.
    pub items: Vec<AppointmentOccurrence>,
    /// Exchanges of devices and deadlines for answers, in the order of time; with today, those that are overdue as well.
    pub due: Vec<AppointmentDue>,
}

/// A day of a series on which it is not, or is otherwise.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AppointmentException {
    /// The day on which it would have begun.
    pub on: NaiveDate,
    /// What is instead; absent when it is left out.
    pub plan: Option<AppointmentPlan>,
}

/// An appointment, with all days on which it differs.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Appointment {
    /// The appointment's id.
    pub id: Uuid,
    /// Counts the changes from 1; goes into `If-Match`.
    pub version: i64,
    /// Whom it is about.
    pub patient: Option<AppointmentPatient>,
    /// What it says; of a series, of its first day.
    pub plan: AppointmentPlan,
    /// Who takes part, by name.
    pub people: Vec<AppointmentPerson>,
    /// The days on which it is not, or is otherwise.
    pub exceptions: Vec<AppointmentException>,
    /// Whether it is called off.
    pub cancelled: bool,
    /// The series that it goes on from.
    pub follows: Option<Uuid>,
    /// Why it was last changed.
    pub reason: Option<String>,
    /// Who wrote the newest version.
    pub written_by_name: Option<String>,
    /// When.
    pub written_at: DateTime<Utc>,
    /// Whether the caller may change it.
    pub can_write: bool,
}

/// A version of an appointment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AppointmentVersion {
    /// Counts from 1.
    pub version: i64,
    /// What was done.
    pub change: String,
    /// Why.
    pub reason: Option<String>,
    /// What it said.
    pub plan: AppointmentPlan,
    /// The days on which it was not, or was otherwise.
    pub exceptions: Vec<AppointmentException>,
    /// Whether it was called off.
    pub cancelled: bool,
    /// Who wrote it.
    pub written_by_name: Option<String>,
    /// When.
    pub written_at: DateTime<Utc>,
}

/// A time at which somebody has something else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AppointmentOverlap {
    /// Who.
    pub staff_member_id: Uuid,
    /// Name.
    pub name: String,
    /// From when the other appointment is.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
}

/// Which days to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListAppointments {
    /// The first; today when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// The last, at most 61 days later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// Entering an appointment.
#[derive(Clone, Debug, Serialize)]
pub struct CreateAppointment {
    /// The new appointment's id, chosen by the caller.
    pub id: Uuid,
    /// Whom it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient_id: Option<Uuid>,
    /// What it says.
    pub plan: AppointmentPlan,
    /// Although somebody has something else at that time.
    pub accept_overlap: bool,
}

impl CreateAppointment {
    /// With a new id.
    pub fn new(patient_id: Option<Uuid>, plan: AppointmentPlan) -> Self {
        Self {
            id: crate::new_id(),
            patient_id,
            plan,
            accept_overlap: false,
        }
    }
}

/// Changing an appointment.
#[derive(Clone, Debug, Serialize)]
pub struct AmendAppointment {
    /// Of what.
    pub scope: AppointmentScope,
    /// The day of the series that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Id of the series that follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_id: Option<Uuid>,
    /// What it says from now on.
    pub plan: AppointmentPlan,
    /// Why.
    pub reason: String,
    /// Although somebody has something else at that time.
    pub accept_overlap: bool,
}

/// Calling an appointment off.
#[derive(Clone, Debug, Serialize)]
pub struct CancelAppointment {
    /// Of what.
    pub scope: AppointmentScope,
    /// The day of the series that is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// An address for calendar programs, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CalendarFeed {
    /// The feed's id.
    pub id: Uuid,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When a program last fetched it.
    pub last_read_at: Option<DateTime<Utc>>,
}

/// A new address for calendar programs, shown this once.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct NewCalendarFeed {
    /// The feed's id.
    pub id: Uuid,
    /// The address.
    pub url: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl std::fmt::Debug for NewCalendarFeed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCalendarFeed")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
