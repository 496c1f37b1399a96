use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, devices, patient_relations, sessions, staff_members, temporary_codes, tenants,
};
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::auth::{Person, queries::tenant_by_slug},
};

/// An account with what sign-in needs of it.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Account {
    pub(super) id: Uuid,
    pub(super) password_phc: Option<String>,
    pub(super) role: String,
    pub(super) person_id: Uuid,
    pub(super) staff_member_id: Uuid,
    pub(super) facility_id: Uuid,
    pub(super) profession: String,
}

/// A session as far as renewing needs it.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(diesel::pg::Pg))]
pub(super) struct Session {
    pub(super) account_id: Uuid,
    pub(super) refresh_digest: Vec<u8>,
    pub(super) cache_key: Vec<u8>,
    pub(super) refreshed_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) revoked_at: Option<DateTime<Utc>>,
}

/// The network of a sign-in name.
pub(super) async fn find_tenant(tx: &Tx<'_>, slug: &str) -> Result<Option<Uuid>> {
    tenant_by_slug(tx, slug).await
}

/// By what an account is looked for.
pub(super) enum AccountKey<'a> {
    LoginName(&'a str),
    Id(Uuid),
    /// The account, acting for this post of its person.
    Post(Uuid, Uuid),
}

/// The account, if it may be used today.
pub(super) async fn find_account(tx: &Tx<'_>, key: AccountKey<'_>) -> Result<Option<Account>> {
    let today = tx.today();
    let query = accounts::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::person_id.eq(accounts::person_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::suspended_at.is_null())
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            accounts::id,
            accounts::password_phc,
            accounts::role,
            accounts::person_id,
            staff_members::id,
            staff_members::facility_id,
            staff_members::profession,
        ))
        .into_boxed();
    let default = staff_members::id.eq(accounts::staff_member_id);
    let query = match key {
        AccountKey::LoginName(name) => query.filter(accounts::login_name.eq(name).and(default)),
        AccountKey::Id(id) => query.filter(accounts::id.eq(id).and(default)),
        AccountKey::Post(id, post) => {
            query.filter(accounts::id.eq(id).and(staff_members::id.eq(post)))
        }
    };
    Ok(query.first(&mut tx.conn()).await.optional()?)
}

/// A session to be kept.
#[derive(Insertable)]
#[diesel(table_name = sessions)]
pub(super) struct NewSession {
    pub(super) tenant_id: Uuid,
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) refresh_digest: Vec<u8>,
    pub(super) cache_key: Vec<u8>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) refreshed_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) staff_member_id: Uuid,
    pub(super) last_seen_at: DateTime<Utc>,
    pub(super) authenticated_at: DateTime<Utc>,
    pub(super) idle_minutes: i32,
    pub(super) amr: Vec<String>,
    pub(super) label: String,
    pub(super) source_ip: Option<String>,
    pub(super) device_id: Option<Uuid>,
    pub(super) temporary_code_id: Option<Uuid>,
}

/// Until when a temporary code is good: the sessions that it opens are no longer.
pub(super) async fn find_end_of_code(tx: &Tx<'_>, id: Uuid) -> Result<DateTime<Utc>> {
    Ok(temporary_codes::table
        .find((tx.tenant_id, id))
        .select(temporary_codes::expires_at)
        .first(&mut tx.conn())
        .await?)
}

