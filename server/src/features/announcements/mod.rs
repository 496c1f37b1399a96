//! What is passed round (回覧): an announcement to a facility, a profession, a room or the whole region, with the list of
//! who has confirmed it. Owns `announcements` and `announcement_recipients`.
//!
//! Invariants: whom it was sent to is settled when it is sent, so that "who has not confirmed" has one answer; only who
//! was sent it and who sent it know of it; only the sender sees by name who has confirmed; it is never changed, only
//! withdrawn; whoever has not confirmed is reminded once a day before the deadline, and whenever the sender asks for it.

mod export;
mod model;
mod policy;
mod queries;
mod read;
mod routes;
mod view;
mod write;

pub use queries::addressees;
pub use routes::configure;
pub use write::watch;
