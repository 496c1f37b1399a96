//! What a leak has touched (漏えい等報告, 個人情報保護法26条): the persons whose information went out by one key, account,
//! session, device or address in a time, from the access log and the records of provisions. Owns no table.
//!
//! Entries are read in pages and only counted, so that what is in memory is the affected persons, however many entries
//! there are. Made by auditors, or by whoever runs the installation from the command line; that it was made, and whom it
//! names, is in the access log.

mod export;
mod form;
mod model;
mod policy;
mod queries;
mod report;
mod routes;

pub use export::csv;
pub use model::{Asked, Source};
pub use queries::find_network;
pub use report::{IncidentReportView, make};
pub use routes::configure;
