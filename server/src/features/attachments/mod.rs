//! Attached files (写真・動画・音声・PDF): what somebody sends for a patient's timeline or a room. Owns `file_keys`,
//! `attachments`, `attachment_parts`, `attachment_files`, `attachment_texts` and `post_attachments`.
//!
//! Invariants: a file arrives once, in order, whole or not at all (tus 1.0 with an identifier chosen by the device); what
//! is looked at was written by this server, never the bytes that were sent, so that no location, script or second meaning
//! survives; what a file is follows from its bytes, not from its name; nothing is shown before it was checked, by the
//! malware scanner too where there is one; until it is linked, only who sent it sees it, and then exactly who may read
//! what it is linked to; every byte at rest is encrypted under the key of its patient or room; links to look at a file
//! live for minutes, and who may see it is decided again when they are used.
//!
//! Others use [`Holder`], [`link_to_post`], [`of_posts`], [`views`], [`destroy_key`]; messages use [`check_ids`],
//! [`check_link`] and [`views`], and keep themselves which of them shows which file.

mod check;
mod copy;
mod keys;
mod link;
mod model;
mod policy;
mod posts;
mod queries;
mod read;
mod receive;
mod routes;
mod tus;
mod upload;
mod view;

pub use check::{check_all, forget_unfinished};
pub use copy::{Copied, copy, copy_bytes};
pub use keys::destroy_key;
pub use model::Holder;
pub use posts::{
    check as check_ids, check_link, latest_of, link_to_post, of_posts, of_versions, words,
};
pub use routes::configure;
pub use view::{AttachmentView, attachments as views};
