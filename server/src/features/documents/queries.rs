use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{clients, documents, facilities, patient_identifiers as identifiers};
use uuid::Uuid;

use super::{
    model::{Content, Document},
    policy::{Link, ListIncoming, Receive},
};
use crate::{
    Error, Result,
    ctx::Tx,
    fhir::{self, Identifier, IncomingDocument},
    spine::{access::Permit, page::TimeKey, text},
};

/// The document with these bytes from this client.
pub(super) async fn find_by_digest(
    tx: &Tx<'_>,
    client_id: Uuid,
    digest: &[u8],
) -> Result<Option<Document>> {
    Ok(documents::table
        .filter(documents::tenant_id.eq(tx.tenant_id))
        .filter(documents::client_id.eq(client_id))
        .filter(documents::digest.eq(digest))
        .select(Document::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The newest document with this number from this client.
pub(super) async fn find_by_identifier(
    tx: &Tx<'_>,
    client_id: Uuid,
    identifier: &Identifier,
) -> Result<Option<Document>> {
    Ok(documents::table
        .filter(documents::tenant_id.eq(tx.tenant_id))
        .filter(documents::client_id.eq(client_id))
        .filter(documents::identifier_system.eq(&identifier.system))
        .filter(documents::identifier_value.eq(&identifier.value))
        .order((documents::received_at.desc(), documents::id.desc()))
        .select(Document::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// A document to be kept.
pub(super) struct NewDocument<'a> {
    pub(super) id: Uuid,
    pub(super) client_id: Uuid,
    pub(super) facility_id: Uuid,
    pub(super) digest: &'a [u8],
    pub(super) original: &'a [u8],
    pub(super) read: &'a IncomingDocument,
    pub(super) replaces: Option<Uuid>,
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Receive>, new: &NewDocument<'_>) -> Result<()> {
    let read = new.read;
    let content = serde_json::to_value(Content::of(read)).map_err(Error::internal)?;
    diesel::insert_into(documents::table)
        .values((
            documents::tenant_id.eq(tx.tenant_id),
            documents::id.eq(new.id),
            documents::client_id.eq(new.client_id),
            documents::facility_id.eq(new.facility_id),
            documents::kind.eq(read.kind.as_str()),
            documents::title.eq(&read.title),
            documents::type_code.eq(&read.type_code),
            documents::type_label.eq(&read.type_label),
            documents::authored_at.eq(read.authored_at.with_timezone(&Utc)),
            documents::author_name.eq(text::excerpt(&read.authors.join("、"), 200)),
            documents::institution_name.eq(read.institution_name.as_deref().unwrap_or_default()),
            documents::identifier_system.eq(read
                .identifier
                .as_ref()
                .map(|identifier| &identifier.system)),
            documents::identifier_value
                .eq(read.identifier.as_ref().map(|identifier| &identifier.value)),
            documents::digest.eq(new.digest),
            documents::original.eq(new.original),
            documents::content.eq(content),
            documents::excerpt.eq(fhir::excerpt(read)),
            documents::received_at.eq(tx.now),
            documents::replaces.eq(new.replaces),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Notes the patient and the post of a document.
pub(super) async fn place(
    tx: &Tx<'_>,
    id: Uuid,
    patient_id: Uuid,
    post_id: Uuid,
    linked_by: Option<Uuid>,
) -> Result<()> {
    diesel::update(
        documents::table
            .find((tx.tenant_id, id))
            .filter(documents::patient_id.is_null()),
    )
    .set((
        documents::patient_id.eq(patient_id),
        documents::post_id.eq(post_id),
        documents::linked_by.eq(linked_by),
        documents::linked_at.eq(tx.now),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Document>> {
    Ok(documents::table
        .find((tx.tenant_id, id))
        .select(Document::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The same, locked, so that two people do not name two patients.
pub(super) async fn find_for_update(tx: &Tx<'_>, id: Uuid) -> Result<Option<Document>> {
    Ok(documents::table
        .find((tx.tenant_id, id))
        .select(Document::as_select())
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The bytes as they came.
pub(super) async fn find_original(tx: &Tx<'_>, id: Uuid) -> Result<Vec<u8>> {
    Ok(documents::table
        .find((tx.tenant_id, id))
        .select(documents::original)
        .first(&mut tx.conn())
        .await?)
}

/// Name of the system that sent a document.
pub(super) async fn sender(tx: &Tx<'_>, client_id: Uuid) -> Result<String> {
    Ok(clients::table
        .find((tx.tenant_id, client_id))
        .select(clients::name)
        .first(&mut tx.conn())
        .await?)
}

/// Documents of a facility whose patient is not known, oldest first, one more than `limit`. A document that was
/// replaced while it waited is not shown.
pub(super) async fn page_waiting(
    tx: &Tx<'_>,
    _: Permit<ListIncoming>,
    after: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<Document>> {
    let TimeKey(at, id) = after.unwrap_or(TimeKey(DateTime::UNIX_EPOCH, Uuid::nil()));
    let newer = diesel::alias!(documents as newer);
    let replaced = newer
        .filter(newer.field(documents::tenant_id).eq(documents::tenant_id))
        .filter(
            newer
                .field(documents::replaces)
                .eq(documents::id.nullable()),
        );
    Ok(documents::table
        .filter(documents::tenant_id.eq(tx.tenant_id))
        .filter(documents::facility_id.eq(tx.actor.ids().1))
        .filter(documents::patient_id.is_null())
        .filter(diesel::dsl::not(diesel::dsl::exists(replaced)))
        .filter(documents::received_at.ge(at))
        .filter(documents::received_at.gt(at).or(documents::id.gt(id)))
        .order((documents::received_at, documents::id))
        .limit(limit + 1)
        .select(Document::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// The institution code of a facility, when it has one.
pub(super) async fn institution_code(tx: &Tx<'_>, facility_id: Uuid) -> Result<Option<String>> {
    Ok(facilities::table
        .find((tx.tenant_id, facility_id))
        .select(facilities::institution_code)
        .first(&mut tx.conn())
        .await?)
}

/// Whether a newer document has taken the place of this one.
pub(super) async fn is_replaced(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let newer = documents::table
        .filter(documents::tenant_id.eq(tx.tenant_id))
        .filter(documents::replaces.eq(id));
    Ok(diesel::select(diesel::dsl::exists(newer))
        .get_result(&mut tx.conn())
        .await?)
}

/// Registers the number by which the sending facility knows the patient, unless it is somebody's already.
pub(super) async fn learn_identifier(
    tx: &Tx<'_>,
    _: &Permit<Link>,
    patient_id: Uuid,
    facility_id: Uuid,
    identifier: &Identifier,
) -> Result<()> {
    diesel::insert_into(identifiers::table)
        .values((
            identifiers::tenant_id.eq(tx.tenant_id),
            identifiers::system.eq(&identifier.system),
            identifiers::value.eq(&identifier.value),
            identifiers::patient_id.eq(patient_id),
            identifiers::facility_id.eq(facility_id),
            identifiers::created_at.eq(tx.now),
            identifiers::created_by.eq(tx.actor.ids().0),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
