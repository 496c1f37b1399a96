use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    facilities, registration_cards as cards, sign_in_guards as guards, staff_members, tenants,
};
use uuid::Uuid;

use super::{
    guard::Misses,
    policy::{Issue, Keep, Read},
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, ids},
};

/// A card without its code.
#[derive(Debug, Queryable)]
pub(super) struct Card {
    pub(super) id: Uuid,
    pub(super) issued_at: DateTime<Utc>,
    pub(super) issued_by: String,
    pub(super) revoked_at: Option<DateTime<Utc>>,
}

/// The cards of a patient, newest first.
pub(super) async fn list(tx: &Tx<'_>, _: &Permit<Keep>, patient_id: Uuid) -> Result<Vec<Card>> {
    Ok(cards::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(cards::tenant_id)
                .and(staff_members::id.eq(cards::issued_by))),
        )
        .filter(cards::tenant_id.eq(tx.tenant_id))
        .filter(cards::patient_id.eq(patient_id))
        .order((cards::issued_at.desc(), cards::id.desc()))
        .select((
            cards::id,
            cards::issued_at,
            staff_members::name,
            cards::revoked_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// The patient of a card.
pub(super) async fn find_patient(tx: &Tx<'_>, id: Uuid) -> Result<Option<Uuid>> {
    Ok(cards::table
        .find((tx.tenant_id, id))
        .select(cards::patient_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The card with this code and its patient, unless it was revoked.
pub(super) async fn find_by_code(
    tx: &Tx<'_>,
    _: &Permit<Read>,
    digest: &[u8],
) -> Result<Option<(Uuid, Uuid)>> {
    Ok(cards::table
        .filter(cards::tenant_id.eq(tx.tenant_id))
        .filter(cards::code_digest.eq(digest))
        .filter(cards::revoked_at.is_null())
        .select((cards::id, cards::patient_id))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Issues a card. The one that the patient had is refused from now on.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Issue>,
    id: Uuid,
    patient_id: Uuid,
    digest: &[u8],
) -> Result<()> {
    diesel::update(
        cards::table
            .filter(cards::tenant_id.eq(tx.tenant_id))
            .filter(cards::patient_id.eq(patient_id))
            .filter(cards::revoked_at.is_null()),
    )
    .set(cards::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    diesel::insert_into(cards::table)
        .values((
            cards::tenant_id.eq(tx.tenant_id),
            cards::id.eq(id),
            cards::patient_id.eq(patient_id),
            cards::code_digest.eq(digest),
            cards::issued_at.eq(tx.now),
            cards::issued_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Revokes; answers whether it had not been revoked before.
pub(super) async fn revoke(tx: &Tx<'_>, _: &Permit<Keep>, id: Uuid) -> Result<bool> {
    let changed = diesel::update(
        cards::table
            .find((tx.tenant_id, id))
            .filter(cards::revoked_at.is_null()),
    )
    .set(cards::revoked_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// Name of the network.
pub(super) async fn find_network_name(tx: &Tx<'_>) -> Result<String> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select(tenants::name)
        .first(&mut tx.conn())
        .await?)
}

/// The institution code of the caller's facility.
pub(super) async fn find_institution_code(tx: &Tx<'_>) -> Result<Option<String>> {
    Ok(facilities::table
        .find((tx.tenant_id, tx.actor.ids().1))
        .select(facilities::institution_code)
        .first(&mut tx.conn())
        .await
        .optional()?
        .flatten())
}

/// What wrong codes are counted under. The table is shared with signing in, whose subjects are others.
fn subject(account_id: Uuid) -> [u8; 32] {
    ids::digest(format!("card:{account_id}").as_bytes())
}

/// The wrong codes of an account.
pub(super) async fn find_misses(tx: &Tx<'_>, account_id: Uuid) -> Result<Option<Misses>> {
    let found: Option<(i32, DateTime<Utc>, DateTime<Utc>)> = guards::table
        .find((tx.tenant_id, &subject(account_id)[..]))
        .select((
            guards::attempts,
            guards::window_began_at,
            guards::blocked_until,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.map(|(attempts, began_at, blocked_until)| Misses {
        attempts,
        began_at,
        blocked_until,
    }))
}

/// Keeps how many wrong codes there were.
pub(super) async fn save_misses(tx: &Tx<'_>, account_id: Uuid, misses: Misses) -> Result<()> {
    let counted = (
        guards::attempts.eq(misses.attempts),
        guards::window_began_at.eq(misses.began_at),
        guards::blocked_until.eq(misses.blocked_until),
    );
    diesel::insert_into(guards::table)
        .values((
            guards::tenant_id.eq(tx.tenant_id),
            guards::subject.eq(&subject(account_id)[..]),
            guards::kind.eq("account"),
            guards::refused.eq(0),
            counted,
        ))
        .on_conflict((guards::tenant_id, guards::subject))
        .do_update()
        .set(counted)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Counts an attempt that was turned away.
pub(super) async fn count_refusal(tx: &Tx<'_>, account_id: Uuid) -> Result<()> {
    diesel::update(guards::table.find((tx.tenant_id, &subject(account_id)[..])))
        .set(guards::refused.eq(guards::refused + 1))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
