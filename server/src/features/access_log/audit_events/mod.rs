//! The log for programs of others: AuditEvents of FHIR R4 by the profiles of IHE BALP, as a search and as a file.

mod codes;
mod event;
mod search;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

pub(super) use event::Home;
pub(super) use search::*;

use super::queries::{Names, Row};
use crate::{Error, Result};

/// A Bundle of AuditEvents that grows.
#[derive(Debug)]
pub(super) struct Collection {
    home: Home,
    made_at: DateTime<Utc>,
    begun: bool,
}

impl Collection {
    pub(super) fn new(home: Home, made_at: DateTime<Utc>) -> Self {
        Self {
            home,
            made_at,
            begun: false,
        }
    }

    /// The next part of the text.
    pub(super) fn part(&mut self, rows: &[Row], names: &Names, is_last: bool) -> Result<Vec<u8>> {
        let mut text = Vec::new();
        let is_first = !std::mem::replace(&mut self.begun, true);
        if is_first {
            let at = self.made_at.to_rfc3339_opts(SecondsFormat::Secs, true);
            let start = format!(
                "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"timestamp\":\"{at}\""
            );
            text.extend_from_slice(start.as_bytes());
        }
        let resources = rows
            .iter()
            .flat_map(|row| event::of(row, names, &self.home, None));
        for (number, resource) in resources.enumerate() {
            // An empty list is no list in FHIR: it begins with its first entry.
            let before = if is_first && number == 0 {
                ",\"entry\":["
            } else {
                ","
            };
            text.extend_from_slice(before.as_bytes());
            let entry = entry(&self.home, resource);
            serde_json::to_writer(&mut text, &entry).map_err(Error::internal)?;
        }
        if is_last {
            let has_entries = !is_first || !rows.is_empty();
            text.extend_from_slice(if has_entries { b"]}" } else { b"}" });
        }
        Ok(text)
    }
}

/// An entry of a Bundle.
fn entry(home: &Home, resource: Value) -> Value {
    let id = resource
        .get("id")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let address = format!("{}/fhir/r4/AuditEvent/{id}", home.address);
    let mut entry = json!({ "fullUrl": address });
    if let Some(entry) = entry.as_object_mut() {
        entry.insert("resource".to_owned(), resource);
    }
    entry
}
