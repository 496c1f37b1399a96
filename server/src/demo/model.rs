//! What the generator hands over: plain values, ready to be written in this order.
//!
//! Codes (professions, kinds, channels, roles) are the published ones, as text, so that the loader
//! parses them with the same code that parses a request.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

/// Password of every demonstration account.
pub const PASSWORD: &str = "demo-konomachi-2026";

/// Everything that the demonstration consists of.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoNetwork {
    /// The regional networks, `izumo` first.
    pub tenants: Vec<DemoTenant>,
    /// The people whom guides, self-checks and tests look for by name (all in `izumo`).
    pub cast: Cast,
}

/// The fixed people of the first tenant. Every value is a staff member's id but the last three.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cast {
    /// Care manager of the main patient, login `care-manager`.
    pub care_manager: Uuid,
    /// Visiting nurse of the main patient, login `visiting-nurse`.
    pub visiting_nurse: Uuid,
    /// General practitioner of the main patient, login `physician`.
    pub physician: Uuid,
    /// Pharmacist of the main patient, login `pharmacist`.
    pub pharmacist: Uuid,
    /// Home helper of the main patient, login `home-helper`.
    pub home_helper: Uuid,
    /// Discharge nurse of the hospital, login `hospital-nurse`.
    pub hospital_nurse: Uuid,
    /// Physical therapist of the main patient, login `therapist`.
    pub therapist: Uuid,
    /// Visiting nurse of another station, never on the main patient's team, login `outsider`.
    pub outsider: Uuid,
    /// Network administrator, login `administrator`.
    pub administrator: Uuid,
    /// Auditor, login `auditor`.
    pub auditor: Uuid,
    /// The main patient.
    pub patient: Uuid,
    /// The hospital that sends the discharge summary (a facility).
    pub hospital: Uuid,
    /// The hospital's system client.
    pub client: Uuid,
}

/// One regional network with all its people and patients.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoTenant {
    /// Identifier.
    pub id: Uuid,
    /// The part after `@` in a login.
    pub slug: &'static str,
    /// Display name.
    pub name: &'static str,
    /// Facilities.
    pub facilities: Vec<DemoFacility>,
    /// Staff members, with their accounts.
    pub staff: Vec<DemoStaff>,
    /// System clients.
    pub clients: Vec<DemoClient>,
    /// Patients with their whole history.
    pub patients: Vec<DemoPatient>,
}

/// A facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoFacility {
    /// Identifier.
    pub id: Uuid,
    /// Display name.
    pub name: &'static str,
    /// Published kind code.
    pub kind: &'static str,
    /// Ten-digit medical institution code; none for care offices.
    pub institution_code: Option<String>,
}

/// A person's post at a facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoStaff {
    /// Identifier.
    pub id: Uuid,
    /// The facility.
    pub facility_id: Uuid,
    /// Name, family name first, one half-width space between.
    pub name: &'static str,
    /// Reading in katakana.
    pub kana: &'static str,
    /// Published profession code.
    pub profession: &'static str,
    /// The account to sign in with.
    pub account: Option<DemoAccount>,
}

/// A sign-in account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAccount {
    /// Identifier.
    pub id: Uuid,
    /// The part before `@`.
    pub login_name: &'static str,
    /// Always [`PASSWORD`]: the loader may hash it once and store the hash for all.
    pub password: &'static str,
    /// `staff`, `network_administrator` or `auditor`.
    pub role: &'static str,
}

/// A system client of a facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoClient {
    /// Identifier.
    pub id: Uuid,
    /// The facility whose system it is.
    pub facility_id: Uuid,
    /// Display name.
    pub name: &'static str,
}

/// A patient and everything written about them.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoPatient {
    /// Identifier.
    pub id: Uuid,
    /// Name, family name first, one half-width space between.
    pub name: String,
    /// Reading in katakana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// `female` or `male`.
    pub sex: &'static str,
    /// Postal address in an invented quarter.
    pub address: String,
    /// Telephone number from an exchange that does not exist.
    pub phone: Option<String>,
    /// Staff member who registered the patient; always on the team from the first day.
    pub registered_by: Uuid,
    /// When.
    pub registered_at: DateTime<Utc>,
    /// `(system, value, facility)`.
    pub identifiers: Vec<(String, String, Option<Uuid>)>,
    /// The consent that is in force.
    pub consent: DemoConsent,
    /// Team memberships, past and present.
    pub team: Vec<DemoMembership>,
    /// Posts by `recorded_at`, oldest first.
    pub posts: Vec<DemoPost>,
    /// `(staff member, last post read)`.
    pub read_marks: Vec<(Uuid, Uuid)>,
    /// What is so with the patient.
    pub facts: Vec<DemoFact>,
}

