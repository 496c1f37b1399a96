use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_event_patients as named, audit_events as events, clients, facilities,
    patient_relations as relations,
};
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    features::withholdings::Withheld,
    spine::{access::Permit, audit::Stored, page::TimeKey},
};

/// Which entries of a patient are shown.
#[derive(Debug, Clone)]
pub(super) struct Shown {
    pub(super) patient_id: Uuid,
    /// From the first to before the second of these moments.
    pub(super) between: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// What is withheld from the reader.
    pub(super) withheld: Withheld,
    /// Accounts of the patient and the family, whose own entries are left out.
    pub(super) without: Vec<Uuid>,
    /// Whether what the system did by itself is shown.
    pub(super) routine: bool,
    /// Only this entry.
    pub(super) only: Option<Uuid>,
}

/// Narrows a query to the entries that are shown, newest first, one more than the limit.
macro_rules! narrowed {
    ($query:expr, $shown:expr, $before:expr, $limit:expr) => {{
        let (shown, mut query) = ($shown, $query);
        if let Some((from, to)) = shown.between {
            query = query.filter(events::at.ge(from)).filter(events::at.lt(to));
        }
        for (from, to) in &shown.withheld.times {
            query = query.filter(events::at.lt(*from).or(events::at.ge(*to)));
        }
        if !shown.withheld.acts.is_empty() {
            let other = events::resource_id.ne_all(&shown.withheld.acts);
            query = query.filter(events::resource_id.is_null().or(other).assume_not_null());
        }
        if !shown.without.is_empty() {
            let other = events::account_id.ne_all(&shown.without);
            query = query.filter(events::account_id.is_null().or(other).assume_not_null());
        }
        if !shown.routine {
            let somebody = events::client_id.is_not_null();
            query = query.filter(events::actor_kind.ne("system").or(somebody));
        }
        if let Some(id) = shown.only {
            query = query.filter(events::id.eq(id));
        }
        if let Some(TimeKey(at, id)) = $before {
            let older = events::at.lt(at).or(events::id.lt(id));
            query = query.filter(events::at.le(at)).filter(older);
        }
        query
            .order((events::at.desc(), events::id.desc()))
            .limit($limit + 1)
            .select(Stored::as_select())
    }};
}

/// Entries that are about the patient or whose answer named the patient, newest first, one more than `limit`.
///
/// Two queries, one for each index: an entry that is in both answers is taken once.
pub(super) async fn page<V>(
    tx: &Tx<'_>,
    _: &Permit<V>,
    shown: &Shown,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Stored>> {
    let about = events::table
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::patient_id.eq(shown.patient_id))
        .into_boxed();
    let about = narrowed!(about, shown, before, limit);
    let listing = events::table
        .inner_join(
            named::table.on(named::tenant_id
                .eq(events::tenant_id)
                .and(named::at.eq(events::at))
                .and(named::event_id.eq(events::id))),
        )
        .filter(named::tenant_id.eq(tx.tenant_id))
        .filter(named::patient_id.eq(shown.patient_id))
        .into_boxed();
    let listing = narrowed!(listing, shown, before, limit);
    let (mut one, mut other) = (tx.conn(), tx.conn());
    let (about, listing): (Vec<Stored>, Vec<Stored>) =
        futures_util::future::try_join(about.load(&mut one), listing.load(&mut other)).await?;
    let mut rows: Vec<Stored> = about.into_iter().chain(listing).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.at, row.id)));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit + 1).unwrap_or(usize::MAX));
    Ok(rows)
}

/// Everybody who has or had an account for the patient: the account, and what it is to the patient.
pub(super) async fn family(tx: &Tx<'_>, patient_id: Uuid) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = relations::table
        .filter(relations::tenant_id.eq(tx.tenant_id))
        .filter(relations::patient_id.eq(patient_id))
        .select((relations::account_id, relations::relation))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Names of facilities and of systems, by their ids.
pub(super) async fn names(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let facilities: Vec<(Uuid, String)> = facilities::table
        .filter(facilities::tenant_id.eq(tx.tenant_id))
        .filter(facilities::id.eq_any(ids))
        .select((facilities::id, facilities::name))
        .load(&mut tx.conn())
        .await?;
    let systems: Vec<(Uuid, String)> = clients::table
        .filter(clients::tenant_id.eq(tx.tenant_id))
        .filter(clients::id.eq_any(ids))
        .select((clients::id, clients::name))
        .load(&mut tx.conn())
        .await?;
    Ok(facilities.into_iter().chain(systems).collect())
}
