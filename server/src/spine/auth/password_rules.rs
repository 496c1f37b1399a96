//! What a new password must be (security.md AN-07, AN-08): 15 to 128 characters, exactly as they were typed, and not one
//! that others try first. Length is what helps; letters, digits and signs are asked for where the network wants them,
//! because 厚生労働省's checklist for medical institutions does.

use std::{collections::HashSet, sync::LazyLock};

use crate::{error::FieldError, spine::text};

/// Fewest characters.
pub const SHORTEST: usize = 15;
/// Most characters.
const LONGEST: usize = 128;
/// A password that has fewer characters of its own besides known words is no better than these.
const OF_ITS_OWN: usize = 5;
/// More different words than this are a passphrase.
const FEW_WORDS: usize = 2;

/// Passwords that are tried first, one on a line, folded: written by hand and by pattern, from what is commonly known.
static COMMON: LazyLock<HashSet<Vec<char>>> = LazyLock::new(|| {
    include_str!("common_passwords.txt")
        .lines()
        .filter(|line| !line.is_empty())
        .map(|line| line.chars().collect())
        .collect()
});

/// Rows of keyboards, and what people count by.
const ROWS: [&str; 7] = [
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "あいうえおかきくけこさしすせそたちつてとなにぬねの",
];

/// What a password is judged by besides itself.
#[derive(Debug, Default)]
pub struct Rules {
    /// Whether letters, digits and signs are all needed.
    pub composition: bool,
    /// Words that say who or where one is: sign-in name, names of the person and of the network.
    pub context: Vec<String>,
}

/// Checks a new password. The password is never altered: not trimmed, not cut, not normalised.
pub fn check(field: &str, password: &str, rules: &Rules, errors: &mut Vec<FieldError>) {
    let mut wrong = |code, message: &str| errors.push(FieldError::new(field, code, message));
    let length = password.chars().count();
    if length < SHORTEST {
        return wrong("too_short", "at least 15 characters");
    }
    if length > LONGEST {
        return wrong("too_long", "at most 128 characters");
    }
    if is_guessable(password, &rules.context) {
        return wrong("blocked", "made of what is tried first");
    }
    if rules.composition && !is_composed(password) {
        wrong("composition", "letters, digits and signs");
    }
}

/// Letters of any script, digits, and something that is neither.
fn is_composed(password: &str) -> bool {
    let is_sign = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
    password.chars().any(char::is_alphabetic)
        && password.chars().any(char::is_numeric)
        && password.chars().any(is_sign)
}

/// Whether hardly anything is left of the password besides known words, digits, signs, runs and repetitions.
fn is_guessable(password: &str, context: &[String]) -> bool {
    let folded: Vec<char> = text::fold(password).chars().collect();
    let context = context_words(context);
    let (mut words, mut own, mut at) = (HashSet::new(), 0, 0);
    while let Some(rest) = folded.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some(length) = word(rest, &context) {
            words.insert(rest.get(..length).unwrap_or_default());
            at += length;
        } else if let Some(length) = run(rest) {
            at += length;
        } else {
            // Digits and signs are what people add to a word that they were told is too simple.
            let added = |c: &char| c.is_ascii() && !c.is_ascii_alphabetic();
            own += usize::from(!rest.first().is_some_and(added));
            at += 1;
        }
    }
    own < OF_ITS_OWN && words.len() <= FEW_WORDS || repeats(&folded)
}

/// The words of the context, folded; also the parts of a name.
fn context_words(context: &[String]) -> HashSet<Vec<char>> {
    let own = ["tsumugi", "つむぎ"].map(str::to_owned);
    let parts = context
        .iter()
        .chain(&own)
        .flat_map(|text| {
            let parts = text
                .split(|c: char| !c.is_alphanumeric())
                .map(str::to_owned);
            parts.chain([text.clone()]).collect::<Vec<_>>()
        })
        .map(|part| text::fold(&part).chars().collect::<Vec<char>>());
    parts.filter(|part| part.len() >= 2).collect()
}

/// The length of the longest known word at the beginning.
fn word(rest: &[char], context: &HashSet<Vec<char>>) -> Option<usize> {
    (2..=rest.len().min(40)).rev().find(|length| {
        rest.get(..*length).is_some_and(|start| {
            context.contains(start) || (*length >= 3 && COMMON.contains(start))
        })
    })
}

