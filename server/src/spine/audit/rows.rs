//! Entries of the access log as rows, and the bytes that are sealed from them.

#![expect(
    clippy::ref_option_ref,
    reason = "written by the derive of an insertable row, not by us"
)]

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_archives as archives, audit_event_patients as named, audit_events, audit_leaves as leaves,
};
use uuid::Uuid;

use crate::{
    Error, Result,
    ctx::Tx,
    ledger::entry::{Entry, SALT, What, Where, Who},
    spine::clock::japanese_month,
};

/// A row to be written, made of an entry.
#[derive(Insertable)]
// NULL rather than DEFAULT for what is not there, so that the statement is always the same and prepared once.
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
pub(super) struct NewEvent<'a> {
    tenant_id: Uuid,
    id: Uuid,
    at: DateTime<Utc>,
    actor_kind: &'a str,
    account_id: Option<Uuid>,
    staff_member_id: Option<Uuid>,
    client_id: Option<Uuid>,
    profession: Option<&'a str>,
    facility_id: Option<Uuid>,
    session_id: Option<Uuid>,
    action: &'a str,
    purpose: &'a str,
    outcome: &'a str,
    code: Option<&'a str>,
    patient_id: Option<Uuid>,
    resource_type: Option<&'a str>,
    resource_id: Option<Uuid>,
    count: Option<i32>,
    rules: &'a [String],
    policy_digest: &'a str,
    request_id: &'a str,
    source_ip: Option<&'a str>,
    decision: Option<&'a str>,
    ground: Option<&'a str>,
    resource_version: Option<i32>,
    on_behalf_of: Option<Uuid>,
    device_id: Option<Uuid>,
    query_digest: Option<&'a str>,
    clock: &'a str,
    seal: &'a [u8],
}

impl<'a> NewEvent<'a> {
    /// `patient_id` is the one patient that it is about, where it is about one; `seal` its secret and digest.
    pub(super) fn of(entry: &'a Entry, patient_id: Option<Uuid>, seal: &'a [u8]) -> Self {
        Self {
            tenant_id: entry.tenant,
            id: entry.id,
            at: entry.at,
            actor_kind: &entry.actor_kind,
            account_id: entry.who.account,
            staff_member_id: entry.who.staff_member,
            client_id: entry.who.client,
            profession: entry.profession.as_deref(),
            facility_id: entry.facility,
            session_id: entry.place.session,
            action: &entry.action,
            purpose: &entry.purpose,
            outcome: &entry.outcome,
            code: entry.code.as_deref(),
            patient_id,
            resource_type: entry.resource_type.as_deref(),
            resource_id: entry.what.resource,
            count: entry.count,
            rules: &entry.rules,
            policy_digest: &entry.policy,
            request_id: entry.place.request.as_deref().unwrap_or_default(),
            source_ip: entry.place.source_ip.as_deref(),
            decision: entry.what.decision.as_deref(),
            ground: entry.ground.as_deref(),
            resource_version: entry.resource_version,
            on_behalf_of: entry.who.on_behalf_of,
            device_id: entry.place.device,
            query_digest: entry.what.query.as_deref(),
            clock: &entry.clock,
            seal,
        }
    }
}

/// A row as it was written.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = audit_events, check_for_backend(diesel::pg::Pg))]
pub struct Stored {
    /// The network.
    pub tenant_id: Uuid,
    /// The entry.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of caller.
    pub actor_kind: String,
    /// The account.
    pub account_id: Option<Uuid>,
    /// The post.
    pub staff_member_id: Option<Uuid>,
    /// The system, or the program through which a person acted.
    pub client_id: Option<Uuid>,
    /// Profession at that moment.
    pub profession: Option<String>,
    /// Facility at that moment.
    pub facility_id: Option<Uuid>,
    /// The session.
    pub session_id: Option<Uuid>,
    /// What was done.
    pub action: String,
    /// Purpose of use.
    pub purpose: String,
    /// How it ended.
    pub outcome: String,
    /// Error code.
    pub code: Option<String>,
    /// The patient that it was about.
    pub patient_id: Option<Uuid>,
    /// Kind of the thing.
    pub resource_type: Option<String>,
    /// The thing.
    pub resource_id: Option<Uuid>,
    /// Length of a list.
    pub count: Option<i32>,
    /// The rules that decided.
    pub rules: Vec<String>,
    /// Digest of the rules in force.
    pub policy_digest: String,
    /// The request.
    pub request_id: String,
    /// Where it came from.
    pub source_ip: Option<String>,
    /// What the rules were asked.
    pub decision: Option<String>,
    /// What tied the caller to the patient.
    pub ground: Option<String>,
    /// Version of the thing.
    pub resource_version: Option<i32>,
    /// In whose place.
    pub on_behalf_of: Option<Uuid>,
    /// The device.
    pub device_id: Option<Uuid>,
    /// Digest of what was searched for.
    pub query_digest: Option<String>,
    /// How good the clock was.
    pub clock: String,
    /// The secret of the entry, then the server's keyed digest of it.
    pub seal: Vec<u8>,
    /// The cluster in which it was written.
    pub epoch: i64,
    /// The transaction that wrote it.
    pub xid: i64,
}

