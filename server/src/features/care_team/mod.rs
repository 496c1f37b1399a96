//! The care team (ケアチーム): who looks after a patient, each from a day to a day. Owns `care_team_members`.
//!
//! Membership is what most access rests on; it begins and ends by the Japanese calendar day.

mod policy;
mod queries;
mod routes;

pub use queries::{add_first, list_current};
pub use routes::{configure, copy};
