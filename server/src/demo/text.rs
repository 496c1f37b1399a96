//! The little language of the story tables.
//!
//! `[a|b|c]` is one of the alternatives (they may be nested, and empty), `{#2-5}` a number, `{name}`
//! a slot that the caller fills. The tables hold no other use of these characters.

use std::str::Chars;

use super::dice::Dice;

/// Writes a template out. An unknown slot becomes nothing.
pub(super) fn fill(
    template: &str,
    dice: &mut Dice,
    slot: &dyn Fn(&str) -> Option<String>,
) -> String {
    sequences(&mut template.chars(), dice, slot).concat()
}

/// Reads up to the closing bracket or the end; one string per alternative.
fn sequences(
    chars: &mut Chars<'_>,
    dice: &mut Dice,
    slot: &dyn Fn(&str) -> Option<String>,
) -> Vec<String> {
    let mut done = Vec::new();
    let mut current = String::new();
    while let Some(c) = chars.next() {
        match c {
            '[' => {
                let mut options = sequences(chars, dice, slot);
                let chosen = dice.below(options.len());
                current.push_str(&options.swap_remove(chosen));
            }
            '|' => done.push(std::mem::take(&mut current)),
            ']' => break,
            '{' => {
                let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                current.push_str(&value(&name, dice, slot));
            }
            _ => current.push(c),
        }
    }
    done.push(current);
    done
}

fn value(name: &str, dice: &mut Dice, slot: &dyn Fn(&str) -> Option<String>) -> String {
    let range = name
        .strip_prefix('#')
        .and_then(|range| range.split_once('-'));
    match range.map(|(low, high)| (low.parse(), high.parse())) {
        Some((Ok(low), Ok(high))) => dice.between(low, high).to_string(),
        _ => slot(name).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_numbers_and_slots_are_written_out() {
        let mut dice = Dice::new(1);
        let slot = |name: &str| (name == "who").then(|| "長女".to_owned());
        for _ in 0..50 {
            let text = fill(
                "[{who}|妻]より[電話|[来訪|連絡]]{#2-3}回{none}。",
                &mut dice,
                &slot,
            );
            assert!(!text.contains(['[', ']', '{', '}', '|', '#']), "{text}");
            assert!(text.ends_with("2回。") || text.ends_with("3回。"), "{text}");
        }
    }
}
