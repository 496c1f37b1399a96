//! Times of the access log that stay in the database for a dispute or an inquiry (保全). Owns `legal_holds`.
//!
//! Begun by auditors, and released by them with a reason and factors shown just now. What is held is whole months, and
//! for all networks of the installation, because a month of the log is one part of the database; `setup::retention` takes
//! no month out that anybody holds. What had gone into an archive file before is named, so that the file is kept.

mod policy;
mod queries;
mod routes;

pub use routes::configure;
