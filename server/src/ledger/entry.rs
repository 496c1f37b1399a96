//! An entry of the access log as bytes that never change: what is hashed into the tree.
//!
//! The bytes are a JSON object with its keys in order, nothing that is empty, and no spaces. What would tell more than a
//! reader may know — who exactly, from where, about which thing, and each patient — is in it as a commitment only:
//! `SHA-256(salt ‖ value)`, with a salt of its own made from the secret salt of the entry. So one entry can be shown to
//! one patient, and proven, without showing who else was on the same list.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::tree::{Hash, leaf_hash};

/// Version of the form.
const FORM: u32 = 1;
/// Length of a salt.
pub const SALT: usize = 16;

/// Who, exactly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Who {
    /// The account, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<Uuid>,
    /// The client: a system, or the program through which a person acted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Uuid>,
    /// The staff member in whose place it was entered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
    /// The post acted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff_member: Option<Uuid>,
}

/// From where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Where {
    /// The registered device.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Uuid>,
    /// The request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The session.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<Uuid>,
    /// The address of the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_ip: Option<String>,
}

/// About which thing, and what the rules were asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct What {
    /// What the rules were asked, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// Keyed digest of what was searched for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// The thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<Uuid>,
}

/// An entry with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The network.
    pub tenant: Uuid,
    /// The entry.
    pub id: Uuid,
    /// When, to the microsecond.
    pub at: DateTime<Utc>,
    /// What kind of caller: `staff`, `system`, `anonymous`.
    pub actor_kind: String,
    /// Profession at that moment.
    pub profession: Option<String>,
    /// Facility at that moment.
    pub facility: Option<Uuid>,
    /// What was done: `feature.verb`.
    pub action: String,
    /// `allowed` or `denied`.
    pub outcome: String,
    /// Error code, when it was denied.
    pub code: Option<String>,
    /// Purpose of use.
    pub purpose: String,
    /// What tied the caller to the patient, in one word.
    pub ground: Option<String>,
    /// Kind of the thing.
    pub resource_type: Option<String>,
    /// Version of the thing.
    pub resource_version: Option<i32>,
    /// How many things a list answered with.
    pub count: Option<i32>,
    /// Ids of the rules that decided.
    pub rules: Vec<String>,
    /// SHA-256 of the rules in force.
    pub policy: String,
    /// How good the clock was: `checked`, `unchecked` or `off`.
    pub clock: String,
    /// Who.
    pub who: Who,
    /// From where.
    pub place: Where,
    /// About which thing.
    pub what: What,
    /// The patients that it is about or that its answer named, each once, in order.
    pub patients: Vec<Uuid>,
    /// The secret of the entry from which its salts are made.
    pub salt: [u8; SALT],
}

/// What stands for a value that is not shown: 64 hexadecimal digits.
pub type Commitment = String;

/// The bytes that are hashed, as they are written: keys in the order of their letters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Canonical {
    /// What was done.
    pub action: String,
    /// What kind of caller.
    pub actor_kind: String,
    /// When, to the microsecond.
    pub at: String,
    /// How good the clock was.
    pub clock: String,
    /// Error code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Length of a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i32>,
    /// Facility.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facility: Option<Uuid>,
    /// What tied the caller to the patient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground: Option<String>,
    /// The entry.
    pub id: Uuid,
    /// `allowed` or `denied`.
    pub outcome: String,
    /// One commitment for each patient, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patients: Vec<Commitment>,
    /// SHA-256 of the rules in force.
    pub policy: String,
    /// Profession.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
    /// Purpose of use.
    pub purpose: String,
    /// Kind of the thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<String>,
    /// Version of the thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_version: Option<i32>,
    /// The rules that decided.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The network.
    pub tenant: Uuid,
    /// Version of the form.
    pub v: u32,
    /// Commitment to [`What`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub what: Option<Commitment>,
    /// Commitment to [`Where`].
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub place: Option<Commitment>,
    /// Commitment to [`Who`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Commitment>,
}

/// A value with the salt that shows what a commitment stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    /// `who`, `where`, `what` or `patient`.
    pub name: String,
    /// 32 hexadecimal digits.
    pub salt: String,
    /// The value that was committed to.
    pub value: String,
}

/// What of an entry is shown beside its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Showing {
    /// Everything: to an auditor.
    All,
    /// That it was about this patient, and who it was if the network shows that: to the patient.
    Patient {
        /// The patient.
        id: Uuid,
        /// Whether the exact person is shown.
        who: bool,
    },
}

