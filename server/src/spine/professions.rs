//! The professions (職種) and what each may read and write by default: `schema/policy/professions.json`.

use std::{collections::HashMap, sync::LazyLock};

use serde::Deserialize;

/// One profession.
#[derive(Debug, Deserialize)]
pub struct Profession {
    /// Code in the interface, such as `care_manager`.
    pub code: String,
    /// Official Japanese name.
    pub ja: String,
    /// English name.
    pub en: String,
    /// Group of the matrix.
    pub group: String,
    /// Kinds of information that it may read.
    pub reads: Vec<String>,
    /// Kinds of information that it may write.
    pub writes: Vec<String>,
}

static REGISTER: LazyLock<HashMap<String, Profession>> = LazyLock::new(|| {
    let all: Vec<Profession> =
        serde_json::from_str(tsumugi_schema::PROFESSIONS).unwrap_or_default();
    all.into_iter().map(|p| (p.code.clone(), p)).collect()
});

/// The profession with this code.
pub fn find(code: &str) -> Option<&'static Profession> {
    REGISTER.get(code)
}

/// All professions, by code.
pub fn all() -> Vec<&'static Profession> {
    let mut all: Vec<_> = REGISTER.values().collect();
    all.sort_by(|a, b| a.code.cmp(&b.code));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_register_is_read_and_sane() {
        assert_eq!(all().len(), 22);
        for p in all() {
            // Whoever writes a kind must see what was written; nobody outside medicine reads the medical channel.
            assert!(
                p.writes.iter().all(|kind| p.reads.contains(kind)),
                "{}",
                p.code
            );
        }
        assert!(
            !find("home_helper")
                .unwrap()
                .reads
                .contains(&"medical".to_owned())
        );
        assert!(find("administrator").unwrap().reads.is_empty());
    }
}
