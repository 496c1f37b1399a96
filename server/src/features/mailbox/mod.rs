//! The mailbox of the demonstration, where mail can be read instead of being sent. Owns `mails` together with
//! `spine::mail`.
//!
//! It exists only while `TSUMUGI_MAILBOX` is on: then everybody reads everything, and a link in a mail opens an account
//! together with its code. Otherwise there is nothing at its address.

mod queries;
mod routes;

pub use routes::configure;
