//! Japanese text: what is accepted, and the forms in which it is found and sorted.
//!
//! Text is stored as it was typed. Finding and sorting go through a folded form: compatibility characters to their
//! ordinary ones (NFKC, so that half-width kana and full-width letters meet), katakana to hiragana, lower case, no
//! spaces. Voiced marks stay: か and が are different words.

use unicode_normalization::UnicodeNormalization;

use crate::error::FieldError;

/// The folded form, for finding.
pub fn fold(text: &str) -> String {
    // Lower case may take a letter apart that the first step had put together, so that it is done around it.
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    lower
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .map(hiragana)
        .map(plain_variant)
        .nfc()
        .collect()
}

/// The form by which kana is sorted: like [`fold`], in the order of the kana table.
pub fn sort_key(kana: &str) -> String {
    fold(kana)
}

fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

/// Name characters that people type either way (髙橋 and 高橋, 﨑 and 崎).
fn plain_variant(c: char) -> char {
    match c {
        '髙' => '高',
        '﨑' | '碕' => '崎',
        '邊' | '邉' => '辺',
        '齋' | '齊' | '斎' => '斉',
        '澤' => '沢',
        '濵' | '濱' => '浜',
        '廣' => '広',
        '德' => '徳',
        '眞' => '真',
        '龍' => '竜',
        '國' => '国',
        '惠' => '恵',
        _ => c,
    }
}

/// `text` made safe for a `LIKE` pattern.
pub fn like(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Checks one text field: its length in characters after trimming, and that nothing invisible hides in it.
/// `lines` allows line breaks and tabs.
pub fn check(field: &str, text: &str, longest: usize, lines: bool, errors: &mut Vec<FieldError>) {
    if text.trim().is_empty() {
        errors.push(FieldError::new(field, "required", "must not be empty"));
    } else if text.chars().count() > longest {
        errors.push(FieldError::new(
            field,
            "too_long",
            format!("at most {longest} characters"),
        ));
    }
    if text
        .chars()
        .any(|c| (c.is_control() && !(lines && matches!(c, '\n' | '\r' | '\t'))) || is_deceptive(c))
    {
        errors.push(FieldError::new(
            field,
            "not_allowed",
            "contains control characters",
        ));
    }
}

/// The same for a field that may be left out.
pub fn check_optional(
    field: &str,
    text: Option<&str>,
    longest: usize,
    errors: &mut Vec<FieldError>,
) {
    if let Some(text) = text {
        check(field, text, longest, false, errors);
    }
}

/// Checks that a kana field holds katakana (either width), hiragana, spaces and the marks of names.
pub fn check_kana(field: &str, text: &str, errors: &mut Vec<FieldError>) {
    check(field, text, 100, false, errors);
    if !fold(text)
        .chars()
        .all(|c| matches!(c, 'ぁ'..='ゖ' | 'ー' | '・' | '゛' | '゜' | '-'))
    {
        errors.push(FieldError::new(field, "not_allowed", "must be kana"));
    }
}

/// Characters that change how the text around them is shown.
fn is_deceptive(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A text that no spreadsheet takes for a formula.
pub fn harmless(text: &str) -> String {
    let is_formula = text
        .trim_start()
        .starts_with(['=', '+', '-', '@', '|', '%', '=', '+', '-', '@']);
    if is_formula || text.starts_with(['\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The first `longest` characters on one line, with an ellipsis when something was left out.
pub fn excerpt(text: &str, longest: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let mut short: String = line.chars().take(longest.saturating_sub(1)).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn all_ways_of_writing_a_name_meet() {
        for written in ["イズモ カズコ", "いずもかずこ", "ｲｽﾞﾓ　ｶｽﾞｺ"]
        {
            assert_eq!(fold(written), "いずもかずこ");
        }
        assert_eq!(fold("髙橋"), fold("高橋"));
        assert_ne!(fold("か"), fold("が"));
    }

    #[test]
    fn hidden_characters_are_refused() {
        for text in ["a\u{0}b", "a\u{202e}b", "a\nb"] {
            let mut errors = Vec::new();
            check("name", text, 10, false, &mut errors);
            assert_eq!(errors.len(), 1, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn an_excerpt_is_never_too_long(text in "\\PC{0,80}", longest in 1usize..20) {
            prop_assert!(excerpt(&text, longest).chars().count() <= longest);
        }
    }
}