/// Notes that somebody signed in with the account.
pub(super) async fn note_sign_in(tx: &Tx<'_>, account_id: Uuid) -> Result<()> {
    diesel::update(accounts::table.find((tx.tenant_id, account_id)))
        .set(accounts::last_signed_in_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn insert(tx: &Tx<'_>, session: &NewSession) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values(session)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A session, locked, so that one refresh token renews it once.
pub(super) async fn find_for_update(tx: &Tx<'_>, id: Uuid) -> Result<Option<Session>> {
    Ok(sessions::table
        .find((tx.tenant_id, id))
        .select(Session::as_select())
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Whether there is such a session.
pub(super) async fn exists(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let found = diesel::dsl::exists(sessions::table.find((tx.tenant_id, id)));
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// Replaces the refresh token.
pub(super) async fn renew(tx: &Tx<'_>, id: Uuid, digest: &[u8]) -> Result<()> {
    diesel::update(sessions::table.find((tx.tenant_id, id)))
        .set((
            sessions::refresh_digest.eq(digest),
            sessions::refreshed_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Ends a session.
pub(super) async fn revoke(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    diesel::update(
        sessions::table
            .find((tx.tenant_id, id))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Keeps a hash of the same password that took more effort, unless the password has changed meanwhile.
pub(super) async fn rehash(tx: &Tx<'_>, account_id: Uuid, old: &str, new: &str) -> Result<()> {
    diesel::update(
        accounts::table
            .find((tx.tenant_id, account_id))
            .filter(accounts::password_phc.eq(old)),
    )
    .set(accounts::password_phc.eq(new))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// A session in the list of an account.
#[derive(Queryable)]
pub(super) struct Listed {
    pub(super) id: Uuid,
    pub(super) label: String,
    pub(super) source_ip: Option<String>,
    pub(super) device: (Option<Uuid>, Option<String>, Option<String>),
    pub(super) amr: Vec<String>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) last_seen_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) idle_minutes: i32,
}

/// Sessions of an account that nobody has ended and whose time is not over, newest first.
pub(super) async fn list(tx: &Tx<'_>, account_id: Uuid) -> Result<Vec<Listed>> {
    Ok(sessions::table
        .left_join(
            devices::table.on(devices::tenant_id
                .eq(sessions::tenant_id)
                .and(sessions::device_id.eq(devices::id.nullable()))),
        )
        .filter(sessions::tenant_id.eq(tx.tenant_id))
        .filter(sessions::account_id.eq(account_id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(tx.now))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .limit(200)
        .select((
            sessions::id,
            sessions::label,
            sessions::source_ip,
            (
                devices::id.nullable(),
                devices::name.nullable(),
                devices::kind.nullable(),
            ),
            sessions::amr,
            sessions::created_at,
            sessions::last_seen_at,
            sessions::expires_at,
            sessions::idle_minutes,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Ends a session of this account; whether there was one to end.
pub(super) async fn revoke_of(tx: &Tx<'_>, account_id: Uuid, id: Uuid) -> Result<bool> {
    let ended = diesel::update(
        sessions::table
            .find((tx.tenant_id, id))
            .filter(sessions::account_id.eq(account_id))
            .filter(sessions::expires_at.gt(tx.now))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(ended == 1)
}

/// Ends every session of an account but one; answers with those that were open.
pub(super) async fn revoke_all(
    tx: &Tx<'_>,
    account_id: Uuid,
    spared: Option<Uuid>,
) -> Result<Vec<Uuid>> {
    Ok(diesel::update(
        sessions::table
            .filter(sessions::tenant_id.eq(tx.tenant_id))
            .filter(sessions::account_id.eq(account_id))
            .filter(sessions::id.ne(spared.unwrap_or_default()))
            .filter(sessions::expires_at.gt(tx.now))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(tx.now))
    .returning(sessions::id)
    .get_results(&mut tx.conn())
    .await?)
}

/// What a session hands on to the one that takes its place.
#[derive(Queryable)]
pub(super) struct Handed {
    pub(super) cache_key: Vec<u8>,
    pub(super) label: String,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) device: (Option<Uuid>, Option<String>),
    pub(super) password_phc: Option<String>,
}

/// The same session as [`Handed`], locked, so that it is replaced once.
pub(super) async fn find_handed(tx: &Tx<'_>, id: Uuid) -> Result<Handed> {
    let _locked: Uuid = sessions::table
        .find((tx.tenant_id, id))
        .filter(sessions::revoked_at.is_null())
        .select(sessions::id)
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?
        .ok_or(crate::Error::SessionEnded)?;
    Ok(sessions::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(sessions::tenant_id)
                .and(accounts::id.eq(sessions::account_id))),
        )
        .left_join(
            devices::table.on(devices::tenant_id
                .eq(sessions::tenant_id)
                .and(sessions::device_id.eq(devices::id.nullable()))),
        )
        .filter(sessions::tenant_id.eq(tx.tenant_id))
        .filter(sessions::id.eq(id))
        .select((
            sessions::cache_key,
            sessions::label,
            sessions::expires_at,
            (devices::id.nullable(), devices::kind.nullable()),
            accounts::password_phc,
        ))
        .first(&mut tx.conn())
        .await?)
}

/// Makes a session act for another post, with another refresh token.
pub(super) async fn change_post(
    tx: &Tx<'_>,
    id: Uuid,
    staff_member_id: Uuid,
    digest: &[u8],
) -> Result<()> {
    diesel::update(sessions::table.find((tx.tenant_id, id)))
        .set((
            sessions::staff_member_id.eq(staff_member_id),
            sessions::refresh_digest.eq(digest),
            sessions::refreshed_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// What an account is to a patient today: patient, relation, label.
pub(super) async fn find_relation(
    tx: &Tx<'_>,
    person: &Person,
) -> Result<Option<(Uuid, String, String)>> {
    let today = tx.today();
    Ok(patient_relations::table
        .filter(patient_relations::tenant_id.eq(tx.tenant_id))
        .filter(patient_relations::account_id.eq(person.account_id))
        .filter(patient_relations::starts_on.le(today))
        .filter(
            patient_relations::ends_on
                .is_null()
                .or(patient_relations::ends_on.ge(today)),
        )
        .order(patient_relations::created_at.desc())
        .select((
            patient_relations::patient_id,
            patient_relations::relation,
            patient_relations::label,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// What a page shows of oneself.
pub(super) struct Me {
    pub(super) tenant: (String, String),
    pub(super) login_name: String,
    pub(super) language: String,
    pub(super) password_changed_at: Option<DateTime<Utc>>,
    pub(super) amr: Vec<String>,
    pub(super) idle_minutes: i32,
    pub(super) device: Option<(Uuid, String, String)>,
}

pub(super) async fn find_me(tx: &Tx<'_>, person: &Person) -> Result<Me> {
    let tenant = tenants::table
        .find(tx.tenant_id)
        .select((tenants::slug, tenants::name))
        .first(&mut tx.conn())
        .await?;
    let (login_name, language, password_changed_at) = accounts::table
        .find((tx.tenant_id, person.account_id))
        .select((
            accounts::login_name,
            accounts::language,
            accounts::password_changed_at,
        ))
        .first(&mut tx.conn())
        .await?;
    let (amr, idle_minutes, device_id) = sessions::table
        .find((tx.tenant_id, person.session_id))
        .select((sessions::amr, sessions::idle_minutes, sessions::device_id))
        .first::<(Vec<String>, i32, Option<Uuid>)>(&mut tx.conn())
        .await?;
    let device = match device_id {
        None => None,
        Some(id) => devices::table
            .find((tx.tenant_id, id))
            .select((devices::id, devices::name, devices::kind))
            .first(&mut tx.conn())
            .await
            .optional()?,
    };
    Ok(Me {
        tenant,
        login_name,
        language,
        password_changed_at,
        amr,
        idle_minutes,
        device,
    })
}