/// The length of a run at the beginning: one character again and again, or neighbours of a row, at least three.
fn run(rest: &[char]) -> Option<usize> {
    let first = rest.first()?;
    let same = rest.iter().take_while(|c| *c == first).count();
    let along = ROWS.iter().map(|row| {
        let forward: Vec<char> = row.chars().collect();
        let backward: Vec<char> = row.chars().rev().collect();
        along(rest, &forward).max(along(rest, &backward))
    });
    let longest = along.max().unwrap_or(0).max(same);
    (longest >= 3).then_some(longest)
}

/// How far `rest` goes along a row.
fn along(rest: &[char], row: &[char]) -> usize {
    let Some(start) = row.iter().position(|c| rest.first() == Some(c)) else {
        return 0;
    };
    rest.iter()
        .zip(row.iter().skip(start))
        .take_while(|(typed, there)| typed == there)
        .count()
}

/// Whether it is a short piece said three times or more.
fn repeats(folded: &[char]) -> bool {
    (1..=folded.len() / 3).any(|length| {
        let piece = folded.get(..length).unwrap_or_default();
        folded.chunks(length).all(|chunk| piece.starts_with(chunk))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str, composition: bool) -> Option<&'static str> {
        let rules = Rules {
            composition,
            context: ["sato.misaki", "佐藤 美咲", "kita", "北部地域ネットワーク"]
                .map(str::to_owned)
                .to_vec(),
        };
        let mut errors = Vec::new();
        check("password", password, &rules, &mut errors);
        errors.first().map(|error| error.code)
    }

    #[test]
    fn length_counts_characters_as_they_were_typed() {
        for (password, expected) in [
            ("やまみちをあるくうさぎが見た", Some("too_short")),
            ("やまみちをあるくうさぎが見た月", None),
            ("yorumichi nemu ", None),
            ("yorumichi nemu", Some("too_short")),
            ("🐰🌙🍵🚲🌾🐟🎐🍙⛩🌸🦊🍁🚃🏯🌊", None),
            (&"wkmqzr".repeat(22), Some("too_long")),
        ] {
            let found = verdict(password, false);
            assert_eq!(found, expected, "{password}");
        }
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for password in [
            "password1234567",
            "PassWord-PassWord",
            "ｐａｓｓｗｏｒｄ１２３４５６７８",
            "qwertyuiopasdfgh",
            "1qaz2wsx3edc4rfv",
            "aaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabc",
            "tsumugi-tsumugi-2026!",
            "sato.misaki-2026!!",
            "kitakitakitakita1!",
            "佐藤美咲佐藤美咲佐藤美咲2026!",
            "パスワードパスワードぱすわーど",
            "北部地域ネットワーク2026年!",
        ] {
            assert_eq!(verdict(password, false), Some("blocked"), "{password}");
        }
        for password in [
            "umi no kaze 7 to tomo",
            "correct horse battery staple",
            "tsumugi de hataraku hito 3",
        ] {
            assert_eq!(verdict(password, false), None, "{password}");
        }
    }

    #[test]
    fn letters_digits_and_signs_are_asked_for_where_the_network_wants_them() {
        for (password, asked) in [
            ("nagai michi wo aruku", Some("composition")),
            ("nagai-michi-wo-aruku", Some("composition")),
            ("nagai michi wo aruku 8", Some("composition")),
            ("nagai-michi-wo-aruku-8", None),
            ("ながいみちを、あるく人の8歩", None),
        ] {
            let padded = format!("{password}の夜明け");
            assert_eq!(verdict(&padded, true), asked, "{password}");
            assert_eq!(verdict(&padded, false), None, "{password}");
        }
    }

    #[test]
    fn the_list_is_folded_and_without_repetition() {
        let lines: Vec<&str> = include_str!("common_passwords.txt").lines().collect();
        assert_eq!(lines.len(), COMMON.len());
        assert!(lines.len() >= 2500, "{}", lines.len());
        for line in lines {
            assert_eq!(text::fold(line), line);
        }
    }
}
