//! Access in an emergency (緊急時アクセス): one patient, for at most an hour, by professions that may, with a reason, after
//! showing factors again. Administrators are told at once, every access is reviewed, and one that has ended is dead. Owns
//! `emergency_accesses`.

mod model;
mod notice;
mod policy;
mod queries;
mod routes;

pub use model::{Category, REVIEW_DUE, RunningEmergency};
pub use notice::watch;
pub use queries::{find_running, reasons};
pub use routes::configure;
