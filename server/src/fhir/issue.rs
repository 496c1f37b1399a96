//! What is wrong with a Bundle, told to the sending system.
//!
//! Each finding becomes one `OperationOutcome.issue` (FHIR R4 2.24): severity, the
//! FHIR issue type, our stable code in `details.coding`, the place as FHIRPath and
//! one sentence in Japanese and English.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The code system of the `code` of an issue (the same one the HTTP errors use).
pub const ERROR_SYSTEM: &str = "https://tsumugi.example/fhir/CodeSystem/error";

/// How bad a finding is (FHIR R4 code system `issue-severity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The Bundle is refused.
    Error,
    /// The Bundle is read; the sender should know.
    Warning,
}

/// The FHIR issue type of a finding (FHIR R4 code system `issue-type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IssueKind {
    /// The content cannot be parsed or has elements where none may be.
    Structure,
    /// A required element is missing.
    Required,
    /// An element's value is not allowed.
    Value,
    /// A rule between elements is broken.
    Invariant,
    /// The code is not in the bound value set.
    CodeInvalid,
    /// A reference does not resolve.
    NotFound,
    /// Something occurs twice that may occur once.
    Duplicate,
    /// The content is correct but not taken here.
    NotSupported,
    /// The content is larger or deeper than is taken here.
    TooLong,
    /// A rule of the care network is broken.
    BusinessRule,
}

impl IssueKind {
    /// The code as FHIR writes it (`issue-type`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Required => "required",
            Self::Value => "value",
            Self::Invariant => "invariant",
            Self::CodeInvalid => "code-invalid",
            Self::NotFound => "not-found",
            Self::Duplicate => "duplicate",
            Self::NotSupported => "not-supported",
            Self::TooLong => "too-long",
            Self::BusinessRule => "business-rule",
        }
    }
}

/// One finding about a received Bundle (FHIR R4 `OperationOutcome.issue`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// Whether the Bundle is refused for it.
    pub severity: Severity,
    /// The FHIR issue type.
    pub kind: IssueKind,
    /// Our stable code for it, snake_case.
    pub code: &'static str,
    /// Where it is, as a simple FHIRPath.
    pub expression: Option<String>,
    /// What is wrong, in Japanese.
    pub message_ja: String,
    /// What is wrong, in English.
    pub message_en: String,
}

impl Issue {
    /// A finding for which the Bundle is refused.
    pub(super) fn error(
        kind: IssueKind,
        code: &'static str,
        expression: impl Into<String>,
        message_ja: impl Into<String>,
        message_en: impl Into<String>,
    ) -> Self {
        Self {
            severity: Severity::Error,
            kind,
            code,
            expression: Some(expression.into()).filter(|path| !path.is_empty()),
            message_ja: message_ja.into(),
            message_en: message_en.into(),
        }
    }

    /// The same finding as a remark to the sender.
    #[must_use]
    pub(super) fn into_warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
}

/// Shortens text taken from the Bundle, so that a message stays a sentence.
pub(super) fn quoted(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut short: String = text
        .chars()
        .take(LONGEST)
        .filter(|c| !c.is_control())
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// The findings as a FHIR R4 OperationOutcome; with none, "all is well".
pub fn operation_outcome(issues: &[Issue]) -> Value {
    let mut list: Vec<Value> = issues.iter().map(outcome_issue).collect();
    if list.is_empty() {
        // OperationOutcome.issue is 1..*.
        list.push(json!({
            "severity": "information",
            "code": "informational",
            "details": { "text": "問題ありません。" },
        }));
    }
    json!({ "resourceType": "OperationOutcome", "issue": list })
}

fn outcome_issue(issue: &Issue) -> Value {
    let severity = match issue.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let mut value = json!({
        "severity": severity,
        "code": issue.kind.as_str(),
        "details": {
            "coding": [{ "system": ERROR_SYSTEM, "code": issue.code }],
            "text": issue.message_ja,
        },
        "diagnostics": issue.message_en,
    });
    if let (Some(path), Some(object)) = (&issue.expression, value.as_object_mut()) {
        object.insert("expression".into(), json!([path]));
    }
    value
}