impl Entry {
    /// The bytes that are hashed.
    pub fn canonical(&self) -> String {
        let canonical = Canonical {
            action: self.action.clone(),
            actor_kind: self.actor_kind.clone(),
            at: self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            clock: self.clock.clone(),
            code: self.code.clone(),
            count: self.count,
            facility: self.facility,
            ground: self.ground.clone(),
            id: self.id,
            outcome: self.outcome.clone(),
            patients: self.patient_commitments(),
            policy: self.policy.clone(),
            profession: self.profession.clone(),
            purpose: self.purpose.clone(),
            resource_type: self.resource_type.clone(),
            resource_version: self.resource_version,
            rules: self.rules.clone(),
            tenant: self.tenant,
            v: FORM,
            what: self.group("what", &self.what),
            place: self.group("where", &self.place),
            who: self.group("who", &self.who),
        };
        to_json(&canonical)
    }

    /// Hash of the entry as a leaf of the tree.
    pub fn hash(&self) -> Hash {
        leaf_hash(self.canonical().as_bytes())
    }

    /// What opens the commitments for whoever it is shown to.
    pub fn open(&self, showing: Showing) -> Vec<Opened> {
        let opened = |name: &str, seed: &str, value: String| Opened {
            name: name.to_owned(),
            salt: hex(&self.salt_of(seed)),
            value,
        };
        let patient = |id: &Uuid| opened("patient", &format!("patient:{id}"), id.to_string());
        let who = || json_of(&self.who).map(|value| opened("who", "who", value));
        match showing {
            Showing::Patient { id, who: person } => {
                let named = self.patients.iter().filter(|named| **named == id);
                let who = person.then(who).flatten();
                who.into_iter().chain(named.map(patient)).collect()
            }
            Showing::All => {
                let place = json_of(&self.place).map(|value| opened("where", "where", value));
                let what = json_of(&self.what).map(|value| opened("what", "what", value));
                let groups = [who(), place, what].into_iter().flatten();
                groups.chain(self.patients.iter().map(patient)).collect()
            }
        }
    }

    fn group<T: Serialize + Default + PartialEq>(
        &self,
        name: &str,
        group: &T,
    ) -> Option<Commitment> {
        json_of(group).map(|value| commitment(&self.salt_of(name), &value))
    }

    fn patient_commitments(&self) -> Vec<Commitment> {
        let one = |id: &Uuid| commitment(&self.salt_of(&format!("patient:{id}")), &id.to_string());
        let mut all: Vec<Commitment> = self.patients.iter().map(one).collect();
        all.sort_unstable();
        all
    }

    fn salt_of(&self, name: &str) -> [u8; SALT] {
        let digest = Sha256::new()
            .chain_update(self.salt)
            .chain_update(name)
            .finalize();
        let mut salt = [0; SALT];
        salt.iter_mut()
            .zip(digest)
            .for_each(|(to, from)| *to = from);
        salt
    }
}

impl Opened {
    /// What stands for it in the bytes of its entry.
    pub fn commitment(&self) -> Option<Commitment> {
        Some(commitment(&from_hex(&self.salt)?, &self.value))
    }

    /// Whether this is what a commitment of the entry stands for.
    pub fn belongs_to(&self, entry: &Canonical) -> bool {
        let Some(made) = self.commitment() else {
            return false;
        };
        match self.name.as_str() {
            "who" => entry.who.as_ref() == Some(&made),
            "where" => entry.place.as_ref() == Some(&made),
            "what" => entry.what.as_ref() == Some(&made),
            "patient" => entry.patients.contains(&made),
            _ => false,
        }
    }
}

fn commitment(salt: &[u8], value: &str) -> Commitment {
    let digest = Sha256::new()
        .chain_update(salt)
        .chain_update(value)
        .finalize();
    hex(&digest)
}

/// A group as it is committed to; nothing when there is nothing in it.
fn json_of<T: Serialize + Default + PartialEq>(group: &T) -> Option<String> {
    (*group != T::default()).then(|| to_json(group))
}

/// These values are strings, numbers and lists of them: writing them cannot fail.
fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    let digit = |four: u8| DIGITS.get(usize::from(four)).copied().unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

