//! Sessions: signing in, staying signed in, signing out, and who one is. Owns `sessions`; reads `accounts`.
//!
//! Whoever signs in shows two factors of different kinds. A wrong name, a wrong password and a suspended account answer
//! alike and take as long. A refresh token is good once; one that comes again ends the session, because somebody else
//! may have it.

mod known;
mod list;
mod lock;
mod me;
mod open;
mod post;
mod queries;
mod routes;
mod sign_in;
mod step_up;

pub use known::Known;
pub use list::{SessionItemView, alert_replay, end_all, list_of};
pub use open::{OnDevice, Opened, Opening, SessionView, Transport, open};
pub use routes::configure;
