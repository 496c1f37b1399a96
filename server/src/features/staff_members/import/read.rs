//! From bytes to lines with named cells.

use std::borrow::Cow;

use encoding_rs::{SHIFT_JIS, UTF_16BE, UTF_16LE};

use crate::{error::FieldError, spine::text};

/// Most rows of one file.
const MOST_ROWS: usize = 2_000;

/// Columns: the Japanese word of the header, the field, and whether it must be there.
const COLUMNS: [(&str, &str, bool); 11] = [
    ("氏名", "name", true),
    ("フリガナ", "kana", true),
    ("職種", "profession", true),
    ("施設", "facility", true),
    ("ログイン名", "login_name", false),
    ("メール", "email", false),
    ("開始日", "starts_on", false),
    ("終了日", "ends_on", false),
    ("免許番号", "licence_number", false),
    ("免許期限", "licence_valid_until", false),
    ("住所", "home_address", false),
];

/// A line of the file, its cells in the order of [`COLUMNS`].
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// Number of the line.
    pub(super) row: u64,
    cells: [String; COLUMNS.len()],
    /// Whether there was something beyond the last column.
    pub(super) has_more: bool,
}

impl Line {
    /// The cell of a field; empty when the column is missing.
    pub(super) fn cell(&self, field: &str) -> &str {
        COLUMNS
            .iter()
            .zip(&self.cells)
            .find(|((_, own, _), _)| *own == field)
            .map_or("", |(_, cell)| cell)
    }
}

/// Reads a file, or says what is wrong with it as a whole.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Line>, Vec<FieldError>> {
    let text = decode(bytes).map_err(|error| vec![error])?;
    // One kind of line ends, so that lines can be counted.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let unreadable = || vec![FieldError::new("file", "wrong_type", "not CSV")];
    let header = records
        .next()
        .ok_or_else(|| vec![FieldError::new("file", "required", "the file is empty")])?
        .map_err(|_| unreadable())?;
    let places = places(&header)?;
    let mut lines = Vec::new();
    for record in records {
        let record = record.map_err(|_| unreadable())?;
        // Spreadsheets leave rows of commas behind.
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if lines.len() == MOST_ROWS {
            let message = format!("at most {MOST_ROWS} rows");
            return Err(vec![FieldError::new("file", "too_many", message)]);
        }
        let cell = |place: &Option<usize>| {
            let cell = place.and_then(|place| record.get(place));
            cell.unwrap_or_default().trim().to_owned()
        };
        lines.push(Line {
            row: record.position().map_or(0, |place| line_of(&text, place)),
            cells: places.each_ref().map(cell),
            has_more: record
                .iter()
                .skip(header.len())
                .any(|cell| !cell.trim().is_empty()),
        });
    }
    if lines.is_empty() {
        return Err(vec![FieldError::new("file", "required", "no row follows")]);
    }
    Ok(lines)
}