/// Something that is so with a patient.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoFact {
    /// Identifier.
    pub id: Uuid,
    /// Kind.
    pub kind: &'static str,
    /// What is so now.
    pub value: serde_json::Value,
    /// How sure it is.
    pub confidence: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The post.
    pub source_id: Option<Uuid>,
    /// In words.
    pub source_text: Option<&'static str>,
    /// Who says so.
    pub author: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who found later that it is still so, and when.
    pub confirmed: Option<(Uuid, DateTime<Utc>)>,
    /// What was so before, by whom and when.
    pub before: Option<(serde_json::Value, Uuid, DateTime<Utc>)>,
}

/// A consent with its evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoConsent {
    /// Identifier.
    pub id: Uuid,
    /// Day of signature.
    pub granted_on: NaiveDate,
    /// `patient` or `proxy`.
    pub granted_by: &'static str,
    /// Who signed for the patient.
    pub proxy_name: Option<String>,
    /// What they are to the patient.
    pub proxy_relation: Option<String>,
    /// `paper`, `on_screen` or `card`.
    pub method: &'static str,
    /// Remark.
    pub note: Option<String>,
    /// Staff member who recorded it.
    pub recorded_by: Uuid,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// A membership of the care team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoMembership {
    /// Identifier.
    pub id: Uuid,
    /// The staff member.
    pub staff_id: Uuid,
    /// Duty in the team, such as 主治医.
    pub duty: Option<&'static str>,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, inclusive.
    pub ends_on: Option<NaiveDate>,
}

/// A post. `body` and `vitals` are the first version; amendments follow in order.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoPost {
    /// Identifier.
    pub id: Uuid,
    /// `note` or `vitals`.
    pub kind: &'static str,
    /// `team` or `medical`.
    pub channel: &'static str,
    /// The author's staff id.
    pub author: Uuid,
    /// Text; always there for a note.
    pub body: Option<String>,
    /// Measured values; always there for `vitals`.
    pub vitals: Option<DemoVitals>,
    /// When it was observed.
    pub observed_at: DateTime<Utc>,
    /// When it was recorded; unique within a patient.
    pub recorded_at: DateTime<Utc>,
    /// The earlier post that this one answers.
    pub reply_to: Option<Uuid>,
    /// Whom it asks to acknowledge.
    pub ack_request: Option<DemoAckRequest>,
    /// `(staff member, when)`.
    pub acknowledgements: Vec<(Uuid, DateTime<Utc>)>,
    /// Later versions, oldest first.
    pub amendments: Vec<DemoAmendment>,
    /// Its retraction by the author.
    pub retraction: Option<DemoRetraction>,
}

/// A request to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoAckRequest {
    /// Answer wanted by.
    pub due_at: Option<DateTime<Utc>>,
    /// The asked staff members.
    pub asked: Vec<Uuid>,
}

/// A later version of a post: the complete new content.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoAmendment {
    /// New text.
    pub body: Option<String>,
    /// New values.
    pub vitals: Option<DemoVitals>,
    /// Why it was amended.
    pub reason: &'static str,
    /// When.
    pub at: DateTime<Utc>,
}

/// A retraction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRetraction {
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: &'static str,
}

/// Vital signs, in the published units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct DemoVitals {
    /// °C, one decimal.
    pub temperature: Option<f64>,
    /// mmHg.
    pub systolic: Option<i32>,
    /// mmHg.
    pub diastolic: Option<i32>,
    /// Beats per minute.
    pub pulse: Option<i32>,
    /// %.
    pub spo2: Option<i32>,
    /// Breaths per minute.
    pub respiration: Option<i32>,
    /// kg, one decimal.
    pub weight: Option<f64>,
}
