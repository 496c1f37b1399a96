//! Events: what open pages are told so that they need no reload. Owns `events`.
//!
//! A transaction that changes something puts an announcement into the outbox. The worker finds out who may know (by the
//! same rules as for reading), writes the event with its recipients, and every node passes it on to the streams that it
//! holds. An event holds ids only; whoever is told reads the thing itself, which is decided and recorded as always.

mod announce;
mod hub;
mod queries;
mod routes;
mod sweep;

pub use announce::{
    ANNOUNCE, ANNOUNCEMENT_CHANGED, ANNOUNCEMENT_CREATED, ANNOUNCEMENT_REMINDED, MESSAGE_CHANGED,
    MESSAGE_CREATED, POST_ACKNOWLEDGED, POST_CHANGED, POST_CREATED, READ_MARK_MOVED, WORK_CHANGED,
    announce, enqueue_announcement, enqueue_facts_change, enqueue_for, enqueue_message,
    enqueue_post, enqueue_read, enqueue_room_change, enqueue_team_change, forget_old, pass_on,
};
pub use hub::Hub;
pub use routes::configure;
pub use sweep::sweep;
