//! The ground of a decision, read from the tables of patients, consents and care teams, and the standing of people.

use std::collections::HashMap;

use diesel::{dsl::exists, pg::Pg, prelude::*, sql_types::Bool};
use diesel_async::RunQueryDsl;
use futures_util::future::{try_join, try_join3};
use tsumugi_schema::tables::{
    access_overrides as overrides, care_team_members as members, consents,
    emergency_accesses as emergencies, licences, network_professions,
    patient_identifiers as identifiers, patient_relations as relations, patients,
    post_recipients as recipients, posts, staff_members, substitutions, tenant_settings,
};
use uuid::Uuid;

use super::{
    ground::{Ground, StandingConsent, cover},
    question::{Narrowing, Standing},
    scope::{NAMED, Scope},
};
use crate::{
    Result,
    ctx::Tx,
    spine::{
        auth::{Actor, Person, Role},
        professions,
    },
};

/// Which posts a reader with this scope may read: the condition of every list of posts. A list with it holds exactly what
/// could be opened one by one.
#[diesel::dsl::auto_type(no_type_alias)]
pub fn in_scope<'a>(scope: &'a Scope, tenant_id: Uuid, reader: Uuid) -> _ {
    let facility: Uuid = scope.facility;
    let all: &'a [&'static str] = scope.all.as_slice();
    let own: &'a [&'static str] = scope.own.as_slice();
    let named: &'a [&'static str] = scope.named.as_slice();
    let named_own: &'a [&'static str] = scope.named_own.as_slice();
    let for_named: &'static str = NAMED;
    posts::class
        .eq_any(all)
        .or(posts::facility_id
            .eq(facility)
            .and(posts::class.eq_any(own)))
        .or(posts::channel
            .eq(for_named)
            .and(
                posts::class.eq_any(named).or(posts::facility_id
                    .eq(facility)
                    .and(posts::class.eq_any(named_own))),
            )
            .and(
                diesel::dsl::exists(
                    recipients::table
                        .filter(recipients::tenant_id.eq(tenant_id))
                        .filter(recipients::post_id.eq(posts::id))
                        .filter(recipients::staff_member_id.eq(reader)),
                )
                .or(posts::author_staff_id.eq(reader)),
            ))
}

/// The grounds of the caller for patients; those that do not exist are not in the answer.
pub async fn grounds(tx: &Tx<'_>, ids: &[Uuid]) -> Result<HashMap<Uuid, Ground>> {
    grounds_of(tx, tx.actor, ids).await
}

/// The same for somebody else, for whoever asks why.
pub async fn grounds_of(tx: &Tx<'_>, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, Ground>> {
    let (_, facility) = actor.ids();
    let group = match actor {
        Actor::Person(person) => person.standing.group(),
        _ => "",
    };
    let (ties, consents, related) = try_join3(
        ties(tx, actor, ids),
        standing_consents(tx, ids),
        related(tx, actor, ids),
    )
    .await?;
    let mut found = HashMap::with_capacity(ties.len());
    for (id, registered_at, member, substitute, emergency, registered) in ties {
        let relation = related.get(&id).map(String::as_str);
        let standing = consents.get(&id).map_or(&[][..], Vec::as_slice);
        let ground = Ground {
            member,
            substitute,
            emergency,
            patient: relation == Some("self"),
            family: relation.is_some_and(|relation| relation != "self"),
            registered,
            own_patient: registered_at == facility,
            cover: cover(standing, facility, group),
        };
        found.insert(id, ground);
    }
    // Without consent, what the own facility recorded stays open to it; whether it recorded anything is asked only then.
    let closed: Vec<Uuid> = found
        .iter()
        .filter(|(_, ground)| {
            ground.cover.kinds == 0 && !ground.own_patient && (ground.member || ground.substitute)
        })
        .map(|(id, _)| *id)
        .collect();
    for id in recorded_by(tx, facility, &closed).await? {
        if let Some(ground) = found.get_mut(&id) {
            ground.own_patient = true;
        }
    }
    Ok(found)
}

/// Those of these patients on whose timelines somebody of the facility has written.
async fn recorded_by(tx: &Tx<'_>, facility: Uuid, ids: &[Uuid]) -> Result<Vec<Uuid>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(posts::table
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::patient_id.eq_any(ids))
        .filter(posts::facility_id.eq(facility))
        .select(posts::patient_id)
        .distinct()
        .load(&mut tx.conn())
        .await?)
}

/// A patient with what ties the caller to it: facility that registered, member, substitute, emergency, registered.
type Tie = (Uuid, Uuid, bool, bool, bool, bool);

