//! JSON text into a tree, as strictly as FHIR asks.
//!
//! serde_json does the parsing; this adds what its own `Value` does not give:
//! a property that occurs twice is refused (FHIR R4 2.6.2), nesting is limited, and
//! numbers keep their digits, because 7.40 and 7.4 are two different decimals in FHIR.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::issue::{Issue, IssueKind, quoted};

/// Deeper nesting than this is refused; real documents stay below 20.
pub(super) const MAX_DEPTH: usize = 64;

/// The properties of a JSON object.
pub(super) type Object = BTreeMap<String, Json>;

/// A JSON value; numbers as they were written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(String),
    String(String),
    Array(Vec<Json>),
    Object(Object),
}

impl Json {
    pub(super) fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self {
            Some(object)
        } else {
            None
        }
    }

    pub(super) fn as_array(&self) -> Option<&[Json]> {
        if let Self::Array(array) = self {
            Some(array)
        } else {
            None
        }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self {
            Some(text)
        } else {
            None
        }
    }
}

/// The string at `key`.
pub(super) fn text<'a>(object: &'a Object, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Json::as_str)
}

/// The object at `key`.
pub(super) fn child<'a>(object: &'a Object, key: &str) -> Option<&'a Object> {
    object.get(key).and_then(Json::as_object)
}

/// The objects of the array at `key`; none when there is no such array.
pub(super) fn children<'a>(object: &'a Object, key: &str) -> impl Iterator<Item = &'a Object> {
    object
        .get(key)
        .and_then(Json::as_array)
        .unwrap_or_default()
        .iter()
        .filter_map(Json::as_object)
}

/// Parses the bytes of a request, or says why they are not acceptable JSON.
pub(super) fn parse(bytes: &[u8]) -> Result<Json, Issue> {
    let source = std::str::from_utf8(bytes).map_err(|error| {
        let at = error.valid_up_to();
        structure(
            "invalid_utf8",
            format!("UTF-8 として読めません（{at} バイト目）。"),
            format!("The body is not UTF-8 (byte {at})."),
        )
    })?;
    // A byte order mark is no part of JSON (RFC 8259, 8.1), but parsers may ignore it.
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let reader = Reader {
        source: source.as_bytes(),
        state: RefCell::default(),
    };
    let mut deserializer = serde_json::Deserializer::from_str(source);
    let parsed = Node {
        reader: &reader,
        depth: 0,
    }
    .deserialize(&mut deserializer)
    .and_then(|json| deserializer.end().map(|()| json));
    parsed.map_err(|error| {
        reader.state.take().problem.unwrap_or_else(|| {
            let (line, column) = (error.line(), error.column());
            structure(
                "not_json",
                format!("JSON として読めません（{line} 行 {column} 文字目）。"),
                format!("The body is not JSON: {error}."),
            )
        })
    })
}

fn structure(code: &'static str, ja: String, en: String) -> Issue {
    Issue::error(IssueKind::Structure, code, "", ja, en)
}

/// What is known while parsing: the text, to take numbers from it as written.
struct Reader<'a> {
    source: &'a [u8],
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    position: usize,
    problem: Option<Issue>,
}

impl Reader<'_> {
    fn fail<E: Error>(&self, problem: Issue) -> E {
        let message = problem.code;
        self.state.borrow_mut().problem = Some(problem);
        E::custom(message)
    }

    /// The next number of the text. The parser visits numbers in the order they are
    /// written, so one walk along the text serves all of them.
    fn next_number(&self) -> String {
        let mut state = self.state.borrow_mut();
        let mut rest = self
            .source
            .get(state.position..)
            .unwrap_or_default()
            .iter()
            .copied()
            .enumerate();
        let mut in_string = false;
        let mut start = 0;
        while let Some((at, byte)) = rest.next() {
            match byte {
                b'\\' if in_string => {
                    rest.next();
                }
                b'"' => in_string = !in_string,
                b'-' | b'0'..=b'9' if !in_string => {
                    start = at;
                    break;
                }
                _ => {}
            }
        }
        let from = state.position.saturating_add(start);
        let digits: String = self
            .source
            .get(from..)
            .unwrap_or_default()
            .iter()
            .take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'))
            .map(|byte| char::from(*byte))
            .collect();
        state.position = from.saturating_add(digits.len());
        digits
    }
}

/// One value at a known depth.
#[derive(Clone, Copy)]
struct Node<'r> {
    reader: &'r Reader<'r>,
    depth: usize,
}

impl Node<'_> {
    fn inner<E: Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.reader.fail(Issue::error(
                IssueKind::TooLong,
                "too_deep",
                "",
                format!("入れ子が深すぎます（上限 {MAX_DEPTH}）。"),
                format!("The nesting is deeper than {MAX_DEPTH}."),
            )));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Json;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Json, E> {
        Ok(Json::Number(self.reader.next_number()))
    }

    fn visit_u64<E>(self, _: u64) -> Result<Json, E> {
        Ok(Json::Number(self.reader.next_number()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Json, E> {
        Ok(Json::Number(self.reader.next_number()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let inner = self.inner()?;
        let mut array = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            array.push(item);
        }
        Ok(Json::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let inner = self.inner()?;
        let mut object = Object::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.contains_key(&key) {
                let key = quoted(&key);
                return Err(self.reader.fail(structure(
                    "duplicate_key",
                    format!("同じオブジェクトに項目「{key}」が二つあります。"),
                    format!("The property \"{key}\" occurs twice in one object."),
                )));
            }
            object.insert(key, entries.next_value_seed(inner)?);
        }
        Ok(Json::Object(object))
    }
}
