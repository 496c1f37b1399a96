//! Everybody who has to do with a patient, each with the ground: for what is announced and whom one can ask.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::future::{try_join, try_join3};
use tsumugi_schema::tables::{
    accounts, care_team_members as members, patient_identifiers as identifiers,
    patient_relations as relations, patients, staff_members, substitutions,
};
use uuid::Uuid;

use super::{
    ground::{Ground, cover},
    queries::{standing, standing_consents},
    question::Purpose,
};
use crate::{
    Result,
    ctx::Tx,
    spine::auth::{Actor, Person, Role},
};

/// Somebody who has to do with a patient, with the ground.
#[derive(Debug)]
pub struct Reader {
    /// Who.
    pub actor: Actor,
    /// On what ground.
    pub ground: Ground,
    /// For the usual purpose.
    pub purpose: Purpose,
}

impl Reader {
    /// The post.
    pub fn staff_member_id(&self) -> Uuid {
        self.actor.ids().0
    }
}

/// A post with what a reader needs: staff member, person, facility, account and role when there is an account, relation.
struct Found {
    post: Uuid,
    person: Uuid,
    facility: Uuid,
    account: Option<Uuid>,
    role: Role,
    relation: Option<String>,
    substitute: bool,
}

/// Everybody who has to do with a patient today: the care team, substitutes, the patient and the family.
pub async fn readers(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<Reader>> {
    let ids = [patient_id];
    let (team, consents, facilities) = try_join3(
        around(tx, patient_id),
        standing_consents(tx, &ids),
        facilities(tx, patient_id),
    )
    .await?;
    let posts: Vec<Uuid> = team.iter().map(|found| found.post).collect();
    let mut standings = standing(tx, &posts).await?;
    let standing_consents = consents.get(&patient_id).map_or(&[][..], Vec::as_slice);
    let (registered_at, registered) = facilities;
    let reader = |found: Found| {
        let standing = standings.remove(&found.post)?;
        let ground = Ground {
            member: found.relation.is_none() && !found.substitute,
            substitute: found.substitute,
            emergency: false,
            patient: found.relation.as_deref() == Some("self"),
            family: found.relation.as_deref().is_some_and(|r| r != "self"),
            registered: registered.contains(&found.facility),
            own_patient: registered_at == Some(found.facility),
            cover: cover(standing_consents, found.facility, standing.group()),
        };
        let person = Person {
            tenant_id: tx.tenant_id,
            account_id: found.account.unwrap_or_default(),
            session_id: Uuid::nil(),
            person_id: found.person,
            staff_member_id: found.post,
            facility_id: found.facility,
            profession: standing.rights_of.clone(),
            role: found.role,
            standing,
            authenticated_at: tx.now,
            device_id: None,
            via: None,
        };
        let purpose = Purpose::usual(found.role);
        Some(Reader {
            actor: Actor::Person(person),
            ground,
            purpose,
        })
    };
    Ok(team.into_iter().filter_map(reader).collect())
}

/// The facility that registered the patient, and those that have a number of their own for it.
async fn facilities(tx: &Tx<'_>, patient_id: Uuid) -> Result<(Option<Uuid>, Vec<Uuid>)> {
    let mut connection = tx.conn();
    let mut again = tx.conn();
    let (registered_at, registered): (Option<Uuid>, Vec<Option<Uuid>>) = try_join(
        async {
            patients::table
                .find((tx.tenant_id, patient_id))
                .select(patients::facility_id)
                .first(&mut connection)
                .await
                .optional()
        },
        identifiers::table
            .filter(identifiers::tenant_id.eq(tx.tenant_id))
            .filter(identifiers::patient_id.eq(patient_id))
            .select(identifiers::facility_id)
            .load(&mut again),
    )
    .await?;
    Ok((registered_at, registered.into_iter().flatten().collect()))
}

/// A post: staff member, person, facility.
type Post = (Uuid, Uuid, Uuid);

async fn around(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<Found>> {
    let (team, substitutes, related) = try_join3(
        team(tx, patient_id),
        substitutes(tx, patient_id),
        relatives(tx, patient_id),
    )
    .await?;
    let on_team: Vec<Uuid> = team.iter().map(|(post, ..)| *post).collect();
    let staff = |(post, person, facility): Post, substitute| Found {
        post,
        person,
        facility,
        account: None,
        role: Role::Staff,
        relation: None,
        substitute,
    };
    let mut found: Vec<Found> = team.into_iter().map(|post| staff(post, false)).collect();
    let stand_in = substitutes
        .into_iter()
        .filter(|(post, ..)| !on_team.contains(post));
    found.extend(stand_in.map(|post| staff(post, true)));
    for ((post, person, facility), account, role, relation) in related {
        found.push(Found {
            post,
            person,
            facility,
            account: Some(account),
            role: Role::parse(&role).unwrap_or(Role::Family),
            relation: Some(relation),
            substitute: false,
        });
    }
    Ok(found)
}

/// The members of the care team today, as a condition on memberships.
#[diesel::dsl::auto_type(no_type_alias)]
fn current(tenant_id: Uuid, patient_id: Uuid, today: chrono::NaiveDate) -> _ {
    members::table
        .filter(members::tenant_id.eq(tenant_id))
        .filter(members::patient_id.eq(patient_id))
        .filter(members::starts_on.le(today))
        .filter(members::ends_on.is_null().or(members::ends_on.ge(today)))
        .select(members::staff_member_id)
}

/// Posts that are held today.
#[diesel::dsl::auto_type(no_type_alias)]
fn held(tenant_id: Uuid, today: chrono::NaiveDate) -> _ {
    staff_members::table
        .filter(staff_members::tenant_id.eq(tenant_id))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            staff_members::id,
            staff_members::person_id,
            staff_members::facility_id,
        ))
}

async fn team(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<Post>> {
    let on_team = current(tx.tenant_id, patient_id, tx.today());
    Ok(held(tx.tenant_id, tx.today())
        .filter(staff_members::id.eq_any(on_team))
        .load(&mut tx.conn())
        .await?)
}

async fn substitutes(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<Post>> {
    let on_team = current(tx.tenant_id, patient_id, tx.today());
    let standing_in = substitutions::table
        .filter(substitutions::tenant_id.eq(tx.tenant_id))
        .filter(substitutions::absent_id.eq_any(on_team))
        .filter(substitutions::starts_at.le(tx.now))
        .filter(substitutions::ends_at.gt(tx.now))
        .filter(substitutions::ended_at.is_null())
        .filter(
            substitutions::patient_id
                .is_null()
                .or(substitutions::patient_id.eq(patient_id)),
        )
        .select(substitutions::substitute_id);
    Ok(held(tx.tenant_id, tx.today())
        .filter(staff_members::id.eq_any(standing_in))
        .load(&mut tx.conn())
        .await?)
}

/// The patient and the family, with account, role and relation.
async fn relatives(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<(Post, Uuid, String, String)>> {
    let today = tx.today();
    Ok(relations::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(relations::tenant_id)
                .and(accounts::id.eq(relations::account_id))),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(accounts::staff_member_id))),
        )
        .filter(relations::tenant_id.eq(tx.tenant_id))
        .filter(relations::patient_id.eq(patient_id))
        .filter(relations::starts_on.le(today))
        .filter(
            relations::ends_on
                .is_null()
                .or(relations::ends_on.ge(today)),
        )
        .filter(accounts::suspended_at.is_null())
        .select((
            (
                staff_members::id,
                staff_members::person_id,
                staff_members::facility_id,
            ),
            accounts::id,
            accounts::role,
            relations::relation,
        ))
        .load(&mut tx.conn())
        .await?)
}
