//! The professions (職種) and what each may do with which kind of information by default:
//! `schema/policy/professions.json` and `schema/policy/matrix.json`.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use serde::{Deserialize, Serialize};

/// A kind of information, as the matrix names it.
#[derive(Debug, Deserialize)]
pub struct Kind {
    /// Code in the interface, such as `vitals`.
    pub code: String,
    /// Japanese name.
    pub ja: String,
    /// English name.
    pub en: String,
}

/// One profession.
#[derive(Debug, Deserialize)]
pub struct Profession {
    /// Code in the interface, such as `care_manager`.
    pub code: String,
    /// Official Japanese name.
    pub ja: String,
    /// English name.
    pub en: String,
    /// Group of professions, by which consents name them.
    pub group: String,
    /// Column of the matrix.
    pub column: String,
    /// Whether a licence (免許・登録) goes with it.
    pub licensed: bool,
    /// Whether it may use emergency access.
    pub emergency: bool,
}

/// What a profession may do with a kind of information: a set of bits, each of which has a letter in the matrix and a
/// word in the rules.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rights(u8);

impl Rights {
    /// R: reads.
    pub const READ: Self = Self(1);
    /// r: reads a summary only.
    pub const SUMMARY: Self = Self(1 << 1);
    /// W: writes.
    pub const WRITE: Self = Self(1 << 2);
    /// S: signs.
    pub const SIGN: Self = Self(1 << 3);
    /// c: only when the consent has a word of its own for the group.
    pub const SEPARATE: Self = Self(1 << 4);
    /// e: reads under emergency access.
    pub const EMERGENCY: Self = Self(1 << 5);
    /// The network has taken reading away.
    pub const NO_READ: Self = Self(1 << 6);
    /// The network has taken writing and signing away.
    pub const NO_WRITE: Self = Self(1 << 7);
    /// Letter and word of each.
    const ALL: [(Self, char, &'static str); 8] = [
        (Self::READ, 'R', "read"),
        (Self::SUMMARY, 'r', "summary"),
        (Self::WRITE, 'W', "write"),
        (Self::SIGN, 'S', "sign"),
        (Self::SEPARATE, 'c', "separate"),
        (Self::EMERGENCY, 'e', "emergency"),
        (Self::NO_READ, '!', "no_read"),
        (Self::NO_WRITE, '?', "no_write"),
    ];

    fn parse(letters: &str) -> Option<Self> {
        letters.chars().try_fold(Self::default(), |sum, letter| {
            let found = Self::ALL.iter().find(|(_, own, _)| *own == letter)?;
            Some(sum.with(found.0))
        })
    }

    /// Both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// These without those.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether all of `other` is in it.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The words of the rules.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        Self::ALL
            .into_iter()
            .filter(move |(bit, ..)| self.has(*bit))
            .map(|(_, _, word)| word)
    }
}

#[derive(Deserialize)]
struct Matrix {
    kinds: Vec<Kind>,
    columns: HashMap<String, BTreeMap<String, String>>,
}

struct Register {
    kinds: Vec<Kind>,
    professions: HashMap<String, Profession>,
    rights: HashMap<(String, String), Rights>,
}

static REGISTER: LazyLock<Register> = LazyLock::new(|| {
    let all: Vec<Profession> =
        serde_json::from_str(tsumugi_schema::PROFESSIONS).unwrap_or_default();
    let matrix = serde_json::from_str(tsumugi_schema::MATRIX).unwrap_or(Matrix {
        kinds: Vec::new(),
        columns: HashMap::new(),
    });
    let cells = matrix.columns.into_iter().flat_map(|(column, cells)| {
        cells.into_iter().filter_map(move |(kind, letters)| {
            Some(((column.clone(), kind), Rights::parse(&letters)?))
        })
    });
    Register {
        kinds: matrix.kinds,
        rights: cells.collect(),
        professions: all.into_iter().map(|p| (p.code.clone(), p)).collect(),
    }
});

impl Profession {
    /// What the profession may do with a kind of information by default.
    pub fn rights(&self, kind: &str) -> Rights {
        let cell = (self.column.clone(), kind.to_owned());
        REGISTER.rights.get(&cell).copied().unwrap_or_default()
    }
}

/// The profession with this code.
pub fn find(code: &str) -> Option<&'static Profession> {
    REGISTER.professions.get(code)
}

/// All professions, by code.
pub fn all() -> Vec<&'static Profession> {
    let mut all: Vec<_> = REGISTER.professions.values().collect();
    all.sort_by(|a, b| a.code.cmp(&b.code));
    all
}

/// The kinds of information, in the order of the matrix.
pub fn kinds() -> &'static [Kind] {
    &REGISTER.kinds
}

/// The place of a kind in [`kinds`]; at most 31.
pub fn place(kind: &str) -> Option<u32> {
    let at = REGISTER.kinds.iter().position(|known| known.code == kind)?;
    u32::try_from(at).ok().filter(|at| *at < 32)
}

/// Whether professions of this group exist.
pub fn is_group(group: &str) -> bool {
    REGISTER.professions.values().any(|p| p.group == group)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_is_read_and_sane() {
        assert_eq!(all().len(), 47);
        assert_eq!(kinds().len(), 26);
        let columns: HashMap<String, serde_json::Value> = serde_json::from_value(
            serde_json::from_str::<serde_json::Value>(tsumugi_schema::MATRIX).unwrap()["columns"]
                .clone(),
        )
        .unwrap();
        let cells: usize = columns
            .values()
            .map(|cells| cells.as_object().unwrap().len())
            .sum();
        assert_eq!(REGISTER.rights.len(), cells, "every cell is understood");
        for profession in all() {
            assert!(
                columns.contains_key(&profession.column),
                "{}",
                profession.code
            );
            for kind in kinds() {
                let rights = profession.rights(&kind.code);
                assert!(
                    !rights.has(Rights::SIGN) || rights.has(Rights::READ),
                    "{} signs {} unread",
                    profession.code,
                    kind.code
                );
                assert!(place(&kind.code).is_some());
            }
        }
        assert_eq!(
            find("home_helper").unwrap().rights("medical"),
            Rights::default()
        );
        assert!(
            find("physician")
                .unwrap()
                .rights("referral")
                .has(Rights::SIGN)
        );
    }

    #[test]
    fn administrators_auditors_and_support_have_no_content() {
        for code in ["administrator", "facility_administrator", "support"] {
            let profession = find(code).unwrap();
            for kind in kinds() {
                assert_eq!(profession.rights(&kind.code), Rights::default(), "{code}");
            }
        }
    }
}
