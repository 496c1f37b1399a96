//! Notices (お知らせ): telling people who have not opened the app that something waits for them: by push on their devices,
//! by mail at once, or by mail together. Owns `notices`, `notice_settings`, `push_subscriptions`.
//!
//! Other features call [`enqueue()`] in the transaction of what they tell of, for people who may know of it, and
//! [`finish`] when nothing waits any more ([`finish_own`], [`finish_read`]: for one person). Each person decides by kind of notice how to be told, and when not to be
//! (quiet hours), which urgent things and people on call do not have. Nothing that leaves the server by push or mail
//! names a patient or says what was written: how many things wait, and where to read them. Notices hold ids only.
//!
//! A notice is claimed by putting it off, sent with no transaction open, and settled afterwards, as mail is. Addresses
//! that browsers give are addresses that people have entered: requests go only to public machines, over TLS.

mod enqueue;
mod list;
mod model;
#[cfg(test)]
mod model_tests;
mod policy;
mod push;
mod queries;
mod routes;
mod send;
mod words;

pub use enqueue::{enqueue, finish, finish_own, finish_read, quiet_until};
pub use list::{Waiting, WaitingView, count_waiting, waiting};
pub use model::{About, Kind};
pub use routes::configure;
pub use send::{forget_old, mail_due, send_due};
