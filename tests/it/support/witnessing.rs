//! Witnesses in a test, and a log of somebody else with a key of its own.

use std::time::Duration;

use tsumugi_client::models::{CreateWitness, CreateWitnessedLog, Witness};
use tsumugi_server::{
    ledger::{
        checkpoint::Checkpoint,
        note::{Key, Note, Verifier},
        signer::Head,
        tree::{Hash, consistency, leaf_hash, root_of},
        witness::Submission,
    },
    spine::ids,
    worker,
};
use uuid::Uuid;

use super::{
    World,
    log::{network, seal},
};

/// A log of somebody else.
pub struct OtherLog {
    key: Key,
    /// Its name.
    pub origin: String,
    /// Hashes of its entries.
    pub leaves: Vec<Hash>,
}

impl OtherLog {
    /// A log of so many entries, with a name of its own.
    pub fn new(size: u64) -> Self {
        let origin = format!("log.example.jp/{}", ids::new_id());
        Self {
            key: Key::from_seed(&ids::secret().unwrap()),
            origin,
            leaves: (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect(),
        }
    }

    /// The same log with another entry at this place.
    pub fn forked(&self, at: usize) -> Self {
        let mut leaves = self.leaves.clone();
        leaves[at].0[0] ^= 1;
        Self {
            key: self.key.clone(),
            origin: self.origin.clone(),
            leaves,
        }
    }

    /// The same log with another key.
    pub fn with_another_key(&self) -> Self {
        Self {
            key: Key::from_seed(&ids::secret().unwrap()),
            origin: self.origin.clone(),
            leaves: self.leaves.clone(),
        }
    }

    /// What it signs with.
    pub fn verifier(&self) -> Verifier {
        self.key.verifier(&self.origin)
    }

    /// The tree when it had so many entries.
    pub fn head(&self, size: u64) -> Head {
        let size = usize::try_from(size).unwrap();
        Head {
            size: size as u64,
            root: root_of(self.leaves[..size].iter().copied()),
        }
    }

    /// Its checkpoint of a size, signed at this time.
    pub fn note(&self, size: u64, time: u64) -> Note {
        let checkpoint = Checkpoint {
            origin: self.origin.clone(),
            size,
            root: self.head(size).root,
        };
        checkpoint.sign(&self.key, time)
    }

    /// What it submits to a witness that knows `old` entries.
    pub fn submission(&self, old: u64, new: u64) -> Submission {
        self.submission_at(old, new, 1_800_000_000 + new)
    }

    /// The same, signed at this time.
    pub fn submission_at(&self, old: u64, new: u64, time: u64) -> Submission {
        let ranges = consistency(old, new).unwrap_or_default();
        let hash = |range: std::ops::Range<u64>| {
            let place = |n: u64| usize::try_from(n).unwrap();
            root_of(
                self.leaves[place(range.start)..place(range.end)]
                    .iter()
                    .copied(),
            )
        };
        Submission {
            old,
            proof: ranges.into_iter().map(hash).collect(),
            note: self.note(new, time),
        }
    }
}

/// Lets the network `kita` of one world witness that of another; answers with the witness's entry there.
pub async fn let_witness(log: &World, witness: &World) -> Uuid {
    let network = network(log, "kita").await;
    seal(log, network).await;
    let ours = log.administrator.client.checkpoints().find().await.unwrap();
    let theirs = witness
        .administrator
        .client
        .checkpoints()
        .find()
        .await
        .unwrap();
    let key = ours.log.unwrap().public_key;
    let watched = CreateWitnessedLog::new("北部地域ネットワーク", key);
    let logs = witness.administrator.client.witnessed_logs();
    logs.create(&watched).await.unwrap();
    let url = format!("{}/v1/witness/kita", witness.anyone.base_url());
    let new = CreateWitness::server("南部地域ネットワーク", url, theirs.own_witness.public_key);
    let witnesses = log.administrator.client.witnesses();
    witnesses.create(&new).await.unwrap().id
}

/// The witness as its own network sees it.
pub async fn witness_of(world: &World, id: Uuid) -> Witness {
    let all = world.administrator.client.witnesses().list().await.unwrap();
    all.items
        .into_iter()
        .find(|witness| witness.id == id)
        .unwrap()
}

/// Asks the witness now, whoever is at it, until `done` says that it is as expected.
pub async fn ask_until(world: &World, id: Uuid, done: impl Fn(&Witness) -> bool) -> Witness {
    let network = network(world, "kita").await;
    let due = "UPDATE witnesses SET next_at = created_at WHERE id = $1";
    for _ in 0..600 {
        world.db.admin.execute(due, &[&id]).await.unwrap();
        worker::look_after(&world.app, network).await.unwrap();
        let witness = witness_of(world, id).await;
        if done(&witness) {
            return witness;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{:?}", witness_of(world, id).await);
}
