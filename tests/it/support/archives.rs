//! Old months of the access log as files.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use actix_web::web::Data;
use chrono::{DateTime, NaiveDate, Utc};
use diesel_async::{AsyncConnection, AsyncPgConnection};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use serde_json::Value;
use tsumugi_server::{
    app::App,
    ctx::Tx,
    ledger::{
        bundle::{Outcome, Parts, Report},
        note::Verifier,
    },
    setup::{self, Outgoing},
    spine::{audit::Entry, auth::Actor},
};
use uuid::Uuid;

use super::{
    World,
    log::{Log, door},
    proofs::lines,
};

/// A moment of an old month, in the middle of it.
pub fn old(month: &str) -> DateTime<Utc> {
    format!("{month}-15T03:00:00Z").parse().unwrap()
}

pub fn first(month: &str) -> NaiveDate {
    format!("{month}-01").parse().unwrap()
}

/// Writes entries as a server wrote them whose clock showed that moment.
pub async fn entries_of(
    world: &World,
    network: Uuid,
    at: DateTime<Utc>,
    patient: Uuid,
    count: usize,
) {
    // Without its worker, which would sign with that clock.
    let app = Data::new(App::new(world.app.config.clone()).unwrap());
    app.clock.advance(at - Utc::now());
    let write = async |tx: &Tx<'_>| {
        for _ in 0..count {
            tx.record(Entry::new("timeline.list").of_patient(patient).listing(3));
        }
        tx.record(Entry::new("patients.list").listing(1).naming([patient]));
        Ok(())
    };
    let door = door(&app);
    door.within(network, Actor::Worker, write).await.unwrap();
}

pub async fn owner(world: &World) -> AsyncPgConnection {
    AsyncPgConnection::establish(&world.db.owner_url)
        .await
        .unwrap()
}

pub async fn archived(world: &World, folder: &Path) -> BTreeMap<NaiveDate, Outgoing> {
    let mut owner = owner(world).await;
    let door = door(&world.app);
    let done = setup::archive_log(&mut owner, &door, folder, (10, None)).await;
    done.unwrap().into_iter().collect()
}

/// Makes the months of entries that were kept without one.
pub async fn months(world: &World) -> Vec<NaiveDate> {
    setup::take_over_log_months(&mut owner(world).await)
        .await
        .unwrap()
}

/// The lines of an archive file.
pub fn read(path: &Path) -> Vec<Value> {
    use std::io::Read;
    let mut bytes = Vec::new();
    let mut file = GzDecoder::new(fs::File::open(path).unwrap());
    file.read_to_end(&mut bytes).unwrap();
    lines(&bytes)
}

/// Files of a folder, by name.
pub fn files_of(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths
}

/// Verifies files with the key of the log.
pub async fn verified(log: &Log<'_>, files: &[&PathBuf]) -> (Parts, Vec<Report>) {
    let origin = format!(
        "SELECT origin FROM audit_trees WHERE tenant_id = '{}'",
        log.network
    );
    let key: Verifier = log
        .verifier(&log.world.db.one::<String>(&origin).await)
        .await;
    let files: Vec<_> = files
        .iter()
        .map(|path| ((*path).clone(), Some(key.clone())))
        .collect();
    let mut parts = Parts::default();
    let reports = parts.examine(&files).unwrap();
    (parts, reports)
}

pub fn outcomes(reports: &[Report]) -> Vec<Outcome> {
    reports.iter().map(|report| report.outcome).collect()
}

/// Changes the line of a place of a file, and counts its lines anew.
pub fn bend(path: &Path, into: &Path, place: u64, change: impl Fn(&str) -> String) {
    use std::io::{Read, Write};
    let mut text = String::new();
    let mut file = GzDecoder::new(fs::File::open(path).unwrap());
    file.read_to_string(&mut text).unwrap();
    let start = format!(r#"{{"t":"entry","index":{place},"#);
    let line = text.lines().find(|line| line.starts_with(&start)).unwrap();
    let count = text.lines().count();
    let mut bent = text.replace(&format!("{line}\n"), &change(line));
    let lines = bent.lines().count();
    bent = bent.replace(
        &format!(r#""lines":{count}}}"#),
        &format!(r#""lines":{lines}}}"#),
    );
    let mut packed = GzEncoder::new(fs::File::create(into).unwrap(), Compression::fast());
    packed.write_all(bent.as_bytes()).unwrap();
    packed.finish().unwrap();
}
