//! Documents that hospitals push (退院時サマリー, 診療情報提供書, 健診結果, CLINS の 5 情報): received as FHIR Bundles, kept
//! byte for byte, put into words, and placed on the timeline of their patient. Owns `documents`.
//!
//! The patient is found by a number that the sending facility has registered; if the birth date or sex in the document
//! is another's, it is not posted. A document whose patient is not found waits at the sending facility, where somebody
//! of the patient's care team names the patient. The same bytes again change nothing; the same `Bundle.identifier` with
//! other bytes is a new version of the same post.

mod copy;
mod incoming;
mod model;
mod policy;
mod queries;
mod receive;
mod routes;
mod view;

pub use copy::{copy, copy_original};
pub use routes::configure;
