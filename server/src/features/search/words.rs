//! The form in which words are looked for, and the tokens by which the index finds them.
//!
//! Half and full width, case, katakana and hiragana, small kana, long vowels at the end of a word, spaces and line breaks
//! inside Japanese, old and new forms of kanji: all of it meets in one form. Every character of that form knows which
//! characters of the written text it came from, so that what was found can be shown in the text as it was written.

use unicode_normalization::{
    UnicodeNormalization,
    char::{compose, is_combining_mark},
};
use uuid::Uuid;

use super::{synonyms, variants};

/// Number of the form. Whoever changes what this file, the variants or the synonyms do raises it, and the worker makes
/// everything anew.
pub const FORM: i32 = 1;

/// Between the text and the same text with one word for each thing.
const BETWEEN: char = '\u{1}';

/// A text in the form in which words are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Folded {
    pub(super) chars: Vec<char>,
    /// For each of them, the characters of the written text from which it came: from, and up to but not with.
    pub(super) from: Vec<(usize, usize)>,
}

impl Folded {
    /// As text.
    pub(super) fn text(&self) -> String {
        self.chars.iter().collect()
    }

    fn push(&mut self, c: char, from: (usize, usize)) {
        self.chars.push(c);
        self.from.push(from);
    }
}

impl Folded {
    /// Adds a character, or puts a mark that was typed for itself (か゛) together with the one before.
    fn push_composed(&mut self, c: char, from: (usize, usize)) {
        let before = self.chars.last().copied().filter(|_| is_combining_mark(c));
        match before.and_then(|before| compose(before, c)) {
            Some(whole) => {
                self.chars.pop();
                let start = self.from.pop().map_or(from.0, |range| range.0);
                self.push(plain(whole), (start, from.1));
            }
            None => self.push(c, from),
        }
    }
}

/// Folds a text.
pub(super) fn fold(text: &str) -> Folded {
    let mut folded = Folded::default();
    let written: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < written.len() {
        // A character with the marks that belong to it: half-width kana carry theirs behind.
        let marks = written
            .iter()
            .skip(at + 1)
            .take_while(|c| is_mark(**c))
            .count();
        let end = at + 1 + marks;
        let group: String = written.get(at..end).unwrap_or_default().iter().collect();
        let lower: String = group.nfkc().flat_map(char::to_lowercase).collect();
        for c in lower.nfkc() {
            folded.push(plain(c), (at, end));
        }
        at = end;
    }
    long_vowels(without_spaces(folded))
}

/// The characters of a folded word alone.
pub(super) fn fold_plainly(word: &str) -> Vec<char> {
    fold(word).chars
}

/// What the database keeps of a text: folded, and again with one word for each thing where that differs.
pub fn folded(text: &str) -> String {
    let folded = fold(text);
    let mut kept = folded.text();
    if let Some(canonical) = synonyms::canonical(&folded) {
        kept.push(BETWEEN);
        kept.push_str(&canonical.text());
    }
    kept
}

/// The same of something with a title, so that no word is found that begins in one and ends in the other.
pub(super) fn folded_entry(title: &str, body: &str) -> String {
    let parts = [title, body].map(folded);
    let parts = parts.iter().filter(|part| !part.is_empty());
    parts
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(&BETWEEN.to_string())
}

/// The tokens of a text as [`folded`] makes it: one for each pair of letters, and one for each kanji.
pub fn tokens(network: Uuid, folded: &str) -> Vec<i32> {
    let chars: Vec<char> = folded.chars().collect();
    let pairs = chars.windows(2).filter_map(|pair| match pair {
        [a, b] if is_letter(*a) && is_letter(*b) => Some(token(network, &[*a, *b])),
        _ => None,
    });
    let alone = chars.iter().filter(|c| is_kanji(**c));
    let mut all: Vec<i32> = pairs.chain(alone.map(|c| token(network, &[*c]))).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The tokens that a text must have to hold this folded word.
pub(super) fn tokens_of_word(network: Uuid, word: &str) -> Vec<i32> {
    let mut chars = word.chars();
    match (chars.next(), chars.next()) {
        (Some(c), None) if is_kanji(c) => vec![token(network, &[c])],
        _ => {
            let chars: Vec<char> = word.chars().collect();
            let pairs = chars.windows(2).filter_map(|pair| match pair {
                [a, b] if is_letter(*a) && is_letter(*b) => Some(token(network, &[*a, *b])),
                _ => None,
            });
            pairs.collect()
        }
    }
}

/// FNV-1a of the network and the characters, mixed once more. Two may meet: what is found by tokens is looked at again.
fn token(network: Uuid, chars: &[char]) -> i32 {
    let letters = chars.iter().flat_map(|c| u32::from(*c).to_be_bytes());
    let mut hash: u32 = 0x811c_9dc5;
    for byte in network.into_bytes().into_iter().chain(letters) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x7feb_352d);
    i32::from_be_bytes((hash ^ (hash >> 15)).to_be_bytes())
}

/// Letters, figures and kana; not signs and spaces.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || c == 'ー'
}

pub(super) fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '々')
}

