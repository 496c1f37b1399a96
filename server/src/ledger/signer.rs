//! Who signs checkpoints: a key that remembers what it signed last, and signs nothing that does not grow from that.
//!
//! The key is in a file beside the server, or with a process of its own that is asked over a socket, so that whoever has
//! the server or the database cannot sign another history. What was signed is written down before the signature is given
//! away.

pub mod cosign;

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
    sync::Mutex,
};

use self::cosign::Cosigner;
use super::{
    checkpoint::Checkpoint,
    entry::hex,
    note::{Key, Note, Verifier},
    tree::{Hash, empty_root, verify_consistency},
};

/// Longest line between a server and the process that signs.
const LONGEST: u64 = 64 * 1024;

/// How large a tree was, and its root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Leaves.
    pub size: u64,
    /// Root.
    pub root: Hash,
}

impl Head {
    /// Of the tree without leaves.
    pub fn empty() -> Self {
        Self {
            size: 0,
            root: empty_root(),
        }
    }
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The tree does not grow from what was signed last: entries are missing or other than they were.
    #[error("does not grow from what was signed last ({} entries)", .last.size)]
    Inconsistent {
        /// What was signed last.
        last: Head,
    },
    /// The signer cannot be asked, or cannot write down what it signs.
    #[error("the signer is not there: {0}")]
    Away(String),
}

fn away(error: impl std::fmt::Display) -> Refused {
    Refused::Away(error.to_string())
}

/// Whether a tree grows from what was there last: what a signer and a witness both insist on.
pub fn grows(last: Head, new: Head, proof: &[Hash]) -> bool {
    verify_consistency((last.size, last.root), (new.size, new.root), proof)
}

/// A key with its memory, in a folder.
#[derive(Debug)]
pub struct Keeper {
    key: Key,
    folder: PathBuf,
    /// One at a time: between reading what was signed last and writing what is signed now nothing may come.
    turn: Mutex<()>,
    /// What cosigns for the logs of others, where somebody does.
    cosigner: Option<Cosigner>,
}

impl Keeper {
    /// The key, remembering in `folder`.
    pub fn new(key: Key, folder: PathBuf) -> Result<Self, std::io::Error> {
        fs::create_dir_all(&folder)?;
        Ok(Self {
            key,
            folder,
            turn: Mutex::default(),
            cosigner: None,
        })
    }

    /// The same, which cosigns for the logs of others as well.
    #[must_use]
    pub fn with_cosigner(self, cosigner: Cosigner) -> Self {
        Self {
            cosigner: Some(cosigner),
            ..self
        }
    }

    /// What of the key may be published.
    pub fn verifier(&self, origin: &str) -> Verifier {
        self.key.verifier(origin)
    }

    fn file(&self, origin: &str) -> PathBuf {
        use sha2::{Digest, Sha256};
        self.folder.join(hex(&Sha256::digest(origin)))
    }

    fn last(&self, origin: &str) -> Result<Head, Refused> {
        recall(&self.file(origin))
    }

    async fn sign(
        &self,
        checkpoint: &Checkpoint,
        proof: &[Hash],
        time: u64,
    ) -> Result<Note, Refused> {
        let _turn = self.turn.lock().await;
        let last = self.last(&checkpoint.origin)?;
        let new = Head {
            size: checkpoint.size,
            root: checkpoint.root,
        };
        if !grows(last, new, proof) {
            return Err(Refused::Inconsistent { last });
        }
        if last != new {
            remember(&self.file(&checkpoint.origin), &checkpoint.to_string()).map_err(away)?;
        }
        Ok(checkpoint.sign(&self.key, time))
    }
}

/// What [`remember`] wrote; nothing yet is the tree without leaves.
fn recall(path: &Path) -> Result<Head, Refused> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Head::empty()),
        Err(error) => return Err(away(error)),
    };
    let checkpoint = Checkpoint::parse(&text).ok_or_else(|| away("its memory is not readable"))?;
    Ok(Head {
        size: checkpoint.size,
        root: checkpoint.root,
    })
}

/// Writes a file so that after a crash there is the old text or the new one.
fn remember(path: &Path, text: &str) -> std::io::Result<()> {
    let aside = path.with_extension("new");
    let mut file = fs::File::create(&aside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&aside, path)?;
    path.parent()
        .map_or(Ok(()), |folder| fs::File::open(folder)?.sync_all())
}

/// Where checkpoints are signed.
#[derive(Debug)]
pub enum Signer {
    /// In this process.
    Here(Box<Keeper>),
    /// In a process of its own that listens at this socket.
    There(PathBuf),
}

