//! Proofs of single entries, and between two sizes of a log.

use std::path::Path;

use uuid::Uuid;

use super::{Outcome, door, log_url, open_log, parse_key, read, say};
use crate::{
    ctx::Tx,
    ledger::{
        bundle::{Outcome as Found, notes_in, of_log},
        checkpoint::{Checkpoint, Signed, Unbelievable},
        entry::Showing,
        note::{Note, Verifier},
        proof::{Proof, Shown, Unproven, from_lines, goes_on, to_lines},
    },
    spine::{audit::Entry, auth::Actor, sealing::walk::Prover},
};

/// Prints the proof of an entry, when the access log has the entry that says so.
pub(super) async fn print(network: &str, entry: Uuid) -> Outcome<()> {
    let door = door()?;
    let url = door.app.config.log_database_url.0.clone();
    let (connection, tree) = open_log(&url, network).await?;
    let mut prover = Prover::of(&connection, tree).await?;
    let found = prover.entries(&[entry]).await?.pop();
    let not_there = "there is no such entry, or it is not signed yet";
    let (index, written) = found
        .filter(|(index, _)| *index < prover.size())
        .ok_or(not_there)?;
    let hashes = prover.inclusion(index).await?;
    let note = prover.note().await?.ok_or(not_there)?;
    let whole = written.into_entry();
    let proof = Proof {
        shown: Some(Shown {
            entry: whole.canonical(),
            opened: whole.open(Showing::All),
        }),
        index,
        hashes,
        note,
    };
    let record = async |tx: &Tx<'_>| {
        tx.record(
            Entry::new("access_log.export")
                .listing(1)
                .on("access_log_entry", entry),
        );
        Ok(())
    };
    let tenant_id = connection.tenant_id();
    door.within_log(tenant_id, Actor::Worker, record).await?;
    Ok(say(proof.to_string())?)
}

/// Prints the proof between two sizes.
pub(super) async fn print_consistency(network: &str, from: u64, to: u64) -> Outcome<()> {
    let (connection, tree) = open_log(&log_url()?, network).await?;
    let mut prover = Prover::of(&connection, tree).await?;
    let proof = prover.consistency(from, to).await;
    let proof = proof.map_err(|_| "the log never had these sizes, one after the other")?;
    Ok(say(to_lines(&proof))?)
}

/// Verifies the proof of an entry.
pub(super) fn verify(file: &Path, key: &str) -> Outcome<u8> {
    let key = parse_key(key)?;
    let Some(proof) = Proof::parse(&read(file)?) else {
        return conclude(Found::Incomplete, "this is no proof");
    };
    let verifier = key_for(&key, &proof.note);
    match proof.verify(&verifier) {
        Ok(signed) => {
            let shown = proof.shown.map(|shown| shown.entry).unwrap_or_default();
            let size = signed.checkpoint.size;
            let said = format!(
                "entry {} of {size}, as it was signed:\n{shown}",
                proof.index
            );
            conclude(Found::Sound, &said)
        }
        Err(Unproven::Unbelievable(Unbelievable::Malformed)) => {
            conclude(Found::Incomplete, "there is no checkpoint in it")
        }
        Err(error @ Unproven::Unbelievable(_)) => conclude(Found::BadSignature, &error.to_string()),
        Err(error @ Unproven::NoEntry) => conclude(Found::Incomplete, &error.to_string()),
        Err(error) => conclude(Found::Altered, &error.to_string()),
    }
}

/// Verifies the proof between two checkpoints.
pub(super) fn verify_consistency(old: &Path, new: &Path, proof: &Path, key: &str) -> Outcome<u8> {
    let key = parse_key(key)?;
    let signed = |path: &Path| -> Outcome<Result<Signed, Unbelievable>> {
        let text = read(path)?;
        let note = notes_in(&text)
            .pop()
            .ok_or("there is no checkpoint in a file")?;
        Ok(Signed::read(&note, &key_for(&key, &note)))
    };
    let (Ok(old), Ok(new)) = (signed(old)?, signed(new)?) else {
        return conclude(
            Found::BadSignature,
            "a checkpoint was not signed by this key",
        );
    };
    let text = read(proof)?;
    let Some(proof) = from_lines(text.lines()) else {
        return conclude(Found::Incomplete, "this is no proof");
    };
    let (from, to) = (old.checkpoint.size, new.checkpoint.size);
    if old.checkpoint.origin == new.checkpoint.origin && goes_on(&old, &new, &proof) {
        return conclude(
            Found::Sound,
            &format!("the log of {to} entries goes on from that of {from}"),
        );
    }
    conclude(
        Found::Altered,
        "the later checkpoint does not go on from the earlier one",
    )
}

fn conclude(outcome: Found, said: &str) -> Outcome<u8> {
    let word = serde_json::to_string(&outcome)?;
    say(format!("{}: {said}\n", word.trim_matches('"')))?;
    Ok(outcome.exit())
}

/// The key as it signs for the tree that a note is of.
fn key_for(key: &Verifier, note: &str) -> Verifier {
    let read = Note::parse(note).and_then(|note| Checkpoint::parse(&note.text));
    read.map_or_else(|| key.clone(), |checkpoint| of_log(key, &checkpoint.origin))
}
