//! The auditor's monthly report on paper (監査月次報告書): the access log of one network and month in numbers, whether it can
//! be trusted, and what was looked at. Owns no table.
//!
//! Everything is read in one snapshot by the role that may read the log; the log is counted by the database, never loaded.
//! What is recomputed is bounded, and the paper says how much that was. Lists end after so many rows, and say what they
//! left out. The sheet is printed after the transaction, so that nothing waits for the typesetter. The report names
//! people and patients, so that making it is in the access log, with the patients that it names.

mod counts;
mod happened;
mod model;
mod policy;
mod report;
mod routes;
mod sealed;

pub use routes::configure;
