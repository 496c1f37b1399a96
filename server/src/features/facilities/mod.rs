//! Facilities (施設・事業所): hospitals, clinics, stations and offices of a network. Kept by the network administrator,
//! seen by every participant. Owns `facilities`.

mod model;
mod policy;
mod queries;
mod routes;

pub use model::{FacilityKind, FacilityRef};
pub use routes::configure;
