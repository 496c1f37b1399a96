//! Setting up a network with its first administrator, and loading the demonstration. Done by the owner of the tables
//! from the command line, never by the server.

mod demo;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl, TransactionManager};
use tsumugi_schema::tables::{accounts, facilities, persons, staff_members, tenants};
use uuid::Uuid;

use crate::{
    commands::Outcome,
    spine::{clock::japanese_day, ids, text},
};

pub use demo::{Loaded, load_demo};

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
    /// Hash of the password.
    pub password_phc: &'a str,
}

/// Makes a network with its first administrator; answers with its id.
pub async fn create_network(
    connection: &mut AsyncPgConnection,
    slug: &str,
    name: &str,
    first: &FirstAdministrator<'_>,
    now: DateTime<Utc>,
) -> Outcome<Uuid> {
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
    let account = (
        ids::new_id(),
        first.login_name,
        "network_administrator",
        staff_id,
    );
    insert_account(connection, tenant_id, account, first.password_phc, now).await?;
    Manager::commit_transaction(connection).await?;
    Ok(tenant_id)
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

async fn insert_account(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    (id, login_name, role, staff_member_id): (Uuid, &str, &str, Uuid),
    phc: &str,
    now: DateTime<Utc>,
) -> Outcome<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::tenant_id.eq(tenant_id),
            accounts::id.eq(id),
            accounts::login_name.eq(login_name),
            accounts::password_phc.eq(phc),
            accounts::role.eq(role),
            accounts::staff_member_id.eq(staff_member_id),
            accounts::person_id.eq(staff_member_id),
            accounts::created_at.eq(now),
        ))
        .execute(c)
        .await?;
    Ok(())
}
