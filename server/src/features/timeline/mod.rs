//! The timeline (タイムライン): a patient's stream of posts, newest first. Owns `posts`, `post_versions`,
//! `post_recipients`, `post_reactions`, `post_pins`, `post_approvals`, `acknowledgement_requests`, `acknowledgements` and
//! `read_marks`.
//!
//! Used by everyone on the care team, forty times a day. Invariants: a post is never changed or removed, it gets a new
//! version (amended or retracted), and every version stays readable; the order is that in which the server took posts
//! in, so that what was written offline yesterday is not missed today; a reply stays on the channel of what it answers,
//! and with its people; whoever is asked, named, mentioned or spoken for may read the post; a reading mark only moves
//! forward; nobody sees a post that the rules would not open to them.

mod acknowledge;
mod alert;
mod approvals;
mod copy;
mod findable;
mod model;
mod moved;
mod people;
mod pins;
mod policy;
mod publish;
mod queries;
mod reactions;
mod read;
mod routes;
mod tell;
mod threads;
mod view;
mod wounds;
mod write;

pub use copy::{Span, Which, copy_page, copy_size, open_for_copy};
pub use findable::make_files_findable;
pub use model::{Content, WrittenKind, kinds_by_information};
pub use moved::{MovedPost, Place, publish_moved, readable};
pub use policy::may_read_post;
pub use publish::{
    facts_of, mentioned, named_to_caller, publish_document, readable_channel, reader_scopes,
    readers_of, replace_document,
};
pub use routes::configure;
