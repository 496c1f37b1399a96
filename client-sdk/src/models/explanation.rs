//! Why an access was allowed or refused.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::information::{InformationKind, Sensitivity};
use super::open_enum::open_enum;
use super::timeline::Channel;

open_enum! {
    /// What a rule does.
    pub enum RuleEffect {
        /// It allows.
        Permit = "permit",
        /// It refuses, whatever others allow.
        Forbid = "forbid",
    }
}

/// Asking whether somebody may do something, and why.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainAccess {
    /// The patient concerned.
    pub patient_id: Uuid,
    /// The action, such as `post.read`.
    pub action: String,
    /// The kind of information.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<InformationKind>,
    /// The channel of a post.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    /// What makes a post on the sensitive channel sensitive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    /// Who; the caller when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_member_id: Option<Uuid>,
}

impl ExplainAccess {
    /// Asking about the caller's own access.
    pub fn new(patient_id: Uuid, action: impl Into<String>) -> Self {
        Self {
            patient_id,
            action: action.into(),
            kind: None,
            channel: None,
            sensitivity: None,
            staff_member_id: None,
        }
    }

    /// Asking about somebody else's access.
    #[must_use]
    pub fn of(mut self, staff_member_id: Uuid) -> Self {
        self.staff_member_id = Some(staff_member_id);
        self
    }
}

/// Why an access was or would be allowed or refused.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether it was or would be allowed.
    pub allowed: bool,
    /// The rules that decided.
    pub rules: Vec<DecidingRule>,
    /// Why, in Japanese sentences.
    pub because_ja: Vec<String>,
    /// Why, in English sentences.
    pub because_en: Vec<String>,
    /// For a refusal: single changes with which it would be allowed.
    pub would_help: Vec<Remedy>,
    /// For an entry of the log: whether today's rules are those that decided; absent otherwise.
    pub same_rules: Option<bool>,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
}

/// A rule that decided.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DecidingRule {
    /// The rule's id in the policy.
    pub id: String,
    /// Whether it allows or refuses.
    pub effect: RuleEffect,
    /// What it says, in Japanese.
    pub reason_ja: String,
    /// What it says, in English.
    pub reason_en: String,
}

/// A change with which a refused access would be allowed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Remedy {
    /// Stable code of the change.
    pub change: String,
    /// What it is, in Japanese.
    pub text_ja: String,
    /// What it is, in English.
    pub text_en: String,
}
