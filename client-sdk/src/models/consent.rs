//! Consent of a patient to be cared for in the network.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facility::FacilityReference;
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

open_enum! {
    /// What a file of evidence is.
    pub enum EvidenceType {
        /// PDF
        Pdf = "application/pdf",
        /// PNG
        Png = "image/png",
        /// JPEG
        Jpeg = "image/jpeg",
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
    /// When it was withdrawn; absent while it is valid.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Name of the person who recorded the withdrawal.
    pub withdrawn_by: Option<String>,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
    /// Facilities that it covers; absent: all of the network.
    pub facilities: Option<Vec<FacilityReference>>,
    /// Codes of the groups of professions that it covers; absent: all.
    pub profession_groups: Option<Vec<String>>,
    /// Kinds of information that it covers; absent: all but what needs a word of its own.
    pub kinds: Option<Vec<InformationKind>>,
    /// Sensitive subjects that it names.
    #[serde(default)]
    pub sensitive: Vec<Sensitivity>,
    /// Codes of the groups of professions for which it includes what needs a word of its own, such
    /// as the family.
    #[serde(default)]
    pub separate: Vec<String>,
    /// Last day; absent: until it is withdrawn.
    pub valid_until: Option<NaiveDate>,
    /// Files that show it.
    #[serde(default)]
    pub evidence: Vec<ConsentEvidence>,
    /// Whether it counts today: neither withdrawn nor past its last day.
    #[serde(default)]
    pub standing: bool,
}

/// A file that shows a consent, such as the signed paper.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ConsentEvidence {
    /// The file's id.
    pub id: Uuid,
    /// What it is, by its content.
    pub media_type: EvidenceType,
    /// When it was taken in.
    pub uploaded_at: DateTime<Utc>,
    /// Name of the person who sent it.
    pub uploaded_by: String,
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
    /// Facilities that it covers; absent: all of the network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facilities: Option<Vec<Uuid>>,
    /// Codes of the groups of professions that it covers, such as `NS`; absent: all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession_groups: Option<Vec<String>>,
    /// Kinds of information that it covers; absent: all but what needs a word of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kinds: Option<Vec<InformationKind>>,
    /// Sensitive subjects that it names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sensitive: Vec<Sensitivity>,
    /// Codes of the groups of professions for which it includes what needs a word of its own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub separate: Vec<String>,
    /// Last day; absent: until it is withdrawn.
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
    pub fn for_kinds(mut self, kinds: impl Into<Vec<InformationKind>>) -> Self {
        self.kinds = Some(kinds.into());
        self
    }

    /// Names these sensitive subjects.
    #[must_use]
    pub fn naming(mut self, subjects: impl Into<Vec<Sensitivity>>) -> Self {
        self.sensitive = subjects.into();
        self
    }

    /// Includes what needs a word of its own for these groups of professions, such as `FM`.
    #[must_use]
    pub fn including(mut self, codes: impl Into<Vec<String>>) -> Self {
        self.separate = codes.into();
        self
    }

    /// Takes the place of `consent_id`.
    #[must_use]
    pub fn replacing(mut self, consent_id: Uuid) -> Self {
        self.replaces = Some(consent_id);
        self
    }

    /// Ends with this day.
    #[must_use]
    pub fn until(mut self, last_day: NaiveDate) -> Self {
        self.valid_until = Some(last_day);
        self
    }
}

/// Withdrawing a consent.
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawConsent {
    /// Why, in the words of the person who records it.
    pub reason: String,
}
