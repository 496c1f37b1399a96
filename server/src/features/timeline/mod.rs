//! The timeline (タイムライン): a patient's stream of posts, newest first. Owns `posts`, `post_versions`,
//! `acknowledgement_requests`, `acknowledgements` and `read_marks`.
//!
//! Used by everyone on the care team, forty times a day. Invariants: a post is never changed or removed, it gets a new
//! version (amended or retracted), and every version stays readable; the order is that in which the server took posts
//! in, so that what was written offline yesterday is not missed today; a reply stays on the channel of what it answers;
//! whoever is asked to acknowledge may read the post; a reading mark only moves forward; nobody sees a post that the
//! rules would not open to them.

mod acknowledge;
mod alert;
mod model;
mod moved;
mod policy;
mod publish;
mod queries;
mod read;
mod routes;
mod view;
mod write;

pub use model::{Content, kinds_by_information};
pub use moved::{MovedPost, Place, publish_moved, readable};
pub use publish::{publish_document, reader_scopes, readers, replace_document};
pub use routes::configure;
