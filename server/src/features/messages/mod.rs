//! Messages: what staff say to each other in rooms. Owns `messages`, `message_versions`, `message_attachments`,
//! `message_moves`, `message_acknowledgement_requests` and `message_acknowledgements`.
//!
//! Invariants: a message is never changed or removed, it gets a new version (amended, retracted, moved); the order is
//! that in which the server took messages in, by a number of the room; a reply stays in the room of what it answers; whoever is
//! mentioned or asked to acknowledge is in the room; what is about a patient belongs on that patient's timeline and is
//! moved there, by the author or by any member who may write there: the post is the author's and says who moved it, and
//! in the room a trace stays that names nobody to those who may not see the patient. What a moved message said is read in
//! the room by nobody any more, its earlier versions neither; the rows stay.
//!
//! A message shows files that its author has sent for the room; a file is in one message only and is looked at by who may
//! read the message, as long as its newest version shows it. They lie under the key of the room, so that a message with
//! files is not moved to a timeline.
//!
//! Others use [`may_write`], [`may_look`] and [`shown_in`]: what files ask; and [`rooms_with`]: what notices ask.

mod acknowledge;
mod files;
mod findable;
mod model;
mod policy;
mod queries;
mod read;
mod relocate;
mod routes;
mod tell;
mod view;
mod write;

pub use findable::make_findable;
pub use policy::{may_look, may_write};
pub use queries::shown_in;
pub use routes::configure;
pub use tell::rooms_with;
