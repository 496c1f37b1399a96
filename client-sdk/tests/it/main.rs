//! The client and the agent against a small server that answers as told.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

mod agent;
mod auth;
mod calls;
mod events;
mod identity;
mod manner;
mod support;
mod tls;
mod witnesses;
