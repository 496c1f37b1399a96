//! Consents (同意): the patient's agreement to share within the network, how far it goes, what shows it, and its
//! withdrawal. Owns `consents` and `consent_evidence`.
//!
//! A consent is never changed; it is withdrawn, and reading stops with the next request. What was recorded while it
//! stood is kept. Several consents stand side by side: together they allow what any one of them allows, and a narrow
//! one takes nothing away from a wide one. Whoever wants to narrow a consent withdraws it and records another, in one
//! act (`replaces`). A consent that others gave in an emergency ends by itself after fourteen days at most: by then the
//! patient or the proxy has confirmed it, as a consent of their own.

mod copy;
mod evidence;
mod media;
mod model;
#[cfg(test)]
mod model_tests;
mod policy;
mod queries;
mod routes;

pub use copy::copy;
pub use model::KINDS;
pub use queries::{add_first, find_covering, find_standing, grounds};
pub use routes::{ConsentView, CreateConsent, configure};
