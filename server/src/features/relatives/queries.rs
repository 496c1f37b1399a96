use chrono::NaiveDate;
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, passkeys, patient_relations as relations, staff_members as posts,
};
use uuid::Uuid;

use super::{
    policy::{Read, Write},
    routes::CreateRelative,
};
use crate::{Result, ctx::Tx, spine::access::Permit};

/// A relation with its account.
#[derive(Debug, Queryable)]
pub(super) struct Relative {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) staff_member_id: Uuid,
    pub(super) relation: String,
    pub(super) label: String,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) login_name: String,
    pub(super) email: Option<String>,
    pub(super) has_password: bool,
    pub(super) has_passkey: bool,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
}

/// By what relations are looked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Key {
    /// All of a patient.
    Patient(Uuid),
    /// This one.
    Relation(Uuid),
}

async fn load(tx: &Tx<'_>, key: Key) -> Result<Vec<Relative>> {
    let has_passkey = exists(
        passkeys::table
            .filter(passkeys::tenant_id.eq(accounts::tenant_id))
            .filter(passkeys::account_id.eq(accounts::id))
            .filter(passkeys::revoked_at.is_null()),
    );
    let query = relations::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(relations::tenant_id)
                .and(accounts::id.eq(relations::account_id))),
        )
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(accounts::tenant_id)
                .and(posts::id.eq(accounts::staff_member_id))),
        )
        .filter(relations::tenant_id.eq(tx.tenant_id))
        .select((
            relations::id,
            relations::patient_id,
            relations::account_id,
            posts::id,
            relations::relation,
            relations::label,
            posts::name,
            posts::kana,
            accounts::login_name,
            accounts::email,
            accounts::password_phc.is_not_null(),
            has_passkey,
            relations::starts_on,
            relations::ends_on,
        ))
        .order((relations::created_at, relations::id))
        .into_boxed();
    let query = match key {
        Key::Patient(id) => query.filter(relations::patient_id.eq(id)),
        Key::Relation(id) => query.filter(relations::id.eq(id)),
    };
    Ok(query.load(&mut tx.conn()).await?)
}

/// Everybody who has or had an account for a patient, in the order in which they came.
pub(super) async fn list(tx: &Tx<'_>, _: Permit<Read>, patient_id: Uuid) -> Result<Vec<Relative>> {
    load(tx, Key::Patient(patient_id)).await
}

/// One relation.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Relative>> {
    Ok(load(tx, Key::Relation(id)).await?.pop())
}

/// Whether the patient has an account of their own that goes on after today.
pub(super) async fn has_own_account(tx: &Tx<'_>, patient_id: Uuid) -> Result<bool> {
    let today = tx.today();
    let own = relations::table
        .filter(relations::tenant_id.eq(tx.tenant_id))
        .filter(relations::patient_id.eq(patient_id))
        .filter(relations::relation.eq("self"))
        .filter(
            relations::ends_on
                .is_null()
                .or(relations::ends_on.ge(today)),
        );
    Ok(diesel::select(exists(own))
        .get_result(&mut tx.conn())
        .await?)
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Write>,
    patient_id: Uuid,
    account_id: Uuid,
    new: &CreateRelative,
) -> Result<()> {
    diesel::insert_into(relations::table)
        .values((
            relations::tenant_id.eq(tx.tenant_id),
            relations::id.eq(new.id),
            relations::patient_id.eq(patient_id),
            relations::account_id.eq(account_id),
            relations::relation.eq(new.relation.code()),
            relations::label.eq(&new.label),
            relations::starts_on.eq(tx.today()),
            relations::created_at.eq(tx.now),
            relations::created_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn end(tx: &Tx<'_>, _: Permit<Write>, id: Uuid, last: NaiveDate) -> Result<()> {
    diesel::update(relations::table.find((tx.tenant_id, id)))
        .set(relations::ends_on.eq(last))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
