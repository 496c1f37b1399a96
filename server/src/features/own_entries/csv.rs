//! Entries as a spreadsheet.

use super::routes::OwnEntryView;
use crate::{
    Error, Result,
    spine::text::{BYTE_ORDER_MARK, harmless},
};

const HEADINGS: [&str; 4] = ["年月日", "時刻", "項目", "内容"];
/// Stands for a character that Shift_JIS does not have.
const MISSING: char = '〓';

/// How a spreadsheet is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    ShiftJis,
}

/// One row for each entry, as CSV (RFC 4180) with headings.
pub(super) fn csv(entries: &[OwnEntryView], encoding: Encoding) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(HEADINGS).map_err(Error::internal)?;
    for entry in entries {
        let row = [
            entry.on.format("%Y/%m/%d").to_string(),
            entry.time.clone(),
            harmless(&entry.item),
            harmless(&entry.text),
        ];
        writer.write_record(row).map_err(Error::internal)?;
    }
    let written = writer.into_inner();
    let bytes = written.map_err(|error| Error::internal(error.to_string()))?;
    let text = String::from_utf8(bytes).map_err(Error::internal)?;
    Ok(match encoding {
        Encoding::Utf8 => format!("{BYTE_ORDER_MARK}{text}").into_bytes(),
        Encoding::ShiftJis => shift_jis(&text),
    })
}

fn shift_jis(text: &str) -> Vec<u8> {
    let sheet = encoding_rs::SHIFT_JIS;
    let (bytes, _, has_gaps) = sheet.encode(text);
    if !has_gaps {
        return bytes.into_owned();
    }
    let mut small = [0; 4];
    let plain: String = text
        .chars()
        .map(|c| {
            let (_, _, missing) = sheet.encode(c.encode_utf8(&mut small));
            if missing { MISSING } else { c }
        })
        .collect();
    sheet.encode(&plain).0.into_owned()
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use uuid::Uuid;

    use super::*;

    fn entry(text: &str) -> OwnEntryView {
        OwnEntryView {
            post_id: Uuid::nil(),
            on: NaiveDate::from_ymd_opt(2026, 11, 3).unwrap(),
            time: "09:05".into(),
            item: "訪問報告".into(),
            text: text.into(),
        }
    }

    #[test]
    fn no_cell_is_a_formula_in_either_encoding() {
        for text in ["=1+1", "+1", "-1", "@x", " =1", "＝1", "\t=1", "|cmd"] {
            let utf8 = String::from_utf8(csv(&[entry(text)], Encoding::Utf8).unwrap()).unwrap();
            let bytes = csv(&[entry(text)], Encoding::ShiftJis).unwrap();
            let (sjis, _, _) = encoding_rs::SHIFT_JIS.decode(&bytes);
            for written in [utf8.trim_start_matches(BYTE_ORDER_MARK), &sjis] {
                let mut reader = ::csv::Reader::from_reader(written.as_bytes());
                let row = reader.records().next().unwrap().unwrap();
                assert_eq!(&row[3], format!("'{text}"));
            }
        }
    }

    #[test]
    fn what_shift_jis_does_not_have_is_marked() {
        let bytes = csv(&[entry("𠮷野さん「痛みなし」🙂①")], Encoding::ShiftJis).unwrap();
        let (text, _, wrong) = encoding_rs::SHIFT_JIS.decode(&bytes);
        assert!(!wrong);
        assert!(
            text.contains("2026/11/03,09:05,訪問報告,〓野さん「痛みなし」〓①"),
            "{text}"
        );
    }
}
