//! Messages: what staff say to each other in rooms. Owns `messages`, `message_versions`, `message_moves`,
//! `message_acknowledgement_requests` and `message_acknowledgements`.
//!
//! Invariants: a message is never changed or removed, it gets a new version (amended, retracted, moved); the order is
//! that in which the server took messages in, by a number of the room; a reply stays in the room of what it answers; whoever is
//! mentioned or asked to acknowledge is in the room; what is about a patient belongs on that patient's timeline and is
//! moved there, by the author or by any member who may write there: the post is the author's and says who moved it, and
//! in the room a trace stays that names nobody to those who may not see the patient. What a moved message said is read in
//! the room by nobody any more, its earlier versions neither; the rows stay.
//!
//! Attachments hang on a message as they hang on a post: `NewMessage` and `MessageView` are where they come in.

mod acknowledge;
mod model;
mod policy;
mod queries;
mod read;
mod relocate;
mod routes;
mod view;
mod write;

pub use routes::configure;
