//! The code on a card: fifteen random characters and one that shows a slip of the pen. No database, no clock.

use std::fmt::{self, Write};

use unicode_normalization::UnicodeNormalization;

use crate::spine::ids;

/// Digits and letters that nobody takes for another (Crockford's base 32): no I, L, O, U.
const SYMBOLS: [char; 32] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J',
    'K', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// What stands before the code on a card.
const PREFIX: &str = "TSM";

/// Characters of a code, the last of which is the check character.
const LENGTH: usize = 16;

/// The code on a card: 75 random bits, and 5 that are computed from them.
///
/// The characters are the coefficients of a polynomial over GF(32) that is nought at a generator of the field. A wrong
/// character, or two that changed places, cannot make another code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CardCode([u8; LENGTH]);

impl CardCode {
    /// A code from random bytes.
    pub(super) fn new(random: [u8; 32]) -> Self {
        let mut values = [0; LENGTH];
        for (value, byte) in values.iter_mut().zip(random) {
            *value = byte & 31;
        }
        let [message @ .., last] = &mut values;
        *last = times_generator(remainder(message));
        Self(values)
    }

    /// Reads a code however it is written: with or without hyphens, wide or narrow, O for 0, I or L for 1.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let plain: String = text
            .nfkc()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '–' | 'ー' | '−'))
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let body = match plain.len() {
            LENGTH => plain.as_str(),
            _ => plain.strip_prefix(PREFIX)?,
        };
        let values: Option<Vec<u8>> = body.chars().map(value_of).collect();
        let values: [u8; LENGTH] = values?.try_into().ok()?;
        (remainder(&values) == 0).then_some(Self(values))
    }

    /// What is kept of it.
    pub(super) fn digest(&self) -> [u8; 32] {
        ids::digest(self.to_string().as_bytes())
    }
}

impl fmt::Display for CardCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREFIX)?;
        for group in self.0.chunks(4) {
            f.write_char('-')?;
            for value in group {
                let symbol = SYMBOLS.get(usize::from(*value)).ok_or(fmt::Error)?;
                f.write_char(*symbol)?;
            }
        }
        Ok(())
    }
}

fn value_of(symbol: char) -> Option<u8> {
    let at = SYMBOLS.iter().position(|known| *known == symbol)?;
    u8::try_from(at).ok()
}

/// The value of the polynomial at the generator. It begins with one, so that nothing but noughts is no code.
fn remainder(values: &[u8]) -> u8 {
    values
        .iter()
        .fold(1, |sum, value| times_generator(sum) ^ value)
}

/// Multiplication by the generator in GF(32) with x⁵ + x² + 1.
fn times_generator(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 {
        shifted
    } else {
        shifted ^ 0b10_0101
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_written() {
        let code = CardCode::new([7; 32]);
        let text = code.to_string();
        assert_eq!(text.len(), "TSM-XXXX-XXXX-XXXX-XXXX".len());
        let wide: String = text
            .chars()
            .filter_map(|c| char::from_u32(u32::from(c) + 0xfee0))
            .collect();
        for written in [
            text.clone(),
            text.to_lowercase(),
            text.replace('-', ""),
            text.replace('-', " "),
            text.trim_start_matches("TSM-").to_owned(),
            text.replace('0', "O").replace('1', "l"),
            wide,
        ] {
            assert_eq!(CardCode::parse(&written), Some(code), "{written}");
        }
        for other in ["", "TSM", "TSM-0000-0000-0000-0000", "出雲 和子"] {
            assert_eq!(CardCode::parse(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn a_slip_of_the_pen_is_noticed(random: [u8; 32], at in 0..LENGTH, other in 0..LENGTH, by in 1..32u8) {
            let code = CardCode::new(random);
            prop_assert_eq!(CardCode::parse(&code.to_string()), Some(code));
            let mut wrong = code;
            wrong.0[at] ^= by;
            prop_assert_eq!(CardCode::parse(&wrong.to_string()), None);
            let mut swapped = code;
            swapped.0.swap(at, other);
            prop_assert_eq!(CardCode::parse(&swapped.to_string()).is_some(), swapped == code);
        }

        #[test]
        fn no_text_harms_the_reader(text in "\\PC{0,40}") {
            let _known = CardCode::parse(&text);
        }
    }
}
