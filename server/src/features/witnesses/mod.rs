//! Who witnesses the access log of this network: servers of others that cosign its checkpoints (c2sp.org/tlog-witness),
//! and the person responsible (医療情報システム安全管理責任者), who gets them by mail every month. Network
//! administrators keep the list; auditors see it. Owns `witnesses` and `cosignatures`.
//!
//! What always holds: no transaction is open while somebody is asked; a cosignature is kept only when the witness's own
//! key made it for the very checkpoint; what a witness holds against the log is recorded and shown until it has cosigned
//! again.

mod ask;
mod letter;
mod model;
mod policy;
mod queries;
mod routes;

pub use ask::ask_all;
pub use letter::write_letters;
pub use routes::{WitnessView, configure, views};
