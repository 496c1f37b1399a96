//! The record as a spreadsheet.

use std::collections::HashMap;

use uuid::Uuid;

use super::model::{Consented, Provision, basis_ja, kind_ja};
use crate::{Error, Result, spine::text::harmless};

/// What tells a spreadsheet that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

const HEADINGS: [&str; 7] = [
    "提供年月日",
    "提供元",
    "提供先",
    "提供先の担当者",
    "本人の氏名",
    "提供した項目",
    "同意の根拠",
];

/// The rows as CSV (RFC 4180) with headings.
pub(super) fn csv(
    patient_name: &str,
    rows: &[Provision],
    consents: &HashMap<Uuid, Consented>,
) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer.write_record(HEADINGS).map_err(Error::internal)?;
    for row in rows {
        let consent = row.consent_id.and_then(|id| consents.get(&id));
        let line = [
            row.provided_on.format("%Y-%m-%d").to_string(),
            harmless(&row.source.name),
            harmless(&row.recipient.name),
            harmless(&row.recipient_name),
            harmless(patient_name),
            harmless(kind_ja(&row.kind)),
            harmless(&basis_ja(&row.basis, consent)),
        ];
        writer.write_record(line).map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate};

    use super::*;
    use crate::features::facilities::FacilityRef;

    fn row(recipient_name: &str) -> Provision {
        let facility = |name: &str| FacilityRef {
            id: Uuid::nil(),
            name: name.into(),
            kind: "clinic".into(),
        };
        Provision {
            provided_on: NaiveDate::from_ymd_opt(2026, 8, 1).unwrap(),
            source: facility("北診療所"),
            recipient: facility("\"南\",訪問看護"),
            recipient_name: recipient_name.into(),
            kind: "note".into(),
            basis: "consent".into(),
            consent_id: None,
            first_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn az_15_no_cell_is_a_formula() {
        for name in ["=1+1", "+1", "-1", "@x", " =1", "=1", "\t=1", "|cmd"] {
            let text = String::from_utf8(csv(name, &[row(name)], &HashMap::new()).unwrap());
            let text = text.unwrap();
            let mut reader =
                csv::Reader::from_reader(text.trim_start_matches(BYTE_ORDER_MARK).as_bytes());
            let read = reader.records().next().unwrap().unwrap();
            assert_eq!(&read[3], format!("'{name}"));
            assert_eq!(&read[4], format!("'{name}"));
        }
    }

    #[test]
    fn the_file_is_read_back_as_it_was_written() {
        let bytes = csv("出雲 和子", &[row("佐藤 花子")], &HashMap::new()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let expected = "\u{feff}提供年月日,提供元,提供先,提供先の担当者,本人の氏名,提供した項目,同意の根拠\r\n\
            2026-08-01,北診療所,\"\"\"南\"\",訪問看護\",佐藤 花子,出雲 和子,記録・連絡,本人の同意\r\n";
        assert_eq!(text, expected);
    }
}
