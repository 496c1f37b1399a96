//! Text made ready for paper: what cannot be printed is replaced and noted, what would not fit a line may break.
//!
//! People type and paste anything. The typesetter refuses a PDF/A with a character that no font has, lets a long word
//! run over the edge, and trusts the text to hold no control characters; so all of it is dealt with here, once, for
//! every string of the data.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;
use unicode_normalization::char::{canonical_combining_class, compose};
use unicode_segmentation::UnicodeSegmentation as _;

use super::fonts::{Coming, Fonts, is_variant_selector};

/// What stands for a character that cannot be printed.
const GETA: &str = "〓";
/// A place where a line may end.
const BREAK: char = '\u{200b}';
/// So many characters in a row without a place to end a line: more than a word, and more than a column.
const LONG: usize = 16;
/// At most so many characters are named at the end of a sheet.
const MOST_NAMED: usize = 40;

/// What the reader of a sheet has to know about its characters.
#[derive(Debug, Default, Serialize)]
pub(super) struct Notes {
    /// Characters that were replaced, by their numbers.
    missing: BTreeSet<String>,
    /// Characters that came out, but not in the variant that was typed.
    plain: BTreeSet<String>,
    /// Families in which a variant has to be set, with all such variants.
    variants: BTreeMap<String, BTreeSet<String>>,
}

/// Bytes of all text in `value`, and a little for everything else.
pub(super) fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 8,
        Value::Array(items) => items.iter().map(length).sum::<usize>() + 8,
        Value::Object(fields) => fields.values().map(length).sum::<usize>() + 8,
        _ => 8,
    }
}

/// How text is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// Whatever a font has is set.
    Usual,
    /// Only what stands by itself and is in the main font: for text that could not be set otherwise.
    Utmost,
}

/// Makes every string of `value` ready.
pub(super) fn prepare(value: &mut Value, fonts: &Fonts, care: Care, notes: &mut Notes) {
    match value {
        Value::String(text) if !is_simple(text) => {
            *text = breakable(&printable(text, fonts, care, notes));
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| prepare(item, fonts, care, notes)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| prepare(field, fonts, care, notes)),
        _ => {}
    }
}

/// Whether a string needs nothing, as most words of the program do.
fn is_simple(text: &str) -> bool {
    text.len() < LONG && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// The text with what can be printed.
fn printable(text: &str, fonts: &Fonts, care: Care, notes: &mut Notes) -> String {
    let mut ready = String::with_capacity(text.len());
    let clean = composed(&text.replace("\r\n", "\n"));
    let mut after_gap = false;
    for cluster in clean.graphemes(true) {
        if matches!(cluster, " " | "\u{3000}" | "\n") {
            ready.push_str(cluster);
            continue;
        }
        let coming = match care {
            Care::Usual => fonts.coming(cluster),
            Care::Utmost if fonts.is_plain(cluster) => Coming::Whole,
            Care::Utmost => Coming::Not,
        };
        match coming {
            Coming::Whole => ready.push_str(cluster),
            Coming::In(family) => {
                ready.push_str(cluster);
                let others = notes.variants.entry(family).or_default();
                others.insert(cluster.to_owned());
            }
            Coming::Plain => {
                let kanji: String = cluster
                    .chars()
                    .filter(|c| !is_variant_selector(*c))
                    .collect();
                ready.push_str(&kanji);
                note(&mut notes.plain, kanji);
            }
            Coming::Not => {
                // One mark for a row of them: a reader wants to know that something is missing, not how much.
                if !after_gap {
                    ready.push_str(GETA);
                }
                let base = cluster.chars().next().map_or(0, u32::from);
                note(&mut notes.missing, format!("U+{base:04X}"));
                after_gap = true;
                continue;
            }
        }
        after_gap = false;
    }
    ready
}

fn note(notes: &mut BTreeSet<String>, what: String) {
    if notes.len() < MOST_NAMED {
        notes.insert(what);
    } else if !notes.contains(&what) {
        notes.insert("…".to_owned());
    }
}

/// Marks joined with their letters, and without what only steers a screen: control and direction characters, soft
/// hyphens, the emoji or text presentation. Characters for compatibility stay as they are, because normal forms would
/// turn the variants of kanji in names into the common ones.
fn composed(text: &str) -> String {
    let mut ready = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' | '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => ready.push(' '),
            '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ready.push('\n'),
            '\n' => ready.push(c),
            '\u{ad}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' => {}
            c if c.is_control() => {}
            c if canonical_combining_class(c) != 0 => {
                let joined = ready.chars().next_back().and_then(|last| compose(last, c));
                if let Some(joined) = joined {
                    ready.pop();
                    ready.push(joined);
                } else {
                    ready.push(c);
                }
            }
            c => ready.push(c),
        }
    }
    ready
}

/// The text with places to end a line in whatever is too long for one.
fn breakable(text: &str) -> String {
    let mut ready = String::with_capacity(text.len());
    let mut run: Vec<&str> = Vec::new();
    for cluster in text.graphemes(true) {
        run.push(cluster);
        if cluster.chars().next().is_some_and(ends_a_line) {
            close(&mut ready, &mut run);
        }
    }
    close(&mut ready, &mut run);
    ready
}

/// Writes a run of characters, with places to break when it is long.
fn close(ready: &mut String, run: &mut Vec<&str>) {
    let is_long = run.len() > LONG;
    for (place, cluster) in run.drain(..).enumerate() {
        if is_long && place > 0 {
            ready.push(BREAK);
        }
        ready.push_str(cluster);
    }
}

/// Whether a line may end at this character without doubt: spaces, kanji, and kana that may begin a line.
fn ends_a_line(c: char) -> bool {
    const NOT_FIRST: &str = "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶーゝゞヽヾ々〻〜・";
    match c {
        'ぁ'..='ゖ' | 'ァ'..='ヺ' => !NOT_FIRST.contains(c),
        ' '
        | '\n'
        | '\u{3000}'
        | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => true,
        _ => false,
    }
}