async fn ties(tx: &Tx<'_>, actor: &Actor, ids: &[Uuid]) -> Result<Vec<Tie>> {
    let (me, facility) = actor.ids();
    let today = tx.today();
    let member = exists(
        members::table
            .filter(members::tenant_id.eq(tx.tenant_id))
            .filter(members::patient_id.eq(patients::id))
            .filter(members::staff_member_id.eq(me))
            .filter(members::starts_on.le(today))
            .filter(members::ends_on.is_null().or(members::ends_on.ge(today))),
    );
    let substitute = exists(
        substitutions::table
            .inner_join(
                members::table.on(members::tenant_id
                    .eq(substitutions::tenant_id)
                    .and(members::staff_member_id.eq(substitutions::absent_id))),
            )
            .filter(substitutions::tenant_id.eq(tx.tenant_id))
            .filter(substitutions::substitute_id.eq(me))
            .filter(substitutions::starts_at.le(tx.now))
            .filter(substitutions::ends_at.gt(tx.now))
            .filter(substitutions::ended_at.is_null())
            .filter(
                substitutions::patient_id
                    .is_null()
                    .or(substitutions::patient_id.eq(patients::id.nullable())),
            )
            .filter(members::patient_id.eq(patients::id))
            .filter(members::starts_on.le(today))
            .filter(members::ends_on.is_null().or(members::ends_on.ge(today))),
    );
    let emergency = exists(
        emergencies::table
            .filter(emergencies::tenant_id.eq(tx.tenant_id))
            .filter(emergencies::staff_member_id.eq(me))
            .filter(emergencies::patient_id.eq(patients::id))
            .filter(emergencies::expires_at.gt(tx.now))
            .filter(emergencies::ended_at.is_null()),
    );
    let registered = exists(
        identifiers::table
            .filter(identifiers::tenant_id.eq(tx.tenant_id))
            .filter(identifiers::patient_id.eq(patients::id))
            .filter(identifiers::facility_id.eq(facility)),
    );
    Ok(patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::id.eq_any(ids))
        .select((
            patients::id,
            patients::facility_id,
            member,
            substitute,
            emergency,
            registered,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// The consents that stand today, by patient.
pub(super) async fn standing_consents(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<StandingConsent>>> {
    type Row = (
        Uuid,
        Option<Vec<Uuid>>,
        Option<Vec<String>>,
        Option<Vec<String>>,
        Vec<String>,
        Vec<String>,
    );
    let today = tx.today();
    let rows: Vec<Row> = consents::table
        .filter(consents::tenant_id.eq(tx.tenant_id))
        .filter(consents::patient_id.eq_any(ids))
        .filter(consents::granted_on.le(today))
        .filter(
            consents::valid_until
                .is_null()
                .or(consents::valid_until.ge(today)),
        )
        .filter(consents::withdrawn_at.is_null())
        .select((
            consents::patient_id,
            consents::facilities,
            consents::profession_groups,
            consents::kinds,
            consents::sensitive,
            consents::separate,
        ))
        .load(&mut tx.conn())
        .await?;
    let mut found: HashMap<Uuid, Vec<StandingConsent>> = HashMap::new();
    for (patient, facilities, profession_groups, kinds, sensitive, separate) in rows {
        found.entry(patient).or_default().push(StandingConsent {
            facilities,
            profession_groups,
            kinds,
            sensitive,
            separate,
        });
    }
    Ok(found)
}

/// What the caller is to patients, for accounts of patients and families.
async fn related(tx: &Tx<'_>, actor: &Actor, ids: &[Uuid]) -> Result<HashMap<Uuid, String>> {
    let Actor::Person(Person {
        account_id,
        role: Role::Patient | Role::Family,
        ..
    }) = actor
    else {
        return Ok(HashMap::new());
    };
    let today = tx.today();
    let rows: Vec<(Uuid, String)> = relations::table
        .filter(relations::tenant_id.eq(tx.tenant_id))
        .filter(relations::account_id.eq(account_id))
        .filter(relations::patient_id.eq_any(ids))
        .filter(relations::starts_on.le(today))
        .filter(
            relations::ends_on
                .is_null()
                .or(relations::ends_on.ge(today)),
        )
        .select((relations::patient_id, relations::relation))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// A condition on patients.
type OnPatients = Box<dyn BoxableExpression<patients::table, Pg, SqlType = Bool>>;

/// The patients with whom the caller has to do: of care teams, as a substitute, or as patient or family. Whether they may
/// be seen is for the rules to say.
pub fn candidates(tx: &Tx<'_>) -> OnPatients {
    let today = tx.today();
    let tenant = tx.tenant_id;
    if let Actor::Person(Person {
        account_id,
        role: Role::Patient | Role::Family,
        ..
    }) = tx.actor
    {
        let own = relations::table
            .filter(relations::tenant_id.eq(tenant))
            .filter(relations::account_id.eq(*account_id))
            .filter(relations::starts_on.le(today))
            .filter(
                relations::ends_on
                    .is_null()
                    .or(relations::ends_on.ge(today)),
            )
            .select(relations::patient_id);
        return Box::new(patients::id.eq_any(own));
    }
    let me = tx.actor.ids().0;
    let member = members::table
        .filter(members::tenant_id.eq(tenant))
        .filter(members::staff_member_id.eq(me))
        .filter(members::starts_on.le(today))
        .filter(members::ends_on.is_null().or(members::ends_on.ge(today)))
        .select(members::patient_id);
    let substitute = substitutions::table
        .inner_join(
            members::table.on(members::tenant_id
                .eq(substitutions::tenant_id)
                .and(members::staff_member_id.eq(substitutions::absent_id))),
        )
        .filter(substitutions::tenant_id.eq(tenant))
        .filter(substitutions::substitute_id.eq(me))
        .filter(substitutions::starts_at.le(tx.now))
        .filter(substitutions::ends_at.gt(tx.now))
        .filter(substitutions::ended_at.is_null())
        .filter(
            substitutions::patient_id
                .is_null()
                .or(substitutions::patient_id.eq(members::patient_id.nullable())),
        )
        .filter(members::starts_on.le(today))
        .filter(members::ends_on.is_null().or(members::ends_on.ge(today)))
        .select(members::patient_id);
    Box::new(
        patients::id
            .eq_any(member)
            .or(patients::id.eq_any(substitute)),
    )
}

/// Profession, licence and narrowing of posts, as they count today.
pub async fn standing(tx: &Tx<'_>, posts: &[Uuid]) -> Result<HashMap<Uuid, Standing>> {
    type Row = (Uuid, String, Option<String>, Option<bool>, bool, bool);
    let today = tx.today();
    let licence = || {
        licences::table
            .filter(licences::tenant_id.eq(tx.tenant_id))
            .filter(licences::person_id.eq(staff_members::person_id))
            .filter(licences::profession.eq(staff_members::profession))
    };
    let counts = exists(
        licence()
            .filter(licences::revoked_at.is_null())
            .filter(licences::verified_on.le(today))
            .filter(
                licences::valid_until
                    .is_null()
                    .or(licences::valid_until.ge(today)),
            ),
    );
    let recorded = exists(licence());
    let rows = staff_members::table
        .left_join(
            network_professions::table.on(network_professions::tenant_id
                .eq(staff_members::tenant_id)
                .and(network_professions::code.eq(staff_members::profession))),
        )
        .left_join(
            tenant_settings::table.on(tenant_settings::tenant_id.eq(staff_members::tenant_id)),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(posts))
        .select((
            staff_members::id,
            staff_members::profession,
            network_professions::based_on.nullable(),
            tenant_settings::licence_required.nullable(),
            counts,
            recorded,
        ));
    let mut connection = tx.conn();
    let mut again = tx.conn();
    let (rows, taken): (Vec<Row>, Vec<(String, String, String)>) = try_join(
        rows.load(&mut connection),
        overrides::table
            .filter(overrides::tenant_id.eq(tx.tenant_id))
            .filter(overrides::removed_at.is_null())
            .select((overrides::profession, overrides::kind, overrides::takes))
            .load(&mut again),
    )
    .await?;
    let standing = |(id, profession, based_on, required, counts, recorded): Row| {
        let rights_of = based_on.unwrap_or_else(|| profession.clone());
        let needed = professions::find(&rights_of).is_some_and(|found| found.licensed);
        let mut narrowing = Narrowing::default();
        let own = |of: &str| of == profession || of == rights_of;
        for (_, kind, takes) in taken.iter().filter(|(of, ..)| own(of)) {
            let bit = professions::place(kind).map_or(0, |place| 1 << place);
            match takes.as_str() {
                "read" => narrowing.read |= bit,
                _ => narrowing.write |= bit,
            }
        }
        // A licence that has run out does not count; one that nobody has entered counts where the network says so.
        let licensed = !needed || counts || !(recorded || required.unwrap_or(false));
        (
            id,
            Standing {
                rights_of,
                licensed,
                narrowing,
            },
        )
    };
    Ok(rows.into_iter().map(standing).collect())
}
