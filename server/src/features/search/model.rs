//! What is asked for: words and filters, and how they are read. No database.

use super::{
    synonyms,
    words::{fold, is_kanji},
};
use crate::error::FieldError;

/// How many words may be looked for at once.
const MOST_WORDS: usize = 10;
/// How long all of them may be together.
pub(super) const LONGEST: usize = 100;

/// The words to be looked for, in the form in which they are looked for: what is found holds all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words(pub(super) Vec<String>);

impl Words {
    /// Reads what somebody typed: words between spaces, and what is between quotation marks as one.
    pub(super) fn read(typed: &str) -> Result<Self, FieldError> {
        let wrong = |code, message| FieldError::new("words", code, message);
        if typed.chars().count() > LONGEST {
            return Err(wrong("too_long", "at most 100 characters"));
        }
        let mut words: Vec<String> = Vec::new();
        for part in parts(typed) {
            let folded = fold(&part);
            let word = synonyms::canonical(&folded).unwrap_or(folded).chars;
            match word.as_slice() {
                [] => {}
                [c] if !is_kanji(*c) => {
                    return Err(wrong("too_short", "two characters, or one kanji"));
                }
                word if word.iter().any(|c| c.is_alphanumeric()) => {
                    words.push(word.iter().collect());
                }
                _ => return Err(wrong("not_allowed", "a word, not only signs")),
            }
        }
        words.dedup();
        if words.is_empty() {
            return Err(wrong("required", "must not be empty"));
        }
        if words.len() > MOST_WORDS {
            return Err(wrong("too_long", "at most ten words"));
        }
        if words.iter().all(|word| has_no_token(word)) {
            return Err(wrong("not_allowed", "a word, not only signs"));
        }
        Ok(Self(words))
    }
}

/// Whether the index cannot find a word: figures and letters with a sign between each two.
fn has_no_token(word: &str) -> bool {
    super::words::tokens_of_word(uuid::Uuid::nil(), word).is_empty()
}

/// What was typed, taken apart.
fn parts(typed: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    for c in typed.chars() {
        let is_quote = matches!(c, '"' | '“' | '”' | '„' | '＂' | '「' | '」' | '『' | '』');
        if is_quote || (c.is_whitespace() && !quoted) {
            quoted ^= is_quote;
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts.retain(|part| !part.trim().is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Vec<String> {
        Words::read(typed).map(|words| words.0).unwrap()
    }

    fn code(typed: &str) -> String {
        Words::read(typed).unwrap_err().code.to_string()
    }

    #[test]
    fn words_stand_between_spaces_and_quotes_keep_them_together() {
        assert_eq!(read("発熱　咳嗽"), ["発熱", "咳嗽"]);
        assert_eq!(read("\"Dr Sato\" 往診"), ["dr sato", "往診"]);
        assert_eq!(read("「右 踵部」"), ["右踵部"]);
        assert_eq!(read("床ずれ"), ["褥瘡"]);
        assert_eq!(read("痰"), ["痰"]);
    }

    #[test]
    fn what_cannot_be_found_is_refused_with_a_word() {
        assert_eq!(code(" 　"), "required");
        assert_eq!(code("あ"), "too_short");
        assert_eq!(code("発熱 a"), "too_short");
        assert_eq!(code("、。"), "not_allowed");
        assert_eq!(code(&"発熱".repeat(51)), "too_long");
        assert_eq!(
            code("一二 三四 五六 七八 九十 百千 右左 上下 前後 東西 南北"),
            "too_long"
        );
    }
}
