use std::collections::HashSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, care_team_members as members, persons, sessions, staff_members as posts,
};
use uuid::Uuid;

use super::super::model::{RELATIVES, role_of};
use crate::{
    Result,
    ctx::Tx,
    spine::{auth::Role, ids, text},
};

/// A post to be begun.
#[derive(Debug, Clone, Copy)]
pub struct NewPost<'a> {
    /// Identifier.
    pub id: Uuid,
    /// Who holds it.
    pub person_id: Uuid,
    /// Where.
    pub facility_id: Uuid,
    /// Name in kanji.
    pub name: &'a str,
    /// Name in kana.
    pub kana: &'a str,
    /// Code of the profession.
    pub profession: &'a str,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, when it is known.
    pub ends_on: Option<NaiveDate>,
    /// The work plan, for somebody of the vendor or operator.
    pub work_plan: Option<&'a str>,
}

/// An account to be made. It is opened by an invitation.
#[derive(Debug, Clone, Copy)]
pub struct NewLogin<'a> {
    /// Identifier.
    pub id: Uuid,
    /// Name before the @.
    pub login_name: &'a str,
    /// Where mail goes.
    pub email: &'a str,
    /// What it is for.
    pub role: Role,
    /// The post that it acts for.
    pub staff_member_id: Uuid,
    /// Whose it is.
    pub person_id: Uuid,
}

