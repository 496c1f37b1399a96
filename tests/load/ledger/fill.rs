//! Entries as the server writes them, many at once: the same bytes, the same digests, by COPY.

use std::fmt::Write;
use std::pin::pin;
use std::time::Instant;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::SinkExt;
use tokio_postgres::Transaction;
use tsumugi_server::ledger::entry::{Entry, SALT, What, Where, Who};
use tsumugi_server::ledger::tree::leaf_hash;
use tsumugi_server::spine::audit::seal_of;
use uuid::Uuid;

use crate::{Result, Site, say};

/// Entries of one transaction.
const TOGETHER: u64 = 5000;
/// Entries are so far apart.
const APART: TimeDelta = TimeDelta::milliseconds(40);

const EVENTS: &str = "COPY audit_events (tenant_id, id, at, actor_kind, account_id, staff_member_id, client_id, profession, \
    facility_id, session_id, action, purpose, outcome, code, patient_id, resource_type, resource_id, count, rules, \
    policy_digest, request_id, source_ip, decision, ground, resource_version, on_behalf_of, device_id, query_digest, clock, \
    seal, epoch, xid) FROM STDIN";
const PATIENTS: &str = "COPY audit_event_patients (tenant_id, event_id, patient_id, at) FROM STDIN";

/// An entry with what tells its one patient from those that its answer named.
struct Invented {
    entry: Entry,
    patient_id: Option<Uuid>,
    listed: Vec<Uuid>,
}

