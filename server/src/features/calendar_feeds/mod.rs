//! The calendar feed (カレンダー連携): an address of one's own at which a calendar program fetches when one has
//! something, and of what kind: appointments, exchanges of devices, deadlines for answers. Owns `calendar_feeds`.
//!
//! No name, no place, no text of a person ever goes out. The secret is in the address and shown once; only its digest is
//! kept, and no log names it. A person has one address for each post; a new one ends the one before. It ends with the
//! account and with the post. Every fetch is in the access log.

mod feed;
mod policy;
mod queries;
mod routes;

pub use routes::configure;
