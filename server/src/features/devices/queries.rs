use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, devices, facilities, sessions, shift_entries as shifts, staff_members, tenants,
};
use uuid::Uuid;

use super::{
    model::{Device, Token},
    policy::{Keep, OwnShift, Read},
    routes::CreateDevice,
};
use crate::{
    Result,
    ctx::Tx,
    features::facilities::FacilityRef,
    spine::{access::Permit, auth::Actor, ids},
};

/// Wrong PINs after which a shift is over.
pub(super) const TRIES: i32 = 5;

/// A device with its facility.
pub(super) type Found = (Device, FacilityRef);

/// All devices of the network, those out of use too, by name.
pub(super) async fn list(tx: &Tx<'_>, _: Permit<Read>) -> Result<Vec<Found>> {
    Ok(devices::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(devices::tenant_id)
                .and(facilities::id.eq(devices::facility_id))),
        )
        .filter(devices::tenant_id.eq(tx.tenant_id))
        .order((devices::name, devices::id))
        .limit(1000)
        .select((Device::as_select(), FacilityRef::as_select()))
        .load(&mut tx.conn())
        .await?)
}

/// One device.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Found>> {
    Ok(devices::table
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(devices::tenant_id)
                .and(facilities::id.eq(devices::facility_id))),
        )
        .filter(devices::tenant_id.eq(tx.tenant_id))
        .filter(devices::id.eq(id))
        .select((Device::as_select(), FacilityRef::as_select()))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Whether there is such a facility.
