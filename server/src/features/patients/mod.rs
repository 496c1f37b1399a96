//! Patients (患者・利用者): who is cared for, by which numbers facilities know them, and the list of one's own. Owns
//! `patients` and `patient_identifiers`.
//!
//! A patient exists only with a consent and with somebody on the care team: both are made in one act. Nobody finds a
//! patient of whose care team they are not.

mod copy;
mod model;
mod policy;
mod queries;
mod routes;
mod unread;
mod view;

pub use copy::copy;
pub use model::{Patient, Sex};
pub use queries::{add_number, find, find_by_identifier, find_by_person};
pub use routes::{NewIdentifier, configure};
pub use unread::unread;
