//! Rows of documents, and what was read from their bytes.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::documents;
use uuid::Uuid;

use crate::fhir::{IncomingDocument, IncomingPatient, ResourceLine, Section};

/// What was read from a document, as it is kept beside the bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Content {
    pub(super) patient: IncomingPatient,
    pub(super) authors: Vec<String>,
    pub(super) sections: Vec<Section>,
    pub(super) resources: Vec<ResourceLine>,
    pub(super) remarks: Vec<String>,
    pub(super) indications: Vec<String>,
}

impl Content {
    pub(super) fn of(document: &IncomingDocument) -> Self {
        Self {
            patient: document.patient.clone(),
            authors: document.authors.clone(),
            sections: document.sections.clone(),
            resources: document.resources.clone(),
            remarks: document
                .warnings
                .iter()
                .map(|issue| issue.message_ja.clone())
                .collect(),
            indications: document.indications.clone(),
        }
    }
}

/// A document without its bytes.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = documents, check_for_backend(diesel::pg::Pg))]
pub(super) struct Document {
    pub(super) id: Uuid,
    pub(super) patient_id: Option<Uuid>,
    pub(super) client_id: Uuid,
    pub(super) facility_id: Uuid,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) type_code: String,
    pub(super) type_label: String,
    pub(super) authored_at: DateTime<Utc>,
    pub(super) institution_name: String,
    pub(super) content: serde_json::Value,
    pub(super) received_at: DateTime<Utc>,
    pub(super) replaces: Option<Uuid>,
    pub(super) post_id: Option<Uuid>,
}

/// Whether a document may be about this patient: a birth date or sex that differs says that it is somebody else's.
pub(super) fn is_same_person(
    sent: &IncomingPatient,
    known: &crate::features::patients::Patient,
) -> bool {
    let same_day = sent.birth_date.is_none_or(|day| day == known.birth_date);
    let told = |sex: &str| matches!(sex, "male" | "female");
    let same_sex = sent
        .sex
        .as_deref()
        .is_none_or(|sex| !told(sex) || !told(&known.sex) || sex == known.sex);
    same_day && same_sex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_birth_date_or_sex_is_another_person() {
        let known = crate::features::patients::Patient {
            id: Uuid::nil(),
            name: "出雲 和子".into(),
            kana: "イズモ カズコ".into(),
            sort_key: "いずもかずこ".into(),
            birth_date: "1943-05-12".parse().unwrap(),
            sex: "female".into(),
            address: String::new(),
            phone: None,
            registered_at: DateTime::UNIX_EPOCH,
            facility_id: Uuid::nil(),
        };
        let sent = |day: Option<&str>, sex: Option<&str>| IncomingPatient {
            identifiers: Vec::new(),
            name: "出雲 和子".into(),
            kana: None,
            birth_date: day.map(|day| day.parse().unwrap()),
            sex: sex.map(str::to_owned),
            address: None,
            phone: None,
        };
        assert!(is_same_person(
            &sent(Some("1943-05-12"), Some("female")),
            &known
        ));
        assert!(is_same_person(&sent(None, Some("unknown")), &known));
        assert!(!is_same_person(
            &sent(Some("1943-05-21"), Some("female")),
            &known
        ));
        assert!(!is_same_person(
            &sent(Some("1943-05-12"), Some("male")),
            &known
        ));
    }
}
