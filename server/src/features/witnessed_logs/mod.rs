//! The logs of others that this network witnesses (c2sp.org/tlog-witness): a server that is asked to cosign a checkpoint
//! does so only if the log grows from what was cosigned last, so that nobody who has the other server can take back what
//! was shown here. Network administrators keep the list; auditors see it. Owns `witnessed_logs`.
//!
//! What always holds: what was cosigned is written down before it is answered, here and in the signer's own memory; its
//! size never falls; and the first checkpoint by which a log contradicts itself is kept as proof.

mod cosign;
mod policy;
mod protocol;
mod queries;
mod routes;

pub use routes::configure;
