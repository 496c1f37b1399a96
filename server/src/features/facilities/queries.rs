use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::facilities;

use super::{
    model::Facility,
    policy::{Create, ReadDirectory},
    routes::CreateFacility,
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, page::TextKey},
};

/// Facilities by name, one more than `limit`.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<ReadDirectory>,
    after: Option<TextKey>,
    limit: i64,
) -> Result<Vec<Facility>> {
    let mut query = facilities::table
        .filter(facilities::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if let Some(TextKey(name, id)) = after {
        query = query
            .filter(facilities::name.ge(name.clone()))
            .filter(facilities::name.gt(name).or(facilities::id.gt(id)));
    }
    Ok(query
        .order((facilities::name, facilities::id))
        .limit(limit + 1)
        .select(Facility::as_select())
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Create>, new: &CreateFacility) -> Result<()> {
    diesel::insert_into(facilities::table)
        .values((
            facilities::tenant_id.eq(tx.tenant_id),
            facilities::id.eq(new.id),
            facilities::name.eq(&new.name),
            facilities::kind.eq(new.kind.code()),
            facilities::institution_code.eq(&new.institution_code),
            facilities::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
