//! A log, or a part of it, as a file that anybody can verify without us: format `tsumugi-log/1` (docs/access-log.md).
//!
//! What verifies is one: [`Examination`] is told of a log record by record, by the lines of a file ([`examine()`]) or by the
//! rows of the database (`spine::sealing::walk`), and ends with a [`Report`]. Nothing that a file claims is believed
//! before it was held against a limit, and nothing is kept because a file says that it is there.

mod examine;
mod exchange;
mod heads;
mod lines;
mod parts;
mod pipe;
mod places;
mod read;
mod record;
mod report;
mod search;
mod upper;
mod verdict;
mod words;
mod write;

use std::io::{self, Read};

use super::{
    checkpoint::{Checkpoint, Signed, Unbelievable},
    note::{Note, Verifier},
};

pub use examine::{Asked, Examination, Older};
pub use lines::{Archived, FORMAT, Header, Held, LARGEST, Why};
pub use parts::Parts;
pub use pipe::Pipe;
pub use read::Lines;
pub use record::{Malformed, Record, Source, Told, from_line};
pub use report::{Alteration, Kind, Lack, Outcome, Report, Since};
pub use words::{Language, explain};
pub use write::Writer;

/// Bytes and lines that are looked at together.
const BATCH: (usize, usize) = (512 * 1024, 256);

/// Examines a file. Without a key, that of the file itself is believed, and the report says so. `ask` says what else is
/// asked, once it is known which log it is.
pub fn examine(
    file: impl Read,
    key: Option<&Verifier>,
    ask: impl FnOnce(&Header, &Verifier) -> Asked,
) -> io::Result<Report> {
    let mut lines = Lines::of(file)?;
    let Some((header, verifier)) = first(&mut lines, key) else {
        return Ok(Report::unreadable());
    };
    let asked = Asked {
        key_given: key.is_some(),
        ..ask(&header, &verifier)
    };
    let mut header = *header;
    header.key = verifier.to_string();
    let mut examination = Examination::begin(header, asked);
    let work = move |batch: Vec<Vec<u8>>| -> Vec<Result<Record, Malformed>> {
        batch
            .iter()
            .map(|line| from_line(line, &verifier))
            .collect()
    };
    let mut pipe = Pipe::start(work)?;
    let (mut told, mut bad) = (1, None);
    let mut tell = |records: Vec<Result<Record, Malformed>>| {
        for record in records {
            told += 1;
            if record.and_then(|record| examination.tell(record)).is_err() {
                return Err(told);
            }
        }
        Ok(())
    };
    loop {
        let (batch, ended) = batch(&mut lines);
        if let Some(done) = pipe.give(batch)?
            && let Err(line) = tell(done)
        {
            bad = Some(line);
            break;
        }
        if let Some(ended) = ended {
            while let Some(done) = pipe.take()? {
                if let Err(line) = tell(done) {
                    bad = Some(line);
                    break;
                }
            }
            bad = bad.or(ended.err().map(|Malformed| lines.read() + 1));
            break;
        }
    }
    Ok(match bad {
        Some(line) => examination.break_off(line),
        None => examination.finish(),
    })
}

/// What the file says it is, and the key that is believed.
fn first<R: Read>(lines: &mut Lines<R>, key: Option<&Verifier>) -> Option<(Box<Header>, Verifier)> {
    let line = lines.next_line().ok().flatten()?;
    let lines::Line::Log(header) = lines::Line::parse(&line)? else {
        return None;
    };
    let own = Verifier::parse(&header.key).filter(|key| key.name() == header.origin);
    let verifier = match key {
        Some(key) => of_log(key, &header.origin),
        None => own?,
    };
    Some((header, verifier))
}

/// The key that a file names, if it is one of the log that it says it is.
pub fn own_key(file: impl Read) -> io::Result<Option<Verifier>> {
    let named = first(&mut Lines::of(file)?, None);
    Ok(named.map(|(_, verifier)| verifier))
}

/// The next lines, and how the file ended when it did.
fn batch<R: Read>(lines: &mut Lines<R>) -> (Vec<Vec<u8>>, Option<Result<(), Malformed>>) {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    while bytes < BATCH.0 && batch.len() < BATCH.1 {
        match lines.next_line() {
            Ok(Some(line)) => {
                bytes += line.len();
                batch.push(line);
            }
            Ok(None) => return (batch, Some(Ok(()))),
            Err(malformed) => return (batch, Some(Err(malformed))),
        }
    }
    (batch, None)
}

/// The name of a log without the number of its tree: the key is one for all trees of a network.
fn without_tree(origin: &str) -> Option<&str> {
    let (log, tree) = origin.rsplit_once('/')?;
    let is_number = !tree.is_empty() && tree.bytes().all(|digit| digit.is_ascii_digit());
    is_number.then_some(log)
}

/// A key as it signs for a tree of its log; as it is, when it is that of another log.
pub fn of_log(key: &Verifier, origin: &str) -> Verifier {
    let same = without_tree(key.name()).is_some_and(|log| without_tree(origin) == Some(log));
    if same { key.named(origin) } else { key.clone() }
}

/// Reads an older checkpoint of the log with this key.
pub fn older(note: &str, verifier: &Verifier) -> Older {
    let read = Note::parse(note).and_then(|note| Checkpoint::parse(&note.text));
    let Some(checkpoint) = read else {
        return Older::Unbelievable(Unbelievable::Malformed);
    };
    match Signed::read(note, &of_log(verifier, &checkpoint.origin)) {
        Err(error) => Older::Unbelievable(error),
        Ok(signed) if checkpoint.origin == verifier.name() => Older::Ours(Box::new(signed)),
        Ok(_) => Older::OtherTree(checkpoint.size),
    }
}

/// The checkpoints in a text: a note as it is, or notes in a letter, whatever stands around them.
pub fn notes_in(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text
        .lines()
        .map(|line| line.trim_start_matches("> "))
        .collect();
    let mut found = Vec::new();
    for at in 0..lines.len() {
        let Some([origin, size, root, "", rest @ ..]) = lines.get(at..) else {
            continue;
        };
        let head = format!("{origin}\n{size}\n{root}\n");
        let signed = rest.iter().take_while(|line| line.starts_with("— "));
        let signatures: Vec<&str> = signed.map(|line| line.trim_end()).collect();
        if Checkpoint::parse(&head).is_some() && !signatures.is_empty() {
            found.push(format!("{head}\n{}\n", signatures.join("\n")));
        }
    }
    found
}