impl Signer {
    /// What may be published of the key that signs for a log.
    pub async fn verifier(&self, origin: &str) -> Result<Verifier, Refused> {
        match self {
            Self::Here(keeper) => Ok(keeper.verifier(origin)),
            Self::There(socket) => match ask(
                socket,
                &Request::Key {
                    origin: origin.to_owned(),
                },
            )
            .await?
            {
                Answer::Key { verifier } => {
                    Verifier::parse(&verifier).ok_or_else(|| away("an odd key"))
                }
                other => Err(other.into()),
            },
        }
    }

    /// What was signed last for a log.
    pub async fn last(&self, origin: &str) -> Result<Head, Refused> {
        match self {
            Self::Here(keeper) => keeper.last(origin),
            Self::There(socket) => match ask(
                socket,
                &Request::Last {
                    origin: origin.to_owned(),
                },
            )
            .await?
            {
                Answer::Last { size, root } => decode(&root)
                    .map(|root| Head { size, root })
                    .ok_or_else(|| away("an odd root")),
                other => Err(other.into()),
            },
        }
    }

    /// Signs, if the tree grows from what was signed last. The time is the signer's own where it is apart.
    pub async fn sign(
        &self,
        checkpoint: &Checkpoint,
        proof: &[Hash],
        time: u64,
    ) -> Result<Note, Refused> {
        match self {
            Self::Here(keeper) => keeper.sign(checkpoint, proof, time).await,
            Self::There(socket) => {
                let request = Request::Sign {
                    checkpoint: checkpoint.to_string(),
                    proof: proof.iter().map(|hash| STANDARD.encode(hash.0)).collect(),
                };
                match ask(socket, &request).await? {
                    Answer::Signed { note } => {
                        Note::parse(&note).ok_or_else(|| away("an odd note"))
                    }
                    other => Err(other.into()),
                }
            }
        }
    }
}

/// What a server asks the process that signs, one line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
enum Request {
    Key {
        origin: String,
    },
    Last {
        origin: String,
    },
    Sign {
        checkpoint: String,
        proof: Vec<String>,
    },
    #[serde(untagged)]
    Witness(cosign::Request),
}

/// What it hears, one line each.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case", deny_unknown_fields)]
enum Answer {
    Key { verifier: String },
    Last { size: u64, root: String },
    Signed { note: String },
    Cosigned { line: String },
    Inconsistent { size: u64, root: String },
    Away { why: String },
}

impl From<Answer> for Refused {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Inconsistent { size, root } => decode(&root).map_or_else(
                || away("an odd root"),
                |root| Self::Inconsistent {
                    last: Head { size, root },
                },
            ),
            Answer::Away { why } => Self::Away(why),
            other => away(format!("an answer to another question: {other:?}")),
        }
    }
}

fn decode(root: &str) -> Option<Hash> {
    Hash::from_slice(&STANDARD.decode(root).ok()?)
}

async fn ask(socket: &Path, request: &Request) -> Result<Answer, Refused> {
    let talk = async {
        let mut stream = UnixStream::connect(socket).await?;
        let mut line = serde_json::to_string(request)?;
        line.push('\n');
        stream.write_all(line.as_bytes()).await?;
        let mut heard = String::new();
        let limited = tokio::io::AsyncReadExt::take(&mut stream, LONGEST);
        BufReader::new(limited).read_line(&mut heard).await?;
        Ok::<Answer, std::io::Error>(serde_json::from_str(&heard)?)
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), talk)
        .await
        .map_err(away)?
        .map_err(away)
}

/// Serves a key at a socket until the process ends. `now` is the clock, in seconds since 1970.
pub async fn serve(keeper: Keeper, socket: &Path, now: impl Fn() -> u64) -> std::io::Result<()> {
    match fs::remove_file(socket) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let listener = UnixListener::bind(socket)?;
    loop {
        let (stream, _) = listener.accept().await?;
        // One after the other: each is a few microseconds, and nobody can hold the others up for long.
        let served = answer_one(&keeper, stream, &now);
        match tokio::time::timeout(std::time::Duration::from_secs(2), served).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "a question could not be answered"),
            Err(_) => tracing::warn!("somebody asked too slowly"),
        }
    }
}

async fn answer_one(
    keeper: &Keeper,
    mut stream: UnixStream,
    now: &impl Fn() -> u64,
) -> std::io::Result<()> {
    let mut line = String::new();
    let limited = tokio::io::AsyncReadExt::take(&mut stream, LONGEST);
    BufReader::new(limited).read_line(&mut line).await?;
    let answer = match serde_json::from_str(&line) {
        Ok(request) => respond(keeper, request, now()).await,
        Err(_) => Answer::Away {
            why: "not a question".to_owned(),
        },
    };
    let mut line = serde_json::to_string(&answer)?;
    line.push('\n');
    stream.write_all(line.as_bytes()).await
}

