//! Where the words are in what was found, and the pieces of text around them.

use super::{
    synonyms,
    words::{Folded, fold},
};

/// Characters that are shown before the first word of a piece, and behind the last.
const BEFORE: usize = 24;
const BEHIND: usize = 56;
/// How many pieces are shown.
const PIECES: usize = 3;
/// How much of a text is shown whose words are in its title only.
const BEGINNING: usize = 80;

/// From the character with this number, up to but not with that.
pub(super) type Span = (usize, usize);

/// A piece of the text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) marks: Vec<Span>,
}

/// Where the words are in a text, in its own characters: in order, none over another.
pub(super) fn marks(text: &str, words: &[String]) -> Vec<Span> {
    let folded = fold(text);
    let canonical = synonyms::canonical(&folded);
    let mut all: Vec<Span> = Vec::new();
    for word in words {
        let word: Vec<char> = word.chars().collect();
        for form in [Some(&folded), canonical.as_ref()].into_iter().flatten() {
            find(form, &word, &mut all);
        }
    }
    all.sort_unstable();
    let mut merged: Vec<Span> = Vec::new();
    for (from, to) in all {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

fn find(form: &Folded, word: &[char], all: &mut Vec<Span>) {
    for (at, part) in form.chars.windows(word.len().max(1)).enumerate() {
        let ends = (form.from.get(at), form.from.get(at + part.len() - 1));
        if let (true, (Some(first), Some(last))) = (part == word, ends) {
            all.push((first.0, last.1));
        }
    }
}

/// The first pieces of a text around its marks.
pub(super) fn pieces(text: &str, marks: &[Span]) -> Vec<Piece> {
    let length = text.chars().count();
    let mut spans: Vec<Span> = Vec::new();
    for (from, to) in marks {
        let piece = (from.saturating_sub(BEFORE), (to + BEHIND).min(length));
        match spans.last_mut() {
            Some(last) if piece.0 <= last.1 => last.1 = last.1.max(piece.1),
            _ => spans.push(piece),
        }
    }
    if spans.is_empty() && length > 0 {
        spans.push((0, length.min(BEGINNING)));
    }
    let piece = |(from, to): Span| cut(text, (from, to), length, marks);
    spans.into_iter().take(PIECES).map(piece).collect()
}

/// One piece on one line, with an ellipsis where the text goes on.
fn cut(text: &str, (from, to): Span, length: usize, marks: &[Span]) -> Piece {
    let mut shown = String::new();
    let before = usize::from(from > 0);
    if from > 0 {
        shown.push('…');
    }
    let inside = text.chars().skip(from).take(to - from);
    shown.extend(inside.map(|c| if c.is_control() { ' ' } else { c }));
    if to < length {
        shown.push('…');
    }
    let own = marks.iter().filter(|mark| mark.0 >= from && mark.1 <= to);
    let marks = own.map(|mark| (mark.0 - from + before, mark.1 - from + before));
    Piece {
        text: shown,
        marks: marks.collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::features::search::model::Words;

    fn shown(text: &str, typed: &str) -> Vec<String> {
        let words = Words::read(typed).unwrap().0;
        let chars: Vec<char> = text.chars().collect();
        let marks = marks(text, &words);
        marks
            .iter()
            .map(|(from, to)| chars[*from..*to].iter().collect())
            .collect()
    }

    #[test]
    fn the_words_are_marked_as_they_were_written() {
        assert_eq!(shown("夜間にﾊﾂﾈﾂ、熱発は朝まで", "はつねつ"), ["ﾊﾂﾈﾂ"]);
        assert_eq!(
            shown("仙骨部に床ずれ。褥瘡マット使用", "褥瘡"),
            ["床ずれ", "褥瘡"]
        );
        assert_eq!(shown("発\n熱あり。咳", "発熱 咳"), ["発\n熱", "咳"]);
        assert_eq!(shown("髙橋さん来訪", "高橋"), ["髙橋"]);
    }

    #[test]
    fn long_texts_are_shown_in_pieces() {
        let text = format!(
            "{}発熱{}発熱{}",
            "あ".repeat(100),
            "い".repeat(200),
            "う".repeat(10)
        );
        let found = pieces(&text, &marks(&text, &["発熱".to_owned()]));
        assert_eq!(found.len(), 2);
        for piece in &found {
            let chars: Vec<char> = piece.text.chars().collect();
            let (from, to) = piece.marks[0];
            assert_eq!(chars[from..to].iter().collect::<String>(), "発熱");
        }
        assert!(found[0].text.starts_with('…') && found[0].text.ends_with('…'));
        assert!(!found[1].text.ends_with('…'));
        assert_eq!(pieces("短い文", &[])[0].text, "短い文");
    }

    proptest! {
        #[test]
        fn marks_are_in_the_text_and_in_order(text in "[ァ-ヶ発熱床ずれー \\n]{0,60}") {
            let length = text.chars().count();
            let found = marks(&text, &["発熱".to_owned(), "褥瘡".to_owned(), "ずれ".to_owned()]);
            let mut last = 0;
            for (from, to) in &found {
                prop_assert!(*from >= last && from < to && *to <= length);
                last = *to;
            }
            for piece in pieces(&text, &found) {
                let length = piece.text.chars().count();
                prop_assert!(piece.marks.iter().all(|(from, to)| from < to && *to <= length));
            }
        }
    }
}