impl Stored {
    /// The server's keyed digest of the entry; nothing where the entry is older than sealing.
    pub fn mac(&self) -> Option<&[u8]> {
        self.seal.get(SALT..).filter(|mac| !mac.is_empty())
    }

    /// The entry, with the patients that its answer named.
    pub fn into_entry(self, listed: impl IntoIterator<Item = Uuid>) -> Entry {
        let mut salt = [0; SALT];
        salt.iter_mut()
            .zip(&self.seal)
            .for_each(|(to, from)| *to = *from);
        let patients: BTreeSet<Uuid> = self.patient_id.into_iter().chain(listed).collect();
        Entry {
            tenant: self.tenant_id,
            id: self.id,
            at: self.at,
            actor_kind: self.actor_kind,
            profession: self.profession,
            facility: self.facility_id,
            action: self.action,
            outcome: self.outcome,
            code: self.code,
            purpose: self.purpose,
            ground: self.ground,
            resource_type: self.resource_type,
            resource_version: self.resource_version,
            count: self.count,
            rules: self.rules,
            policy: self.policy_digest,
            clock: self.clock,
            who: Who {
                account: self.account_id,
                client: self.client_id,
                on_behalf_of: self.on_behalf_of,
                staff_member: self.staff_member_id,
            },
            place: Where {
                device: self.device_id,
                request: Some(self.request_id),
                session: self.session_id,
                source_ip: self.source_ip,
            },
            what: What {
                decision: self.decision,
                query: self.query_digest,
                resource: self.resource_id,
            },
            patients: patients.into_iter().collect(),
            salt,
        }
    }
}

/// How long an entry may wait for its place before it is only found by its time.
const UNSEALED: TimeDelta = TimeDelta::hours(1);

/// One entry by its id: through its place, or among the newest that have none yet. Refuses with the name of the file
/// where the entry was taken out of the database.
pub async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Stored>> {
    let places: Vec<(i16, i64, DateTime<Utc>)> = leaves::table
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::event_id.eq(id))
        .order(leaves::tree.desc())
        .select((leaves::tree, leaves::leaf_index, leaves::event_at))
        .load(&mut tx.conn())
        .await?;
    let at = places.iter().map(|(.., at)| *at).next();
    let since = at.unwrap_or(tx.now - UNSEALED);
    let mut query = audit_events::table
        .filter(audit_events::tenant_id.eq(tx.tenant_id))
        .filter(audit_events::at.ge(since))
        .filter(audit_events::id.eq(id))
        .into_boxed();
    if at.is_some() {
        query = query.filter(audit_events::at.le(since));
    }
    let found = query
        .select(Stored::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?;
    if found.is_none() {
        for (tree, index, at) in places {
            let month = archived(tx, japanese_month(at), Some((tree, index))).await?;
            if let Some(file) = month {
                return Err(Error::Archived(file));
            }
        }
    }
    Ok(found)
}

/// The archive file into which a month of the network has gone, or the one in which a place of that month is; nothing
/// while the month is in the database.
pub async fn archived(
    tx: &Tx<'_>,
    month: NaiveDate,
    place: Option<(i16, i64)>,
) -> Result<Option<String>> {
    let mut query = archives::table
        .filter(archives::tenant_id.eq(tx.tenant_id))
        .filter(archives::month.eq(month))
        .filter(archives::dropped_at.is_not_null())
        .into_boxed();
    if let Some((tree, index)) = place {
        query = query
            .filter(archives::tree.eq(tree))
            .filter(archives::from_index.le(index))
            .filter(archives::to_index.gt(index));
    }
    Ok(query
        .order(archives::from_index)
        .select(archives::file)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The patients that the answers of these entries named, by entry.
pub async fn patients_of(
    tx: &Tx<'_>,
    entries: &[(Uuid, DateTime<Utc>)],
) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    let times = entries.iter().map(|(_, at)| *at);
    let (Some(first), Some(last)) = (times.clone().min(), times.max()) else {
        return Ok(found);
    };
    let ids: Vec<Uuid> = entries.iter().map(|(id, _)| *id).collect();
    let rows: Vec<(Uuid, Uuid)> = named::table
        .filter(named::tenant_id.eq(tx.tenant_id))
        .filter(named::at.between(first, last))
        .filter(named::event_id.eq_any(ids))
        .select((named::event_id, named::patient_id))
        .load(&mut tx.conn())
        .await?;
    for (event, patient) in rows {
        found.entry(event).or_default().push(patient);
    }
    Ok(found)
}
