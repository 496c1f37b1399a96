//! The list of confirmations as a spreadsheet.

use super::view::RecipientView;
use crate::{
    Error, Result,
    features::professions::Known,
    spine::{
        clock::japanese_time,
        text::{BYTE_ORDER_MARK, harmless},
    },
};

const HEADINGS: [&str; 5] = ["氏名", "職種", "施設・事業所", "確認", "確認日時"];

/// The rows as CSV (RFC 4180) with headings.
pub(super) fn csv(rows: &[RecipientView], professions: &[Known]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(BYTE_ORDER_MARK.as_bytes().to_vec());
    writer.write_record(HEADINGS).map_err(Error::internal)?;
    for row in rows {
        let profession = professions
            .iter()
            .find(|known| known.code == row.person.profession)
            .map_or(row.person.profession.as_str(), |known| &known.ja);
        let state = match (row.confirmed_at, row.left) {
            (Some(_), _) => "確認済み",
            (None, true) => "未確認（異動・退職）",
            (None, false) => "未確認",
        };
        let moment = |at| japanese_time(at).format("%Y-%m-%d %H:%M").to_string();
        let line = [
            harmless(&row.person.name),
            harmless(profession),
            harmless(&row.person.facility_name),
            state.to_owned(),
            row.confirmed_at.map(moment).unwrap_or_default(),
        ];
        writer.write_record(line).map_err(Error::internal)?;
    }
    writer
        .into_inner()
        .map_err(|error| Error::internal(error.to_string()))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::features::rooms::RoomPersonView;

    #[test]
    fn az_15_no_cell_is_a_formula_and_states_are_told() {
        let row = |name: &str, confirmed: bool, left| RecipientView {
            person: RoomPersonView {
                name: name.into(),
                facility_name: "北診療所".into(),
                ..RoomPersonView::default()
            },
            confirmed_at: confirmed.then_some(DateTime::UNIX_EPOCH),
            left,
        };
        let rows = [
            row("=1+1", true, false),
            row("山田", false, false),
            row("佐藤", false, true),
        ];
        let text = String::from_utf8(csv(&rows, &[]).unwrap()).unwrap();
        assert!(text.contains("'=1+1"), "{text}");
        assert!(text.contains("確認済み,1970-01-01 09:00"), "{text}");
        assert!(
            text.contains("未確認,\r\n") && text.contains("未確認（異動・退職）"),
            "{text}"
        );
    }
}
