//! The affected persons as a spreadsheet, for telling them (本人への通知).

use std::collections::BTreeSet;

use super::report::{AffectedPersonView, IncidentReportView};
use crate::{
    Error, Result,
    spine::{clock::japanese_time, text::harmless},
};

/// What tells a spreadsheet that the file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

const HEADINGS: [&str; 13] = [
    "氏名",
    "フリガナ",
    "生年月日",
    "住所",
    "電話番号",
    "ご家族・代理人",
    "最初のアクセス",
    "最後のアクセス",
    "内容へのアクセス（件）",
    "一覧への表示（件）",
    "範囲",
    "情報の項目",
    "第三者提供の記録",
];

/// One row for each affected person, as CSV (RFC 4180) with headings, in UTF-8 with a byte order mark.
pub fn csv(report: &IncidentReportView) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer.write_record(HEADINGS).map_err(Error::internal)?;
    for person in &report.affected {
        writer.write_record(row(person)).map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))
}

fn row(person: &AffectedPersonView) -> [String; 13] {
    let moment = |at| japanese_time(at).format("%Y-%m-%d %H:%M:%S").to_string();
    let relatives: Vec<String> = person
        .relatives
        .iter()
        .map(|relative| {
            let email = relative.email.as_deref().unwrap_or_default();
            format!("{}（{}） {email}", relative.name, relative.relation)
        })
        .collect();
    let kinds: BTreeSet<&str> = person
        .provisions
        .iter()
        .map(|provision| provision.kind_ja.as_str())
        .collect();
    let kinds: Vec<&str> = kinds.into_iter().collect();
    let provisions = match person.provisions.len() {
        0 => String::new(),
        count => format!("{count}件（{}）", kinds.join("、")),
    };
    [
        harmless(&person.name),
        harmless(&person.kana),
        person
            .birth_date
            .map(|day| day.to_string())
            .unwrap_or_default(),
        harmless(&person.address),
        harmless(person.phone.as_deref().unwrap_or_default()),
        harmless(&relatives.join(" / ")),
        moment(person.first_at),
        moment(person.last_at),
        person.contents.to_string(),
        person.lists.to_string(),
        if person.content {
            "内容まで"
        } else {
            "一覧のみ"
        }
        .to_owned(),
        harmless(&person.subjects_ja.join("、")),
        harmless(&provisions),
    ]
}
