use chrono::{DateTime, NaiveDate, Utc};
use diesel::{dsl::exists, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, facilities, licences as licence_rows, passkeys, staff_members as posts, tenants,
};
use uuid::Uuid;

use super::{LicenceFilter, List};
use crate::{
    Result,
    ctx::Tx,
    features::{facilities::FacilityRef, licences::EXPIRING_WITHIN, professions},
    spine::{access::Permit, auth::Role, page::TextKey, text},
};

/// What a list of accounts is narrowed to.
pub(super) struct Filter<'a> {
    pub(super) query: Option<&'a str>,
    pub(super) facility_id: Option<Uuid>,
    pub(super) unused_since: Option<DateTime<Utc>>,
    pub(super) licence: Option<LicenceFilter>,
    pub(super) after: Option<TextKey>,
    pub(super) limit: i64,
}

/// An account with the post that it acts for.
#[derive(Debug, Queryable)]
pub(super) struct Account {
    pub(super) id: Uuid,
    pub(super) login_name: String,
    pub(super) role: String,
    pub(super) email: Option<String>,
    pub(super) has_password: bool,
    pub(super) has_passkey: bool,
    pub(super) last_signed_in_at: Option<DateTime<Utc>>,
    pub(super) suspended_at: Option<DateTime<Utc>>,
    pub(super) staff_member_id: Uuid,
    pub(super) person_id: Uuid,
    pub(super) name: String,
    pub(super) sort_key: String,
    pub(super) profession: String,
    pub(super) facility: FacilityRef,
}

/// A post of a person.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = posts, check_for_backend(diesel::pg::Pg))]
pub(super) struct Post {
    pub(super) id: Uuid,
    pub(super) person_id: Uuid,
    pub(super) profession: String,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
}

/// Accounts of a patient, not of this list.
const OF_PATIENTS: [Role; 2] = [Role::Patient, Role::Family];

diesel::alias!(posts as own_posts: OwnPosts);

#[diesel::dsl::auto_type(no_type_alias)]
fn joined() -> _ {
    accounts::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(accounts::tenant_id)
                .and(posts::id.eq(accounts::staff_member_id))),
        )
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(posts::tenant_id)
                .and(facilities::id.eq(posts::facility_id))),
        )
}

#[diesel::dsl::auto_type(no_type_alias)]
fn has_passkey() -> _ {
    exists(
        passkeys::table
            .filter(passkeys::tenant_id.eq(accounts::tenant_id))
            .filter(passkeys::account_id.eq(accounts::id))
            .filter(passkeys::revoked_at.is_null()),
    )
}

/// Accounts, by kana of the person, one more than the limit.
pub(super) async fn page(tx: &Tx<'_>, _: Permit<List>, filter: Filter<'_>) -> Result<Vec<Account>> {
    let today = tx.today();
    let mut query = joined()
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::role.ne_all(OF_PATIENTS.map(Role::code)))
        .into_boxed();
    if let Some(words) = filter.query {
        let pattern = text::like(&text::fold(words));
        let by_login = accounts::login_name.like(pattern.clone());
        query = query.filter(posts::search_text.like(pattern).or(by_login));
    }
    if let Some(facility) = filter.facility_id {
        let own = own_posts
            .filter(own_posts.field(posts::tenant_id).eq(accounts::tenant_id))
            .filter(own_posts.field(posts::person_id).eq(accounts::person_id))
            .filter(own_posts.field(posts::facility_id).eq(facility))
            .filter(
                own_posts
                    .field(posts::ends_on)
                    .is_null()
                    .or(own_posts.field(posts::ends_on).ge(today)),
            );
        query = query.filter(exists(own));
    }
    if let Some(since) = filter.unused_since {
        query = query
            .filter(accounts::suspended_at.is_null())
            .filter(accounts::created_at.lt(since))
            .filter(
                accounts::last_signed_in_at
                    .is_null()
                    .or(accounts::last_signed_in_at.lt(since)),
            );
    }
    if let Some(which) = filter.licence {
        query = query.filter(accounts::id.eq_any(by_licence(tx, which).await?));
    }
    if let Some(TextKey(key, id)) = filter.after {
        query = query
            .filter(posts::sort_key.ge(key.clone()))
            .filter(posts::sort_key.gt(key).or(accounts::id.gt(id)));
    }
    Ok(query
        .order((posts::sort_key, accounts::id))
        .limit(filter.limit + 1)
        .select((
            accounts::id,
            accounts::login_name,
            accounts::role,
            accounts::email,
            accounts::password_phc.is_not_null(),
            has_passkey(),
            accounts::last_signed_in_at,
            accounts::suspended_at,
            accounts::staff_member_id,
            accounts::person_id,
            posts::name,
            posts::sort_key,
            posts::profession,
            FacilityRef::as_select(),
        ))
        .load(&mut tx.conn())
        .await?)
}

