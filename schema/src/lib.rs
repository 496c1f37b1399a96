//! The shape of Tsumugi's data, and nothing else: migrations, table definitions, access rules.
//!
//! A crate of its own because table definitions are slow to compile and seldom change.

use diesel_migrations::{EmbeddedMigrations, embed_migrations};

pub mod tables;

/// Every migration, in order, compiled into the binary.
pub const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// The access rules (Cedar). Published: every rule has an id and its reason in Japanese and English.
pub const POLICIES: &str = include_str!("../policy/tsumugi.cedar");

/// The types that the access rules speak about (Cedar schema).
pub const POLICY_SCHEMA: &str = include_str!("../policy/tsumugi.cedarschema");

/// The professions.
pub const PROFESSIONS: &str = include_str!("../policy/professions.json");

/// What each group of professions may do with which kind of information by default.
pub const MATRIX: &str = include_str!("../policy/matrix.json");

/// Facts (いまの状態): kinds, fields, choices and points, with their official Japanese names.
pub const FACTS: &str = include_str!("../facts.json");

/// Vital signs and observations: names, codes, units and limits.
pub const VITAL_SIGNS: &str = include_str!("../vital-signs.json");
