use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::network_professions as added;

use super::{model::Known, policy::Create, routes::CreateProfession};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, professions},
};

type Row = (String, String, String, String);

fn read((code, ja, en, based_on): Row) -> Option<Known> {
    // What a later register no longer has gives no rights.
    let base = professions::find(&based_on)?;
    Some(Known { code, ja, en, base })
}

/// Every profession of the register and of the network, by code.
pub async fn known(tx: &Tx<'_>) -> Result<Vec<Known>> {
    let rows: Vec<Row> = added::table
        .filter(added::tenant_id.eq(tx.tenant_id))
        .order(added::code)
        .select((added::code, added::ja, added::en, added::based_on))
        .load(&mut tx.conn())
        .await?;
    let mut all: Vec<Known> = professions::all().into_iter().map(Known::from).collect();
    all.extend(rows.into_iter().filter_map(read));
    Ok(all)
}

/// The profession with this code, if the register or the network has one.
pub async fn resolve(tx: &Tx<'_>, code: &str) -> Result<Option<Known>> {
    if let Some(base) = professions::find(code) {
        return Ok(Some(base.into()));
    }
    let row: Option<Row> = added::table
        .find((tx.tenant_id, code))
        .select((added::code, added::ja, added::en, added::based_on))
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(row.and_then(read))
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Create>, new: &CreateProfession) -> Result<()> {
    diesel::insert_into(added::table)
        .values((
            added::tenant_id.eq(tx.tenant_id),
            added::code.eq(&new.code),
            added::ja.eq(&new.ja),
            added::en.eq(&new.en),
            added::based_on.eq(&new.based_on),
            added::created_at.eq(tx.now),
            added::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
