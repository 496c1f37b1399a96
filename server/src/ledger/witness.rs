//! The protocol between a log and its witnesses (c2sp.org/tlog-witness), without a network: what is submitted, what a
//! witness makes of it, and what an answer means.
//!
//! A witness cosigns a checkpoint only when it is shown that the log grows from what the witness cosigned last. So a log
//! that was put back to an earlier state, or tells different people different things, finds no cosignature any more.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    checkpoint::Checkpoint,
    note::{Line, Note, Verifier},
    signer::{Head, grows},
    tree::Hash,
};

/// Longest submission that is read, in bytes: a proof of 63 hashes and a note of 16 KiB.
pub const LARGEST: usize = 20 * 1024;
/// Most hashes of a proof.
const MOST: usize = 63;
/// Type of an answer that holds nothing but the size that the witness knows.
pub const SIZE_TYPE: &str = "text/x.tlog.size";

/// A checkpoint with the proof that it grows from an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Size that the proof begins from: what the witness is thought to know.
    pub old: u64,
    /// The proof.
    pub proof: Vec<Hash>,
    /// The checkpoint with its signatures.
    pub note: Note,
}

/// As it is sent.
impl fmt::Display for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "old {}", self.old)?;
        for hash in &self.proof {
            writeln!(f, "{}", STANDARD.encode(hash.0))?;
        }
        write!(f, "\n{}", self.note)
    }
}

/// A number as the protocol writes it: no sign, no zeros in front.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

impl Submission {
    /// From what was sent; nothing when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let old = number(lines.next()?.strip_prefix("old ")?)?;
        let hash = |line| Hash::from_slice(&STANDARD.decode(line).ok()?);
        let proof: Option<Vec<Hash>> = lines.map(hash).collect();
        let proof = proof.filter(|proof| proof.len() <= MOST)?;
        let note = Note::parse(note)?;
        Some(Self { old, proof, note })
    }

    /// What the checkpoint says; nothing when the note is none, or larger than a log can be here.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        Checkpoint::parse(&self.note.text).filter(|it| i64::try_from(it.size).is_ok())
    }
}

/// What a witness makes of a submission that the log has signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It contradicts itself: 400.
    Malformed,
    /// It does not begin from what was cosigned last: 409, with that size.
    Elsewhere(u64),
    /// It does not grow from what was cosigned last: 422.
    Inconsistent,
    /// It grows: to be cosigned.
    Grown,
}

/// Judges a submission by what was cosigned last.
pub fn judge(submission: &Submission, new: Head, last: Head) -> Verdict {
    if submission.old > new.size {
        return Verdict::Malformed;
    }
    if submission.old != last.size {
        return Verdict::Elsewhere(last.size);
    }
    if grows(last, new, &submission.proof) {
        Verdict::Grown
    } else {
        Verdict::Inconsistent
    }
}

/// Whether two checkpoints that a log has signed cannot both be of one log that only grows, whatever is proven: the same
/// size with another root, or a smaller one signed later. The times are those that the log signed.
pub fn contradict(last: (Head, Option<u64>), new: (Head, Option<u64>)) -> bool {
    let (before, now) = (last.0, new.0);
    let later = last.1.zip(new.1).is_some_and(|(last, new)| new > last);
    before.size > 0
        && (now.size == before.size && now.root != before.root || now.size < before.size && later)
}

/// What a witness answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It has cosigned, at this time, in seconds since 1970.
    Cosigned {
        /// The checkpoint with its cosignature added.
        note: Note,
        /// When.
        time: u64,
    },
    /// It knows the log with this size.
    Knows(u64),
    /// It says that the log does not grow from what it knows.
    Inconsistent,
    /// It does not watch this log.
    UnknownLog,
    /// It does not believe the signature: another key is on its list.
    OtherKey,
    /// It wants to be left alone for a while.
    Busy,
    /// What it says makes no sense.
    Odd,
}

impl Answer {
    /// Reads what came back. A cosignature counts only when the witness's own key made it for this checkpoint.
    pub fn read(status: u16, kind: &str, body: &str, asked: &Note, witness: &Verifier) -> Self {
        match status {
            200 => cosigned(body, asked, witness).unwrap_or(Self::Odd),
            409 if kind.split(';').next() == Some(SIZE_TYPE) => body
                .strip_suffix('\n')
                .and_then(number)
                .map_or(Self::Odd, Self::Knows),
            422 => Self::Inconsistent,
            404 => Self::UnknownLog,
            403 => Self::OtherKey,
            429 | 503 => Self::Busy,
            _ => Self::Odd,
        }
    }
}

fn cosigned(body: &str, asked: &Note, witness: &Verifier) -> Option<Answer> {
    let lines = body.strip_suffix('\n')?.split('\n').map(Line::parse);
    let lines: Option<Vec<Line>> = lines.collect();
    // Those of other keys are ignored.
    let lines: Vec<Line> = lines?
        .into_iter()
        .filter(|line| witness.claims_timed(line))
        .collect();
    let answered = Note {
        text: asked.text.clone(),
        lines,
    };
    let time = witness.signed(&answered).ok()??;
    let mut note = asked.clone();
    note.lines.extend(answered.lines);
    Some(Answer::Cosigned { note, time })
}

#[cfg(test)]
mod tests;
