//! The templates that are there from the beginning, by groups of professions.

use std::sync::LazyLock;

use serde::Deserialize;

/// A built-in template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BuiltIn {
    /// Code in the interface.
    pub(super) code: String,
    /// Groups of professions that it is for; empty: every one.
    pub(super) groups: Vec<String>,
    /// Kind of post.
    pub(super) kind: String,
    /// What it is called.
    pub(super) title: String,
    /// The text.
    pub(super) body: String,
}

static ALL: LazyLock<Vec<BuiltIn>> =
    LazyLock::new(|| serde_json::from_str(include_str!("built-in.json")).unwrap_or_default());

/// Those for a group of professions.
pub(super) fn of_group(group: &str) -> impl Iterator<Item = &'static BuiltIn> {
    let is_for = move |one: &&BuiltIn| {
        one.groups.is_empty() || one.groups.iter().any(|known| known == group)
    };
    ALL.iter().filter(is_for)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{features::timeline::kinds_by_information, spine::professions};

    #[test]
    fn every_built_in_template_can_begin_a_post() {
        let kinds: Vec<&str> = kinds_by_information()
            .into_iter()
            .flat_map(|(_, kinds)| kinds)
            .collect();
        let codes: BTreeSet<&str> = ALL.iter().map(|one| one.code.as_str()).collect();
        assert!(ALL.len() >= 15);
        assert_eq!(codes.len(), ALL.len());
        for one in ALL.iter() {
            assert!(kinds.contains(&one.kind.as_str()), "{}", one.code);
            assert!(
                one.groups.iter().all(|g| professions::is_group(g)),
                "{}",
                one.code
            );
            assert!(!one.title.is_empty() && one.title.chars().count() <= 60);
            assert!(!one.body.is_empty() && one.body.chars().count() <= 4000);
        }
    }

    #[test]
    fn nurses_and_helpers_find_their_own() {
        let of = |group| -> Vec<&str> { of_group(group).map(|one| one.code.as_str()).collect() };
        assert!(of("NS").contains(&"soap") && of("NS").contains(&"focus"));
        assert!(of("HH").contains(&"home_help") && !of("HH").contains(&"focus"));
        assert!(of("PH").contains(&"medication_visit"));
        assert!(of("CM").contains(&"monitoring"));
    }
}
