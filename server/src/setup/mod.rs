//! Setting up a network with its first administrator, and loading the demonstration. Done by the owner of the tables
//! from the command line, never by the server.

mod archive;
mod demo;
mod log;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl, TransactionManager};
use tsumugi_schema::tables::{
    accounts, facilities, invitations, persons, search_progress, staff_members, tenants,
};
use uuid::Uuid;

use crate::{
    commands::Outcome,
    features::{
        invitations::{Drawn, Purpose},
        search,
    },
    spine::{audit, auth::Role, clock::japanese_day, ids, seal::Seal, text},
};

pub use archive::{Outgoing, SHORTEST_YEARS, archive_log};
pub use demo::{Loaded, load_demo};
pub use log::{add_log_months, take_over_log_months};

type Manager = diesel_async::AnsiTransactionManager;

/// The first administrator of a network.
#[derive(Debug)]
pub struct FirstAdministrator<'a> {
    /// Name of the organisation that runs the network.
    pub organisation: &'a str,
    /// Name in kanji.
    pub name: &'a str,
    /// Name in katakana.
    pub kana: &'a str,
    /// Sign-in name before the @.
    pub login_name: &'a str,
    /// Mail address for notices, if there is one.
    pub email: Option<&'a str>,
}

/// A network that was made.
#[derive(Debug)]
pub struct Founded {
    /// The network.
    pub tenant_id: Uuid,
    /// The invitation of its first administrator.
    pub invitation: Drawn,
}

/// Makes a network with its first administrator, who is invited to enrol: nobody else ever knows a password.
pub async fn create_network(
    connection: &mut AsyncPgConnection,
    slug: &str,
    name: &str,
    first: &FirstAdministrator<'_>,
    now: DateTime<Utc>,
) -> Outcome<Founded> {
    let (tenant_id, facility_id, staff_id) = (ids::new_id(), ids::new_id(), ids::new_id());
    begin(connection, tenant_id).await?;
    insert_tenant(connection, tenant_id, slug, name, now).await?;
    insert_facility(
        connection,
        tenant_id,
        (facility_id, first.organisation, "medical_association", None),
        now,
    )
    .await?;
    let staff = (
        staff_id,
        facility_id,
        first.name,
        first.kana,
        "administrator",
    );
    insert_staff(connection, tenant_id, staff, now).await?;
    let account = NewAccount {
        id: ids::new_id(),
        login_name: first.login_name,
        role: Role::NetworkAdministrator.code(),
        staff_member_id: staff_id,
        email: first.email,
        factors: None,
    };
    insert_account(connection, tenant_id, &account, now).await?;
    let purpose = Purpose::First;
    let invitation = insert_invitation(connection, tenant_id, account.id, purpose, now).await?;
    Manager::commit_transaction(connection).await?;
    Ok(Founded {
        tenant_id,
        invitation,
    })
}

/// Invites an administrator who is locked out; earlier invitations are good no more. Answers with the network, too.
pub async fn invite_administrator(
    connection: &mut AsyncPgConnection,
    seal: &Seal,
    login: &str,
    now: DateTime<Utc>,
) -> Outcome<Founded> {
    let unknown = "there is no such administrator: name@network";
    let (name, slug) = login.rsplit_once('@').ok_or(unknown)?;
    let tenant_id: Option<Uuid> = tenants::table
        .filter(tenants::slug.eq(slug))
        .select(tenants::tenant_id)
        .first(connection)
        .await
        .optional()?;
    let tenant_id = tenant_id.ok_or(unknown)?;
    begin(connection, tenant_id).await?;
    let account_id: Option<Uuid> = accounts::table
        .filter(accounts::tenant_id.eq(tenant_id))
        .filter(accounts::login_name.eq(name))
        .filter(accounts::role.eq(Role::NetworkAdministrator.code()))
        .filter(accounts::suspended_at.is_null())
        .select(accounts::id)
        .first(connection)
        .await
        .optional()?;
    let Some(account_id) = account_id else {
        Manager::rollback_transaction(connection).await?;
        return Err(unknown.into());
    };
    diesel::update(
        invitations::table
            .filter(invitations::tenant_id.eq(tenant_id))
            .filter(invitations::account_id.eq(account_id))
            .filter(invitations::used_at.is_null())
            .filter(invitations::revoked_at.is_null()),
    )
    .set(invitations::revoked_at.eq(now))
    .execute(connection)
    .await?;
    let purpose = Purpose::Recovery;
    let invitation = insert_invitation(connection, tenant_id, account_id, purpose, now).await?;
    // The auditor sees that somebody with the keys of the installation has invited an administrator.
    let done = ("invitation.create", Some(("account", account_id)));
    audit::write_by_owner(connection, seal, tenant_id, now, done).await?;
    Manager::commit_transaction(connection).await?;
    Ok(Founded {
        tenant_id,
        invitation,
    })
}

