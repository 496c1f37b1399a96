//! Consents (同意): the patient's agreement to share within the network. Owns `consents`.
//!
//! A consent is never changed; it is withdrawn, and reading stops with the next request. What was recorded while it
//! stood is kept.

mod policy;
mod queries;
mod routes;

pub use queries::{add_first, find_standing};
pub use routes::{ConsentView, CreateConsent, configure};
