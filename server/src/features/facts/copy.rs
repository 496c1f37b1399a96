//! The current state for a copy of the record.

use serde_json::{Value, json};

use super::{
    catalogue, policy,
    queries::{self, Wanted},
    value::{Said, headline, words},
    view,
};
use crate::{Error, Result, ctx::Tx, spine::access::PatientAccess};

/// A fact in a copy.
#[derive(Debug)]
pub struct CopiedFact {
    /// As the interface shows it, with what was so before.
    pub item: Value,
    /// What kind of thing it is, in Japanese: アレルギー.
    pub heading: String,
    /// What is so, in Japanese, in one line.
    pub line: String,
}

/// Everything that the caller sees of the current state of a patient, with what was so before and what has ended.
pub async fn copy(tx: &Tx<'_>, access: &PatientAccess) -> Result<Vec<CopiedFact>> {
    let mut reader = policy::reader_with(tx, access);
    let wanted = Wanted {
        ended: true,
        ..Wanted::default()
    };
    let rows = queries::list(tx, access.patient_id(), &wanted).await?;
    let list = view::list(tx, &mut reader, rows, true).await?;
    list.items.iter().map(copied).collect()
}

fn copied(fact: &view::FactView) -> Result<CopiedFact> {
    let item = json!(fact);
    let text = |field: &str| item.get(field).and_then(Value::as_str).unwrap_or_default();
    let kind = catalogue::find(text("kind")).ok_or_else(|| Error::internal("a kind is gone"))?;
    let nothing = Said::new();
    let said = item.get("value").and_then(Value::as_object);
    let said = said.unwrap_or(&nothing);
    let fields = kind.fields.iter();
    let details = fields.filter_map(|field| {
        let words = words(kind, said, &field.code)?;
        Some(format!("{}：{words}", field.ja))
    });
    let mut parts: Vec<String> = details.collect();
    if parts.is_empty() {
        parts.push(headline(kind, said));
    }
    for (label, field) in [("備考", "note"), ("時期", "since")] {
        if !text(field).is_empty() {
            parts.push(format!("{label}：{}", text(field)));
        }
    }
    parts.push(confidence_ja(text("confidence")).to_owned());
    if item.get("ended").is_some_and(|end| !end.is_null()) {
        parts.push("終了".to_owned());
    }
    Ok(CopiedFact {
        heading: kind.ja.clone(),
        line: parts.join("　"),
        item,
    })
}

/// How certain it is, as the screens say it.
fn confidence_ja(code: &str) -> &'static str {
    match code {
        "confirmed" => "確認済み",
        "suspected" => "疑い",
        _ => "聞き取り",
    }
}
