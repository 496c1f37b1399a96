use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::withholdings;
use uuid::Uuid;

use super::{
    policy::{Keep, Read},
    routes::CreateWithholding,
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, clock::day_begins, page::TimeKey},
};

/// A row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = withholdings, check_for_backend(diesel::pg::Pg))]
pub(super) struct Withholding {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) from_on: NaiveDate,
    pub(super) to_on: NaiveDate,
    pub(super) audience: String,
    pub(super) legal_basis: String,
    pub(super) decided_by: String,
    pub(super) until_on: NaiveDate,
    pub(super) created_at: DateTime<Utc>,
    pub(super) created_by: Uuid,
    pub(super) ended_at: Option<DateTime<Utc>>,
    pub(super) ended_by: Option<Uuid>,
}

/// What is withheld from somebody at this moment.
#[derive(Debug, Clone, Default)]
pub struct Withheld {
    /// Entries from the first to before the second of these moments.
    pub times: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    /// The withholdings themselves, whose own entries are withheld too.
    pub acts: Vec<Uuid>,
}

/// What of a patient's list is withheld today, from the patient or from the family.
pub async fn in_force(tx: &Tx<'_>, patient_id: Uuid, from_family: bool) -> Result<Withheld> {
    let mut query = withholdings::table
        .filter(withholdings::tenant_id.eq(tx.tenant_id))
        .filter(withholdings::patient_id.eq(patient_id))
        .filter(withholdings::until_on.ge(tx.today()))
        .filter(withholdings::ended_at.is_null())
        .select(Withholding::as_select())
        .into_boxed();
    if !from_family {
        query = query.filter(withholdings::audience.eq("everyone"));
    }
    let rows: Vec<Withholding> = query.load(&mut tx.conn()).await?;
    let after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    Ok(Withheld {
        times: rows
            .iter()
            .map(|row| (day_begins(row.from_on), day_begins(after(row.to_on))))
            .collect(),
        acts: rows.iter().map(|row| row.id).collect(),
    })
}

/// Withholdings, newest first, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<Read>,
    patient_id: Option<Uuid>,
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Withholding>> {
    let mut query = withholdings::table
        .filter(withholdings::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if let Some(patient_id) = patient_id {
        query = query.filter(withholdings::patient_id.eq(patient_id));
    }
    if let Some(TimeKey(at, id)) = before {
        let older = withholdings::created_at.lt(at).or(withholdings::id.lt(id));
        query = query.filter(withholdings::created_at.le(at)).filter(older);
    }
    Ok(query
        .order((withholdings::created_at.desc(), withholdings::id.desc()))
        .limit(limit + 1)
        .select(Withholding::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// One withholding.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Withholding>> {
    Ok(withholdings::table
        .find((tx.tenant_id, id))
        .select(Withholding::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Keep>, new: &CreateWithholding) -> Result<()> {
    diesel::insert_into(withholdings::table)
        .values((
            withholdings::tenant_id.eq(tx.tenant_id),
            withholdings::id.eq(new.id),
            withholdings::patient_id.eq(new.patient_id),
            withholdings::from_on.eq(new.from_on),
            withholdings::to_on.eq(new.to_on),
            withholdings::audience.eq(new.audience.code()),
            withholdings::legal_basis.eq(&new.legal_basis),
            withholdings::decided_by.eq(&new.decided_by),
            withholdings::until_on.eq(new.until_on),
            withholdings::created_at.eq(tx.now),
            withholdings::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends a withholding; answers whether it was in force.
pub(super) async fn end(tx: &Tx<'_>, _: Permit<Keep>, id: Uuid) -> Result<bool> {
    let ended = diesel::update(
        withholdings::table
            .find((tx.tenant_id, id))
            .filter(withholdings::ended_at.is_null())
            .filter(withholdings::until_on.ge(tx.today())),
    )
    .set((
        withholdings::ended_at.eq(tx.now),
        withholdings::ended_by.eq(tx.actor.ids().0),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(ended == 1)
}
