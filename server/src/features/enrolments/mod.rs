//! Enrolment: how an invited person sets up factors. Begins with both halves of an invitation (`invitations`), is kept
//! as a challenge for a quarter of an hour, and ends with a session.
//!
//! Nobody but the person sees or chooses a factor (AN-11). Taking up an invitation is a new beginning: whatever the
//! account had before, factors and sessions, ends with it (AN-12). Everything that is wrong answers alike.

mod finish;
mod model;
mod queries;
mod routes;

pub use routes::configure;
