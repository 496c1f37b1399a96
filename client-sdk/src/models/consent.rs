//! Consent of a patient to be cared for in the network.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::information::{InformationKind, Sensitivity};
use super::open_enum::open_enum;

open_enum! {
    /// Who gave the consent.
    pub enum ConsentGiver {
        /// 本人
        Patient = "patient",
        /// 代理人
        Proxy = "proxy",
        /// 緊急時(事後に取得)
        Emergency = "emergency",
    }
}

open_enum! {
    /// How the consent was taken.
    pub enum ConsentMethod {
        /// 書面
        Paper = "paper",
        /// 画面上
        OnScreen = "on_screen",
        /// カード
        Card = "card",
    }
}

/// A recorded consent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Consent {
    /// The consent's id.
    pub id: Uuid,
    /// The day it was given.
    pub granted_on: NaiveDate,
    /// Who gave it.
    pub granted_by: ConsentGiver,
    /// Name of the proxy who gave it.
    pub proxy_name: Option<String>,
    /// The proxy's relation to the patient, such as `長女`.
    pub proxy_relation: Option<String>,
    /// How it was taken.
    pub method: ConsentMethod,
    /// Anything to remember about it.
    pub note: Option<String>,
    /// When it was entered.
    pub recorded_at: DateTime<Utc>,
    /// Name of the person who entered it.
    pub recorded_by: String,
    /// When it was withdrawn; absent while it was not.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Name of whoever recorded the withdrawal.
    pub withdrawn_by: Option<String>,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
    /// Facilities that it covers; absent: all of the network.
    pub facilities: Option<Vec<ConsentedFacility>>,
    /// Groups of professions that it covers, such as `NS`; absent: all.
    pub profession_groups: Option<Vec<String>>,
    /// Kinds of information that it covers; absent: all that need no word of their own.
    pub kinds: Option<Vec<String>>,
    /// Sensitive subjects that it names, such as `psychiatry`.
    pub sensitive: Vec<String>,
    /// Groups for which it includes what needs a word of its own, such as `FM` for the family.
    pub separate: Vec<String>,
    /// Last day; absent: until it is withdrawn.
    pub valid_until: Option<NaiveDate>,
    /// What shows it.
    pub evidence: Vec<ConsentEvidence>,
    /// Whether it is good today.
    pub standing: bool,
}

/// A facility that a consent names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ConsentedFacility {
    /// The facility's id.
    pub id: Uuid,
    /// Official name.
    pub name: String,
}

/// A file that shows a consent.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ConsentEvidence {
    /// The file's id.
    pub id: Uuid,
    /// `application/pdf`, `image/png` or `image/jpeg`, by its bytes.
    pub media_type: String,
    /// When it was taken in.
    pub uploaded_at: DateTime<Utc>,
    /// Name of whoever sent it.
    pub uploaded_by: String,
}

/// What a file is sent as. The server looks at its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceType {
    /// A scanned form.
    Pdf,
    /// A signature drawn on the screen.
    Png,
    /// A photograph of the form.
    Jpeg,
}

impl EvidenceType {
    /// The media type.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }
}

/// Recording a consent.
#[derive(Clone, Debug, Serialize)]
pub struct CreateConsent {
    /// The new consent's id, chosen by the caller.
    pub id: Uuid,
    /// The day it was given.
    pub granted_on: NaiveDate,
    /// Who gave it.
    pub granted_by: ConsentGiver,
    /// Name of the proxy, when a proxy gave it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_name: Option<String>,
    /// The proxy's relation to the patient.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_relation: Option<String>,
    /// How it was taken.
    pub method: ConsentMethod,
    /// Anything to remember about it; required in an emergency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Facilities that it covers; left out: all of the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facilities: Option<Vec<Uuid>>,
    /// Groups of professions that it covers; left out: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession_groups: Option<Vec<String>>,
    /// Kinds of information that it covers; left out: all that need no word of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<String>>,
    /// Sensitive subjects that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<String>,
    /// Groups for which it includes what needs a word of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub separate: Vec<String>,
    /// Last day; left out: until it is withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<NaiveDate>,
    /// The consent that this one takes the place of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Uuid>,
}

impl CreateConsent {
    /// A consent given by the patient on paper, with a new id.
    pub fn on_paper(granted_on: NaiveDate) -> Self {
        Self {
            id: crate::new_id(),
            granted_on,
            granted_by: ConsentGiver::Patient,
            proxy_name: None,
            proxy_relation: None,
            method: ConsentMethod::Paper,
            note: None,
            facilities: None,
            profession_groups: None,
            kinds: None,
            sensitive: Vec::new(),
            separate: Vec::new(),
            valid_until: None,
            replaces: None,
        }
    }

    /// Covers these facilities only.
    #[must_use]
    pub fn for_facilities(mut self, facility_ids: impl Into<Vec<Uuid>>) -> Self {
        self.facilities = Some(facility_ids.into());
        self
    }

    /// Covers these groups of professions only.
    #[must_use]
    pub fn for_groups(mut self, codes: impl Into<Vec<String>>) -> Self {
        self.profession_groups = Some(codes.into());
        self
    }

    /// Covers these kinds of information only.
    #[must_use]
    pub fn for_kinds(mut self, kinds: impl IntoIterator<Item = InformationKind>) -> Self {
        let kinds = kinds.into_iter().map(|kind| kind.to_string());
        self.kinds = Some(kinds.collect());
        self
    }

    /// Names these sensitive subjects.
    #[must_use]
    pub fn naming(mut self, subjects: impl IntoIterator<Item = Sensitivity>) -> Self {
        let subjects = subjects.into_iter().map(|subject| subject.to_string());
        self.sensitive = subjects.collect();
        self
    }

    /// Includes what needs a word of its own for these groups of professions, such as `FM`.
    #[must_use]
    pub fn including(mut self, codes: impl Into<Vec<String>>) -> Self {
        self.separate = codes.into();
        self
    }

    /// Ends with this day.
    #[must_use]
    pub fn until(mut self, last_day: NaiveDate) -> Self {
        self.valid_until = Some(last_day);
        self
    }

    /// Takes the place of `consent_id`.
    #[must_use]
    pub fn replacing(mut self, consent_id: Uuid) -> Self {
        self.replaces = Some(consent_id);
        self
    }
}

/// Withdrawing a consent.
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawConsent {
    /// Why, in the words of the person who records it.
    pub reason: String,
}
