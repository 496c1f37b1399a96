use chrono::{DateTime, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, invitations, passkeys, persons, staff_members, tenants};
use uuid::Uuid;

use super::{
    Drawn, Purpose,
    model::read_token,
    policy::{Invite, See},
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, auth::Actor},
};

/// Wrong codes that end an invitation.
const TRIES: i32 = 5;

/// An invitation that can still be taken up, with what its owner is greeted with.
#[derive(Debug, Queryable)]
pub struct Invitation {
    /// Identifier.
    pub id: Uuid,
    /// Whose it is.
    pub account_id: Uuid,
    purpose: String,
    code_digest: Vec<u8>,
    /// Sign-in name before the @.
    pub login_name: String,
    /// Name of the person.
    pub name: String,
    /// First day of the post.
    pub starts_on: chrono::NaiveDate,
}

impl Invitation {
    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        Purpose::parse(&self.purpose)
    }

    /// Whether this is its code, by the digest.
    pub fn has_code(&self, digest: &[u8]) -> bool {
        self.code_digest == digest
    }
}

/// Whether there is an invitation with this token, whatever has become of it.
pub async fn is_known(tx: &Tx<'_>, token: &str) -> Result<bool> {
    let Some((_, digest)) = read_token(token) else {
        return Ok(false);
    };
    let found = exists(
        invitations::table
            .filter(invitations::tenant_id.eq(tx.tenant_id))
            .filter(invitations::token_digest.eq(digest.to_vec())),
    );
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// By what an open invitation is looked for.
pub enum Key<'a> {
    /// What followed the # of the link.
    Token(&'a str),
    /// Its id, for an enrolment that has begun.
    Id(Uuid),
}

/// The invitation, locked, if it can still be taken up: neither used nor revoked, of an account that may be used. One
/// that has begun may be finished a little after its last day.
pub async fn find_open(tx: &Tx<'_>, key: Key<'_>) -> Result<Option<Invitation>> {
    let id = match key {
        Key::Id(id) => Some(id),
        Key::Token(token) => find_by_token(tx, token).await?,
    };
    let Some(id) = id else { return Ok(None) };
    // Locked alone: the rows about the person are not ours to change.
    let locked: Option<Uuid> = invitations::table
        .find((tx.tenant_id, id))
        .filter(invitations::used_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::failures.lt(TRIES))
        .select(invitations::id)
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?;
    match locked {
        None => Ok(None),
        Some(id) => with_owner(tx, id).await,
    }
}

async fn find_by_token(tx: &Tx<'_>, token: &str) -> Result<Option<Uuid>> {
    let Some((_, digest)) = read_token(token) else {
        return Ok(None);
    };
    Ok(invitations::table
        .filter(invitations::tenant_id.eq(tx.tenant_id))
        .filter(invitations::token_digest.eq(digest.to_vec()))
        .filter(invitations::expires_at.gt(tx.now))
        .select(invitations::id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

async fn with_owner(tx: &Tx<'_>, id: Uuid) -> Result<Option<Invitation>> {
    let today = tx.today();
    Ok(invitations::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(invitations::tenant_id)
                .and(accounts::id.eq(invitations::account_id))),
        )
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(accounts::tenant_id)
                .and(persons::id.eq(accounts::person_id))),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(accounts::staff_member_id))),
        )
        .filter(invitations::tenant_id.eq(tx.tenant_id))
        .filter(invitations::id.eq(id))
        .filter(accounts::suspended_at.is_null())
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            invitations::id,
            invitations::account_id,
            invitations::purpose,
            invitations::code_digest,
            accounts::login_name,
            persons::name,
            staff_members::starts_on,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Counts a wrong code; the fifth ends the invitation.
