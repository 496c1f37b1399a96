//! Every test that needs the whole: people as fixtures, calling through the client library against the real server and a
//! real PostgreSQL.

mod support;

mod features;
mod invariants;
