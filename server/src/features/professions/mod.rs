//! The register of professions, with what a network added. Owns `network_professions`.
//!
//! The register itself is `spine::professions`, the same for every network. A network may add professions of its own;
//! each stands on one of the register and has its rights, so that a new word never makes a new right. What makes an
//! account's role (administrator, auditor, support, patient, family) cannot be stood on.

mod model;
mod policy;
mod queries;
mod routes;

pub use model::{Known, makes_role};
pub use queries::{known, resolve};
pub use routes::configure;
