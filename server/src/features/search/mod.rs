//! Search (検索): words in the posts, documents, attachments and messages that somebody may read. Owns `search_entries`
//! and `search_progress`.
//!
//! Whatever is written is made findable in the transaction that writes it ([`put`], [`remove`]): what is found is always
//! the newest version, and nothing that was taken back. What was written before is caught up with by the worker
//! ([`catch_up()`]), and made anew when the form changes in which words are looked for. Somebody finds exactly what could
//! be opened one by one: the same rules decide, at the moment of the search, and neither a number nor a place in the
//! list tells of anything else. What is looked for is about patients: it comes in a body, is in no log, and the access
//! log keeps a keyed digest. Decision 014 says why it is built so.

mod catch_up;
mod entry;
mod found;
mod model;
mod policy;
mod queries;
mod routes;
mod synonyms;
mod variants;
mod view;
mod words;

pub use catch_up::catch_up;
pub use entry::{Author, Entry, Place, Row, Source, document_text};
pub use queries::{put, remove, remove_files_but, remove_post, text_of_document};
pub use routes::configure;
pub use words::{FORM, folded, tokens};