/// Writes so many entries, the last of them at a moment.
pub(crate) async fn fill(site: &mut Site, count: u64, until: DateTime<Utc>) -> Result<()> {
    let begun = Instant::now();
    let first = until - APART * i32::try_from(count)?;
    let first = DateTime::from_timestamp_micros(first.timestamp_micros()).unwrap_or(first);
    let mut number = 0;
    while number < count {
        let end = count.min(number + TOGETHER);
        let transaction = site.client.transaction().await?;
        let known = "SELECT log_epoch(), log_xid()";
        let row = transaction.query_one(known, &[]).await?;
        let written_by: (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        let (mut events, mut patients) = (String::new(), String::new());
        for number in number..end {
            let invented = invent(
                site.tenant_id,
                number,
                first + APART * i32::try_from(number)?,
            );
            let seal = seal_of(&site.app.seal, &invented.entry);
            event_line(&mut events, &invented, &seal, written_by)?;
            for patient in &invented.listed {
                let Entry { tenant, id, at, .. } = &invented.entry;
                writeln!(patients, "{tenant}\t{id}\t{patient}\t{}", at.to_rfc3339())?;
            }
        }
        copy(&transaction, EVENTS, events).await?;
        copy(&transaction, PATIENTS, patients).await?;
        transaction.commit().await?;
        number = end;
    }
    let seconds = begun.elapsed().as_secs_f64();
    say(&format!("{count} entries written in {seconds:.1} s"));
    // As after some days: the statistics are there.
    site.client
        .batch_execute("ANALYZE audit_events, audit_event_patients")
        .await?;
    Ok(())
}

async fn copy(transaction: &Transaction<'_>, statement: &str, rows: String) -> Result<()> {
    let sink = transaction.copy_in::<_, Bytes>(statement).await?;
    let mut sink = pin!(sink);
    sink.send(rows.into()).await?;
    Ok(sink.close().await?)
}

/// An entry like those of a network with forty people and some hundred patients.
fn invent(tenant: Uuid, number: u64, at: DateTime<Utc>) -> Invented {
    let dice = leaf_hash(&number.to_be_bytes()).0;
    let die = |at: usize, sides: u8| u128::from(dice.get(at).copied().unwrap_or(0) % sides);
    let patient = |of: u128| Uuid::from_u128(0x0190_0000_0000_7000_8000_0001_0000_0000 | of);
    let is_list = die(0, 20) == 0;
    let one = patient(u128::from(dice[1]) << 1 | die(2, 2));
    let listed: Vec<Uuid> = (0..if is_list { 20 } else { 0 })
        .map(|more| patient(die(3, 200) + more))
        .collect();
    let mut salt = [0; SALT];
    salt.iter_mut()
        .zip(&dice[16..])
        .for_each(|(to, from)| *to = *from);
    let staff = Uuid::from_u128(0x0190_0000_0000_7000_8000_0002_0000_0000 | die(4, 40));
    let patients = if is_list { listed.clone() } else { vec![one] };
    let entry = Entry {
        tenant,
        id: id_at(at, number),
        at,
        actor_kind: "staff".to_owned(),
        profession: Some("nurse".to_owned()),
        facility: Some(Uuid::from_u128(
            0x0190_0000_0000_7000_8000_0004_0000_0000 | die(4, 5),
        )),
        action: if is_list {
            "patients.list"
        } else {
            "timeline.list"
        }
        .to_owned(),
        outcome: "allowed".to_owned(),
        code: None,
        purpose: "TREAT".to_owned(),
        ground: Some("member".to_owned()),
        resource_type: None,
        resource_version: None,
        count: Some(50),
        rules: [
            "channel-reads-posts",
            "forbid-unnamed-sensitive-subject",
            "team-reads",
            "team-reads-posts",
        ]
        .map(str::to_owned)
        .to_vec(),
        policy: "a7".repeat(32),
        clock: "checked".to_owned(),
        who: Who {
            account: Some(staff),
            staff_member: Some(staff),
            ..Who::default()
        },
        place: Where {
            device: None,
            request: Some(format!("0190{number:028x}")),
            session: Some(staff),
            source_ip: Some(format!("192.0.2.{}", die(5, 250))),
        },
        what: What {
            decision: Some(decision(staff, one)),
            ..What::default()
        },
        patients,
        salt,
    };
    Invented {
        patient_id: (!is_list).then_some(one),
        listed,
        entry,
    }
}

/// Begins with its time, as the ids of a server do, so that filling a log twice gives no id twice.
fn id_at(at: DateTime<Utc>, number: u64) -> Uuid {
    let millis = u128::try_from(at.timestamp_millis()).unwrap_or(0);
    Uuid::from_u128(millis << 80 | 0x7000_8000_0003_0000_0000 | u128::from(number))
}

/// As long as what the rules are asked.
fn decision(staff: Uuid, patient: Uuid) -> String {
    let pairs: Vec<String> = (0..12)
        .map(|pair| format!(r#""channel-{pair}:note":"team-reads-posts""#))
        .collect();
    format!(
        r#"{{"action":"patient.read","asker":{{"kind":"person","id":"{staff}","profession":"nurse","role":"staff"}},"resource":{{"kind":"patient","id":"{patient}","sensitivity":0}},"ground":{{"member":true}},"scope":{{{}}},"purpose":"TREAT"}}"#,
        pairs.join(",")
    )
}

fn event_line(
    into: &mut String,
    invented: &Invented,
    seal: &[u8],
    (epoch, xid): (i64, i64),
) -> std::fmt::Result {
    let entry = &invented.entry;
    let hex = tsumugi_server::ledger::entry::hex(seal);
    let text = |text: &Option<String>| {
        text.clone()
            .map_or_else(|| "\\N".to_owned(), |text| text.replace('\\', "\\\\"))
    };
    let id = |id: Option<Uuid>| id.map_or_else(|| "\\N".to_owned(), |id| id.to_string());
    let number =
        |number: Option<i32>| number.map_or_else(|| "\\N".to_owned(), |number| number.to_string());
    let columns = [
        entry.tenant.to_string(),
        entry.id.to_string(),
        entry.at.to_rfc3339(),
        entry.actor_kind.clone(),
        id(entry.who.account),
        id(entry.who.staff_member),
        id(entry.who.client),
        text(&entry.profession),
        id(entry.facility),
        id(entry.place.session),
        entry.action.clone(),
        entry.purpose.clone(),
        entry.outcome.clone(),
        text(&entry.code),
        id(invented.patient_id),
        text(&entry.resource_type),
        id(entry.what.resource),
        number(entry.count),
        format!("{{{}}}", entry.rules.join(",")),
        entry.policy.clone(),
        text(&entry.place.request),
        text(&entry.place.source_ip),
        text(&entry.what.decision),
        text(&entry.ground),
        number(entry.resource_version),
        id(entry.who.on_behalf_of),
        id(entry.place.device),
        text(&entry.what.query),
        entry.clock.clone(),
        format!("\\\\x{hex}"),
        epoch.to_string(),
        xid.to_string(),
    ];
    writeln!(into, "{}", columns.join("\t"))
}