pub async fn fail(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    diesel::update(invitations::table.find((tx.tenant_id, id)))
        .set(invitations::failures.eq(invitations::failures + 1))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The invitation has been taken up.
pub async fn spend(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    diesel::update(invitations::table.find((tx.tenant_id, id)))
        .set(invitations::used_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

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
    new: &Drawn,
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
            invitations::token_digest.eq(new.token_digest()),
            invitations::code_digest.eq(new.code_digest()),
            invitations::created_at.eq(tx.now),
            invitations::created_by.eq(by),
            invitations::expires_at.eq(new.expires_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Whom an account belongs to, as far as inviting needs it.
#[derive(Debug, Queryable)]
pub(super) struct Owner {
    pub(super) name: String,
    pub(super) email: Option<String>,
    pub(super) suspended_at: Option<DateTime<Utc>>,
    pub(super) has_password: bool,
    pub(super) has_passkey: bool,
}

pub(super) async fn find_owner(tx: &Tx<'_>, account_id: Uuid) -> Result<Option<Owner>> {
    let has_passkey = exists(
        passkeys::table
            .filter(passkeys::tenant_id.eq(tx.tenant_id))
            .filter(passkeys::account_id.eq(account_id))
            .filter(passkeys::revoked_at.is_null()),
    );
    Ok(accounts::table
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(accounts::tenant_id)
                .and(persons::id.eq(accounts::person_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(account_id))
        .select((
            persons::name,
            accounts::email,
            accounts::suspended_at,
            accounts::password_phc.is_not_null(),
            has_passkey,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// What the last invitation of an account was for.
pub(super) async fn last_purpose(tx: &Tx<'_>, account_id: Uuid) -> Result<Purpose> {
    let last: Option<String> = invitations::table
        .filter(invitations::tenant_id.eq(tx.tenant_id))
        .filter(invitations::account_id.eq(account_id))
        .order((invitations::created_at.desc(), invitations::id.desc()))
        .select(invitations::purpose)
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(last.map_or(Purpose::First, |code| Purpose::parse(&code)))
}

/// An open invitation: id, account, name of the person, sign-in name before the @, purpose, made and good until.
pub(super) type Open = (
    Uuid,
    Uuid,
    String,
    String,
    String,
    DateTime<Utc>,
    DateTime<Utc>,
);

/// Invitations that can be taken up, the newest first, with the short name of the network.
pub(super) async fn list(tx: &Tx<'_>, _: Permit<See>) -> Result<(String, Vec<Open>)> {
    let slug = tenants::table
        .find(tx.tenant_id)
        .select(tenants::slug)
        .first(&mut tx.conn())
        .await?;
    let open = invitations::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(invitations::tenant_id)
                .and(accounts::id.eq(invitations::account_id))),
        )
        .inner_join(
            persons::table.on(persons::tenant_id
                .eq(accounts::tenant_id)
                .and(persons::id.eq(accounts::person_id))),
        )
        .filter(invitations::tenant_id.eq(tx.tenant_id))
        // Who is a patient, or family of one, is not for administrators to know.
        .filter(accounts::role.ne_all(["patient", "family"]))
        .filter(invitations::used_at.is_null())
        .filter(invitations::revoked_at.is_null())
        .filter(invitations::failures.lt(TRIES))
        .filter(invitations::expires_at.gt(tx.now))
        .order((invitations::created_at.desc(), invitations::id.desc()))
        .select((
            invitations::id,
            invitations::account_id,
            persons::name,
            accounts::login_name,
            invitations::purpose,
            invitations::created_at,
            invitations::expires_at,
        ))
        .load(&mut tx.conn())
        .await?;
    Ok((slug, open))
}

/// Revokes an invitation that is still open; says whether there was one.
pub(super) async fn revoke(tx: &Tx<'_>, _: Permit<Invite>, id: Uuid) -> Result<bool> {
    let revoked = diesel::update(
        invitations::table
            .find((tx.tenant_id, id))
            .filter(invitations::used_at.is_null())
            .filter(invitations::revoked_at.is_null()),
    )
    .set(invitations::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(revoked == 1)
}
