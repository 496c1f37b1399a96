//! Writing entries: the server in the transaction of what it did, the owner of the tables from the command line.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tsumugi_schema::tables::{audit_event_patients as named, audit_events};
use uuid::Uuid;

use super::{Entry, rows::NewEvent};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::entry::{self, SALT, What, Where, Who},
    spine::{access::Question, auth::Actor, clock::Quality, ids, seal::Seal},
};

/// What the keyed digest of an entry is made for.
pub(in crate::spine) const MAC: &str = "access log entry";

/// Patients in one INSERT: PostgreSQL takes at most 65,535 values.
const NAMED: usize = 5000;
/// Entries in one INSERT.
const ENTRIES: usize = 2000;

/// Writes one entry. `question` is what the rules were asked, `code` the error code of a refusal.
pub(crate) async fn write(
    tx: &Tx<'_>,
    recorded: &Entry,
    rules: &[String],
    question: Option<&Question>,
    code: Option<&'static str>,
) -> Result<()> {
    if cfg!(feature = "measure-without-log") {
        return Ok(());
    }
    let entry = complete(tx, recorded, rules, question, code)?;
    let seal = seal_of(&tx.app().seal, &entry);
    diesel::insert_into(audit_events::table)
        .values(&NewEvent::of(&entry, recorded.patient_id, &seal))
        .execute(&mut tx.conn())
        .await?;
    let listed: BTreeSet<Uuid> = recorded.patients.iter().copied().collect();
    if !listed.is_empty() {
        let rows: Vec<_> = listed
            .into_iter()
            .map(|patient| {
                (
                    named::tenant_id.eq(tx.tenant_id),
                    named::event_id.eq(entry.id),
                    named::patient_id.eq(patient),
                    named::at.eq(tx.now),
                )
            })
            .collect();
        for part in rows.chunks(NAMED) {
            diesel::insert_into(named::table)
                .values(part)
                .execute(&mut tx.conn())
                .await?;
        }
    }
    Ok(())
}

/// Adds who, when and from where to what a feature recorded.
fn complete(
    tx: &Tx<'_>,
    recorded: &Entry,
    rules: &[String],
    question: Option<&Question>,
    code: Option<&'static str>,
) -> Result<entry::Entry> {
    let (person, system) = match tx.actor {
        Actor::Person(person) => (Some(person), None),
        Actor::System(system) => (None, Some(system)),
        Actor::Anonymous | Actor::Worker => (None, None),
    };
    let actor_kind = match tx.actor {
        Actor::Person(_) => "staff",
        Actor::System(_) | Actor::Worker => "system",
        Actor::Anonymous => "anonymous",
    };
    let code = code.or(recorded.code);
    let patients: BTreeSet<Uuid> = recorded
        .patient_id
        .into_iter()
        .chain(recorded.patients.iter().copied())
        .collect();
    let ground = question.and_then(|question| question.ground);
    let decision = question
        .map(serde_json::to_string)
        .transpose()
        .map_err(Error::internal)?;
    Ok(entry::Entry {
        tenant: tx.tenant_id,
        id: ids::new_id(),
        at: tx.now,
        actor_kind: actor_kind.to_owned(),
        profession: person.map(|p| p.profession.clone()),
        facility: person
            .map(|p| p.facility_id)
            .or(system.map(|s| s.facility_id)),
        action: recorded.action.to_owned(),
        outcome: if code.is_some() { "denied" } else { "allowed" }.to_owned(),
        code: code.map(str::to_owned),
        purpose: tx.purpose.code().to_owned(),
        ground: ground.map(|ground| ground.word().to_owned()),
        resource_type: recorded
            .resource
            .map(|(kind, _)| kind)
            .or(recorded.operation)
            .map(str::to_owned),
        resource_version: recorded.version,
        count: recorded.count,
        rules: rules.to_vec(),
        policy: tx.policy_digest().to_owned(),
        clock: tx.app().clock.quality().code().to_owned(),
        who: Who {
            account: person.map(|p| p.account_id),
            client: system.map(|s| s.client_id).or(person.and_then(|p| p.via)),
            on_behalf_of: recorded.on_behalf_of,
            staff_member: person.map(|p| p.staff_member_id),
        },
        place: Where {
            device: person.and_then(|p| p.device_id),
            request: Some(tx.request_id().to_owned()),
            session: person.map(|p| p.session_id),
            source_ip: tx.source_ip().map(str::to_owned),
        },
        what: What {
            decision,
            query: recorded
                .searched
                .as_ref()
                .map(|words| search_digest(&tx.app().seal, tx.tenant_id, words))
                .or(recorded.file.clone()),
            resource: recorded.resource.map(|(_, id)| id),
        },
        patients: patients.into_iter().collect(),
        salt: new_salt()?,
    })
}

