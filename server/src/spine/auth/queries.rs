//! The rows behind a token: read with every request, so that what was revoked is refused at once.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, clients, devices, sessions, spent_proofs, staff_members, tenant_settings, tenants,
};
use uuid::Uuid;

use super::{
    Actor, Person, Role, System,
    proof::{LEEWAY, Proof},
    token::Caller,
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Standing},
        audit::Denial,
        ids, settings,
    },
};

/// How exactly a session knows when its owner last did something: it is written no more often than this.
const SEEN: TimeDelta = TimeDelta::minutes(1);

/// The actor that `caller` stands for, if the rows still say so.
pub(crate) async fn actor(tx: &Tx<'_>, caller: Caller) -> Result<Actor> {
    if let Some(proof) = &tx.request().proof {
        spend_proof(tx, proof).await?;
    }
    match caller {
        Caller::Session {
            account,
            session,
            via,
            ..
        } => person(tx, account, session, via).await,
        Caller::Client { tenant, client } => system(tx, tenant, client).await,
    }
}

/// A session with everything that it depends on.
#[derive(Queryable)]
struct Row {
    session_id: Uuid,
    account_id: Uuid,
    person_id: Uuid,
    staff_member_id: Uuid,
    facility_id: Uuid,
    profession: String,
    role: String,
    expires_at: DateTime<Utc>,
    authenticated_at: DateTime<Utc>,
    refreshed_at: DateTime<Utc>,
    last_seen_at: DateTime<Utc>,
    idle_minutes: i32,
    amr: Vec<String>,
    password_changed_at: Option<DateTime<Utc>>,
    device_id: Option<Uuid>,
    /// Kind, token and end of the device.
    device: (Option<String>, Option<Vec<u8>>, Option<DateTime<Utc>>),
    /// What the network has decided: minutes on a personal and on a shared device, whether devices are registered, and
    /// days after which a password has to be changed.
    settings: (Option<i32>, Option<i32>, Option<bool>, Option<i32>),
}

/// These sessions, as far as nobody has ended them and their accounts and posts may be used today.
async fn rows(tx: &Tx<'_>, session_ids: &[Uuid]) -> Result<Vec<Row>> {
    let today = tx.today();
    Ok(sessions::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(sessions::tenant_id)
                .and(accounts::id.eq(sessions::account_id))),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(sessions::staff_member_id))),
        )
        .left_join(
            devices::table.on(devices::tenant_id
                .eq(sessions::tenant_id)
                .and(sessions::device_id.eq(devices::id.nullable()))),
        )
        .left_join(tenant_settings::table.on(tenant_settings::tenant_id.eq(sessions::tenant_id)))
        .filter(sessions::tenant_id.eq(tx.tenant_id))
        .filter(sessions::id.eq_any(session_ids))
        .filter(sessions::revoked_at.is_null())
        .filter(accounts::suspended_at.is_null())
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            sessions::id,
            sessions::account_id,
            staff_members::person_id,
            staff_members::id,
            staff_members::facility_id,
            staff_members::profession,
            accounts::role,
            sessions::expires_at,
            sessions::authenticated_at,
            sessions::refreshed_at,
            sessions::last_seen_at,
            sessions::idle_minutes,
            sessions::amr,
            accounts::password_changed_at,
            sessions::device_id,
            (
                devices::kind.nullable(),
                devices::token_digest.nullable(),
                devices::revoked_at.nullable(),
            ),
            (
                tenant_settings::idle_minutes_personal.nullable(),
                tenant_settings::idle_minutes_shared.nullable(),
                tenant_settings::registered_devices_only.nullable(),
                tenant_settings::password_rotation_days.nullable(),
            ),
        ))
        .load(&mut tx.conn())
        .await?)
}

impl Row {
    /// The latest moment that the session itself is witness of: a clock that was set back while the server was down
    /// does not bring back what had ended by then (SE-13).
    fn known_moment(&self) -> DateTime<Utc> {
        self.last_seen_at.max(self.refreshed_at)
    }

