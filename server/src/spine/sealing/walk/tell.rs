//! What a walk is for: being examined, or being written to a file.

use std::io::Write;

use super::{Found, Walk};
use crate::{
    Error, Result,
    ledger::{
        bundle::{Asked, Examination, Header, Pipe, Record, Report, Writer},
        entry::Showing,
        note::Verifier,
    },
};

/// Examines a log as it is stored. The rows are read here; everything else is done on all cores.
pub async fn examine(
    mut walk: Walk<'_>,
    header: Header,
    verifier: &Verifier,
    asked: Asked,
) -> Result<Report> {
    let mut told = 1;
    let mut examination = Examination::begin(header, asked);
    let verifier = verifier.clone();
    let work = move |found: Vec<Found>| -> Vec<Record> {
        let record = |found: Found| found.into_record(&verifier);
        found.into_iter().map(record).collect()
    };
    let mut pipe = Pipe::start(work).map_err(Error::internal)?;
    let mut tell = |records: Vec<Record>| {
        let odd = |_| Error::internal("the log is stored in no order that can be");
        let mut records = records.into_iter();
        records
            .try_for_each(|record| examination.tell(record))
            .map_err(odd)
    };
    while let Some(found) = walk.next().await? {
        told += found.len();
        if let Some(done) = pipe.give(found).map_err(Error::internal)? {
            tell(done)?;
        }
    }
    while let Some(done) = pipe.take().map_err(Error::internal)? {
        tell(done)?;
    }
    tell(vec![Record::End(u64::try_from(told + 1).unwrap_or(0))])?;
    Ok(examination.finish())
}

/// Writes everything to a file that was begun, for whoever may see everything; answers with how many entries that were.
pub async fn write<W: Write>(mut walk: Walk<'_>, writer: &mut Writer<W>) -> Result<u64> {
    let mut count = 0;
    while let Some(found) = walk.next().await? {
        for found in found {
            count += u64::from(matches!(found, Found::Entry(..) | Found::Loose(..)));
            write_one(writer, found).map_err(Error::internal)?;
        }
    }
    Ok(count)
}

fn write_one<W: Write>(writer: &mut Writer<W>, found: Found) -> std::io::Result<()> {
    match found {
        Found::Checkpoint(note) => writer.checkpoint(&note),
        Found::Tile(place, hashes) => writer.tile(place, &hashes),
        Found::Entry(index, written) => {
            writer.entry(index, &written.into_entry(), Showing::All, None)
        }
        Found::Missing(index, id) => writer.missing(index, id),
        Found::Archived(archived) => writer.archived(&archived),
        Found::Loose(written, why) => writer.loose(&written.into_entry(), Showing::All, why),
    }
}
