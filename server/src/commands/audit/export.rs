//! `tsumugi audit export`.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;
use flate2::{Compression, write::GzEncoder};
use uuid::Uuid;

use super::{Outcome, door, needed_key, open_log, say};
use crate::{
    ctx::Tx,
    ledger::{
        bundle::{Header, Held, Writer},
        entry::Showing,
        note::Verifier,
    },
    spine::{
        audit::Entry,
        auth::Actor,
        clock::Clock,
        sealing::walk::{self, Connection, Prover, Tree, Walk},
    },
};

/// What to write.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The network.
    #[arg(long)]
    network: String,
    /// The file, which must not be there yet; compressed when its name ends with .gz.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Only what was about this patient; shows nothing of other patients.
    #[arg(long, conflicts_with_all = ["entry", "from", "to"])]
    patient: Option<Uuid>,
    /// Show to the patient who exactly it was.
    #[arg(long, requires = "patient")]
    who: bool,
    /// Only this entry.
    #[arg(long, conflicts_with_all = ["from", "to"])]
    entry: Option<Uuid>,
    /// Only from this place on.
    #[arg(long)]
    from: Option<u64>,
    /// Only up to, not including, this place.
    #[arg(long)]
    to: Option<u64>,
}

/// Where a bundle is written to.
enum Sink {
    Plain(BufWriter<File>),
    Packed(Box<GzEncoder<BufWriter<File>>>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Packed(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Packed(file) => file.flush(),
        }
    }
}

impl Sink {
    /// A file that only its owner may read.
    fn create(path: &Path, packed: bool) -> std::io::Result<Self> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = BufWriter::with_capacity(1 << 20, options.open(path)?);
        Ok(if packed {
            Self::Packed(Box::new(GzEncoder::new(file, Compression::fast())))
        } else {
            Self::Plain(file)
        })
    }

    fn close(self) -> std::io::Result<()> {
        let file = match self {
            Self::Plain(file) => file,
            Self::Packed(file) => file.finish()?,
        };
        file.into_inner()
            .map_err(std::io::IntoInnerError::into_error)?
            .sync_all()
    }
}

/// Writes the file. It appears under its name only when the access log has the entry that says so.
pub(super) async fn run(arguments: &Arguments) -> Outcome<()> {
    let out = &arguments.out;
    if out.exists() {
        return Err(format!("{} is there already", out.display()).into());
    }
    let door = door()?;
    let url = door.app.config.log_database_url.0.clone();
    let (connection, tree) = open_log(&url, &arguments.network).await?;
    let tenant_id = connection.tenant_id();
    let verifier = needed_key(&tree.origin).await?;
    let packed = out.extension().is_some_and(|extension| extension == "gz");
    let aside = out.with_extension("part");
    let sink =
        Sink::create(&aside, packed).map_err(|error| format!("{}: {error}", aside.display()))?;
    let record = async |count: u64| {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let record = async |tx: &Tx<'_>| {
            tx.record(arguments.entry_of_log(count));
            Ok(())
        };
        door.within_log(tenant_id, Actor::Worker, record).await
    };
    let written = async {
        let (sink, count) = arguments.write(&connection, tree, &verifier, sink).await?;
        sink.close()?;
        record(count).await?;
        fs::rename(&aside, out)?;
        Ok(count)
    };
    let written: Outcome<u64> = written.await;
    if written.is_err() {
        drop(fs::remove_file(&aside)); // the error that counts is the other one
    }
    let count = written?;
    say(format!("{}: {count}\n", out.display()))?;
    Ok(())
}

impl Arguments {
    /// What the access log says of it.
    fn entry_of_log(&self, count: usize) -> Entry {
        let entry = Entry::new("access_log.export").listing(count);
        match (self.patient, self.entry) {
            (Some(patient), _) => entry.of_patient(patient),
            (_, Some(id)) => entry.on("access_log_entry", id),
            _ => entry,
        }
    }

    async fn write(
        &self,
        connection: &Connection,
        tree: Tree,
        verifier: &Verifier,
        sink: Sink,
    ) -> Outcome<(Sink, u64)> {
        let made_at = Clock::default().now().to_rfc3339();
        if self.patient.is_some() || self.entry.is_some() {
            return self
                .write_proven(connection, tree, (verifier, &made_at), sink)
                .await;
        }
        let walk = if self.from.is_some() || self.to.is_some() {
            let places = self.from.unwrap_or(0)..self.to.unwrap_or(u64::MAX);
            Walk::part(connection, tree, places).await?
        } else {
            Walk::through(connection, tree).await?
        };
        let mut writer = Writer::begin(sink, &walk.header(verifier, &made_at))?;
        let count = walk::write(walk, &mut writer).await?;
        Ok((writer.end()?, count))
    }

    /// Entries with a proof each.
    async fn write_proven(
        &self,
        connection: &Connection,
        tree: Tree,
        (verifier, made_at): (&Verifier, &str),
        sink: Sink,
    ) -> Outcome<(Sink, u64)> {
        let mut prover = Prover::of(connection, tree).await?;
        let (held, ids, showing) = match (self.patient, self.entry) {
            (Some(id), _) => {
                let who = self.who;
                let ids = prover.ids_of_patient(id).await?;
                (Held::Patient, ids, Showing::Patient { id, who })
            }
            (None, entry) => (Held::Entry, entry.into_iter().collect(), Showing::All),
        };
        let header: Header = prover.header(held, verifier, made_at);
        let mut writer = Writer::begin(sink, &header)?;
        if let Some(note) = prover.note().await? {
            writer.checkpoint(&note)?;
        }
        let mut count = 0;
        for (index, written) in prover.entries(&ids).await? {
            // What is not signed yet cannot be proven yet.
            if index < prover.size() {
                let proof = prover.inclusion(index).await?;
                writer.entry(index, &written.into_entry(), showing, Some(&proof))?;
                count += 1;
            }
        }
        if held == Held::Entry && count == 0 {
            return Err("there is no such entry, or it is not signed yet".into());
        }
        Ok((writer.end()?, count))
    }
}
