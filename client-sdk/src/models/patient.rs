//! Patients of a care network.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::consent::{Consent, CreateConsent};
use super::open_enum::open_enum;
use super::timeline::{Channel, PostKind};

open_enum! {
    /// Administrative sex, as FHIR writes it.
    pub enum Sex {
        /// 男性
        Male = "male",
        /// 女性
        Female = "female",
        /// その他
        Other = "other",
        /// 不明
        NotKnown = "unknown",
    }
}

/// A patient, as far as the caller may see.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Patient {
    /// The patient's id.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex.
    pub sex: Sex,
    /// Postal address.
    pub address: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// When the patient was registered.
    pub registered_at: DateTime<Utc>,
    /// Numbers the patient is known by.
    pub identifiers: Vec<PatientIdentifier>,
    /// The valid consent.
    pub consent: Option<Consent>,
    /// What the caller may do for this patient.
    pub permissions: PatientPermissions,
    /// On what ground the caller sees this patient; absent from a server of the version before.
    pub access: Option<PatientAccess>,
}

open_enum! {
    /// On what ground somebody sees a patient.
    pub enum AccessGround {
        /// ケアチームの一員
        Member = "member",
        /// 代行: stands in for a member of the care team
        Substitute = "substitute",
        /// 緊急時アクセス
        Emergency = "emergency",
        /// 本人
        Patient = "self",
        /// 家族・代理人
        Family = "family",
        /// 自施設の記録: only what the own facility recorded, without consent of the patient
        OwnRecord = "own_record",
    }
}

/// On what ground the caller sees a patient, and how far that goes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PatientAccess {
    /// The ground.
    pub ground: AccessGround,
    /// The emergency access that is open, when that is the ground. Show when it ends.
    pub emergency: Option<OpenEmergency>,
    /// Whether the caller sees only a summary.
    #[serde(default)]
    pub summary_only: bool,
}

/// An emergency access that is open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OpenEmergency {
    /// The access's id.
    pub id: Uuid,
    /// When it ends in any case.
    pub expires_at: DateTime<Utc>,
}

/// A number a patient is known by.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PatientIdentifier {
    /// The numbering system, a URI.
    pub system: String,
    /// The number.
    pub value: String,
    /// The facility whose number it is; absent for numbers of the insurance system.
    pub facility_id: Option<Uuid>,
    /// Name of that facility.
    pub facility_name: Option<String>,
}

/// What the caller may do for a patient. For showing and hiding buttons; the server decides anew at every request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PatientPermissions {
    /// Channels the caller may post to.
    pub post: Vec<Channel>,
    /// Kinds of posts that the caller may write, to one channel or another.
    #[serde(default)]
    pub post_kinds: Vec<PostKind>,
    /// May enter vital signs.
    pub write_vitals: bool,
    /// May set outside which vital signs somebody is told.
    #[serde(default)]
    pub set_vital_limits: bool,
    /// May change the care team.
    pub manage_team: bool,
    /// May record and withdraw consents.
    pub manage_consent: bool,
    /// May enter the numbers of the caller's facility.
    pub edit_identifiers: bool,
}

/// A row of the caller's patients.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PatientItem {
    /// The patient's id.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex.
    pub sex: Sex,
    /// Posts the caller has not read; 100 stands for 100 or more.
    pub unread: u32,
    /// Posts that wait for the caller's acknowledgement.
    pub pending_acknowledgements: u32,
    /// The newest post the caller may see.
    pub last_post: Option<LastPost>,
}

/// The newest post of a patient, in a list row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct LastPost {
    /// The post's id.
    pub id: Uuid,
    /// What kind of post it is.
    pub kind: PostKind,
    /// Who wrote it.
    pub author_name: String,
    /// Its beginning.
    pub excerpt: Option<String>,
    /// When the server recorded it.
    pub recorded_at: DateTime<Utc>,
}

/// Registering a patient. The caller becomes a member of the care team.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePatient {
    /// The new patient's id, chosen by the caller.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
    /// Administrative sex.
    pub sex: Sex,
    /// Postal address.
    pub address: String,
    /// Telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Numbers the patient is known by; may be empty.
    pub identifiers: Vec<NewPatientIdentifier>,
    /// The consent under which the patient is registered.
    pub consent: CreateConsent,
}

/// A number by which a facility or an insurer knows a patient.
#[derive(Clone, Debug, Serialize)]
pub struct NewPatientIdentifier {
    /// Name space of the number: a URL or urn:oid.
    pub system: String,
    /// The number.
    pub value: String,
    /// Whether it is a number of the caller's own facility; an insurer's is not.
    pub of_facility: bool,
}

/// Which of the caller's patients to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListPatients {
    /// Part of the name in kanji or kana (hiragana, katakana, half-width), or of a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl ListPatients {
    /// The patients who match `query`.
    pub fn matching(query: impl Into<String>) -> Self {
        Self {
            query: Some(query.into()),
            ..Self::default()
        }
    }
}
