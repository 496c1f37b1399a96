//! Copies of a patient's whole record (記録の写し): as PDF/A to be read, and as a ZIP of files for other programs, with a
//! page of who has looked. Owns `record_exports`, `record_export_files`, `record_export_chunks`, `record_export_links`.
//!
//! A copy holds what the person who asked may read when it is made, as the lists of the interface would show it, and says
//! in plain words what it leaves out; how much that is it does not say. It is made by the worker, page by page, so that
//! a record of any length needs no more memory than a short one; whoever is killed is followed by another. The bytes are
//! sealed at rest, live for a day, and are given out by links that are good for minutes, and only to whoever asked, for
//! as long as the rules still allow what the copy holds. Asking, making and fetching are in the access log.
//!
//! What other features add is a [`Section`] (a part of the record such as its facts) in `parts.rs`.

mod fhir;
mod fhir_posts;
mod links;
mod make;
mod model;
mod parts;
mod policy;
mod queries;
mod routes;
mod words;

use utoipa_actix_web::service_config::ServiceConfig;

pub use make::make_all;
pub use parts::Section;
pub use words::{channel_ja, kind_ja, vitals_ja};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
    links::configure(config);
}
