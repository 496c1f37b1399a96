use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{pg::Pg, prelude::*, sql_types::Bool};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, audit_event_patients as named, audit_events as events, clients, devices, facilities,
    patient_relations as relations, patients, provisions, staff_members, tenants,
};
use uuid::Uuid;

use super::model::{Access, Source};
use crate::{Result, ctx::Tx, spine::page::TimeKey};

/// A condition on entries.
type OnEntries = Box<dyn BoxableExpression<events::table, Pg, SqlType = Bool>>;

/// The entries of a source. Sources of people are narrowed by the posts as well, by which there is an index.
fn of_source(source: &Source, posts: &[Uuid]) -> OnEntries {
    let by_post = events::staff_member_id
        .eq_any(posts.to_vec())
        .assume_not_null();
    match source {
        Source::Client(id) => Box::new(events::client_id.eq(*id).assume_not_null()),
        Source::Account(id) => Box::new(by_post.and(events::account_id.eq(*id).assume_not_null())),
        Source::Session(id) => Box::new(events::session_id.eq(*id).assume_not_null()),
        Source::Device(id) => Box::new(events::device_id.eq(*id).assume_not_null()),
        Source::SourceIp(address) => {
            Box::new(events::source_ip.eq(address.clone()).assume_not_null())
        }
    }
}

/// The next entries of a source within a time, oldest first.
pub(super) async fn page(
    tx: &Tx<'_>,
    (source, posts): (&Source, &[Uuid]),
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    after: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Access>> {
    type Row = (
        Uuid,
        DateTime<Utc>,
        String,
        String,
        Option<Uuid>,
        Option<Uuid>,
    );
    let mut query = events::table
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::at.ge(from))
        .filter(events::at.lt(to))
        .filter(of_source(source, posts))
        .into_boxed();
    if let Some(TimeKey(at, id)) = after {
        query = query
            .filter(events::at.ge(at))
            .filter(events::at.gt(at).or(events::id.gt(id)));
    }
    let rows: Vec<Row> = query
        .order((events::at, events::id))
        .limit(limit)
        .select((
            events::id,
            events::at,
            events::action,
            events::outcome,
            events::patient_id,
            events::facility_id,
        ))
        .load(&mut tx.conn())
        .await?;
    let access = |(id, at, action, outcome, patient_id, facility_id): Row| Access {
        id,
        at,
        action,
        allowed: outcome == "allowed",
        patient_id,
        facility_id,
    };
    Ok(rows.into_iter().map(access).collect())
}

/// Entries whose patients are asked for at once.
const KEYS: usize = 1000;

/// The patients that the answers of these entries named, by entry. Found by the moments of the entries alone, one probe
/// of the index each: entries of others in between are not looked at.
pub(super) async fn named_by(tx: &Tx<'_>, entries: &[Access]) -> Result<HashMap<Uuid, Vec<Uuid>>> {
    let mut found: HashMap<Uuid, Vec<Uuid>> = HashMap::with_capacity(entries.len());
    for part in entries.chunks(KEYS) {
        let times: Vec<DateTime<Utc>> = part.iter().map(|entry| entry.at).collect();
        let rows: Vec<(Uuid, Uuid)> = named::table
            .filter(named::tenant_id.eq(tx.tenant_id))
            .filter(named::at.eq_any(times))
            .select((named::event_id, named::patient_id))
            .load(&mut tx.conn())
            .await?;
        for (event, patient) in rows {
            found.entry(event).or_default().push(patient);
        }
    }
    Ok(found)
}

/// All posts that the person of an account has or had.
pub(super) async fn posts_of_account(tx: &Tx<'_>, account_id: Uuid) -> Result<Vec<Uuid>> {
    Ok(staff_members::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(staff_members::tenant_id)
                .and(accounts::person_id.eq(staff_members::person_id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(account_id))
        .select(staff_members::id)
        .load(&mut tx.conn())
        .await?)
}

/// What the source is called, where it has a name.
pub(super) async fn name_of(tx: &Tx<'_>, source: &Source) -> Result<Option<String>> {
    let mut connection = tx.conn();
    let found = match source {
        Source::Client(id) => {
            let query = clients::table.find((tx.tenant_id, id));
            query.select(clients::name).first(&mut connection).await
        }
        Source::Account(id) => {
            let query = accounts::table.find((tx.tenant_id, id));
            query
                .select(accounts::login_name)
                .first(&mut connection)
                .await
        }
        Source::Device(id) => {
            let query = devices::table.find((tx.tenant_id, id));
            query.select(devices::name).first(&mut connection).await
        }
        Source::Session(_) | Source::SourceIp(_) => return Ok(None),
    };
    Ok(found.optional()?)
}

/// What it takes to tell a person.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Contact {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) birth_date: NaiveDate,
    pub(super) address: String,
    pub(super) phone: Option<String>,
}

pub(super) async fn list_contacts(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Contact>> {
    Ok(patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::id.eq_any(ids))
        .order((patients::sort_key, patients::id))
        .select((
            patients::id,
            patients::name,
            patients::kana,
            patients::birth_date,
            patients::address,
            patients::phone,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Somebody with an account for a patient: the patient, the relation in words, name, mail address.
pub(super) type Relative = (Uuid, String, String, Option<String>);

/// Everybody with an account for these patients that goes on.
pub(super) async fn list_relatives(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<Relative>> {
    let today = tx.today();
    Ok(relations::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(relations::tenant_id)
                .and(accounts::id.eq(relations::account_id))),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(accounts::staff_member_id))),
        )
        .filter(relations::tenant_id.eq(tx.tenant_id))
        .filter(relations::patient_id.eq_any(ids))
        .filter(
            relations::ends_on
                .is_null()
                .or(relations::ends_on.ge(today)),
        )
        .order((relations::created_at, relations::id))
        .select((
            relations::patient_id,
            relations::label,
            staff_members::name,
            accounts::email,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// A record of a provision: the patient, the day, the kind, and who had recorded it.
pub(super) type Given = (Uuid, NaiveDate, String, String);

/// What of these patients was given to these facilities from the first to the last of these days.
pub(super) async fn list_given(
    tx: &Tx<'_>,
    ids: &[Uuid],
    recipients: &[Uuid],
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<Given>> {
    Ok(provisions::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(provisions::tenant_id)
                .and(facilities::id.eq(provisions::source_facility_id))),
        )
        .filter(provisions::tenant_id.eq(tx.tenant_id))
        .filter(provisions::patient_id.eq_any(ids))
        .filter(provisions::provided_on.between(first, last))
        .filter(provisions::recipient_facility_id.eq_any(recipients))
        .order((
            provisions::patient_id,
            provisions::provided_on,
            provisions::kind,
            facilities::name,
        ))
        .select((
            provisions::patient_id,
            provisions::provided_on,
            provisions::kind,
            facilities::name,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// The name of the network.
pub(super) async fn network_name(tx: &Tx<'_>) -> Result<String> {
    Ok(tenants::table
        .filter(tenants::tenant_id.eq(tx.tenant_id))
        .select(tenants::name)
        .first(&mut tx.conn())
        .await?)
}

/// The network with this short name. The list of networks is open to every session of the database.
pub async fn find_network(tx: &Tx<'_>, slug: &str) -> Result<Option<Uuid>> {
    Ok(tenants::table
        .filter(tenants::slug.eq(slug))
        .select(tenants::tenant_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}