/// One account.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Account>> {
    Ok(joined()
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(id))
        .select((
            accounts::id,
            accounts::login_name,
            accounts::role,
            accounts::email,
            accounts::password_phc.is_not_null(),
            has_passkey(),
            accounts::last_signed_in_at,
            accounts::suspended_at,
            accounts::staff_member_id,
            accounts::person_id,
            posts::name,
            posts::sort_key,
            posts::profession,
            FacilityRef::as_select(),
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Accounts whose licence, for the profession of their post, is to be looked at.
async fn by_licence(tx: &Tx<'_>, which: LicenceFilter) -> Result<Vec<Uuid>> {
    let today = tx.today();
    let soon = today + EXPIRING_WITHIN;
    let mut found = Vec::new();
    // A handful of rounds at most: one for each profession with which a licence goes and which somebody has.
    for known in professions::known(tx).await? {
        if !known.base.licensed {
            continue;
        }
        let counts_on = |day: NaiveDate| {
            exists(
                licence_rows::table
                    .filter(licence_rows::tenant_id.eq(accounts::tenant_id))
                    .filter(licence_rows::person_id.eq(accounts::person_id))
                    .filter(licence_rows::profession.eq(known.base.code.as_str()))
                    .filter(licence_rows::revoked_at.is_null())
                    .filter(
                        licence_rows::valid_until
                            .is_null()
                            .or(licence_rows::valid_until.ge(day)),
                    ),
            )
        };
        let query = accounts::table
            .inner_join(
                posts::table.on(posts::tenant_id
                    .eq(accounts::tenant_id)
                    .and(posts::id.eq(accounts::staff_member_id))),
            )
            .filter(accounts::tenant_id.eq(tx.tenant_id))
            .filter(posts::profession.eq(&known.code))
            .select(accounts::id)
            .into_boxed();
        let query = match which {
            LicenceFilter::Unverified => query.filter(diesel::dsl::not(counts_on(today))),
            LicenceFilter::Expiring => query
                .filter(counts_on(today))
                .filter(diesel::dsl::not(counts_on(soon))),
        };
        found.extend(query.load::<Uuid>(&mut tx.conn()).await?);
    }
    Ok(found)
}

/// The posts of these people that are held today or will be, in the order in which they begin.
pub(super) async fn posts(tx: &Tx<'_>, people: &[Uuid]) -> Result<Vec<(Post, FacilityRef)>> {
    let today = tx.today();
    Ok(posts::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(posts::tenant_id)
                .and(facilities::id.eq(posts::facility_id))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::person_id.eq_any(people))
        .filter(posts::ends_on.is_null().or(posts::ends_on.ge(today)))
        .order((posts::starts_on, posts::id))
        .select((Post::as_select(), FacilityRef::as_select()))
        .load(&mut tx.conn())
        .await?)
}

/// Short name of the network.
pub(super) async fn slug(tx: &Tx<'_>) -> Result<String> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select(tenants::slug)
        .first(&mut tx.conn())
        .await?)
}
