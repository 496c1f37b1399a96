//! What must never happen, tried with broken and hostile documents: a panic, an answer
//! without a reason, or time out of proportion to the input.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::tests::{GOOD, changed};
use super::{Severity, excerpt, read_bundle};

/// A small generator of numbers (xorshift), the same ones in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(sides.max(1)).unwrap()).unwrap()
    }
}

fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(entries) => entries.values().map(nodes).sum::<usize>(),
        _ => 0,
    }
}

/// Walks to the `left`th node and changes it there.
fn mutate(value: &mut Value, left: &mut usize, dice: &mut Dice) -> bool {
    if *left == 0 {
        match (dice.roll(8), &mut *value) {
            (0, Value::Array(items)) => items.clear(),
            (1, Value::Array(items)) => items.extend(items.clone()),
            (0, Value::Object(entries)) => entries.clear(),
            (1, Value::Object(entries)) => {
                let key = entries.keys().nth(dice.roll(entries.len())).cloned();
                key.and_then(|key| entries.remove(&key));
            }
            (2, Value::Object(entries)) => {
                entries.insert("resourceType".into(), json!("Patient"));
            }
            (3, node) => *node = json!({"reference": "#"}),
            (4, node) => *node = json!("\u{3000}<div>&#x0;"),
            (5, node) => *node = json!([[], null, -1.5e300]),
            (6, node) => *node = json!(null),
            (_, node) => {
                *node = json!({"extension": [{"url": "x", "valueInteger": 99_999_999_999_i64}]});
            }
        }
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| mutate(item, left, dice)),
        Value::Object(entries) => entries.values_mut().any(|entry| mutate(entry, left, dice)),
        _ => false,
    }
}

/// Whatever comes: no panic, and either a document or at least one error.
fn survives(bytes: &[u8]) {
    match read_bundle(bytes) {
        Ok(document) => {
            assert!(excerpt(&document).chars().count() <= 120);
            assert!(
                document
                    .warnings
                    .iter()
                    .all(|issue| issue.severity == Severity::Warning)
            );
        }
        Err(issues) => assert!(issues.iter().any(|issue| issue.severity == Severity::Error)),
    }
}

#[test]
fn mutated_documents_never_panic() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for (_, bytes, ..) in GOOD {
        let original: Value = serde_json::from_slice(bytes).unwrap();
        let size = nodes(&original);
        for _ in 0..150 {
            let mut value = original.clone();
            for _ in 0..=dice.roll(3) {
                mutate(&mut value, &mut dice.roll(size), &mut dice);
            }
            survives(&serde_json::to_vec(&value).unwrap());
        }
    }
}

#[test]
fn truncated_and_garbled_bytes_never_panic() {
    let mut dice = Dice(0x2545_f491_4f6c_dd1d);
    for (_, bytes, ..) in GOOD {
        for _ in 0..60 {
            survives(bytes.get(..dice.roll(bytes.len())).unwrap());
            let mut garbled = bytes.to_vec();
            for _ in 0..=dice.roll(4) {
                let at = dice.roll(garbled.len());
                garbled[at] = u8::try_from(dice.roll(256)).unwrap();
            }
            survives(&garbled);
        }
    }
}

#[test]
fn hostile_documents_take_time_in_proportion() {
    let big = |change: &dyn Fn(&mut Value)| changed("treatment-plan-01", change);
    let narrative = |text: String| {
        big(&|bundle| {
            bundle["entry"][0]["resource"]["section"][0]["text"] =
                json!({"status": "additional", "div": format!("<div>{text}</div>")});
        })
    };
    let url = "urn:uuid:00000000-0000-4000-8000-000000000001";
    let cases = [
        narrative("<a".repeat(500_000)),
        narrative("&".repeat(1_000_000)),
        narrative("<ol>".repeat(200_000)),
        narrative("<!--".repeat(200_000)),
        // One long entry, named by many references.
        big(&|bundle| {
            let entry = bundle["entry"][0]["resource"]["section"][0]["entry"][0].clone();
            bundle["entry"][5]["resource"]["description"] = json!("長".repeat(100_000));
            bundle["entry"][0]["resource"]["section"][0]["entry"] = json!(vec![entry; 20_000]);
        }),
        // Many contained resources and many references to the last one.
        big(&|bundle| {
            let inner = |n: usize| json!({"resourceType": "Practitioner", "id": format!("p{n}")});
            bundle["entry"][5]["resource"]["contained"] = (0..10_000).map(inner).collect();
            bundle["entry"][5]["resource"]["contributor"] =
                json!(vec![json!({"reference": "#p9999"}); 10_000]);
        }),
        big(&|bundle| {
            let entry = |n: usize| json!({"fullUrl": format!("{url}{n}"), "resource": bundle["entry"][1]["resource"].clone()});
            let more: Vec<Value> = (0..2_000).map(entry).collect();
            bundle["entry"].as_array_mut().unwrap().extend(more);
        }),
    ];
    for (at, bytes) in cases.iter().enumerate() {
        let started = Instant::now();
        survives(bytes);
        // Quadratic work on these takes minutes.
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "case {at}: {:?}",
            started.elapsed()
        );
    }
}
