//! Checkpoints of the access log for people: the newest one with everything that says whether the log can be believed,
//! short enough to be printed as a code; the list of those that are kept; and the proof that one grew from another. For
//! network administrators and auditors. Owns no table.

mod policy;
mod queries;
mod routes;
mod state;

pub use routes::configure;