    /// Whether the session lasts. One that ran out is not one that was taken away: devices keep what has not been sent.
    fn lasts(&self, now: DateTime<Utc>) -> Result<()> {
        let (kind, _, revoked_at) = &self.device;
        if revoked_at.is_some() {
            return Err(Error::DeviceRequired);
        }
        let (personal, shared, registered_only, _) = self.settings;
        if registered_only == Some(true) && self.device_id.is_none() {
            return Err(Error::DeviceRequired);
        }
        let of_network = if kind.as_deref() == Some("shared") {
            shared
        } else {
            personal
        };
        let idle = of_network.map_or(self.idle_minutes, |minutes| minutes.min(self.idle_minutes));
        let over = self.expires_at <= now.max(self.known_moment())
            || now - self.last_seen_at >= TimeDelta::minutes(idle.into());
        if over {
            return Err(Error::TokenExpired);
        }
        Ok(())
    }

    /// Whether the session was opened with a password that is older than the network allows.
    fn has_old_password(&self, now: DateTime<Utc>) -> bool {
        self.amr.iter().any(|factor| factor == "pwd")
            && settings::is_overdue(self.password_changed_at, self.settings.3, now)
    }

    /// Whether the request proves that it comes from the device of the session, where the network asks for that.
    fn comes_from_its_device(&self, token: Option<&str>) -> bool {
        let (_, digest, _) = &self.device;
        let shown = token.map(|token| ids::digest(token.as_bytes()));
        self.settings.2 != Some(true)
            || shown.is_some_and(|shown| digest.as_deref() == Some(shown.as_slice()))
    }

    fn into_person(self, tenant_id: Uuid, standing: Standing) -> Option<Person> {
        Some(Person {
            tenant_id,
            account_id: self.account_id,
            session_id: self.session_id,
            person_id: self.person_id,
            staff_member_id: self.staff_member_id,
            facility_id: self.facility_id,
            profession: self.profession,
            role: Role::parse(&self.role)?,
            standing,
            authenticated_at: self.authenticated_at,
            device_id: self.device_id,
            via: None,
        })
    }
}

async fn person(
    tx: &Tx<'_>,
    account_id: Uuid,
    session_id: Uuid,
    via: Option<Uuid>,
) -> Result<Actor> {
    let row = rows(tx, &[session_id]).await?.pop();
    let row = row
        .filter(|row| row.account_id == account_id)
        .ok_or(Error::SessionEnded)?;
    row.lasts(tx.now)?;
    let request = tx.request();
    if !row.comes_from_its_device(request.device_token.as_deref()) {
        return Err(Error::DeviceRequired);
    }
    if row.has_old_password(tx.now) && !request.is_open_with_old_password() {
        return Err(Error::PasswordChangeRequired);
    }
    if request
        .token_expires_at
        .is_some_and(|end| end <= row.known_moment())
    {
        return Err(Error::TokenExpired);
    }
    if let Some(program) = via {
        may_act_for(tx, program, row.facility_id).await?;
    } else if !request.unattended && tx.now - row.last_seen_at >= SEEN {
        note_seen(tx, session_id).await?;
    }
    let post = row.staff_member_id;
    let standing = access::standing(tx, &[post]).await?.remove(&post);
    let person = standing.and_then(|standing| row.into_person(tx.tenant_id, standing));
    let person = person.ok_or(Error::SessionEnded)?;
    Ok(Actor::Person(Person { via, ..person }))
}

/// Insists that a program may act for people of a facility, and that this request is not for the person in person.
async fn may_act_for(tx: &Tx<'_>, program: Uuid, facility_id: Uuid) -> Result<()> {
    let found: Option<Uuid> = clients::table
        .find((tx.tenant_id, program))
        .filter(clients::revoked_at.is_null())
        .filter(clients::acts_for_people)
        .filter(clients::facility_id.eq(facility_id))
        .select(clients::id)
        .first(&mut tx.conn())
        .await
        .optional()?;
    if found.is_none() {
        return Err(Error::SessionEnded);
    }
    if tx.request().is_in_person() {
        let denial = Denial::hidden("session.own");
        return Err(Error::Denied(Box::new(Denial {
            visible: true,
            ..denial
        })));
    }
    Ok(())
}

