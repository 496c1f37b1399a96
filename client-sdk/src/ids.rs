//! Ids of new things.

use uuid::Uuid;

/// A new id, UUIDv7, for something the caller is about to create.
#[expect(
    clippy::disallowed_methods,
    reason = "the library's only source of ids; the rule is about the server's"
)]
pub fn new_id() -> Uuid {
    Uuid::now_v7()
}
