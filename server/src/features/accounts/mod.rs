//! Accounts, as administrators keep them: who can sign in, since when nobody has, and with which licence; suspending,
//! resuming, ending sessions, and a new beginning after everything was lost (AN-12). Writes `accounts` as far as that
//! goes; sign-in itself is `sessions`. Accounts of patients and their families are not shown here: who is a patient is not
//! for administrators to know.
//!
//! Whoever is suspended or reset is out at once, at every node. An administrator never sees or sets anybody's factors: a
//! reset takes all of them away and invites the owner again. The owner is told by mail of whatever is done.

mod list;
mod model;
mod policy;
mod queries;
mod routes;

use utoipa_actix_web::service_config::ServiceConfig;

pub use list::{AccountView, find};
pub use model::notify;

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    list::configure(config);
    routes::configure(config);
}