fn is_mark(c: char) -> bool {
    matches!(c, 'ﾞ' | 'ﾟ' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
        || is_combining_mark(c)
}

fn is_kana(c: char) -> bool {
    matches!(c, 'ぁ'..='ゖ')
}

/// One form for each letter.
fn plain(c: char) -> char {
    let c = match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    };
    match c {
        'ぁ' => 'あ',
        'ぃ' | 'ゐ' => 'い',
        'ぅ' => 'う',
        'ぇ' | 'ゑ' => 'え',
        'ぉ' => 'お',
        'っ' => 'つ',
        'ゃ' => 'や',
        'ゅ' => 'ゆ',
        'ょ' => 'よ',
        'ゎ' => 'わ',
        // ３ヶ月, ３ヵ月, ３か月
        'ゕ' | 'ゖ' => 'か',
        _ => variants::plain(c),
    }
}

/// The mark of a long vowel, however it was typed, is one; at the end of a word it may be there or not (ヘルパー, ヘルパ).
fn long_vowels(folded: Folded) -> Folded {
    let is_long = |c: char| {
        matches!(
            c,
            'ー' | '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | '─' | '~' | '〜'
        )
    };
    let mut made = Folded::default();
    let places = folded.chars.iter().copied().zip(folded.from).enumerate();
    for (at, (c, from)) in places {
        let before = made.chars.last().copied();
        if !is_long(c) || !before.is_some_and(|before| is_kana(before) || before == 'ー') {
            made.push_composed(c, from);
            continue;
        }
        let goes_on = folded.chars.get(at + 1).copied().is_some_and(is_kana);
        if goes_on && before != Some('ー') {
            made.push('ー', from);
        }
    }
    made
}

/// Spaces and line breaks tell words apart only between letters and figures of other scripts.
fn without_spaces(folded: Folded) -> Folded {
    let mut made = Folded::default();
    let mut space = None;
    for (c, from) in folded.chars.into_iter().zip(folded.from) {
        if c.is_whitespace() {
            space = space.or(Some(from));
        }
        if c.is_whitespace() || is_invisible(c) {
            continue;
        }
        let before = made.chars.last().copied();
        if let Some(from) = space.take()
            && c.is_ascii_alphanumeric()
            && before.is_some_and(|before| before.is_ascii_alphanumeric())
        {
            made.push(' ', from);
        }
        made.push_composed(c, from);
    }
    made
}

/// Characters that take no place, and those that choose among forms; and what separates the two forms in the database.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}'
        )
        || matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn form(text: &str) -> String {
        fold(text).text()
    }

    #[test]
    fn all_ways_of_writing_a_word_meet() {
        for (one, other) in [
            ("ｼﾞｮｸｿｳ", "じょくそう"),
            ("ジョクソウ", "じよくそう"),
            ("ＳｐＯ２", "spo2"),
            ("髙﨑", "高崎"),
            ("齋藤", "斎藤"),
            ("渡邊", "渡辺"),
            ("渡邉", "渡辺"),
            ("ヘルパー", "へるぱ"),
            ("モニター", "モニタ"),
            ("３ヶ月", "3か月"),
            ("発\n熱　あり", "発熱あり"),
            ("コ－ヒ－カップ", "コーヒーカップ"),
            ("か゛ーせ゛", "ガーゼ"),
            ("神\u{fe00}", "神"),
        ] {
            assert_eq!(form(one), form(other), "{one} {other}");
        }
        assert_ne!(form("か"), form("が"));
        assert_ne!(form("ビール"), form("ビル"));
        assert_eq!(form("BP 132 / 78"), "bp 132/78");
    }

    #[test]
    fn places_lead_back_to_what_was_written() {
        let folded = fold("ｶﾞーゼ 交換");
        assert_eq!(folded.text(), "がーぜ交換");
        assert_eq!(folded.from, [(0, 2), (2, 3), (3, 4), (5, 6), (6, 7)]);
    }

    #[test]
    fn a_text_has_the_tokens_of_every_word_in_it() {
        let network = Uuid::from_u128(7);
        let kept = folded("昨夜より熱発あり、仙骨部に床ずれ。痰が多い");
        let all = tokens(network, &kept);
        for word in ["発熱", "熱発", "褥瘡", "痰", "仙骨部", "夜より"] {
            let word = form(word);
            let wanted = tokens_of_word(network, &word);
            assert!(
                !wanted.is_empty() && wanted.iter().all(|token| all.contains(token)),
                "{word}"
            );
        }
        assert_ne!(all, tokens(Uuid::from_u128(8), &kept));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "[ぁ-ヿ一-龥ｦ-ﾟa-zA-Z0-9Ａ-Ｚ０-９ 　～、。-]{0,40}") {
            prop_assert_eq!(form(&form(&text)), form(&text));
        }

        #[test]
        fn every_place_is_in_the_text(text in "[ぁ-ヶー一-十ｦ-ﾟa-z \\n]{0,40}") {
            let length = text.chars().count();
            let folded = fold(&text);
            prop_assert_eq!(folded.chars.len(), folded.from.len());
            for (from, to) in folded.from {
                prop_assert!(from < to && to <= length);
            }
        }

        #[test]
        fn a_part_of_a_text_without_spaces_is_found_in_it(text in "[ぁ-んァ-ヶ一-十a-z0-9]{2,30}", from in 0usize..30, length in 2usize..8) {
            // A long vowel at the end of a part may go on in the text; the words of the interface do not end there.
            let part: String = text.chars().skip(from).take(length).collect();
            prop_assert!(folded(&text).contains(&form(&part)));
        }
    }
}
