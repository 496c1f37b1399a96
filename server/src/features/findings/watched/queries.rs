use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{patients, staff_members, watched_patients as watched};
use uuid::Uuid;

use super::{
    super::policy::{KeepWatched, ReadWatched},
    CreateWatchedPatient,
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, page::TimeKey},
};

/// A row with the names that belong to it.
#[derive(Debug, Queryable)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) patient_name: String,
    pub(super) reason: String,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) created_by: String,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_names() -> _ {
    watched::table
        .inner_join(
            patients::table.on(patients::tenant_id
                .eq(watched::tenant_id)
                .and(patients::id.eq(watched::patient_id))),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(watched::tenant_id)
                .and(staff_members::id.eq(watched::created_by))),
        )
}

macro_rules! columns {
    () => {
        (
            watched::id,
            watched::patient_id,
            patients::name,
            watched::reason,
            watched::starts_on,
            watched::ends_on,
            watched::created_at,
            staff_members::name,
            watched::ended_at,
        )
    };
}

/// Patients who are or were watched, newest first, one more than the limit.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<ReadWatched>,
    over_too: bool,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Row>> {
    let today = tx.today();
    let mut query = with_names()
        .filter(watched::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if !over_too {
        query = query
            .filter(watched::ended_at.is_null())
            .filter(watched::ends_on.is_null().or(watched::ends_on.ge(today)));
    }
    if let Some(TimeKey(at, id)) = before {
        let older = watched::created_at.lt(at).or(watched::id.lt(id));
        query = query.filter(watched::created_at.le(at)).filter(older);
    }
    Ok(query
        .order((watched::created_at.desc(), watched::id.desc()))
        .limit(limit + 1)
        .select(columns!())
        .load(&mut tx.conn())
        .await?)
}

/// One of them.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Row>> {
    Ok(with_names()
        .filter(watched::tenant_id.eq(tx.tenant_id))
        .filter(watched::id.eq(id))
        .select(columns!())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Whether there is such a patient.
pub(super) async fn patient_exists(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let found = diesel::dsl::exists(patients::table.find((tx.tenant_id, id)));
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<KeepWatched>,
    new: &CreateWatchedPatient,
    starts_on: NaiveDate,
) -> Result<()> {
    diesel::insert_into(watched::table)
        .values((
            watched::tenant_id.eq(tx.tenant_id),
            watched::id.eq(new.id),
            watched::patient_id.eq(new.patient_id),
            watched::reason.eq(&new.reason),
            watched::starts_on.eq(starts_on),
            watched::ends_on.eq(new.ends_on),
            watched::created_at.eq(tx.now),
            watched::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends it; answers whether it had not ended.
pub(super) async fn end(tx: &Tx<'_>, _: Permit<KeepWatched>, id: Uuid) -> Result<bool> {
    let ended = diesel::update(
        watched::table
            .find((tx.tenant_id, id))
            .filter(watched::ended_at.is_null()),
    )
    .set((
        watched::ended_at.eq(tx.now),
        watched::ended_by.eq(tx.actor.ids().0),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(ended == 1)
}
