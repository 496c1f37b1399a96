//! Duty contacts (施設の当番): who of a facility is turned to, and in which hours, when somebody there does not answer. Owns
//! `duty_contacts`.
//!
//! Everybody who takes part may see them. They are kept by the person who manages the facility, by the contacts
//! themselves, and by network administrators. A list is replaced as a whole; who comes first in it is turned to first.
//! Being on it opens nothing: a contact who may not read a post is told that somebody does not answer, and nothing else.

mod model;
mod policy;
mod queries;
mod routes;

pub use queries::{DutyContact, of};
pub use routes::configure;