pub(super) fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text
        .bytes()
        .map(|c| match c {
            b'0'..=b'9' => Some(c - b'0'),
            b'a'..=b'f' => Some(c - b'a' + 10),
            _ => None,
        })
        .collect();
    let (pairs, []) = digits.as_deref()?.as_chunks::<2>() else {
        return None;
    };
    Some(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn example(number: u128) -> Entry {
        Entry {
            tenant: Uuid::from_u128(1),
            id: Uuid::from_u128(number),
            at: DateTime::from_timestamp_micros(1_800_000_000_123_456).unwrap(),
            actor_kind: "staff".to_owned(),
            profession: Some("nurse".to_owned()),
            facility: Some(Uuid::from_u128(2)),
            action: "timeline.list".to_owned(),
            outcome: "allowed".to_owned(),
            code: None,
            purpose: "TREAT".to_owned(),
            ground: Some("member".to_owned()),
            resource_type: None,
            resource_version: None,
            count: Some(50),
            rules: vec!["permit-care-team".to_owned()],
            policy: "ab".repeat(32),
            clock: "checked".to_owned(),
            who: Who {
                staff_member: Some(Uuid::from_u128(3)),
                ..Who::default()
            },
            place: Where {
                source_ip: Some("192.0.2.1".to_owned()),
                ..Where::default()
            },
            what: What::default(),
            patients: vec![Uuid::from_u128(10), Uuid::from_u128(11)],
            salt: [9; SALT],
        }
    }

    /// The bytes of a form never change: what was hashed once has to be hashed alike for ever.
    #[test]
    fn the_bytes_are_these() {
        let expected = concat!(
            r#"{"action":"timeline.list","actor_kind":"staff","at":"2027-01-15T08:00:00.123456Z","clock":"checked","#,
            r#""count":50,"facility":"00000000-0000-0000-0000-000000000002","ground":"member","#,
            r#""id":"00000000-0000-0000-0000-000000000005","outcome":"allowed","patients":["#,
        );
        let bytes = example(5).canonical();
        assert!(bytes.starts_with(expected), "{bytes}");
        let read: Canonical = serde_json::from_str(&bytes).unwrap();
        assert_eq!(to_json(&read), bytes);
        let keys: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&bytes).unwrap();
        assert!(keys.keys().is_sorted());
        assert_eq!(read.patients.len(), 2);
        assert_eq!((read.what, read.v), (None, 1));
        let hash = format!("{:?}", example(5).hash());
        assert_eq!(
            hash,
            "1906c5555c9064b38d94a5c25615261538c83e02decab286d10c3b26d58cb3bc"
        );
    }

    #[test]
    fn nothing_of_what_is_closed_is_in_the_bytes() {
        let bytes = example(5).canonical();
        for secret in [Uuid::from_u128(3), Uuid::from_u128(10), Uuid::from_u128(11)] {
            assert!(!bytes.contains(&secret.to_string()));
        }
        assert!(!bytes.contains("192.0.2.1"));
    }

    #[test]
    fn what_is_opened_belongs_to_the_entry_and_to_no_other() {
        let (one, other) = (example(5), example(6));
        let canonical =
            |entry: &Entry| -> Canonical { serde_json::from_str(&entry.canonical()).unwrap() };
        let all = one.open(Showing::All);
        let names: Vec<&str> = all.iter().map(|opened| opened.name.as_str()).collect();
        assert_eq!(names, ["who", "where", "patient", "patient"]);
        for opened in &all {
            assert!(opened.belongs_to(&canonical(&one)));
            // Entries have salts of their own; here they share one, and the value is what tells them apart.
            let mut bent = opened.clone();
            bent.value.push(' ');
            assert!(!bent.belongs_to(&canonical(&one)));
            bent = opened.clone();
            bent.salt = "00".repeat(16);
            assert!(!bent.belongs_to(&canonical(&other)));
        }
        let patient = Showing::Patient {
            id: Uuid::from_u128(11),
            who: false,
        };
        let shown = one.open(patient);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].value, Uuid::from_u128(11).to_string());
    }

    #[test]
    fn hexadecimal_digits_are_read_as_they_are_written() {
        assert_eq!(hex(&[0, 15, 171]), "000fab");
        assert_eq!(from_hex("000fab"), Some(vec![0, 15, 171]));
        for bad in ["0", "0g", "AB", "é"] {
            assert_eq!(from_hex(bad), None);
        }
    }
}
