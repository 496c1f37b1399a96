//! The server itself: whether it lives, whether it is ready, and what it publishes. Owns no table and sees no patient,
//! so these operations leave no entry in the access log.

mod queries;
mod routes;

pub use routes::configure;
