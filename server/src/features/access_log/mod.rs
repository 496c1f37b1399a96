//! The access log as auditors read it (アクセスログ). Reads `audit_events`, which every transaction writes, and the places
//! in the sealed log; reading it is itself recorded.
//!
//! The list, the counts and the export are narrowed by the same filter. What is exported leaves bit by bit, between an
//! entry that says that it began and one that says that all of it went out. An entry can be proven without us, and is told
//! to programs of others as an AuditEvent of FHIR. What support did is held against the plan for which it was let in.

mod actions;
mod audit_events;
mod counts;
mod export;
mod filter;
mod maintenance;
mod policy;
mod proof;
mod queries;
mod routes;
mod view;

pub use actions::kind_ja;
pub use counts::week_hours;
pub use export::purpose_ja;
pub use routes::configure;
