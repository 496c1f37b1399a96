//! Cosigning the checkpoints of others: a key for each witness, and the memory of what each cosigned last.
//!
//! The memory is beside the key and not in the database, so that whoever puts the database back, or writes into it, does
//! not get a second history cosigned. Servers that share a database but not a folder each have a memory of their own: it
//! says how far the log was at least, and the database how far it is.

use std::{fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{Answer, Head, Refused, Signer, ask, away, decode, grows, recall, remember};
use crate::ledger::{
    checkpoint::Checkpoint,
    entry::hex,
    note::{Key, Line, Note, Verifier},
    tree::Hash,
};

/// The keys of witnesses with their memory, in a folder.
#[derive(Debug)]
pub struct Cosigner {
    seed: Seed,
    folder: PathBuf,
    /// One at a time, as for [`super::Keeper`].
    turn: Mutex<()>,
}

/// Never shown.
struct Seed([u8; 32]);

impl std::fmt::Debug for Seed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

impl Cosigner {
    /// The keys that come of a seed, remembering in `folder`.
    pub fn new(seed: [u8; 32], folder: PathBuf) -> Result<Self, std::io::Error> {
        fs::create_dir_all(&folder)?;
        Ok(Self {
            seed: Seed(seed),
            folder,
            turn: Mutex::default(),
        })
    }

    /// The key of one witness. Each has its own, because what an Ed25519 cosignature signs does not name the witness.
    fn key(&self, name: &str) -> Result<Key, Refused> {
        let keyed = Hmac::<Sha256>::new_from_slice(&self.seed.0).map_err(away)?;
        let seed = keyed.chain_update("witness\n").chain_update(name);
        Ok(Key::from_seed(&seed.finalize().into_bytes().into()))
    }

    /// What of a witness's key may be published.
    pub fn verifier(&self, name: &str) -> Result<Verifier, Refused> {
        Ok(self.key(name)?.verifier(name))
    }

    fn file(&self, name: &str, origin: &str) -> PathBuf {
        let both = Sha256::new().chain_update(name).chain_update("\n");
        self.folder.join(hex(&both.chain_update(origin).finalize()))
    }

    /// What a witness cosigned last for a log.
    pub fn last(&self, name: &str, origin: &str) -> Result<Head, Refused> {
        recall(&self.file(name, origin))
    }

    /// Cosigns a checkpoint that grows from `last`, which is never less than what is remembered.
    pub async fn cosign(
        &self,
        name: &str,
        note: &Note,
        last: Head,
        proof: &[Hash],
        time: u64,
    ) -> Result<Line, Refused> {
        let checkpoint = Checkpoint::parse(&note.text).ok_or_else(|| away("not a checkpoint"))?;
        let new = Head {
            size: checkpoint.size,
            root: checkpoint.root,
        };
        let _turn = self.turn.lock().await;
        let remembered = self.last(name, &checkpoint.origin)?;
        let behind = last.size < remembered.size;
        let other = last.size == remembered.size && last.root != remembered.root;
        if behind || other || !grows(last, new, proof) {
            return Err(Refused::Inconsistent { last: remembered });
        }
        if new != remembered {
            let file = self.file(name, &checkpoint.origin);
            remember(&file, &checkpoint.to_string()).map_err(away)?;
        }
        Ok(self.key(name)?.cosign(name, &note.text, time))
    }
}

/// What is asked about cosigning, beside the questions about signing.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Request {
    WitnessKey {
        name: String,
    },
    WitnessLast {
        name: String,
        origin: String,
    },
    Cosign {
        name: String,
        text: String,
        size: u64,
        root: String,
        proof: Vec<String>,
    },
}

impl Request {
    /// Answers one, in the process that has the keys.
    pub(super) async fn respond(self, cosigner: &Cosigner, now: u64) -> Result<Answer, Refused> {
        match self {
            Self::WitnessKey { name } => Ok(Answer::Key {
                verifier: cosigner.verifier(&name)?.to_string(),
            }),
            Self::WitnessLast { name, origin } => {
                let last = cosigner.last(&name, &origin)?;
                Ok(Answer::Last {
                    size: last.size,
                    root: STANDARD.encode(last.root.0),
                })
            }
            Self::Cosign {
                name,
                text,
                size,
                root,
                proof,
            } => {
                let root = decode(&root).ok_or_else(|| away("an odd root"))?;
                let proof: Option<Vec<Hash>> = proof.iter().map(|hash| decode(hash)).collect();
                let proof = proof.ok_or_else(|| away("an odd proof"))?;
                let note = Note {
                    text,
                    lines: Vec::new(),
                };
                let last = Head { size, root };
                let line = cosigner.cosign(&name, &note, last, &proof, now).await?;
                Ok(Answer::Cosigned {
                    line: line.to_string(),
                })
            }
        }
    }
}

impl Signer {
    /// What may be published of the key of a witness.
    pub async fn witness(&self, name: &str) -> Result<Verifier, Refused> {
        match self {
            Self::Here(keeper) => cosigner(keeper)?.verifier(name),
            Self::There(socket) => {
                let name = name.to_owned();
                match ask(socket, &Request::WitnessKey { name }.into()).await? {
                    Answer::Key { verifier } => {
                        Verifier::parse(&verifier).ok_or_else(|| away("an odd key"))
                    }
                    other => Err(other.into()),
                }
            }
        }
    }

    /// What a witness cosigned last for a log.
    pub async fn witnessed(&self, name: &str, origin: &str) -> Result<Head, Refused> {
        match self {
            Self::Here(keeper) => cosigner(keeper)?.last(name, origin),
            Self::There(socket) => {
                let request = Request::WitnessLast {
                    name: name.to_owned(),
                    origin: origin.to_owned(),
                };
                match ask(socket, &request.into()).await? {
                    Answer::Last { size, root } => Ok(Head {
                        size,
                        root: decode(&root).ok_or_else(|| away("an odd root"))?,
                    }),
                    other => Err(other.into()),
                }
            }
        }
    }

