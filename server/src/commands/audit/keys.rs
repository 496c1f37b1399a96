//! The key of the log, its checkpoints, and beginning anew.

use std::path::Path;

use super::{Outcome, door, log_url, needed_key, networks, open_log, say};
use crate::{
    commands::refuse_root,
    config,
    ledger::signer,
    spine::{
        clock::Clock,
        sealing::{self, walk::Connection},
    },
};

/// Prints the public keys.
pub(super) async fn print(network: Option<&str>) -> Outcome<()> {
    let url = log_url()?;
    for found in networks(&url, network).await? {
        let trees = Connection::open(&url, found.tenant_id)
            .await?
            .trees()
            .await?;
        if let Some(tree) = trees.first() {
            let key = needed_key(&tree.origin).await?;
            let line = if network.is_some() {
                format!("{key}\n")
            } else {
                format!("{} {key}\n", found.slug)
            };
            say(&line)?;
        }
    }
    Ok(())
}

/// Prints the latest checkpoint.
pub(super) async fn print_checkpoint(network: &str) -> Outcome<()> {
    let (_, tree) = open_log(&log_url()?, network).await?;
    Ok(say(&tree.note.ok_or("nothing has been signed yet")?)?)
}

/// Begins a new tree.
pub(super) async fn restart(network: &str, yes: bool) -> Outcome<()> {
    let door = door()?;
    let url = door.app.config.log_database_url.0.clone();
    let (connection, tree) = open_log(&url, network).await?;
    if !yes {
        return Err(format!(
            "this admits that entries which were signed are lost: {} stays as it is, a new tree begins, and nobody's \
             older checkpoint fits it. Say --yes to do it",
            tree.origin
        )
        .into());
    }
    let number = sealing::restart(&door, connection.tenant_id()).await?;
    Ok(say(format!(
        "tree {number} has begun; the server seals into it from now on\n"
    ))?)
}

/// Keeps the key of the log in this process, and signs for whoever may open the socket. Runs until it is stopped.
pub async fn sign_log(socket: &Path, data_dir: Option<&Path>) -> Outcome<()> {
    refuse_root()?;
    let folder = config::value("TSUMUGI_DATA_DIR").unwrap_or_default();
    let keeper = sealing::keeper(data_dir.unwrap_or(Path::new(&folder)))?;
    let clock = Clock::default();
    let now = || u64::try_from(clock.now().timestamp()).unwrap_or(0);
    Ok(signer::serve(keeper, socket, now).await?)
}