/// Writes a person, as part of an act that was allowed.
pub async fn add_person(tx: &Tx<'_>, id: Uuid, name: &str, kana: &str) -> Result<()> {
    diesel::insert_into(persons::table)
        .values((
            persons::tenant_id.eq(tx.tenant_id),
            persons::id.eq(id),
            persons::name.eq(name),
            persons::kana.eq(kana),
            persons::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Begins a post, as part of an act that was allowed.
pub async fn add_post(tx: &Tx<'_>, new: &NewPost<'_>) -> Result<()> {
    diesel::insert_into(posts::table)
        .values((
            posts::tenant_id.eq(tx.tenant_id),
            posts::id.eq(new.id),
            posts::person_id.eq(new.person_id),
            posts::facility_id.eq(new.facility_id),
            posts::name.eq(new.name),
            posts::kana.eq(new.kana),
            posts::search_text.eq(text::fold(&format!("{} {}", new.name, new.kana))),
            posts::sort_key.eq(text::sort_key(new.kana)),
            posts::profession.eq(new.profession),
            posts::starts_on.eq(new.starts_on),
            posts::ends_on.eq(new.ends_on),
            posts::work_plan.eq(new.work_plan),
            posts::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Makes an account without any factor, as part of an act that was allowed.
pub async fn add_account(tx: &Tx<'_>, new: &NewLogin<'_>) -> Result<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::tenant_id.eq(tx.tenant_id),
            accounts::id.eq(new.id),
            accounts::login_name.eq(new.login_name),
            accounts::email.eq(new.email),
            accounts::role.eq(new.role.code()),
            accounts::staff_member_id.eq(new.staff_member_id),
            accounts::person_id.eq(new.person_id),
            accounts::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A post with everything that moving needs of it.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = posts, check_for_backend(diesel::pg::Pg))]
pub(super) struct Post {
    pub(super) id: Uuid,
    pub(super) person_id: Uuid,
    pub(super) name: String,
    pub(super) kana: String,
    pub(super) profession: String,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: Option<NaiveDate>,
    pub(super) work_plan: Option<String>,
}

/// A post of a colleague, locked, so that it ends once.
pub(super) async fn find_for_update(tx: &Tx<'_>, id: Uuid) -> Result<Option<Post>> {
    Ok(posts::table
        .find((tx.tenant_id, id))
        .filter(posts::profession.ne_all(RELATIVES))
        .select(Post::as_select())
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// A post of a colleague.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Post>> {
    Ok(posts::table
        .find((tx.tenant_id, id))
        .filter(posts::profession.ne_all(RELATIVES))
        .select(Post::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Gives a post its last day, as part of an act that was allowed.
pub async fn end_post(tx: &Tx<'_>, id: Uuid, last_day: NaiveDate) -> Result<()> {
    diesel::update(posts::table.find((tx.tenant_id, id)))
        .set(posts::ends_on.eq(last_day))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A membership of a care team that outlasts a post.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = members, check_for_backend(diesel::pg::Pg))]
pub(super) struct Membership {
    pub(super) patient_id: Uuid,
    duty: Option<String>,
    starts_on: NaiveDate,
    ends_on: Option<NaiveDate>,
}

/// Ends every membership of a post that would go on after `last_day`, and answers what they were. One that had not
/// begun ends with its first day, on which the post is no more.
pub(super) async fn end_memberships(
    tx: &Tx<'_>,
    post_id: Uuid,
    last_day: NaiveDate,
) -> Result<Vec<Membership>> {
    let later = members::table
        .filter(members::tenant_id.eq(tx.tenant_id))
        .filter(members::staff_member_id.eq(post_id))
        .filter(members::ends_on.is_null().or(members::ends_on.gt(last_day)));
    let found: Vec<Membership> = later
        .select(Membership::as_select())
        .order((members::patient_id, members::starts_on, members::id))
        .for_update()
        .load(&mut tx.conn())
        .await?;
    diesel::update(later.filter(members::starts_on.gt(last_day)))
        .set(members::ends_on.eq(members::starts_on.nullable()))
        .execute(&mut tx.conn())
        .await?;
    diesel::update(later.filter(members::starts_on.le(last_day)))
        .set(members::ends_on.eq(last_day))
        .execute(&mut tx.conn())
        .await?;
    Ok(found)
}

/// Goes on with memberships for another post from `first_day`, where that is not on the team anyway.
pub(super) async fn hand_over(
    tx: &Tx<'_>,
    memberships: &[Membership],
    to: Uuid,
    first_day: NaiveDate,
) -> Result<()> {
    let patients: Vec<Uuid> = memberships.iter().map(|m| m.patient_id).collect();
    let present = team_on(tx, &patients, first_day).await?;
    let mut served: HashSet<Uuid> = present
        .into_iter()
        .filter(|(_, member)| *member == to)
        .map(|(patient, _)| patient)
        .collect();
    let rows: Vec<_> = memberships
        .iter()
        .filter(|old| served.insert(old.patient_id))
        .map(|old| {
            (
                members::tenant_id.eq(tx.tenant_id),
                members::id.eq(ids::new_id()),
                members::patient_id.eq(old.patient_id),
                members::staff_member_id.eq(to),
                members::duty.eq(old.duty.clone()),
                members::starts_on.eq(old.starts_on.max(first_day)),
                members::ends_on.eq(old.ends_on),
                members::created_at.eq(tx.now),
                members::created_by.eq(tx.actor.ids().0),
            )
        })
        .collect();
    diesel::insert_into(members::table)
        .values(rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Who is on the teams of these patients on `day`, by post: patient and member.
pub(super) async fn team_on(
    tx: &Tx<'_>,
    patients: &[Uuid],
    day: NaiveDate,
) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(members::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(members::tenant_id)
                .and(posts::id.eq(members::staff_member_id))),
        )
        .filter(members::tenant_id.eq(tx.tenant_id))
        .filter(members::patient_id.eq_any(patients))
        .filter(members::starts_on.le(day))
        .filter(members::ends_on.is_null().or(members::ends_on.ge(day)))
        .filter(posts::starts_on.le(day))
        .filter(posts::ends_on.is_null().or(posts::ends_on.ge(day)))
        .select((members::patient_id, members::staff_member_id))
        .load(&mut tx.conn())
        .await?)
}

/// The account of a person, with the post that it acts for.
pub(super) async fn find_account(tx: &Tx<'_>, person_id: Uuid) -> Result<Option<(Uuid, Uuid)>> {
    Ok(accounts::table
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::person_id.eq(person_id))
        .select((accounts::id, accounts::staff_member_id))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Whether another account can administer the network after `day`.
pub(super) async fn has_other_administrator(
    tx: &Tx<'_>,
    person_id: Uuid,
    day: NaiveDate,
) -> Result<bool> {
    let other = accounts::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(accounts::tenant_id)
                .and(posts::id.eq(accounts::staff_member_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::role.eq(Role::NetworkAdministrator.code()))
        .filter(accounts::person_id.ne(person_id))
        .filter(accounts::suspended_at.is_null())
        .filter(posts::ends_on.is_null().or(posts::ends_on.gt(day)));
    Ok(diesel::select(diesel::dsl::exists(other))
        .get_result(&mut tx.conn())
        .await?)
}

/// The post that new sessions of an account act for.
pub(super) async fn set_default_post(tx: &Tx<'_>, account_id: Uuid, post_id: Uuid) -> Result<()> {
    diesel::update(accounts::table.find((tx.tenant_id, account_id)))
        .set(accounts::staff_member_id.eq(post_id))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Closes an account and ends every session of it, as part of an act that was allowed; answers which sessions.
pub async fn close_account(tx: &Tx<'_>, account_id: Uuid) -> Result<Vec<Uuid>> {
    diesel::update(
        accounts::table
            .find((tx.tenant_id, account_id))
            .filter(accounts::suspended_at.is_null()),
    )
    .set(accounts::suspended_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(diesel::update(
        sessions::table
            .filter(sessions::tenant_id.eq(tx.tenant_id))
            .filter(sessions::account_id.eq(account_id))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(tx.now))
    .returning(sessions::id)
    .get_results(&mut tx.conn())
    .await?)
}

/// Lets every account whose post has ended act for another post of the same person that is held today, the one begun
/// last. Run by the worker on the morning of each day; running it again changes nothing.
pub async fn apply_moves(tx: &Tx<'_>) -> Result<usize> {
    let today = tx.today();
    let ended: Vec<(Uuid, Uuid, String)> = accounts::table
        .inner_join(
            posts::table.on(posts::tenant_id
                .eq(accounts::tenant_id)
                .and(posts::id.eq(accounts::staff_member_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(posts::ends_on.lt(today))
        .select((accounts::id, accounts::person_id, accounts::role))
        .load(&mut tx.conn())
        .await?;
    if ended.is_empty() {
        return Ok(0);
    }
    let people: Vec<Uuid> = ended.iter().map(|(_, person, _)| *person).collect();
    let held: Vec<(Uuid, Uuid, String)> = posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::person_id.eq_any(people))
        .filter(posts::starts_on.le(today))
        .filter(posts::ends_on.is_null().or(posts::ends_on.ge(today)))
        .order((posts::starts_on.desc(), posts::id.desc()))
        .select((posts::person_id, posts::id, posts::profession))
        .load(&mut tx.conn())
        .await?;
    let mut applied = 0;
    for (account, person, role) in ended {
        // An account never gains a role by a move.
        let next = held
            .iter()
            .find(|(of, _, profession)| *of == person && role_of(profession).code() == role);
        if let Some((_, post, _)) = next {
            set_default_post(tx, account, *post).await?;
            applied += 1;
        }
    }
    Ok(applied)
}
