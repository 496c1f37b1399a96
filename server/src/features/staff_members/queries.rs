use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{accounts, facilities, persons, staff_members};
use uuid::Uuid;

use super::{
    model::{DirectoryEntry, RELATIVES, StaffMember},
    policy::{Create, ReadDirectory},
    routes::{CreateStaffMember, NewAccount},
};
use crate::{
    Result,
    ctx::Tx,
    features::facilities::FacilityRef,
    spine::{access::Permit, page::TextKey, text},
};

/// What a list of staff members is narrowed to.
pub(super) struct Filter<'a> {
    pub(super) query: Option<&'a str>,
    pub(super) facility_id: Option<Uuid>,
    pub(super) after: Option<TextKey>,
    pub(super) limit: i64,
}

/// Staff members who work today, by kana, one more than the limit.
pub(super) async fn page(
    tx: &Tx<'_>,
    _: Permit<ReadDirectory>,
    filter: Filter<'_>,
) -> Result<Vec<(DirectoryEntry, FacilityRef)>> {
    let today = tx.today();
    let mut query = staff_members::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(staff_members::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::profession.ne_all(RELATIVES))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .into_boxed();
    if let Some(words) = filter.query {
        query = query.filter(staff_members::search_text.like(text::like(&text::fold(words))));
    }
    if let Some(facility) = filter.facility_id {
        query = query.filter(staff_members::facility_id.eq(facility));
    }
    if let Some(TextKey(key, id)) = filter.after {
        query = query
            .filter(staff_members::sort_key.ge(key.clone()))
            .filter(staff_members::sort_key.gt(key).or(staff_members::id.gt(id)));
    }
    Ok(query
        .order((staff_members::sort_key, staff_members::id))
        .limit(filter.limit + 1)
        .select((DirectoryEntry::as_select(), FacilityRef::as_select()))
        .load(&mut tx.conn())
        .await?)
}

/// One staff member with the facility.
pub async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<(StaffMember, FacilityRef)>> {
    Ok(staff_members::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(staff_members::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq(id))
        .select((StaffMember::as_select(), FacilityRef::as_select()))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The posts of a person that are valid today, the oldest first.
pub async fn posts_of(tx: &Tx<'_>, person_id: Uuid) -> Result<Vec<(StaffMember, FacilityRef)>> {
    let today = tx.today();
    Ok(staff_members::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(staff_members::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::person_id.eq(person_id))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .order((staff_members::starts_on, staff_members::id))
        .select((StaffMember::as_select(), FacilityRef::as_select()))
        .load(&mut tx.conn())
        .await?)
}

/// Names of posts, by their ids.
pub async fn names(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids))
        .select((staff_members::id, staff_members::name))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// Whether there is such a staff member: a colleague, not somebody of the patient's family.
pub async fn exists(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        staff_members::table
            .find((tx.tenant_id, id))
            .filter(staff_members::profession.ne_all(RELATIVES)),
    ))
    .get_result(&mut tx.conn())
    .await?)
}

/// The person who holds a post.
pub async fn find_person(tx: &Tx<'_>, id: Uuid) -> Result<Option<Uuid>> {
    Ok(staff_members::table
        .find((tx.tenant_id, id))
        .filter(staff_members::profession.ne_all(RELATIVES))
        .select(staff_members::person_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Whether there is such a facility.
pub(super) async fn facility_exists(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    Ok(diesel::select(diesel::dsl::exists(
        facilities::table.find((tx.tenant_id, id)),
    ))
    .get_result(&mut tx.conn())
    .await?)
}

/// Whether there is such a person.
pub(super) async fn person_exists(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    Ok(
        diesel::select(diesel::dsl::exists(persons::table.find((tx.tenant_id, id))))
            .get_result(&mut tx.conn())
            .await?,
    )
}

/// Writes the staff member, and the person unless it is another post of somebody known.
pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Create>, new: &CreateStaffMember) -> Result<()> {
    if new.person_id.is_none() {
        diesel::insert_into(persons::table)
            .values((
                persons::tenant_id.eq(tx.tenant_id),
                persons::id.eq(new.id),
                persons::name.eq(&new.name),
                persons::kana.eq(&new.kana),
                persons::created_at.eq(tx.now),
            ))
            .execute(&mut tx.conn())
            .await?;
    }
    diesel::insert_into(staff_members::table)
        .values((
            staff_members::tenant_id.eq(tx.tenant_id),
            staff_members::id.eq(new.id),
            staff_members::person_id.eq(new.person_id.unwrap_or(new.id)),
            staff_members::facility_id.eq(new.facility_id),
            staff_members::name.eq(&new.name),
            staff_members::kana.eq(&new.kana),
            staff_members::search_text.eq(text::fold(&format!("{} {}", new.name, new.kana))),
            staff_members::sort_key.eq(text::sort_key(&new.kana)),
            staff_members::profession.eq(&new.profession),
            staff_members::starts_on.eq(new.starts_on.unwrap_or(tx.today())),
            staff_members::ends_on.eq(new.ends_on),
            staff_members::work_plan.eq(&new.work_plan),
            staff_members::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Keeps the digest of a person's home address, or forgets it, as part of an act that was allowed.
pub(super) async fn update_home(
    tx: &Tx<'_>,
    person_id: Uuid,
    digest: Option<[u8; 32]>,
) -> Result<()> {
    diesel::update(persons::table.find((tx.tenant_id, person_id)))
        .set(persons::home_digest.eq(digest.map(Vec::from)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Writes an account without any factor, for a person of whom this is the first post.
pub(super) async fn insert_account(
    tx: &Tx<'_>,
    id: Uuid,
    new: &CreateStaffMember,
    account: &NewAccount,
) -> Result<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::tenant_id.eq(tx.tenant_id),
            accounts::id.eq(id),
            accounts::login_name.eq(&account.login_name),
            accounts::email.eq(&account.email),
            accounts::role.eq(new.role().code()),
            accounts::staff_member_id.eq(new.id),
            accounts::person_id.eq(new.id),
            accounts::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