/// Those of these sessions that last, as they are now: for what outlives a request.
pub(crate) async fn persons(tx: &Tx<'_>, session_ids: &[Uuid]) -> Result<Vec<Person>> {
    let rows = rows(tx, session_ids).await?;
    let posts: Vec<Uuid> = rows.iter().map(|row| row.staff_member_id).collect();
    let standings = access::standing(tx, &posts).await?;
    Ok(rows
        .into_iter()
        .filter(|row| row.lasts(tx.now).is_ok())
        .filter_map(|row| {
            let standing = standings.get(&row.staff_member_id).cloned()?;
            row.into_person(tx.tenant_id, standing)
        })
        .collect())
}

/// Whoever holds this post with this account today, without a session that lasts: for what somebody asked for and did not
/// wait for. Nothing once the account is suspended or the post has ended.
pub(crate) async fn holder(
    tx: &Tx<'_>,
    (account_id, staff_member_id, session_id): (Uuid, Uuid, Uuid),
) -> Result<Option<Person>> {
    let today = tx.today();
    let found: Option<(Uuid, Uuid, String, String)> = accounts::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::person_id.eq(accounts::person_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq(account_id))
        .filter(accounts::suspended_at.is_null())
        .filter(staff_members::id.eq(staff_member_id))
        .filter(staff_members::starts_on.le(today))
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((
            staff_members::person_id,
            staff_members::facility_id,
            staff_members::profession,
            accounts::role,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some((person_id, facility_id, profession, role)) = found else {
        return Ok(None);
    };
    let standing = access::standing(tx, &[staff_member_id]).await?;
    let standing = standing.get(&staff_member_id).cloned();
    Ok(standing
        .zip(Role::parse(&role))
        .map(|(standing, role)| Person {
            tenant_id: tx.tenant_id,
            account_id,
            session_id,
            person_id,
            staff_member_id,
            facility_id,
            profession,
            role,
            standing,
            authenticated_at: tx.now,
            device_id: None,
            via: None,
        }))
}

/// Notes that the owner of the session did something. Of several requests at once, one notes it and none waits.
async fn note_seen(tx: &Tx<'_>, session_id: Uuid) -> Result<()> {
    let row = sessions::table.find((tx.tenant_id, session_id));
    let free: Option<Uuid> = row
        .select(sessions::id)
        .for_no_key_update()
        .skip_locked()
        .first(&mut tx.conn())
        .await
        .optional()?;
    if free.is_some() {
        diesel::update(row)
            .set(sessions::last_seen_at.eq(tx.now))
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

async fn system(tx: &Tx<'_>, tenant_id: Uuid, client_id: Uuid) -> Result<Actor> {
    let found: Option<Uuid> = clients::table
        .find((tenant_id, client_id))
        .filter(clients::revoked_at.is_null())
        .select(clients::facility_id)
        .first(&mut tx.conn())
        .await
        .optional()?;
    let facility_id = found.ok_or(Error::SessionEnded)?;
    Ok(Actor::System(System {
        tenant_id,
        client_id,
        facility_id,
    }))
}

/// The network with this slug.
pub(crate) async fn tenant_by_slug(tx: &Tx<'_>, slug: &str) -> Result<Option<Uuid>> {
    Ok(tenants::table
        .filter(tenants::slug.eq(slug))
        .select(tenants::tenant_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Spends a proof of possession, or refuses because another request has.
pub(crate) async fn spend_proof(tx: &Tx<'_>, proof: &Proof) -> Result<()> {
    diesel::insert_into(spent_proofs::table)
        .values((
            spent_proofs::tenant_id.eq(tx.tenant_id),
            spent_proofs::digest.eq(&proof.digest),
            spent_proofs::request_id.eq(proof.request),
            // It may be of a clock that runs ahead, and is taken until as long after that.
            spent_proofs::expires_at.eq(tx.now + LEEWAY * 3),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    let by: Option<Uuid> = spent_proofs::table
        .find((tx.tenant_id, &proof.digest))
        .select(spent_proofs::request_id)
        .first(&mut tx.conn())
        .await
        .optional()?;
    // None: another request spent it after this one's snapshot was taken.
    if by == Some(proof.request) {
        Ok(())
    } else {
        Err(Error::InvalidProof)
    }
}

/// Forgets the proofs that would not be taken any more.
pub(crate) async fn forget_old_proofs(tx: &Tx<'_>) -> Result<()> {
    diesel::delete(
        spent_proofs::table
            .filter(spent_proofs::tenant_id.eq(tx.tenant_id))
            .filter(spent_proofs::expires_at.lt(tx.now)),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
