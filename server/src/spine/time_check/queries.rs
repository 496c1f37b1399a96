//! The database's clock, and whom to tell.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, clock_alarms as alarms, staff_members};
use uuid::Uuid;

use crate::{Result, ctx::Tx};

diesel::define_sql_function! {
    /// What time it is for the database, at this moment and not when the transaction began.
    fn clock_timestamp() -> diesel::sql_types::Timestamptz;
}

pub(super) async fn clock(tx: &Tx<'_>) -> Result<DateTime<Utc>> {
    Ok(diesel::select(clock_timestamp())
        .get_result(&mut tx.conn())
        .await?)
}

/// Notes that today's alarm is given; answers whether it had not been.
pub(super) async fn begin_alarm(tx: &Tx<'_>) -> Result<bool> {
    let made = diesel::insert_into(alarms::table)
        .values((
            alarms::tenant_id.eq(tx.tenant_id),
            alarms::day.eq(tx.today()),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(made == 1)
}

/// Accounts and addresses of the administrators of the network.
pub(super) async fn list_administrators(tx: &Tx<'_>) -> Result<Vec<(Uuid, Option<String>)>> {
    let today = tx.today();
    Ok(accounts::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(accounts::staff_member_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::role.eq("network_administrator"))
        .filter(accounts::suspended_at.is_null())
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((accounts::id, accounts::email))
        .load(&mut tx.conn())
        .await?)
}
