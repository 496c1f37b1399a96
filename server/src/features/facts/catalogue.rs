//! The kinds of facts, their fields and choices, as `schema/facts.json` has them. The web app reads the same file, so that
//! the form and the refusal cannot disagree.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

/// A kind of facts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// Name in the database and the interface.
    pub code: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// The kind of information that the access rules know it by.
    pub information: String,
    /// Whether there is one state of it at a time, so that two facts contradict each other.
    #[serde(default)]
    pub single: bool,
    /// Whether it may begin on a day to come.
    #[serde(default)]
    pub future: bool,
    /// Whether at least one field is needed, whichever.
    #[serde(default)]
    pub any: bool,
    /// The fields that say what it is about: two facts about the same that say different things contradict each other.
    #[serde(default)]
    pub about: Vec<String>,
    /// By which field and which of its codes it says that there is nothing of the kind.
    #[serde(default)]
    pub absent: Option<Absent>,
    /// Pairs of days of which the second is not before the first.
    #[serde(default)]
    pub orders: Vec<(String, String)>,
    /// What whoever sees a summary only is shown.
    pub summary: Vec<String>,
    /// What is added up.
    #[serde(default)]
    pub score: Option<Sum>,
    /// Fields, in the order of the form.
    pub fields: Vec<Field>,
}

/// How a kind says that there is nothing of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absent {
    /// The field.
    pub field: String,
    /// Codes of it.
    pub codes: Vec<String>,
}

/// What is added up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sum {
    /// The fields whose points count.
    pub fields: Vec<String>,
    /// The highest sum.
    pub highest: u32,
    /// The field that stands first in the notation, without points.
    #[serde(default)]
    pub notation: Option<String>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    /// A text.
    Text,
    /// One of its choices.
    Choice,
    /// Some of its choices.
    Choices,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A day.
    Date,
    /// A year, a month or a day.
    PartialDate,
    /// Yes; what does not hold is left out.
    Flag,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A code of the International Classification of Diseases.
    Icd10,
    /// The twelve characters of a YJ code.
    Yj,
    /// The 7, 9 or 13 digits of a HOT code.
    Hot,
    /// A telephone number.
    Phone,
    /// `HH:MM`.
    Time,
}

/// A field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Name.
    pub code: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// What it holds.
    #[serde(rename = "type")]
    pub holds: Holds,
    /// Whether it is needed, where it may be there.
    #[serde(default)]
    pub required: bool,
    /// It may be there only when these fields have one of these codes.
    #[serde(default)]
    pub when: BTreeMap<String, Vec<String>>,
    /// Most characters of a text.
    #[serde(default)]
    pub longest: usize,
    /// Whether a text may have several lines.
    #[serde(default)]
    pub lines: bool,
    /// Lowest number.
    #[serde(default)]
    pub low: f64,
    /// Highest number.
    #[serde(default)]
    pub high: f64,
    /// Digits after the point.
    #[serde(default)]
    pub digits: u8,
    /// How a text is written.
    #[serde(default)]
    pub format: Option<Format>,
    /// Unit of a number.
    #[serde(default)]
    pub unit: String,
    /// Choices.
    #[serde(default)]
    pub choices: Vec<Choice>,
}

/// A choice of a field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Code.
    pub code: String,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// Points, where something is added up.
    #[serde(default)]
    pub points: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Catalogue {
    kinds: Vec<Kind>,
}

/// Every kind, in the order of the page.
pub(super) static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    serde_json::from_str::<Catalogue>(tsumugi_schema::FACTS)
        .map(|catalogue| catalogue.kinds)
        .unwrap_or_default()
});

/// The kind with this code.
pub fn find(code: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.code == code)
}

impl Kind {
    /// A field of it.
    pub fn field(&self, code: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.code == code)
    }
}

impl Field {
    /// A choice of it.
    pub fn choice(&self, code: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.code == code)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::spine::professions;

    #[test]
    fn the_catalogue_is_read_and_fits_together() {
        serde_json::from_str::<Catalogue>(tsumugi_schema::FACTS).unwrap();
        assert_eq!(KINDS.len(), 14);
        for kind in KINDS.iter() {
            assert!(
                professions::place(&kind.information).is_some(),
                "{}",
                kind.code
            );
            let codes: BTreeSet<&str> = kind
                .fields
                .iter()
                .map(|field| field.code.as_str())
                .collect();
            assert_eq!(codes.len(), kind.fields.len(), "{}", kind.code);
            let named = kind.about.iter().chain(&kind.summary);
            let sums = kind
                .score
                .iter()
                .flat_map(|sum| sum.fields.iter().chain(&sum.notation));
            let days = kind.orders.iter().flat_map(|(first, then)| [first, then]);
            for field in named.chain(sums).chain(days) {
                assert!(codes.contains(field.as_str()), "{} {field}", kind.code);
            }
            for field in &kind.fields {
                for (other, codes) in &field.when {
                    let other = kind.field(other).unwrap();
                    assert!(
                        codes.iter().all(|code| other.choice(code).is_some()),
                        "{}",
                        field.code
                    );
                }
                let chosen = matches!(field.holds, Holds::Choice | Holds::Choices);
                assert_eq!(
                    chosen,
                    !field.choices.is_empty(),
                    "{} {}",
                    kind.code,
                    field.code
                );
                let text = field.holds == Holds::Text;
                assert_eq!(text, field.longest > 0, "{} {}", kind.code, field.code);
                let number = matches!(field.holds, Holds::Integer | Holds::Number);
                assert_eq!(
                    number,
                    field.high > field.low,
                    "{} {}",
                    kind.code,
                    field.code
                );
                let choices: BTreeSet<&str> =
                    field.choices.iter().map(|c| c.code.as_str()).collect();
                assert_eq!(
                    choices.len(),
                    field.choices.len(),
                    "{} {}",
                    kind.code,
                    field.code
                );
            }
        }
    }

    #[test]
    fn no_and_unknown_and_not_asked_are_told_apart() {
        for code in ["allergy", "infection"] {
            let state = find(code).unwrap().field("state").unwrap();
            let codes: Vec<&str> = state
                .choices
                .iter()
                .map(|choice| choice.code.as_str())
                .collect();
            assert_eq!(codes, ["present", "none", "unknown", "not_asked"]);
        }
    }

    #[test]
    fn the_official_grades_are_all_there() {
        let grades = |kind: &str, field: &str| -> Vec<String> {
            let choices = &find(kind).unwrap().field(field).unwrap().choices;
            choices.iter().map(|choice| choice.code.clone()).collect()
        };
        assert_eq!(
            grades("disability_level", "grade"),
            [
                "independent",
                "J1",
                "J2",
                "A1",
                "A2",
                "B1",
                "B2",
                "C1",
                "C2",
                "unknown"
            ]
        );
        assert_eq!(
            grades("dementia_level", "grade"),
            [
                "independent",
                "I",
                "IIa",
                "IIb",
                "IIIa",
                "IIIb",
                "IV",
                "M",
                "unknown"
            ]
        );
        assert_eq!(
            grades("diet", "texture"),
            [
                "regular", "0j", "0t", "1j", "2-1", "2-2", "3", "4", "unknown"
            ]
        );
        assert_eq!(
            grades("diet", "thickening"),
            ["none", "1", "2", "3", "unknown"]
        );
    }
}
