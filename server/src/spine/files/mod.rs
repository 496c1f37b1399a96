//! Files at rest: in a folder or a bucket, each encrypted in chunks under the key of its patient or room.
//!
//! The store never sees a byte in the clear, and a file cannot be read once its key is destroyed. Each chunk is opened
//! and checked by itself (STREAM over XChaCha20-Poly1305), so that a part of a long video can be served without the rest;
//! chunks cannot be left out, moved, or put under another file.

mod sealed;
mod store;

pub use sealed::{CHUNK, FileKey, Sealer, sealed_length};
pub use store::{Away, FileStore};