/// What stands for folded words that were searched for: the same words in the same network give the same, and nobody
/// without the key can try words out.
pub(crate) fn search_digest(seal: &Seal, tenant_id: Uuid, folded: &str) -> String {
    ids::to_base64(&seal.mac(
        "search",
        &[tenant_id.as_bytes(), folded.as_bytes()].concat(),
    ))
}

/// What is kept beside an entry: its secret, and the digest that only a server can make.
pub fn seal_of(seal: &Seal, entry: &entry::Entry) -> Vec<u8> {
    [
        &entry.salt[..],
        &seal.mac(MAC, entry.canonical().as_bytes()),
    ]
    .concat()
}

fn new_salt() -> Result<[u8; SALT]> {
    let secret = ids::secret()?;
    let mut salt = [0; SALT];
    salt.iter_mut()
        .zip(secret)
        .for_each(|(to, from)| *to = from);
    Ok(salt)
}

/// Writes down what somebody with the keys of the installation did from the command line.
pub(crate) async fn write_by_owner(
    connection: &mut AsyncPgConnection,
    seal: &Seal,
    tenant_id: Uuid,
    at: chrono::DateTime<chrono::Utc>,
    (action, resource): (&'static str, Option<(&'static str, Uuid)>),
) -> Result<()> {
    let entry = entry::Entry {
        tenant: tenant_id,
        id: ids::new_id(),
        at,
        actor_kind: "system".to_owned(),
        profession: None,
        facility: None,
        action: action.to_owned(),
        outcome: "allowed".to_owned(),
        code: None,
        purpose: "HSYSADMIN".to_owned(),
        ground: None,
        resource_type: resource.map(|(kind, _)| kind.to_owned()),
        resource_version: None,
        count: None,
        rules: Vec::new(),
        policy: String::new(),
        clock: Quality::Unchecked.code().to_owned(),
        who: Who::default(),
        place: Where {
            request: Some("command-line".to_owned()),
            ..Where::default()
        },
        what: What {
            resource: resource.map(|(_, id)| id),
            ..What::default()
        },
        patients: Vec::new(),
        salt: new_salt()?,
    };
    let seal = seal_of(seal, &entry);
    diesel::insert_into(audit_events::table)
        .values(&NewEvent::of(&entry, None, &seal))
        .execute(connection)
        .await?;
    Ok(())
}

/// Writes entries of the demonstration, as complete as if the server had written them: each with the patient that it is
/// about. Their secrets are made here.
pub(crate) async fn write_many_by_owner(
    connection: &mut AsyncPgConnection,
    seal: &Seal,
    entries: &mut [(entry::Entry, Option<Uuid>)],
) -> Result<()> {
    for (entry, _) in entries.iter_mut() {
        entry.salt = new_salt()?;
    }
    for part in entries.chunks(ENTRIES) {
        let seals: Vec<Vec<u8>> = part.iter().map(|(entry, _)| seal_of(seal, entry)).collect();
        let rows: Vec<NewEvent<'_>> = part
            .iter()
            .zip(&seals)
            .map(|((entry, patient), seal)| NewEvent::of(entry, *patient, seal))
            .collect();
        diesel::insert_into(audit_events::table)
            .values(&rows)
            .execute(connection)
            .await?;
        let listed: Vec<_> = part
            .iter()
            .flat_map(|(entry, patient)| {
                let others = entry.patients.iter().filter(|id| Some(**id) != *patient);
                others.map(move |id| {
                    (
                        named::tenant_id.eq(entry.tenant),
                        named::event_id.eq(entry.id),
                        named::patient_id.eq(*id),
                        named::at.eq(entry.at),
                    )
                })
            })
            .collect();
        for rows in listed.chunks(NAMED) {
            diesel::insert_into(named::table)
                .values(rows.to_vec())
                .execute(connection)
                .await?;
        }
    }
    Ok(())
}
