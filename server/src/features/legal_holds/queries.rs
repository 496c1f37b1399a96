use chrono::{DateTime, NaiveDate, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{audit_archives as archives, legal_holds as holds, patients};
use uuid::Uuid;

use super::{
    policy::{Create, Read, Release},
    routes::CreateLegalHold,
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, page::TimeKey},
};

/// A row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = holds, check_for_backend(diesel::pg::Pg))]
pub(super) struct LegalHold {
    pub(super) id: Uuid,
    pub(super) from_on: NaiveDate,
    pub(super) to_on: NaiveDate,
    pub(super) patient_id: Option<Uuid>,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) reason: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) created_by: Uuid,
    pub(super) released_at: Option<DateTime<Utc>>,
    pub(super) released_by: Option<Uuid>,
    pub(super) release_reason: Option<String>,
}

/// Legal holds, newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<Read>,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<LegalHold>> {
    let mut query = holds::table
        .filter(holds::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if let Some(TimeKey(at, id)) = before {
        query = query
            .filter(holds::created_at.le(at))
            .filter(holds::created_at.lt(at).or(holds::id.lt(id)));
    }
    Ok(query
        .order((holds::created_at.desc(), holds::id.desc()))
        .limit(limit + 1)
        .select(LegalHold::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// One hold.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<LegalHold>> {
    Ok(holds::table
        .find((tx.tenant_id, id))
        .select(LegalHold::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The archive files of months from `first` to `last`: month and name.
pub(super) async fn list_archives(
    tx: &Tx<'_>,
    first: NaiveDate,
    last: NaiveDate,
) -> Result<Vec<(NaiveDate, String)>> {
    Ok(archives::table
        .filter(archives::tenant_id.eq(tx.tenant_id))
        .filter(archives::month.between(first, last))
        .order((archives::month, archives::from_index))
        .select((archives::month, archives::file))
        .load(&mut tx.conn())
        .await?)
}

/// Whether the network has such a patient.
pub(super) async fn has_patient(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let found = exists(patients::table.find((tx.tenant_id, id)));
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Create>, new: &CreateLegalHold) -> Result<()> {
    diesel::insert_into(holds::table)
        .values((
            holds::tenant_id.eq(tx.tenant_id),
            holds::id.eq(new.id),
            holds::from_on.eq(new.from_on),
            holds::to_on.eq(new.to_on),
            holds::patient_id.eq(new.patient_id),
            holds::staff_member_id.eq(new.staff_member_id),
            holds::reason.eq(&new.reason),
            holds::created_at.eq(tx.now),
            holds::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Releases a hold; answers whether it stood.
pub(super) async fn release(
    tx: &Tx<'_>,
    _: Permit<Release>,
    id: Uuid,
    reason: &str,
) -> Result<bool> {
    let released = diesel::update(
        holds::table
            .find((tx.tenant_id, id))
            .filter(holds::released_at.is_null()),
    )
    .set((
        holds::released_at.eq(tx.now),
        holds::released_by.eq(tx.actor.ids().0),
        holds::release_reason.eq(reason),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(released == 1)
}
