//! What the product does: one folder each, all alike. A feature uses another only through what its `mod.rs` exports.

pub mod access_log;
pub mod care_team;
pub mod clients;
pub mod consents;
pub mod documents;
pub mod events;
pub mod facilities;
pub mod health;
pub mod patients;
pub mod sessions;
pub mod staff_members;
pub mod timeline;
pub mod web_app;
