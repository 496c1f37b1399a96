//! What may stand in a cell.

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::error::FieldError;

/// Eras of the Japanese calendar, with the year before their first. A licence may name a year that its era never
/// reached (平成35年), so that only the beginning is held to.
const ERAS: [(&str, i32); 3] = [("令和", 2018), ("平成", 1988), ("昭和", 1925)];

/// A day as Japanese spreadsheets write it: `2026-04-01`, `2026/4/1`, `2026年4月1日` or `令和8年4月1日`, in either width.
pub(super) fn day(text: &str) -> Option<NaiveDate> {
    let text: String = text.nfkc().filter(|c| !c.is_whitespace()).collect();
    let (year, month, day) = if let Some((year, rest)) = text.split_once('年') {
        let (month, rest) = rest.split_once('月')?;
        (year_of(year)?, month, rest.strip_suffix('日')?)
    } else {
        let separator = if text.contains('/') { '/' } else { '-' };
        let mut parts = text.split(separator);
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        (year_of(year)?, month, day)
    };
    NaiveDate::from_ymd_opt(year, number(month, 2)?, number(day, 2)?)
}

fn year_of(text: &str) -> Option<i32> {
    for (era, before) in ERAS {
        if let Some(year) = text.strip_prefix(era) {
            let year = if year == "元" { 1 } else { number(year, 2)? };
            return (year > 0).then(|| i32::try_from(year).ok().map(|year| before + year))?;
        }
    }
    let year = (text.len() == 4).then(|| number(text, 4))??;
    i32::try_from(year)
        .ok()
        .filter(|year| (1900..=2199).contains(year))
}

/// Digits only: signs and spaces are not part of a day.
fn number(text: &str, longest: usize) -> Option<u32> {
    let digits = (1..=longest).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// Kana in full width: lists often come in half width, and everybody reads the directory.
pub(super) fn kana(text: &str) -> String {
    text.nfkc().collect()
}

/// Refuses what a spreadsheet would take for a formula, when the text is exported to one again.
pub(super) fn check_formula(field: &str, text: &str, errors: &mut Vec<FieldError>) {
    let first = text.nfkc().find(|c| !c.is_whitespace());
    if first.is_some_and(|c| matches!(c, '=' | '+' | '-' | '@' | '|' | '−')) {
        errors.push(FieldError::new(
            field,
            "formula",
            "begins like a formula of a spreadsheet",
        ));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spine::text;

    #[test]
    fn days_are_read_as_they_are_written_in_japan() {
        let expected: NaiveDate = "2026-04-01".parse().unwrap();
        for written in [
            "2026-04-01",
            "2026-4-1",
            "2026/4/1",
            "2026/04/01",
            "２０２６／４／１",
            "2026年4月1日",
            "令和8年4月1日",
            "令和８年４月１日",
            " 令和 8年 4月 1日 ",
            "㋿8年4月1日",
            "平成38年4月1日",
        ] {
            assert_eq!(day(written), Some(expected), "{written}");
        }
        assert_eq!(day("令和元年5月1日"), "2019-05-01".parse().ok());
        assert_eq!(day("昭和64年1月7日"), "1989-01-07".parse().ok());
        for wrong in [
            "",
            "2026",
            "2026-04",
            "2026-13-01",
            "2026-02-30",
            "04/01/2026",
            "26/4/1",
            "R8.4.1",
            "令和0年4月1日",
            "令和-8年4月1日",
            "2026-+4-1",
            "46113",
            "2026-04-01-01",
            "2026年4月",
        ] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn formulas_are_refused_in_every_width() {
        let refused = |text: &str| {
            let mut errors = Vec::new();
            check_formula("name", text, &mut errors);
            !errors.is_empty()
        };
        for bad in [
            "=1+1",
            "＝cmd",
            "+81",
            "-1",
            "@SUM",
            " =1",
            "　＝1",
            "ー1".replace('ー', "−").as_str(),
        ] {
            assert!(refused(bad), "{bad}");
        }
        for good in ["佐藤 美咲", "ー", "A=B", ""] {
            assert!(!refused(good), "{good}");
        }
    }

    proptest! {
        #[test]
        fn every_day_is_read_from_every_way_of_writing_it(days in -11_000i32..40_000) {
            let date = NaiveDate::from_num_days_from_ce_opt(719_163 + days).unwrap();
            prop_assert_eq!(day(&date.format("%Y-%m-%d").to_string()), Some(date));
            prop_assert_eq!(day(&date.format("%Y/%-m/%-d").to_string()), Some(date));
            prop_assert_eq!(day(&date.format("%Y年%-m月%-d日").to_string()), Some(date));
            let year: i32 = date.format("%Y").to_string().parse().unwrap();
            let era = ERAS.iter().find(|(_, before)| year > *before && year - before < 100);
            if let Some((era, before)) = era {
                let written = format!("{era}{}{}", year - before, date.format("年%-m月%-d日"));
                prop_assert_eq!(day(&written), Some(date));
            }
        }

        #[test]
        fn whatever_stands_in_a_cell_is_no_fault(cell in "\\PC{0,30}") {
            if let Some(date) = day(&cell) {
                prop_assert!(("1926-01-01".."2200-01-01").contains(&date.to_string().as_str())
                    || date.format("%Y").to_string().as_str() < "1926");
            }
            let mut errors = Vec::new();
            text::check_kana("kana", &kana(&cell), &mut errors);
            check_formula("name", &cell, &mut errors);
        }

        #[test]
        fn kana_of_any_width_stays_kana_and_means_the_same(name in "[ァ-ヴー]{1,20}", half in "[ｦ-ﾝ]{1,20}") {
            for written in [name, half] {
                let mut errors = Vec::new();
                text::check_kana("kana", &kana(&written), &mut errors);
                prop_assert!(errors.is_empty(), "{written}");
                prop_assert_eq!(text::fold(&kana(&written)), text::fold(&written));
            }
        }
    }
}
