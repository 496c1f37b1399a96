//! What is known of a profession, whether of the register or added by the network.

use std::collections::BTreeMap;

use crate::spine::professions::{self, Profession};

/// A profession that people of the network may have.
#[derive(Debug, Clone)]
pub struct Known {
    /// Code.
    pub code: String,
    /// Name in Japanese.
    pub ja: String,
    /// Name in English.
    pub en: String,
    /// The profession of the register whose rights it has; itself for one of the register.
    pub base: &'static Profession,
}

impl Known {
    /// Whether the network added it.
    pub(super) fn is_added(&self) -> bool {
        self.code != self.base.code
    }
}

impl From<&'static Profession> for Known {
    fn from(base: &'static Profession) -> Self {
        Self {
            code: base.code.clone(),
            ja: base.ja.clone(),
            en: base.en.clone(),
            base,
        }
    }
}

/// Professions whose accounts have a role of their own, apart from care.
const ROLES: [&str; 5] = ["administrator", "auditor", "support", "patient", "family"];

/// Whether the profession is a role rather than a trade.
pub fn makes_role(code: &str) -> bool {
    ROLES.contains(&code)
}

/// What the profession may do by default, by kind of information.
pub(super) fn kinds(base: &Profession) -> BTreeMap<String, Vec<String>> {
    professions::kinds()
        .iter()
        .map(|kind| {
            let words = base.rights(&kind.code).words().map(str::to_owned);
            (kind.code.clone(), words.collect::<Vec<_>>())
        })
        .filter(|(_, words)| !words.is_empty())
        .collect()
}
