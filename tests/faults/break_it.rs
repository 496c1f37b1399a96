//! Doing things to a good file.

use std::io::Write;

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::dice::Dice;
use crate::seeds::Seed;

/// Numbers at which programs fall over.
const NUMBERS: [&str; 12] = [
    "0",
    "-0",
    "-1",
    "1e9",
    "0.5",
    "255",
    "256",
    "9007199254740991",
    "9007199254740992",
    "18446744073709551615",
    "18446744073709551616",
    "1e999",
];

/// The file with a few things done to it.
pub(crate) fn break_it(seed: &Seed, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.bytes.clone();
    let times = 1 + dice.below(3);
    if seed.packed {
        for _ in 0..times {
            break_bytes(&mut bytes, dice);
        }
        return bytes;
    }
    for _ in 0..times {
        match dice.below(10) {
            0..=1 => break_bytes(&mut bytes, dice),
            2..=5 => break_lines(&mut bytes, dice),
            _ => break_values(&mut bytes, dice),
        }
    }
    if dice.below(16) == 0 {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = packer.write_all(&bytes).and_then(|()| packer.finish());
        return packed.unwrap_or(bytes);
    }
    bytes
}

fn break_bytes(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.below(bytes.len());
    match dice.below(5) {
        0 => bytes.truncate(at),
        1 => {
            let end = at + dice.below(200).min(bytes.len().saturating_sub(at));
            bytes.drain(at..end);
        }
        2 => {
            let byte = *dice.of(&[0, b'\n', b'"', b'{', 0xff, 0x1f, b'9']);
            bytes.insert(at, byte);
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << dice.below(8);
            }
        }
    }
}

fn break_lines(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    lines.retain(|line| !line.is_empty());
    let (one, other) = (dice.below(lines.len()), dice.below(lines.len()));
    if lines.is_empty() {
        return;
    }
    match dice.below(5) {
        0 => drop(lines.remove(one)),
        1 => lines.extend_from_within(one..=one),
        2 => lines.swap(one, other),
        3 => lines.truncate(one),
        _ => {
            let line = lines.remove(one);
            lines.insert(other.min(lines.len()), line);
        }
    }
    // The count at the end is made right half of the time, so that it does not hide the rest.
    let count = lines.len();
    if dice.below(2) == 0
        && let Some(last) = lines.last_mut()
        && last.starts_with(br#"{"t":"end""#)
    {
        *last = format!(r#"{{"t":"end","lines":{count}}}"#).into_bytes();
    }
    *bytes = lines.join(&b'\n');
    bytes.push(b'\n');
}

fn break_values(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let mut lines: Vec<Vec<u8>> = bytes
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::to_vec)
        .collect();
    let at = dice.below(lines.len());
    let Some(Ok(mut value)) = lines
        .get(at)
        .map(|line| serde_json::from_slice::<Value>(line))
    else {
        return;
    };
    let Some(object) = value.as_object_mut() else {
        return;
    };
    let keys: Vec<String> = object.keys().cloned().collect();
    let key = dice.of(&keys).clone();
    let number = *dice.of(&NUMBERS);
    let new = match dice.below(9) {
        0 => json!(null),
        1 => json!([]),
        2 => json!({}),
        3 => json!(""),
        4 => json!("é\u{0}\u{feff}"),
        5 => nudge(object.get(&key), dice),
        6 => {
            object.remove(&key);
            json!(true)
        }
        7 => json!([[[[[["deep"]]]]]]),
        _ => json!("@number@"),
    };
    if dice.below(8) == 0 {
        object.insert(format!("{key}x"), new);
    } else {
        object.insert(key, new);
    }
    let text = value.to_string().replace("\"@number@\"", number);
    if let Some(line) = lines.get_mut(at) {
        *line = text.into_bytes();
    }
    *bytes = lines.join(&b'\n');
}

/// A value that is nearly the same.
fn nudge(value: Option<&Value>, dice: &mut Dice) -> Value {
    match value {
        Some(Value::Number(number)) => {
            let near = number.as_u64().unwrap_or(0).wrapping_add(dice.roll() % 5);
            json!(near.saturating_sub(2))
        }
        Some(Value::String(text)) => {
            let mut characters: Vec<char> = text.chars().collect();
            let at = dice.below(characters.len());
            if let Some(character) = characters.get_mut(at) {
                *character = *dice.of(&['0', 'a', '/', '"', '\\', '\n', 'あ']);
            }
            json!(characters.into_iter().collect::<String>())
        }
        Some(Value::Array(some)) => {
            let mut some = some.clone();
            if !some.is_empty() {
                let one = dice.below(some.len());
                if dice.below(2) == 0 {
                    some.remove(one);
                } else {
                    some.extend_from_within(one..=one);
                }
            }
            json!(some)
        }
        other => other.cloned().unwrap_or_default(),
    }
}