async fn respond(keeper: &Keeper, request: Request, now: u64) -> Answer {
    let refused = |refused: Refused| match refused {
        Refused::Inconsistent { last } => Answer::Inconsistent {
            size: last.size,
            root: STANDARD.encode(last.root.0),
        },
        Refused::Away(why) => Answer::Away { why },
    };
    match request {
        Request::Key { origin } => Answer::Key {
            verifier: keeper.verifier(&origin).to_string(),
        },
        Request::Last { origin } => {
            keeper
                .last(&origin)
                .map_or_else(refused, |last| Answer::Last {
                    size: last.size,
                    root: STANDARD.encode(last.root.0),
                })
        }
        Request::Sign { checkpoint, proof } => {
            let proof: Option<Vec<Hash>> = proof.iter().map(|hash| decode(hash)).collect();
            match (Checkpoint::parse(&checkpoint), proof) {
                (Some(checkpoint), Some(proof)) => {
                    let signed = keeper.sign(&checkpoint, &proof, now).await;
                    signed.map_or_else(refused, |note| Answer::Signed {
                        note: note.to_string(),
                    })
                }
                _ => Answer::Away {
                    why: "not a checkpoint with a proof".to_owned(),
                },
            }
        }
        Request::Witness(request) => match &keeper.cosigner {
            Some(cosigner) => request.respond(cosigner, now).await.unwrap_or_else(refused),
            None => Answer::Away {
                why: "it does not cosign".to_owned(),
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::{
            checkpoint::Signed,
            tree::{consistency, tests::Whole},
        },
        spine::ids,
    };

    const ORIGIN: &str = "tsumugi.example.jp/audit/kita/1";

    fn keeper(folder: &Path) -> Keeper {
        Keeper::new(Key::from_seed(&[3; 32]), folder.to_owned()).unwrap()
    }

    fn of(whole: &Whole, size: u64) -> Checkpoint {
        Checkpoint {
            origin: ORIGIN.to_owned(),
            size,
            root: whole.root(size),
        }
    }

    /// A signer in this process and one apart refuse alike.
    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "the process apart, in a test")]
    async fn nothing_is_signed_that_does_not_grow_from_what_was() {
        let folder = std::env::temp_dir().join(ids::new_id().to_string());
        fs::create_dir_all(&folder).unwrap();
        let socket = folder.join("socket");
        let apart = keeper(&folder.join("there"));
        let path = socket.clone();
        let serving = tokio::spawn(async move { serve(apart, &path, || 1_800_000_000).await });
        while !socket.exists() {
            tokio::task::yield_now().await;
        }
        for signer in [
            Signer::Here(Box::new(keeper(&folder.join("here")))),
            Signer::There(socket),
        ] {
            let whole = Whole::of(40);
            assert_eq!(signer.last(ORIGIN).await.unwrap(), Head::empty());
            let verifier = signer.verifier(ORIGIN).await.unwrap();
            let mut last = 0;
            for size in [0, 1, 7, 7, 40] {
                let proof = whole.hashes(&consistency(last, size).unwrap());
                let note = signer
                    .sign(&of(&whole, size), &proof, 1_800_000_000)
                    .await
                    .unwrap();
                let signed = Signed::read(&note.to_string(), &verifier).unwrap();
                assert_eq!((signed.checkpoint.size, signed.time), (size, 1_800_000_000));
                last = size;
            }
            let mut other = Whole::of(50);
            other.0[3].0[0] ^= 1;
            for (tree, size) in [(&whole, 39), (&other, 40), (&other, 50)] {
                let proof = other.hashes(&consistency(40, size).unwrap_or_default());
                let refused = signer.sign(&of(tree, size), &proof, 1_800_000_000).await;
                assert!(matches!(
                    refused,
                    Err(Refused::Inconsistent {
                        last: Head { size: 40, .. }
                    })
                ));
            }
            assert_eq!(signer.last(ORIGIN).await.unwrap().size, 40);
            assert_eq!(signer.last("another.example.jp/1").await.unwrap().size, 0);
        }
        // It remembers over a restart.
        let again = keeper(&folder.join("here"));
        assert_eq!(again.last(ORIGIN).unwrap().size, 40);
        serving.abort();
        let gone = Signer::There(folder.join("nobody"));
        assert!(matches!(gone.last(ORIGIN).await, Err(Refused::Away(_))));
        fs::remove_dir_all(folder).unwrap();
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_not_taken_for_a_beginning() {
        let folder = std::env::temp_dir().join(ids::new_id().to_string());
        let keeper = keeper(&folder);
        fs::write(keeper.file(ORIGIN), "half a l").unwrap();
        let refused = keeper.sign(&of(&Whole::of(1), 1), &[], 0).await;
        assert!(matches!(refused, Err(Refused::Away(_))));
        fs::remove_dir_all(folder).unwrap();
    }
}
