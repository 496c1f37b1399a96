//! What a patient does not see of the access log for a while (開示の保留), each with the law that says so. Owns
//! `withholdings`.
//!
//! Recorded by network administrators, seen by auditors. The entries of its days are missing from the patient's own list
//! until its last day is over or it is ended, and are there again by themselves afterwards; nothing says meanwhile that
//! or how many are missing. That it was recorded is an entry as well, and is withheld with the others.

mod policy;
mod queries;
mod routes;

pub use queries::{Withheld, in_force};
pub use routes::configure;