async fn insert_invitation(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    account_id: Uuid,
    purpose: Purpose,
    now: DateTime<Utc>,
) -> Outcome<Drawn> {
    let drawn = Drawn::new(now)?;
    diesel::insert_into(invitations::table)
        .values((
            invitations::tenant_id.eq(tenant_id),
            invitations::id.eq(drawn.id),
            invitations::account_id.eq(account_id),
            invitations::purpose.eq(purpose.code()),
            invitations::token_digest.eq(drawn.token_digest()),
            invitations::code_digest.eq(drawn.code_digest()),
            invitations::created_at.eq(now),
            invitations::expires_at.eq(drawn.expires_at),
        ))
        .execute(c)
        .await?;
    Ok(drawn)
}

async fn begin(connection: &mut AsyncPgConnection, tenant_id: Uuid) -> Outcome<()> {
    let statements = format!("BEGIN; SET LOCAL app.tenant_id = '{tenant_id}'");
    Ok(Manager::begin_transaction_sql(connection, &statements).await?)
}

async fn insert_tenant(
    c: &mut AsyncPgConnection,
    id: Uuid,
    slug: &str,
    name: &str,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let values = (
        tenants::tenant_id.eq(id),
        tenants::slug.eq(slug),
        tenants::name.eq(name),
        tenants::created_at.eq(now),
    );
    diesel::insert_into(tenants::table)
        .values(values)
        .execute(c)
        .await?;
    // Nothing was written before it could be found: there is nothing to catch up with.
    let progress = (
        search_progress::tenant_id.eq(id),
        search_progress::form.eq(search::FORM),
        search_progress::after_post.eq(Uuid::nil()),
        search_progress::completed.eq(true),
    );
    diesel::insert_into(search_progress::table)
        .values(progress)
        .execute(c)
        .await?;
    Ok(())
}

async fn insert_facility(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    (id, name, kind, code): (Uuid, &str, &str, Option<&str>),
    now: DateTime<Utc>,
) -> Outcome<()> {
    diesel::insert_into(facilities::table)
        .values((
            facilities::tenant_id.eq(tenant_id),
            facilities::id.eq(id),
            facilities::name.eq(name),
            facilities::kind.eq(kind),
            facilities::institution_code.eq(code),
            facilities::created_at.eq(now),
        ))
        .execute(c)
        .await?;
    Ok(())
}

async fn insert_staff(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    (id, facility_id, name, kana, profession): (Uuid, Uuid, &str, &str, &str),
    since: DateTime<Utc>,
) -> Outcome<()> {
    diesel::insert_into(persons::table)
        .values((
            persons::tenant_id.eq(tenant_id),
            persons::id.eq(id),
            persons::name.eq(name),
            persons::kana.eq(kana),
            persons::created_at.eq(since),
        ))
        .execute(c)
        .await?;
    diesel::insert_into(staff_members::table)
        .values((
            staff_members::tenant_id.eq(tenant_id),
            staff_members::id.eq(id),
            staff_members::person_id.eq(id),
            staff_members::facility_id.eq(facility_id),
            staff_members::name.eq(name),
            staff_members::kana.eq(kana),
            staff_members::search_text.eq(text::fold(&format!("{name} {kana}"))),
            staff_members::sort_key.eq(text::sort_key(kana)),
            staff_members::profession.eq(profession),
            staff_members::starts_on.eq(japanese_day(since)),
            staff_members::created_at.eq(since),
        ))
        .execute(c)
        .await?;
    Ok(())
}

/// An account to be made.
struct NewAccount<'a> {
    id: Uuid,
    login_name: &'a str,
    role: &'a str,
    staff_member_id: Uuid,
    email: Option<&'a str>,
    /// Hash of the password and sealed seed of the one-time codes; only the demonstration has any before enrolment.
    factors: Option<(&'a str, Vec<u8>)>,
}

async fn insert_account(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    new: &NewAccount<'_>,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let (phc, sealed) = new.factors.as_ref().map(|(phc, seed)| (*phc, seed)).unzip();
    diesel::insert_into(accounts::table)
        .values((
            accounts::tenant_id.eq(tenant_id),
            accounts::id.eq(new.id),
            accounts::login_name.eq(new.login_name),
            accounts::email.eq(new.email),
            accounts::password_phc.eq(phc),
            accounts::password_changed_at.eq(phc.map(|_| now)),
            accounts::totp_sealed.eq(sealed),
            accounts::role.eq(new.role),
            accounts::staff_member_id.eq(new.staff_member_id),
            accounts::person_id.eq(new.staff_member_id),
            accounts::created_at.eq(now),
        ))
        .execute(c)
        .await?;
    Ok(())
}
