//! Appointments (予定): visits, exchanges of devices, conferences, deadlines, of patients and of people. Owns
//! `appointments`, `appointment_versions` and `appointment_people`.
//!
//! An appointment is never changed or removed: it gets a new version, and every version stays readable with its author
//! and reason. A series is one appointment with a rule; single days of it may be left out or differ. "From here on" ends
//! the series and begins another that follows it. Days are days in Japan; at most five years of a series are ever
//! looked at. Two appointments of one person at the same time are asked about, not refused. The patient and the family
//! see who comes and when, where the team says so. Who takes part and may not see the patient sees kind and time only.
//!
//! What other features know of the coming days, devices to be exchanged and deadlines for answers, is no appointment:
//! it is asked for when a calendar is read, under the rules of the feature that keeps it.

mod due;
mod model;
mod overlaps;
mod own;
mod policy;
mod queries;
mod read;
mod recurrence;
mod routes;
mod split;
mod view;
mod write;

pub use due::{Deadline, deadlines};
pub use model::{Kind, Occurrence, Participant, Plan, Span, last_day_of};
pub use own::{Taken, of_person};
pub use routes::configure;
