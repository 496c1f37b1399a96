//! The access log as auditors read it (アクセスログ). Reads `audit_events`, which every transaction writes; reading it is
//! itself recorded.

mod policy;
mod queries;
mod routes;

pub use routes::configure;
