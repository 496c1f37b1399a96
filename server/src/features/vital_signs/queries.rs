use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{staff_members, vital_limits as limits};
use uuid::Uuid;

use super::{limits::Limits, policy::Write};
use crate::{Error, Result, ctx::Tx, spine::access::Permit};

/// A row, with the name of whoever set it.
#[derive(Debug, Queryable)]
pub(super) struct LimitsRow {
    pub(super) version: i32,
    pub(super) ranges: serde_json::Value,
    pub(super) spo2_scale: i16,
    pub(super) news2_from: Option<i16>,
    pub(super) notify: Vec<Uuid>,
    pub(super) answer_within_minutes: Option<i32>,
    pub(super) instruction: Option<String>,
    pub(super) set_at: DateTime<Utc>,
    pub(super) set_by_name: String,
}

impl TryFrom<LimitsRow> for Limits {
    type Error = Error;

    fn try_from(row: LimitsRow) -> Result<Self> {
        Ok(Self {
            ranges: serde_json::from_value(row.ranges).map_err(Error::internal)?,
            second_scale: row.spo2_scale == 2,
            news2_from: row.news2_from.and_then(|from| from.try_into().ok()),
            notify: row.notify,
            answer_within_minutes: row.answer_within_minutes,
            instruction: row.instruction,
        })
    }
}

/// The newest version, if any was set.
pub(super) async fn find(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<LimitsRow>> {
    Ok(limits::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(limits::tenant_id)
                .and(staff_members::id.eq(limits::set_by))),
        )
        .filter(limits::tenant_id.eq(tx.tenant_id))
        .filter(limits::patient_id.eq(patient_id))
        .order(limits::version.desc())
        .select((
            limits::version,
            limits::limits,
            limits::spo2_scale,
            limits::news2_from,
            limits::notify,
            limits::answer_within_minutes,
            limits::instruction,
            limits::set_at,
            staff_members::name,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The limits of a patient, where there are any: for judging values that were just recorded.
pub async fn limits_of(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<Limits>> {
    find(tx, patient_id)
        .await?
        .map(Limits::try_from)
        .transpose()
}

/// Whether NEWS2 uses the second SpO₂ scale for a patient.
pub async fn has_second_scale(tx: &Tx<'_>, patient_id: Uuid) -> Result<bool> {
    let scale: Option<i16> = limits::table
        .filter(limits::tenant_id.eq(tx.tenant_id))
        .filter(limits::patient_id.eq(patient_id))
        .order(limits::version.desc())
        .select(limits::spo2_scale)
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(scale == Some(2))
}

/// Adds a version. Of two who write the same one the second hears that it is stale.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Write>,
    patient_id: Uuid,
    version: i32,
    new: &Limits,
) -> Result<()> {
    let added = diesel::insert_into(limits::table)
        .values((
            limits::tenant_id.eq(tx.tenant_id),
            limits::patient_id.eq(patient_id),
            limits::version.eq(version),
            limits::limits.eq(serde_json::to_value(&new.ranges).map_err(Error::internal)?),
            limits::spo2_scale.eq(if new.second_scale { 2 } else { 1 }),
            limits::news2_from.eq(new.news2_from.map(i16::from)),
            limits::notify.eq(&new.notify),
            limits::answer_within_minutes.eq(new.answer_within_minutes),
            limits::instruction.eq(&new.instruction),
            limits::set_by.eq(tx.actor.ids().0),
            limits::set_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    if added == 1 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}
