use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{challenges, tenants};
use uuid::Uuid;

use super::model::{Enrolment, PATIENCE, State, Token};
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        invitations::{self, Key, Purpose},
        second_factors::{self, Change},
        sessions,
    },
};

const KIND: &str = "enrolment";

/// Remembers an enrolment that has begun.
pub(super) async fn insert(
    tx: &Tx<'_>,
    token: &Token,
    account_id: Uuid,
    state: &State,
) -> Result<()> {
    diesel::insert_into(challenges::table)
        .values((
            challenges::tenant_id.eq(tx.tenant_id),
            challenges::id.eq(token.id),
            challenges::kind.eq(KIND),
            challenges::account_id.eq(account_id),
            challenges::secret_digest.eq(token.digest()),
            challenges::state.eq(state.seal(&tx.app().seal, token)?),
            challenges::created_at.eq(tx.now),
            challenges::expires_at.eq(tx.now + PATIENCE),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The enrolment that this secret (as the caller got it) stands for, locked; `invitation_not_found` when there is none,
/// it took too long, or its invitation is over.
pub(super) async fn find(tx: &Tx<'_>, secret: &str) -> Result<Enrolment> {
    let token = Token::parse(secret)?;
    let state: Option<Vec<u8>> = challenges::table
        .find((tx.tenant_id, token.id))
        .filter(challenges::kind.eq(KIND))
        .filter(challenges::secret_digest.eq(token.digest()))
        .filter(challenges::used_at.is_null())
        .filter(challenges::expires_at.gt(tx.now))
        .select(challenges::state)
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?;
    let state = state
        .and_then(|sealed| State::open(&tx.app().seal, &token, &sealed))
        .ok_or(Error::InvitationNotFound)?;
    let invitation = invitations::find_open(tx, Key::Id(state.invitation_id))
        .await?
        .ok_or(Error::InvitationNotFound)?;
    Ok(Enrolment {
        id: token.id,
        invitation,
        seed: state.seed()?,
    })
}

/// Ends an enrolment: the invitation is spent, everything that the account had before is over, and its owner is told.
/// Whoever calls sets the new factors in the same transaction. Answers with the sessions that ended.
pub(super) async fn complete(tx: &Tx<'_>, enrolment: &Enrolment) -> Result<Vec<Uuid>> {
    diesel::update(challenges::table.find((tx.tenant_id, enrolment.id)))
        .set(challenges::used_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    let account_id = enrolment.invitation.account_id;
    invitations::spend(tx, enrolment.invitation.id).await?;
    second_factors::drop_all(tx, account_id).await?;
    let change = match enrolment.invitation.purpose() {
        Purpose::First => Change::Enrolled,
        Purpose::Recovery => Change::Recovered,
    };
    second_factors::notify(tx, account_id, change).await?;
    sessions::end_all(tx, account_id, None).await
}

/// Short name and name of the network.
pub(super) async fn network(tx: &Tx<'_>) -> Result<(String, String)> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select((tenants::slug, tenants::name))
        .first(&mut tx.conn())
        .await?)
}

/// Whether there is such a network.
pub(super) async fn network_exists(tx: &Tx<'_>) -> Result<bool> {
    let found = diesel::dsl::exists(tenants::table.find(tx.tenant_id));
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}
