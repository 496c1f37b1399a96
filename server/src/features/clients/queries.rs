use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{clients, facilities, tenants};
use uuid::Uuid;

use super::{
    policy::{Create, Read},
    routes::CreateClient,
};
use crate::{
    Result,
    ctx::Tx,
    features::facilities::FacilityRef,
    spine::{access::Permit, auth::queries::tenant_by_slug},
};

/// A client with its facility.
#[derive(Queryable, Selectable)]
#[diesel(table_name = clients, check_for_backend(diesel::pg::Pg))]
pub(super) struct Client {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) proof_required: bool,
    pub(super) acts_for_people: bool,
    #[diesel(embed)]
    pub(super) facility: FacilityRef,
}

pub(super) async fn list(tx: &Tx<'_>, _: Permit<Read>) -> Result<Vec<Client>> {
    Ok(clients::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(clients::tenant_id)
                .and(facilities::id.eq(clients::facility_id))),
        )
        .filter(clients::tenant_id.eq(tx.tenant_id))
        .filter(clients::revoked_at.is_null())
        .order((clients::name, clients::id))
        .limit(1000)
        .select(Client::as_select())
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn find_facility(tx: &Tx<'_>, id: Uuid) -> Result<Option<FacilityRef>> {
    Ok(facilities::table
        .find((tx.tenant_id, id))
        .select(FacilityRef::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Create>,
    new: &CreateClient,
    secret_digest: &[u8],
    by: Uuid,
) -> Result<()> {
    diesel::insert_into(clients::table)
        .values((
            clients::tenant_id.eq(tx.tenant_id),
            clients::id.eq(new.id),
            clients::facility_id.eq(new.facility_id),
            clients::name.eq(&new.name),
            clients::secret_digest.eq(secret_digest),
            clients::created_at.eq(tx.now),
            clients::created_by.eq(by),
            clients::proof_required.eq(new.proof_required),
            clients::acts_for_people.eq(new.acts_for_people),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The network's short name, which is part of the client's public name.
pub(super) async fn slug(tx: &Tx<'_>) -> Result<String> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select(tenants::slug)
        .first(&mut tx.conn())
        .await?)
}

/// The network of a client's public name.
pub(super) async fn find_tenant(tx: &Tx<'_>, slug: &str) -> Result<Option<Uuid>> {
    tenant_by_slug(tx, slug).await
}

/// What is known of a client that asks for a token.
#[derive(Queryable, Selectable)]
#[diesel(table_name = clients, check_for_backend(diesel::pg::Pg))]
pub(super) struct Known {
    pub(super) secret_digest: Vec<u8>,
    pub(super) facility_id: Uuid,
    pub(super) proof_required: bool,
    pub(super) acts_for_people: bool,
}

/// A client that may be used.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Known>> {
    Ok(clients::table
        .find((tx.tenant_id, id))
        .filter(clients::revoked_at.is_null())
        .select(Known::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}
