//! Consent of a patient to be cared for in the network.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

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
    /// When it was withdrawn; absent while it is valid.
    pub withdrawn_at: Option<DateTime<Utc>>,
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
    /// Anything to remember about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
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
        }
    }
}

/// Withdrawing a consent.
#[derive(Clone, Debug, Serialize)]
pub struct WithdrawConsent {
    /// Why, in the words of the person who records it.
    pub reason: String,
}
