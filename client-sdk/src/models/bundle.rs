//! The answer to a received FHIR Bundle.

use serde::Deserialize;
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// What became of a Bundle.
    pub enum ReceiptOutcome {
        /// On the patient's timeline.
        Posted = "posted",
        /// On the patient's timeline, in place of an earlier document.
        Replaced = "replaced",
        /// Kept until somebody says whose it is.
        Waiting = "waiting",
        /// The server had it already; nothing changed.
        AlreadyReceived = "already-received",
    }
}

/// What the server did with a Bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// What became of it.
    pub outcome: ReceiptOutcome,
    /// The document made from it.
    pub document: Uuid,
    /// The post that announces it.
    pub post: Option<Uuid>,
    /// The patient it belongs to.
    pub patient: Option<Uuid>,
    /// Title of the document.
    pub title: Option<String>,
    /// Code of the document's type.
    pub type_code: Option<String>,
    /// Name of the document's type.
    pub type_label: Option<String>,
    /// How many patients a waiting document may belong to.
    pub candidates: Option<u32>,
    /// The outcome in words.
    pub message: Option<String>,
    /// Whether this is the stored answer to an earlier request with the same Idempotency-Key.
    pub replayed: bool,
}

/// The answer as FHIR writes it.
#[derive(Debug, Deserialize)]
pub(crate) struct Parameters {
    #[serde(default)]
    parameter: Vec<Parameter>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Parameter {
    name: String,
    value_code: Option<String>,
    value_uuid: Option<String>,
    value_string: Option<String>,
    value_integer: Option<i64>,
    value_coding: Option<Coding>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Coding {
    code: Option<String>,
    display: Option<String>,
}

impl Parameters {
    /// Reads the receipt out of the parameters; `Err` names the part that is missing.
    pub(crate) fn into_receipt(self, replayed: bool) -> Result<Receipt, &'static str> {
        let find = |name: &str| self.parameter.iter().find(|one| one.name == name);
        let id = |name: &str| {
            let text = find(name)?.value_uuid.as_deref()?;
            let digits = text.strip_prefix("urn:uuid:").unwrap_or(text);
            Uuid::parse_str(digits).ok()
        };
        let text = |name: &str| find(name)?.value_string.clone();
        let kind = find("type").and_then(|one| one.value_coding.as_ref());
        Ok(Receipt {
            outcome: find("outcome")
                .and_then(|one| one.value_code.as_deref())
                .map(ReceiptOutcome::from)
                .ok_or("outcome")?,
            document: id("document").ok_or("document")?,
            post: id("post"),
            patient: id("patient"),
            title: text("title"),
            type_code: kind.and_then(|one| one.code.clone()),
            type_label: kind.and_then(|one| one.display.clone()),
            candidates: find("candidates")
                .and_then(|one| one.value_integer)
                .and_then(|count| u32::try_from(count).ok()),
            message: text("message"),
            replayed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receipt_is_read_from_parameters() {
        let parameters: Parameters = serde_json::from_str(
            r#"{"resourceType":"Parameters","parameter":[
                {"name":"outcome","valueCode":"posted"},
                {"name":"document","valueUuid":"urn:uuid:0193a0c0-0000-7000-8000-000000000001"},
                {"name":"patient","valueUuid":"0193a0c0-0000-7000-8000-000000000002"},
                {"name":"title","valueString":"退院時サマリー"},
                {"name":"type","valueCoding":{"code":"18842-5","display":"Discharge summary"}},
                {"name":"something-new","valueBoolean":true}]}"#,
        )
        .unwrap();
        let receipt = parameters.into_receipt(false).unwrap();
        assert_eq!(receipt.outcome, ReceiptOutcome::Posted);
        assert_eq!(receipt.title.as_deref(), Some("退院時サマリー"));
        assert_eq!(receipt.type_code.as_deref(), Some("18842-5"));
        assert!(receipt.post.is_none());
        assert!(receipt.patient.is_some());
    }

    #[test]
    fn receipt_without_outcome_is_no_receipt() {
        let parameters: Parameters = serde_json::from_str(r#"{"parameter":[]}"#).unwrap();
        assert_eq!(parameters.into_receipt(false), Err("outcome"));
    }
}
