//! The sealed log without a database: entries as bytes, the Merkle tree over them, signed checkpoints, who signs them,
//! and what can be verified from a file alone.
//!
//! Follows RFC 6962 (tree), c2sp.org/signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles and tlog-witness, so that
//! a log can be verified, and witnessed, with programs of others. What is kept, and by whom, is in `spine::sealing`;
//! `docs/access-log.md` is the whole story.

pub mod bundle;
pub mod checkpoint;
pub mod entry;
pub mod note;
pub mod proof;
pub mod signer;
pub mod tiles;
pub mod tree;
pub mod witness;
