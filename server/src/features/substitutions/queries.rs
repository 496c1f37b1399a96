use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{care_team_members as members, staff_members, substitutions};
use uuid::Uuid;

use super::{
    policy::{List, Write},
    routes::CreateSubstitution,
};
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = substitutions, check_for_backend(diesel::pg::Pg))]
pub(super) struct Substitution {
    pub(super) id: Uuid,
    pub(super) absent_id: Uuid,
    pub(super) substitute_id: Uuid,
    pub(super) patient_id: Option<Uuid>,
    pub(super) reason: String,
    pub(super) starts_at: DateTime<Utc>,
    pub(super) ends_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// Substitutions that run or are to come: of one post, as absent or as substitute, or of everybody.
pub(super) async fn list(
    tx: &Tx<'_>,
    _: Permit<List>,
    of: Option<Uuid>,
) -> Result<Vec<Substitution>> {
    let mut query = substitutions::table
        .filter(substitutions::tenant_id.eq(tx.tenant_id))
        .filter(substitutions::ends_at.gt(tx.now))
        .filter(substitutions::ended_at.is_null())
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(
            substitutions::absent_id
                .eq(of)
                .or(substitutions::substitute_id.eq(of)),
        );
    }
    Ok(query
        .order((substitutions::starts_at, substitutions::id))
        .limit(500)
        .select(Substitution::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// One substitution.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Substitution>> {
    Ok(substitutions::table
        .find((tx.tenant_id, id))
        .select(Substitution::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Names and professions of posts that are held today.
pub(super) async fn list_posts(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, String, String)>> {
    Ok(staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .select((
            staff_members::id,
            staff_members::name,
            staff_members::profession,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Whether somebody is on the care team of a patient today.
pub(super) async fn is_member(tx: &Tx<'_>, staff_member: Uuid, patient_id: Uuid) -> Result<bool> {
    let today = tx.today();
    let found = diesel::dsl::exists(
        members::table
            .filter(members::tenant_id.eq(tx.tenant_id))
            .filter(members::patient_id.eq(patient_id))
            .filter(members::staff_member_id.eq(staff_member))
            .filter(members::starts_on.le(today))
            .filter(members::ends_on.is_null().or(members::ends_on.ge(today))),
    );
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Write>, new: &CreateSubstitution) -> Result<()> {
    diesel::insert_into(substitutions::table)
        .values((
            substitutions::tenant_id.eq(tx.tenant_id),
            substitutions::id.eq(new.id),
            substitutions::absent_id.eq(new.absent_id),
            substitutions::substitute_id.eq(new.substitute_id),
            substitutions::patient_id.eq(new.patient_id),
            substitutions::reason.eq(new.reason.code()),
            substitutions::starts_at.eq(new.starts_at),
            substitutions::ends_at.eq(new.ends_at),
            substitutions::created_at.eq(tx.now),
            substitutions::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends a substitution; answers whether it had not ended.
pub(super) async fn end(tx: &Tx<'_>, _: Permit<Write>, id: Uuid) -> Result<bool> {
    let ended = diesel::update(
        substitutions::table
            .find((tx.tenant_id, id))
            .filter(substitutions::ended_at.is_null())
            .filter(substitutions::ends_at.gt(tx.now)),
    )
    .set(substitutions::ended_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(ended == 1)
}