    /// Cosigns a checkpoint that grows from `last`. `time` is the moment, in seconds since 1970; a process apart uses its
    /// own clock.
    pub async fn cosign(
        &self,
        name: &str,
        note: &Note,
        last: Head,
        proof: &[Hash],
        time: u64,
    ) -> Result<Line, Refused> {
        match self {
            Self::Here(keeper) => {
                let cosigner = cosigner(keeper)?;
                cosigner.cosign(name, note, last, proof, time).await
            }
            Self::There(socket) => {
                let request = Request::Cosign {
                    name: name.to_owned(),
                    text: note.text.clone(),
                    size: last.size,
                    root: STANDARD.encode(last.root.0),
                    proof: proof.iter().map(|hash| STANDARD.encode(hash.0)).collect(),
                };
                match ask(socket, &request.into()).await? {
                    Answer::Cosigned { line } => {
                        Line::parse(line.trim_end()).ok_or_else(|| away("an odd line"))
                    }
                    other => Err(other.into()),
                }
            }
        }
    }
}

fn cosigner(keeper: &super::Keeper) -> Result<&Cosigner, Refused> {
    let missing = || away("it does not cosign");
    keeper.cosigner.as_ref().ok_or_else(missing)
}

impl From<Request> for super::Request {
    fn from(request: Request) -> Self {
        Self::Witness(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ledger::{
            signer::{Keeper, serve},
            tree::{consistency, tests::Whole},
        },
        spine::ids,
    };

    const ORIGIN: &str = "log.example.jp/access-log/kita/1";
    const NAME: &str = "witness.example.jp/witness/minami";

    fn keeper(folder: &std::path::Path) -> Keeper {
        let cosigner = Cosigner::new([5; 32], folder.join("witness-signed")).unwrap();
        let keeper = Keeper::new(Key::from_seed(&[3; 32]), folder.join("log-signed"));
        keeper.unwrap().with_cosigner(cosigner)
    }

    fn head(whole: &Whole, size: u64) -> Head {
        Head {
            size,
            root: whole.root(size),
        }
    }

    fn note(whole: &Whole, size: u64) -> Note {
        let checkpoint = Checkpoint {
            origin: ORIGIN.to_owned(),
            size,
            root: whole.root(size),
        };
        checkpoint.sign(&Key::from_seed(&[4; 32]), 1_800_000_000)
    }

    /// A key in this process and one apart answer alike.
    #[tokio::test]
    #[expect(clippy::disallowed_methods, reason = "the process apart, in a test")]
    async fn a_witness_cosigns_one_history_whatever_the_database_says() {
        let folder = std::env::temp_dir().join(ids::new_id().to_string());
        fs::create_dir_all(&folder).unwrap();
        let socket = folder.join("socket");
        let (apart, path) = (keeper(&folder.join("there")), socket.clone());
        let serving = tokio::spawn(async move { serve(apart, &path, || 1_800_000_000).await });
        while !socket.exists() {
            tokio::task::yield_now().await;
        }
        let whole = Whole::of(40);
        let mut forked = Whole::of(40);
        forked.0[3].0[0] ^= 1;
        let mut keys = Vec::new();
        for signer in [
            Signer::Here(Box::new(keeper(&folder.join("here")))),
            Signer::There(socket),
        ] {
            let verifier = signer.witness(NAME).await.unwrap();
            assert_ne!(verifier, signer.witness("another").await.unwrap());
            assert_eq!(signer.witnessed(NAME, ORIGIN).await.unwrap(), Head::empty());
            let grow = async |tree: &Whole, last: Head, size| {
                let ranges = consistency(last.size, size).unwrap_or_default();
                let proof = tree.hashes(&ranges);
                let time = 1_800_000_000;
                signer
                    .cosign(NAME, &note(tree, size), last, &proof, time)
                    .await
            };
            for (old, new) in [(0, 7), (7, 7), (7, 20)] {
                let line = grow(&whole, head(&whole, old), new).await.unwrap();
                let cosigned = Note {
                    lines: vec![line],
                    ..note(&whole, new)
                };
                assert_eq!(verifier.signed(&cosigned), Ok(Some(1_800_000_000)));
            }
            // A database that was put back, one that was altered, and a history that is another.
            for (tree, last, size) in [
                (&whole, head(&whole, 7), 30),
                (&whole, Head::empty(), 30),
                (&forked, head(&forked, 20), 30),
                (&forked, head(&whole, 20), 30),
                (&whole, head(&whole, 20), 19),
            ] {
                let refused = grow(tree, last, size).await;
                let Err(Refused::Inconsistent { last }) = refused else {
                    panic!("{refused:?}");
                };
                assert_eq!(last, head(&whole, 20));
            }
            // Another server with the same database has cosigned meanwhile.
            grow(&whole, head(&whole, 25), 30).await.unwrap();
            assert_eq!(signer.witnessed(NAME, ORIGIN).await.unwrap().size, 30);
            assert_eq!(signer.witnessed("another", ORIGIN).await.unwrap().size, 0);
            keys.push(verifier);
        }
        assert_eq!(keys[0], keys[1]);
        serving.abort();
        let mute = Keeper::new(Key::from_seed(&[3; 32]), folder.join("mute")).unwrap();
        let mute = Signer::Here(Box::new(mute));
        assert!(matches!(mute.witness(NAME).await, Err(Refused::Away(_))));
        fs::remove_dir_all(folder).unwrap();
    }
}
