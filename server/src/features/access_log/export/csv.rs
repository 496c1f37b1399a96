//! Entries as a spreadsheet.

use std::borrow::Cow;

use crate::{
    Error, Result,
    features::access_log::{
        actions,
        queries::{Names, Row},
    },
    spine::{
        clock::japanese_time,
        professions,
        text::{BYTE_ORDER_MARK, harmless},
    },
};

const HEADINGS: [&str; 29] = [
    "日時（日本時間）",
    "区分",
    "氏名・名称",
    "職種",
    "施設",
    "経由したプログラム",
    "操作",
    "操作コード",
    "結果",
    "拒否コード",
    "利用目的",
    "根拠",
    "患者",
    "患者ID",
    "一覧に表示した患者",
    "対象の種類",
    "対象ID",
    "版",
    "件数",
    "アクセス規則",
    "端末",
    "送信元",
    "セッション",
    "要求番号",
    "時計",
    "封印番号",
    "アカウント",
    "職員・システムID",
    "記録ID",
];

/// A spreadsheet that grows.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    has_headings: bool,
}

impl Sheet {
    /// Rows, with the headings before the first ones.
    pub(super) fn part(&mut self, rows: &[Row], names: &Names) -> Result<Vec<u8>> {
        let is_first = !std::mem::replace(&mut self.has_headings, true);
        let mark = if is_first { BYTE_ORDER_MARK } else { "" };
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(mark.as_bytes().to_vec());
        if is_first {
            writer.write_record(HEADINGS).map_err(Error::internal)?;
        }
        for row in rows {
            let cells = cells(row, names).map(|cell| harmless(&cell));
            writer.write_record(cells).map_err(Error::internal)?;
        }
        writer
            .into_inner()
            .map_err(|error| Error::internal(error.to_string()))
    }
}

fn text<T: ToString>(value: Option<T>) -> Cow<'static, str> {
    value.map_or(Cow::Borrowed(""), |value| Cow::Owned(value.to_string()))
}

fn cells<'a>(row: &'a Row, names: &'a Names) -> [Cow<'a, str>; HEADINGS.len()] {
    let event = &row.event;
    let known = |found: Option<&'a String>| found.map_or("", String::as_str).into();
    let staff = event.staff_member_id.and_then(|id| names.staff.get(&id));
    let client = event.client_id.and_then(|id| names.clients.get(&id));
    let listed: Vec<&str> = row
        .listed
        .iter()
        .map(|id| names.patients.get(id).map_or("", String::as_str))
        .collect();
    let optional = |text: &'a Option<String>| text.as_deref().unwrap_or_default().into();
    [
        japanese_time(event.at)
            .format("%Y-%m-%d %H:%M:%S%.3f")
            .to_string()
            .into(),
        kind_ja(&event.actor_kind).into(),
        known(staff.or(client)),
        event.profession.as_deref().map_or("", profession_ja).into(),
        known(event.facility_id.and_then(|id| names.facilities.get(&id))),
        known(client.filter(|_| event.staff_member_id.is_some())),
        actions::find(&event.action)
            .map_or("", |action| action.ja)
            .into(),
        event.action.as_str().into(),
        if event.outcome == "allowed" {
            "許可"
        } else {
            "拒否"
        }
        .into(),
        optional(&event.code),
        purpose_ja(&event.purpose).into(),
        event.ground.as_deref().map_or("", ground_ja).into(),
        known(event.patient_id.and_then(|id| names.patients.get(&id))),
        text(event.patient_id),
        listed.join("、").into(),
        optional(&event.resource_type),
        text(event.resource_id),
        text(event.resource_version),
        text(event.count),
        event.rules.join(" ").into(),
        known(event.device_id.and_then(|id| names.devices.get(&id))),
        optional(&event.source_ip),
        text(event.session_id),
        event.request_id.as_str().into(),
        clock_ja(&event.clock).into(),
        text(row.leaf.map(|(_, index)| index)),
        text(event.account_id),
        text(event.staff_member_id.or(event.client_id)),
        event.id.to_string().into(),
    ]
}