/// The line on which a record begins. A record is said to begin before the empty lines in front of it.
fn line_of(text: &str, place: &csv::Position) -> u64 {
    let from = usize::try_from(place.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(from..).unwrap_or_default();
    let empty = rest.iter().take_while(|byte| **byte == b'\n').count();
    place.line() + u64::try_from(empty).unwrap_or(0)
}

/// Where each column stands.
fn places(header: &csv::StringRecord) -> Result<[Option<usize>; COLUMNS.len()], Vec<FieldError>> {
    let mut errors = Vec::new();
    let mut places = [None; COLUMNS.len()];
    for (at, word) in header.iter().enumerate() {
        let known = COLUMNS
            .iter()
            .zip(&mut places)
            .find(|((ja, _, _), _)| text::fold(ja) == text::fold(word));
        match known {
            Some((_, place @ None)) => *place = Some(at),
            Some((_, Some(_))) => errors.push(FieldError::new(
                "header",
                "duplicate",
                format!("column {} comes twice", at + 1),
            )),
            None if word.trim().is_empty() => {}
            None => errors.push(FieldError::new(
                "header",
                "unknown_field",
                format!("column {} is not known", at + 1),
            )),
        }
    }
    for ((ja, _, required), place) in COLUMNS.iter().zip(&places) {
        if *required && place.is_none() {
            errors.push(FieldError::new(
                "header",
                "required",
                format!("the column {ja} is missing"),
            ));
        }
    }
    if errors.is_empty() {
        Ok(places)
    } else {
        Err(errors)
    }
}

/// UTF-8 with or without a mark, UTF-16 with a mark, else what spreadsheets in Japan write: Shift_JIS.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FieldError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.into());
    }
    let encoding = match bytes {
        [0xff, 0xfe, ..] => UTF_16LE,
        [0xfe, 0xff, ..] => UTF_16BE,
        _ => SHIFT_JIS,
    };
    let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
    if had_errors {
        let message = "neither UTF-8 nor Shift_JIS";
        return Err(FieldError::new("file", "encoding", message));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIST: &str =
        "氏名,フリガナ,職種,施設\n髙橋 一郎,タカハシ イチロウ,看護師,北訪問看護ステーション\n";

    fn names(bytes: &[u8]) -> Vec<(u64, String)> {
        let lines = read(bytes).unwrap();
        lines
            .iter()
            .map(|line| (line.row, line.cell("name").to_owned()))
            .collect()
    }

    fn codes(text: &str) -> Vec<(String, &'static str)> {
        let errors = read(text.as_bytes()).unwrap_err();
        errors.into_iter().map(|e| (e.field, e.code)).collect()
    }

    #[test]
    fn a_list_is_read_in_every_encoding_that_spreadsheets_write() {
        let expected = vec![(2, "髙橋 一郎".to_owned())];
        assert_eq!(names(LIST.as_bytes()), expected);
        assert_eq!(names(format!("\u{feff}{LIST}").as_bytes()), expected);
        let (shift_jis, _, lost) = SHIFT_JIS.encode(LIST);
        assert!(!lost, "髙 is one of the characters of Windows");
        assert_eq!(names(&shift_jis), expected);
        let utf_16: Vec<u8> = format!("\u{feff}{LIST}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(names(&utf_16), expected);
        assert_eq!(names(LIST.replace('\n', "\r\n").as_bytes()), expected);
    }

    #[test]
    fn columns_may_come_in_any_order_and_rows_of_commas_are_no_rows() {
        let list = "施設,職種,ﾌﾘｶﾞﾅ,氏名,\n甲,看護師,サトウ,\"佐藤, 美咲\",\n,,,,\n\n乙,医師,スズキ,鈴木,\n";
        assert_eq!(
            names(list.as_bytes()),
            [(2, "佐藤, 美咲".to_owned()), (5, "鈴木".to_owned())]
        );
    }

    #[test]
    fn a_file_that_is_no_list_says_why() {
        let expect = |text: &str, field: &str, code: &'static str| {
            assert_eq!(codes(text), [(field.to_owned(), code)], "{text}");
        };
        expect("", "file", "required");
        expect("氏名,フリガナ,職種\na,b,c\n", "header", "required");
        expect(
            "氏名,フリガナ,職種,施設,生年月日\n",
            "header",
            "unknown_field",
        );
        expect("氏名,フリガナ,職種,施設,氏名\n", "header", "duplicate");
        expect("氏名,フリガナ,職種,施設\n,,,\n", "file", "required");
        let many = format!("氏名,フリガナ,職種,施設\n{}", "a,b,c,d\n".repeat(2001));
        expect(&many, "file", "too_many");
        let errors = read(b"\x81\xff\xff").unwrap_err();
        assert_eq!(
            (errors[0].field.as_str(), errors[0].code),
            ("file", "encoding")
        );
    }

    proptest! {
        #[test]
        fn whatever_comes_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            drop(read(&bytes));
        }

        #[test]
        fn whatever_follows_the_header_is_rows(text in "\\PC{0,200}") {
            let file = format!("氏名,フリガナ,職種,施設\n{text}");
            if let Ok(lines) = read(file.as_bytes()) {
                prop_assert!(lines.iter().all(|line| line.row >= 2));
            }
        }
    }
}
