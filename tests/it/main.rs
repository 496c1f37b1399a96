//! Every test that needs the whole: people as fixtures, calling through the client library against the real server and a
//! real PostgreSQL.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should say so at once, and has no clock but the system's"
)]
#![expect(
    unreachable_pub,
    clippy::default_trait_access,
    clippy::items_after_statements,
    clippy::match_wild_err_arm,
    reason = "a test is read from top to bottom, and nobody else uses it"
)]

mod support;

mod controls;
mod features;
mod invariants;
