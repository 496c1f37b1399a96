//! Sealing: the worker gives every committed entry of the access log a place in the Merkle tree of its network, and has
//! the tree signed.
//!
//! **Order.** Ids and times say nothing about which transaction commits first: an entry can appear behind one that is
//! already sealed. So entries are taken by the transaction that wrote them, and only those of which none before is under
//! way any more (`log_horizon`): what is taken is final, nothing can appear in between, and each network has a cursor that
//! only moves forward. Numbers of transactions belong to a database cluster; entries name theirs, and what came from
//! another one by a restore is taken as it is, because nobody writes there any more.
//!
//! **Genuine.** An entry carries a digest that only a server can make. Whatever was put into the database or changed there
//! before it was sealed shows here, is left out, and is reported (`audit_rejects`). Before a tree is signed that was not
//! sealed just now by whoever has it signed, its new entries are looked at once more: an entry that was put at the end of
//! the tree, with all hashes right, is not signed.
//!
//! **Killed at any step.** Places, tiles, edge and cursor are one transaction. The signature comes after it, and the signer
//! wants a proof that the tree grows from what it signed last: a batch that was lost is sealed anew before anything of it
//! was signed, and a database that lost what was signed cannot be signed any more. Then sealing halts, loudly, and goes on
//! only with the missing entries or with a new tree that an operator has begun ([`restart`]).

mod proofs;
mod queries;
mod read;
mod seal;
mod sign;
pub mod walk;

use crate::{
    Result,
    config::Config,
    ledger::{
        note::Key,
        signer::{Keeper, Signer, cosign::Cosigner},
    },
};

pub use proofs::{Proven, Signed, places, prove, signed};
pub use read::{Head, Unsealed, current, hashes, unsealed};
pub use seal::{BATCH, Batch, seal_batch};
pub use sign::{restart, seal};

use super::seal::key_at;

/// What signs the access log: a key in the data folder, or a process apart.
pub fn signer(config: &Config) -> Result<Signer> {
    match &config.log_signer {
        Some(socket) => Ok(Signer::There(socket.clone())),
        None => Ok(Signer::Here(Box::new(keeper(&config.data_dir)?))),
    }
}

/// The key in a folder, if there is one there.
pub fn key_in(folder: &std::path::Path) -> Result<Option<Key>> {
    let path = folder.join("log-key");
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(Key::from_seed(&key_at(&path)?)))
}

/// The key in a folder with its memory, and those that cosign for others with theirs; made at first start.
pub fn keeper(folder: &std::path::Path) -> Result<Keeper> {
    let key = Key::from_seed(&key_at(&folder.join("log-key"))?);
    let seed = key_at(&folder.join("witness-key"))?;
    let cosigner = Cosigner::new(seed, folder.join("witness-signed"));
    let keeper = Keeper::new(key, folder.join("log-signed")).map_err(crate::Error::internal)?;
    Ok(keeper.with_cosigner(cosigner.map_err(crate::Error::internal)?))
}

/// Name of the log of a network in its checkpoints: whoever runs it, the network, and which of its trees.
fn origin(config: &Config, tenant_id: uuid::Uuid, tree: i16) -> String {
    format!("{}/access-log/{tenant_id}/{tree}", host(config))
}

/// Name of a network as a witness of others' logs: of its key, and in its cosignatures.
pub fn witness_name(config: &Config, tenant_id: uuid::Uuid) -> String {
    format!("{}/witness/{tenant_id}", host(config))
}

fn host(config: &Config) -> &str {
    let address = config
        .public_url
        .split_once("://")
        .map_or("", |(_, rest)| rest);
    address.split('/').next().unwrap_or_default()
}