pub(super) async fn facility_exists(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let found = diesel::dsl::exists(facilities::table.find((tx.tenant_id, id)));
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Keep>,
    new: &CreateDevice,
    code: (&[u8], DateTime<Utc>),
) -> Result<()> {
    let (by, _) = tx.actor.ids();
    diesel::insert_into(devices::table)
        .values((
            devices::tenant_id.eq(tx.tenant_id),
            devices::id.eq(new.id),
            devices::kind.eq(new.kind.code()),
            devices::name.eq(&new.name),
            devices::facility_id.eq(new.facility_id),
            devices::enrolment_digest.eq(code.0),
            devices::enrolment_expires_at.eq(code.1),
            devices::created_at.eq(tx.now),
            devices::created_by.eq(by),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Gives a device another code; what it has enrolled with before stays good until the code is used.
pub(super) async fn renew_code(
    tx: &Tx<'_>,
    _: Permit<Keep>,
    id: Uuid,
    code: (&[u8], DateTime<Utc>),
) -> Result<()> {
    diesel::update(devices::table.find((tx.tenant_id, id)))
        .set((
            devices::enrolment_digest.eq(code.0),
            devices::enrolment_expires_at.eq(code.1),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Takes a device out of use. Its sessions notice with their next request.
pub(super) async fn revoke(tx: &Tx<'_>, _: Permit<Keep>, id: Uuid) -> Result<()> {
    diesel::update(
        devices::table
            .find((tx.tenant_id, id))
            .filter(devices::revoked_at.is_null()),
    )
    .set((
        devices::revoked_at.eq(tx.now),
        devices::enrolment_digest.eq(None::<Vec<u8>>),
        devices::enrolment_expires_at.eq(None::<DateTime<Utc>>),
    ))
    .execute(&mut tx.conn())
    .await?;
    close_shifts_on(tx, id).await
}

/// The device that waits for this code, locked, so that the code is good once.
pub(super) async fn find_waiting(tx: &Tx<'_>, code_digest: &[u8]) -> Result<Option<Uuid>> {
    Ok(devices::table
        .filter(devices::tenant_id.eq(tx.tenant_id))
        .filter(devices::enrolment_digest.eq(code_digest))
        .filter(devices::enrolment_expires_at.gt(tx.now))
        .filter(devices::revoked_at.is_null())
        .select(devices::id)
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Lets a device keep this secret. Whatever was enrolled as this device before is out, with its sessions and shifts.
pub(super) async fn enrol(tx: &Tx<'_>, token: &Token) -> Result<()> {
    diesel::update(devices::table.find((tx.tenant_id, token.device_id)))
        .set((
            devices::token_digest.eq(token.digest()),
            devices::enrolled_at.eq(tx.now),
            devices::enrolment_digest.eq(None::<Vec<u8>>),
            devices::enrolment_expires_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(&mut tx.conn())
        .await?;
    end_sessions_on(tx, token.device_id).await?;
    close_shifts_on(tx, token.device_id).await
}

/// The device with this secret, if it may be used: id and kind.
pub(super) async fn find_by_token(tx: &Tx<'_>, token: &Token) -> Result<Option<(Uuid, String)>> {
    Ok(devices::table
        .find((tx.tenant_id, token.device_id))
        .filter(devices::token_digest.eq(token.digest()))
        .filter(devices::revoked_at.is_null())
        .select((devices::id, devices::kind))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Notes that somebody signs in on the device.
pub(super) async fn note_seen(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    diesel::update(devices::table.find((tx.tenant_id, id)))
        .set(devices::last_seen_at.eq(tx.now))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Short name and name of the network.
pub(super) async fn network(tx: &Tx<'_>) -> Result<(String, String)> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select((tenants::slug, tenants::name))
        .first(&mut tx.conn())
        .await?)
}

/// Somebody with a shift: account, name, kana, profession, whether there is a PIN, and when the shift ends.
pub(super) type OnShift = (Uuid, String, String, String, bool, DateTime<Utc>);

/// Who has a shift on a device now, by kana.
pub(super) async fn list_on_shift(tx: &Tx<'_>, device_id: Uuid) -> Result<Vec<OnShift>> {
    Ok(shifts::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(shifts::tenant_id)
                .and(accounts::id.eq(shifts::account_id))),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(accounts::staff_member_id))),
        )
        .filter(shifts::tenant_id.eq(tx.tenant_id))
        .filter(shifts::device_id.eq(device_id))
        .filter(shifts::closed_at.is_null())
        .filter(shifts::expires_at.gt(tx.now))
        .filter(accounts::suspended_at.is_null())
        .order((staff_members::sort_key, accounts::id))
        .limit(200)
        .select((
            accounts::id,
            staff_members::name,
            staff_members::kana,
            staff_members::profession,
            shifts::pin_phc.is_not_null(),
            shifts::expires_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Begins a shift on a shared device, or goes on with the one that is open; ends whatever session lasts there. Answers
/// with the key of this person's store on the device. After too many wrong PINs the key stays, so that what has not
/// been sent yet can be, and the PIN is to be set again.
pub async fn begin_shift(
    tx: &Tx<'_>,
    device_id: Uuid,
    account_id: Uuid,
    expires_at: DateTime<Utc>,
) -> Result<Vec<u8>> {
    end_sessions_on(tx, device_id).await?;
    let shift = shifts::table.find((tx.tenant_id, device_id, account_id));
    let known: Option<(Vec<u8>, Option<String>)> = shift
        .filter(shifts::expires_at.gt(tx.now))
        .filter(shifts::closed_at.is_null().or(shifts::failures.ge(TRIES)))
        .select((shifts::cache_key, shifts::pin_phc))
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?;
    let (cache_key, pin_phc) = match known {
        Some(known) => known,
        None => (ids::secret()?.to_vec(), None),
    };
    let values = (
        shifts::pin_phc.eq(pin_phc),
        shifts::failures.eq(0),
        shifts::cache_key.eq(&cache_key),
        shifts::opened_at.eq(tx.now),
        shifts::expires_at.eq(expires_at),
        shifts::closed_at.eq(None::<DateTime<Utc>>),
    );
    diesel::insert_into(shifts::table)
        .values((
            shifts::tenant_id.eq(tx.tenant_id),
            shifts::device_id.eq(device_id),
            shifts::account_id.eq(account_id),
            values.clone(),
        ))
        .on_conflict((shifts::tenant_id, shifts::device_id, shifts::account_id))
        .do_update()
        .set(values)
        .execute(&mut tx.conn())
        .await?;
    Ok(cache_key)
}

/// A shift that is open.
#[derive(Queryable)]
pub(super) struct Shift {
    pub(super) pin_phc: Option<String>,
    pub(super) failures: i32,
    pub(super) cache_key: Vec<u8>,
    pub(super) opened_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
}

/// Counts a try of a PIN before it is looked at, so that no more than [`TRIES`] are, however many come at once; nothing
/// when no PIN opens anything here.
pub(super) async fn count_try(
    tx: &Tx<'_>,
    device_id: Uuid,
    account_id: Uuid,
) -> Result<Option<Shift>> {
    Ok(diesel::update(
        shifts::table
            .find((tx.tenant_id, device_id, account_id))
            .filter(shifts::closed_at.is_null())
            .filter(shifts::expires_at.gt(tx.now))
            .filter(shifts::failures.lt(TRIES))
            .filter(shifts::pin_phc.is_not_null()),
    )
    .set(shifts::failures.eq(shifts::failures + 1))
    .returning((
        shifts::pin_phc,
        shifts::failures,
        shifts::cache_key,
        shifts::opened_at,
        shifts::expires_at,
    ))
    .get_result(&mut tx.conn())
    .await
    .optional()?)
}

/// Forgets the wrong tries of a shift that is still open with this PIN; whether it is.
pub(super) async fn forget_tries(
    tx: &Tx<'_>,
    device_id: Uuid,
    account_id: Uuid,
    pin_phc: Option<&str>,
) -> Result<bool> {
    let changed = diesel::update(
        shifts::table
            .find((tx.tenant_id, device_id, account_id))
            .filter(shifts::closed_at.is_null())
            .filter(shifts::expires_at.gt(tx.now))
            .filter(shifts::pin_phc.eq(pin_phc)),
    )
    .set(shifts::failures.eq(0))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Sets the PIN of an open shift; whether there is one.
pub(super) async fn set_pin(
    tx: &Tx<'_>,
    _: Permit<OwnShift>,
    (device_id, account_id): (Uuid, Uuid),
    phc: &str,
) -> Result<bool> {
    let changed = diesel::update(
        shifts::table
            .find((tx.tenant_id, device_id, account_id))
            .filter(shifts::closed_at.is_null())
            .filter(shifts::expires_at.gt(tx.now)),
    )
    .set((shifts::pin_phc.eq(phc), shifts::failures.eq(0)))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Factors of a session.
pub(super) async fn amr_of(tx: &Tx<'_>, session_id: Uuid) -> Result<Vec<String>> {
    Ok(sessions::table
        .find((tx.tenant_id, session_id))
        .select(sessions::amr)
        .first(&mut tx.conn())
        .await?)
}

/// Ends the sessions that last on a device.
pub(super) async fn end_sessions_on(tx: &Tx<'_>, device_id: Uuid) -> Result<()> {
    diesel::update(
        sessions::table
            .filter(sessions::tenant_id.eq(tx.tenant_id))
            .filter(sessions::device_id.eq(device_id))
            .filter(sessions::revoked_at.is_null()),
    )
    .set(sessions::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Closes the caller's shift on the device of the session, if there is one.
pub async fn close_own_shift(tx: &Tx<'_>) -> Result<()> {
    match tx.actor {
        Actor::Person(person) => match person.device_id {
            Some(device_id) => close_shift(tx, device_id, person.account_id).await,
            None => Ok(()),
        },
        _ => Ok(()),
    }
}

/// Closes a shift; its PIN is forgotten.
pub(super) async fn close_shift(tx: &Tx<'_>, device_id: Uuid, account_id: Uuid) -> Result<()> {
    diesel::update(
        shifts::table
            .find((tx.tenant_id, device_id, account_id))
            .filter(shifts::closed_at.is_null()),
    )
    .set((
        shifts::closed_at.eq(tx.now),
        shifts::pin_phc.eq(None::<String>),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Closes every shift of an account.
pub async fn close_shifts_of(tx: &Tx<'_>, account_id: Uuid) -> Result<()> {
    diesel::update(
        shifts::table
            .filter(shifts::tenant_id.eq(tx.tenant_id))
            .filter(shifts::account_id.eq(account_id))
            .filter(shifts::closed_at.is_null()),
    )
    .set((
        shifts::closed_at.eq(tx.now),
        shifts::pin_phc.eq(None::<String>),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

async fn close_shifts_on(tx: &Tx<'_>, device_id: Uuid) -> Result<()> {
    diesel::update(
        shifts::table
            .filter(shifts::tenant_id.eq(tx.tenant_id))
            .filter(shifts::device_id.eq(device_id))
            .filter(shifts::closed_at.is_null()),
    )
    .set((
        shifts::closed_at.eq(tx.now),
        shifts::pin_phc.eq(None::<String>),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
