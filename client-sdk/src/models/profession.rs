//! The register of professions (職種).

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::information::{InformationKind, Right};
use super::staff_member::Profession;

/// A profession of the register, or one that the network added.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RegisteredProfession {
    /// Its code.
    pub code: Profession,
    /// Its Japanese name.
    pub ja: String,
    /// Its English name.
    pub en: String,
    /// Code of its group, as consents name it.
    pub group: String,
    /// Whether it needs a licence.
    pub licensed: bool,
    /// The profession whose rights it has; absent for one of the register itself.
    pub based_on: Option<Profession>,
    /// What it may do with which kind of information in this network.
    pub kinds: HashMap<InformationKind, Vec<Right>>,
}

/// Adding a profession to the network's register. It has the rights of another one.
#[derive(Clone, Debug, Serialize)]
pub struct CreateProfession {
    /// Its code: lower-case letters, digits and underscores, beginning with a letter.
    pub code: String,
    /// Its Japanese name.
    pub ja: String,
    /// Its English name.
    pub en: String,
    /// The profession of the register whose rights it has.
    pub based_on: Profession,
}
