//! Accounts, as administrators keep them: suspending, resuming, ending sessions, and a new beginning after everything was
//! lost (AN-12). Writes `accounts` as far as that goes; sign-in itself is `sessions`.
//!
//! Whoever is suspended or reset is out at once, at every node. An administrator never sees or sets anybody's factors: a
//! reset takes all of them away and invites the owner again. The owner is told by mail of whatever is done.

mod model;
mod policy;
mod queries;
mod routes;

pub use model::notify;
pub use routes::configure;
