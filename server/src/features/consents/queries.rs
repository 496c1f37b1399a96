use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{consents, staff_members};
use uuid::Uuid;

use super::{
    policy::Write,
    routes::{ConsentView, CreateConsent},
};
use crate::{Error, Result, ctx::Tx, spine::access::Permit};

#[derive(Queryable, Selectable)]
#[diesel(table_name = consents, check_for_backend(diesel::pg::Pg))]
struct Consent {
    id: Uuid,
    granted_on: NaiveDate,
    granted_by: String,
    proxy_name: Option<String>,
    proxy_relation: Option<String>,
    method: String,
    note: Option<String>,
    recorded_at: DateTime<Utc>,
    withdrawn_at: Option<DateTime<Utc>>,
}

/// Every consent of a patient, newest first.
pub(super) async fn list(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<ConsentView>> {
    let rows: Vec<(Consent, String)> = consents::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(consents::tenant_id)
                .and(staff_members::id.eq(consents::recorded_by))),
        )
        .filter(consents::tenant_id.eq(tx.tenant_id))
        .filter(consents::patient_id.eq(patient_id))
        .order((consents::recorded_at.desc(), consents::id.desc()))
        .select((Consent::as_select(), staff_members::name))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(ConsentView::from).collect())
}

/// The consent that stands, if one does.
pub async fn find_standing(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<ConsentView>> {
    let today = tx.today();
    Ok(list(tx, patient_id)
        .await?
        .into_iter()
        .find(|c| c.withdrawn_at.is_none() && c.granted_on <= today))
}

/// The patient of a consent.
pub(super) async fn find_patient(tx: &Tx<'_>, id: Uuid) -> Result<Option<Uuid>> {
    Ok(consents::table
        .find((tx.tenant_id, id))
        .select(consents::patient_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The consent that comes with a new patient, in the act that makes the patient.
pub async fn add_first(tx: &Tx<'_>, patient_id: Uuid, new: &CreateConsent) -> Result<()> {
    put(tx, patient_id, new).await
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Write>,
    patient_id: Uuid,
    new: &CreateConsent,
) -> Result<()> {
    put(tx, patient_id, new).await
}

async fn put(tx: &Tx<'_>, patient_id: Uuid, new: &CreateConsent) -> Result<()> {
    if new.granted_on > tx.today() {
        return Err(Error::invalid(
            "granted_on",
            "out_of_range",
            "not in the future",
        ));
    }
    diesel::insert_into(consents::table)
        .values((
            consents::tenant_id.eq(tx.tenant_id),
            consents::id.eq(new.id),
            consents::patient_id.eq(patient_id),
            consents::granted_on.eq(new.granted_on),
            consents::granted_by.eq(new.granted_by.code()),
            consents::proxy_name.eq(&new.proxy_name),
            consents::proxy_relation.eq(&new.proxy_relation),
            consents::method.eq(new.method.code()),
            consents::note.eq(&new.note),
            consents::recorded_at.eq(tx.now),
            consents::recorded_by.eq(tx.actor.ids().0),
            consents::sensitive.eq(Vec::<String>::new()),
            consents::separate.eq(Vec::<String>::new()),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Withdraws; answers whether it stood.
pub(super) async fn withdraw(
    tx: &Tx<'_>,
    _: Permit<Write>,
    id: Uuid,
    reason: &str,
) -> Result<bool> {
    let changed = diesel::update(
        consents::table
            .find((tx.tenant_id, id))
            .filter(consents::withdrawn_at.is_null()),
    )
    .set((
        consents::withdrawn_at.eq(tx.now),
        consents::withdrawn_by.eq(tx.actor.ids().0),
        consents::withdrawal_reason.eq(reason),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

impl From<(Consent, String)> for ConsentView {
    fn from((row, recorded_by): (Consent, String)) -> Self {
        Self {
            id: row.id,
            granted_on: row.granted_on,
            granted_by: row.granted_by,
            proxy_name: row.proxy_name,
            proxy_relation: row.proxy_relation,
            method: row.method,
            note: row.note,
            recorded_at: row.recorded_at,
            recorded_by,
            withdrawn_at: row.withdrawn_at,
        }
    }
}
