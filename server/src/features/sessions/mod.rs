//! Sessions: signing in, staying signed in, signing out, and who one is. Owns `sessions`; reads `accounts`.
//!
//! A wrong name, a wrong password and a suspended account answer alike and take as long. A refresh token is good once;
//! one that comes again ends the session, because somebody else may have it.

mod open;
mod queries;
mod routes;

pub use open::{OnDevice, Opened, Opening, SessionView, Transport, open};
pub use routes::configure;