fn kind_ja(kind: &str) -> &str {
    match kind {
        "staff" => "個人",
        "system" => "システム",
        "anonymous" => "サインイン前",
        other => other,
    }
}

fn profession_ja(code: &str) -> &str {
    professions::find(code).map_or(code, |profession| &profession.ja)
}

/// A purpose of use in Japanese; the code again for one without a name.
pub fn purpose_ja(code: &str) -> &str {
    match code {
        "TREAT" => "診療・ケア",
        "CAREMGT" => "ケアマネジメント",
        "ETREAT" => "緊急時の診療・ケア",
        "HSYSADMIN" => "システムの管理",
        "HCOMPL" => "監査",
        "PATRQT" => "ご本人の利用",
        "FAMRQT" => "ご家族の利用",
        other => other,
    }
}

fn ground_ja(word: &str) -> &str {
    match word {
        "member" => "ケアチームの一員",
        "substitute" => "代行・当番",
        "self" => "ご本人",
        "family" => "ご家族・代理人",
        "emergency" => "緊急時アクセス",
        "none" => "関わりの登録なし",
        other => other,
    }
}

fn clock_ja(code: &str) -> &str {
    match code {
        "checked" => "確認済み",
        "unchecked" => "未確認",
        "off" => "1秒を超えるずれ",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;
    use crate::spine::{access::Purpose, audit::Stored};

    fn row(source: &str) -> Row {
        Row {
            event: Stored {
                tenant_id: Uuid::nil(),
                id: Uuid::nil(),
                at: DateTime::UNIX_EPOCH,
                actor_kind: "staff".to_owned(),
                account_id: None,
                staff_member_id: None,
                client_id: None,
                profession: Some("nurse".to_owned()),
                facility_id: None,
                session_id: None,
                action: "timeline.list".to_owned(),
                purpose: "TREAT".to_owned(),
                outcome: "allowed".to_owned(),
                code: None,
                patient_id: None,
                resource_type: None,
                resource_id: None,
                count: Some(3),
                rules: vec!["team-reads".to_owned()],
                policy_digest: String::new(),
                request_id: "=1+1".to_owned(),
                source_ip: Some(source.to_owned()),
                decision: None,
                ground: Some("member".to_owned()),
                resource_version: None,
                on_behalf_of: None,
                device_id: None,
                query_digest: None,
                clock: "checked".to_owned(),
                seal: Vec::new(),
                epoch: 0,
                xid: 0,
            },
            listed: Vec::new(),
            leaf: Some((1, 7)),
        }
    }

    #[test]
    fn the_headings_come_once_and_no_cell_is_a_formula() {
        let mut sheet = Sheet::default();
        let mut bytes = sheet
            .part(&[row("@x"), row("a\"b,c")], &Names::default())
            .unwrap();
        bytes.extend(sheet.part(&[row("-1")], &Names::default()).unwrap());
        let text = String::from_utf8(bytes).unwrap();
        assert_eq!(text.matches(BYTE_ORDER_MARK).count(), 1);
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap();
        assert!(
            text.split('\n')
                .all(|line| line.is_empty() || line.ends_with('\r'))
        );
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        assert_eq!(reader.headers().unwrap(), HEADINGS.as_slice());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(&rows[0][0], "1970-01-01 09:00:00.000");
        assert_eq!((&rows[0][3], &rows[0][6]), ("看護師", "タイムラインの閲覧"));
        assert_eq!(
            (&rows[0][21], &rows[1][21], &rows[2][21]),
            ("'@x", "a\"b,c", "'-1")
        );
        assert_eq!((&rows[0][23], &rows[0][25]), ("'=1+1", "7"));
    }

    #[test]
    fn every_purpose_and_ground_has_a_name() {
        for purpose in Purpose::ALL {
            assert_ne!(purpose_ja(purpose.code()), purpose.code());
        }
        for word in [
            "member",
            "substitute",
            "self",
            "family",
            "emergency",
            "none",
        ] {
            assert_ne!(ground_ja(word), word);
        }
    }
}
