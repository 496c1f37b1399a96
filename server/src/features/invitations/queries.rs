use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::invitations;
use uuid::Uuid;

use super::{NewInvitation, Purpose};
use crate::{
    Result,
    ctx::Tx,
    spine::{auth::Actor, ids},
};

/// Open invitations of an account are good no more.
pub(super) async fn revoke_open(tx: &Tx<'_>, account_id: Uuid) -> Result<()> {
    diesel::update(
        invitations::table
            .filter(invitations::tenant_id.eq(tx.tenant_id))
            .filter(invitations::account_id.eq(account_id))
            .filter(invitations::used_at.is_null())
            .filter(invitations::revoked_at.is_null()),
    )
    .set(invitations::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    account_id: Uuid,
    purpose: Purpose,
    new: &NewInvitation,
    token: &str,
) -> Result<()> {
    let by = match tx.actor {
        Actor::Person(person) => Some(person.staff_member_id),
        _ => None,
    };
    diesel::insert_into(invitations::table)
        .values((
            invitations::tenant_id.eq(tx.tenant_id),
            invitations::id.eq(new.id),
            invitations::account_id.eq(account_id),
            invitations::purpose.eq(purpose.code()),
            invitations::token_digest.eq(ids::digest(token.as_bytes()).to_vec()),
            invitations::code_digest.eq(ids::digest(new.code.as_bytes()).to_vec()),
            invitations::created_at.eq(tx.now),
            invitations::created_by.eq(by),
            invitations::expires_at.eq(new.expires_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
