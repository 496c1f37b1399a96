use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{prelude::*, upsert::excluded};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, messages, notice_settings as settings, notices, push_subscriptions as subscriptions,
    staff_members, substitutions,
};
use uuid::Uuid;

use super::{
    model::{About, Choice, Kind, Moments, Quiet, Settings},
    policy::Own,
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{access::Permit, ids},
};

/// Somebody who can be told: post, account, and how.
#[derive(Debug, Clone)]
pub(super) struct Listener {
    pub(super) staff_member_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) settings: Settings,
}

/// What is kept of settings: choices, quiet hours, hour of mail.
type SettingsRow = (serde_json::Value, Option<i16>, Option<i16>, i16);

fn settings_of(row: Option<SettingsRow>) -> Settings {
    let Some((choices, from, to, digest_at)) = row else {
        return Settings::default();
    };
    // Written by this server; a choice that cannot be read back is as usual.
    let known: BTreeMap<String, Choice> = serde_json::from_value(choices).unwrap_or_default();
    Settings {
        choices: known
            .into_iter()
            .filter_map(|(kind, choice)| Some((Kind::parse(&kind)?, choice)))
            .collect(),
        quiet: from.zip(to).map(|(from, to)| Quiet { from, to }),
        digest_at,
    }
}

/// The accounts of the people who hold these posts; a person has one account for all posts.
pub(super) async fn list_listeners(tx: &Tx<'_>, posts: &[Uuid]) -> Result<Vec<Listener>> {
    type Row = (Uuid, Uuid, Option<SettingsRow>);
    let rows: Vec<Row> = staff_members::table
        .inner_join(
            accounts::table.on(accounts::tenant_id
                .eq(staff_members::tenant_id)
                .and(accounts::person_id.eq(staff_members::person_id))),
        )
        .left_join(
            settings::table.on(settings::tenant_id
                .eq(accounts::tenant_id)
                .and(settings::account_id.eq(accounts::id))),
        )
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(posts))
        .filter(accounts::suspended_at.is_null())
        .select((
            staff_members::id,
            accounts::id,
            (
                settings::choices,
                settings::quiet_from,
                settings::quiet_to,
                settings::digest_at,
            )
                .nullable(),
        ))
        .load(&mut tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(staff_member_id, account_id, row)| Listener {
            staff_member_id,
            account_id,
            settings: settings_of(row),
        })
        .collect())
}

/// Those of these people who are on call at this moment.
pub(super) async fn list_on_call(tx: &Tx<'_>, people: &[Uuid]) -> Result<Vec<Uuid>> {
    Ok(substitutions::table
        .filter(substitutions::tenant_id.eq(tx.tenant_id))
        .filter(substitutions::substitute_id.eq_any(people))
        .filter(substitutions::reason.eq("on_call"))
        .filter(substitutions::starts_at.le(tx.now))
        .filter(substitutions::ends_at.gt(tx.now))
        .filter(substitutions::ended_at.is_null())
        .select(substitutions::substitute_id)
        .distinct()
        .load(&mut tx.conn())
        .await?)
}

/// Keeps a notice for each listener.
pub(super) async fn insert(
    tx: &Tx<'_>,
    kind: Kind,
    about: About,
    to: &[(&Listener, Moments)],
) -> Result<()> {
    let rows: Vec<_> = to
        .iter()
        .map(|(listener, moments)| {
            (
                notices::tenant_id.eq(tx.tenant_id),
                notices::id.eq(ids::new_id()),
                notices::account_id.eq(listener.account_id),
                notices::staff_member_id.eq(listener.staff_member_id),
                notices::kind.eq(kind.code()),
                notices::about.eq(about.what),
                notices::about_id.eq(about.id),
                notices::patient_id.eq(about.patient_id),
                notices::created_at.eq(tx.now),
                notices::push_at.eq(moments.push_at),
                notices::mail_at.eq(moments.mail_at),
            )
        })
        .collect();
    // An announcement may go to more people than one statement takes.
    for chunk in rows.chunks(5000) {
        diesel::insert_into(notices::table)
            .values(chunk)
            .on_conflict_do_nothing()
            .execute(&mut tx.conn())
            .await?;
    }
    Ok(())
}

/// Nothing is to be done about a thing any more.
pub(super) async fn finish_about(tx: &Tx<'_>, about_id: Uuid) -> Result<()> {
    diesel::update(
        notices::table
            .filter(notices::tenant_id.eq(tx.tenant_id))
            .filter(notices::about_id.eq(about_id))
            .filter(notices::done_at.is_null()),
    )
    .set((
        notices::done_at.eq(tx.now),
        notices::push_at.eq(None::<DateTime<Utc>>),
        notices::mail_at.eq(None::<DateTime<Utc>>),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Nothing is to be done by the caller about a thing any more; answers whether something was.
pub(super) async fn finish_own(tx: &Tx<'_>, about_id: Uuid) -> Result<bool> {
    let done = diesel::update(
        notices::table
            .filter(notices::tenant_id.eq(tx.tenant_id))
            .filter(notices::staff_member_id.eq(tx.actor.ids().0))
            .filter(notices::about_id.eq(about_id))
            .filter(notices::done_at.is_null()),
    )
    .set((
        notices::done_at.eq(tx.now),
        notices::push_at.eq(None::<DateTime<Utc>>),
        notices::mail_at.eq(None::<DateTime<Utc>>),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(done > 0)
}

/// The caller has read the messages of a room up to a number; what was asked waits on. Answers whether something is done.
pub(super) async fn finish_read(tx: &Tx<'_>, room_id: Uuid, seq: i64) -> Result<bool> {
    let read = messages::table
        .filter(messages::tenant_id.eq(tx.tenant_id))
        .filter(messages::room_id.eq(room_id))
        .filter(messages::seq.le(seq))
        .select(messages::id);
    let done = diesel::update(
        notices::table
            .filter(notices::tenant_id.eq(tx.tenant_id))
            .filter(notices::staff_member_id.eq(tx.actor.ids().0))
            .filter(notices::done_at.is_null())
            .filter(notices::kind.ne(Kind::Acknowledgement.code()))
            .filter(notices::about_id.eq_any(read)),
    )
    .set((
        notices::done_at.eq(tx.now),
        notices::push_at.eq(None::<DateTime<Utc>>),
        notices::mail_at.eq(None::<DateTime<Utc>>),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(done > 0)
}

/// The person has seen one of the own notices; answers whether there is such a notice.
pub(super) async fn finish(tx: &Tx<'_>, _: Permit<Own>, account: Uuid, id: Uuid) -> Result<bool> {
    let own = || {
        notices::table
            .filter(notices::tenant_id.eq(tx.tenant_id))
            .filter(notices::account_id.eq(account))
            .filter(notices::id.eq(id))
    };
    diesel::update(own().filter(notices::done_at.is_null()))
        .set((
            notices::done_at.eq(tx.now),
            notices::push_at.eq(None::<DateTime<Utc>>),
            notices::mail_at.eq(None::<DateTime<Utc>>),
        ))
        .execute(&mut tx.conn())
        .await?;
    let found = diesel::dsl::exists(own());
    Ok(diesel::select(found).get_result(&mut tx.conn()).await?)
}

/// A notice that waits for the caller: id, kind, what it is about, which, patient, when.
pub(super) type WaitingRow = (Uuid, String, String, Uuid, Option<Uuid>, DateTime<Utc>);

/// What waits for the caller, of kinds that are listed by themselves, newest first. What is asked by a message is listed
/// nowhere else.
pub(super) async fn list_waiting(tx: &Tx<'_>, limit: i64) -> Result<Vec<WaitingRow>> {
    let listed: Vec<&str> = Kind::ALL
        .into_iter()
        .filter(|kind| kind.is_listed())
        .map(Kind::code)
        .collect();
    Ok(notices::table
        .filter(notices::tenant_id.eq(tx.tenant_id))
        .filter(notices::staff_member_id.eq(tx.actor.ids().0))
        .filter(notices::done_at.is_null())
        .filter(
            notices::kind
                .eq_any(listed)
                .or(notices::about.eq("message")),
        )
        .order((notices::created_at.desc(), notices::id.desc()))
        .limit(limit)
        .select((
            notices::id,
            notices::kind,
            notices::about,
            notices::about_id,
            notices::patient_id,
            notices::created_at,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// The settings of an account.
pub(super) async fn find_settings(tx: &Tx<'_>, account: Uuid) -> Result<Settings> {
    let row: Option<SettingsRow> = settings::table
        .find((tx.tenant_id, account))
        .select((
            settings::choices,
            settings::quiet_from,
            settings::quiet_to,
            settings::digest_at,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(settings_of(row))
}

/// Keeps settings.
pub(super) async fn put_settings(
    tx: &Tx<'_>,
    _: Permit<Own>,
    account: Uuid,
    new: &Settings,
) -> Result<()> {
    let choices: BTreeMap<&str, Choice> = new
        .choices
        .iter()
        .map(|(kind, choice)| (kind.code(), *choice))
        .collect();
    diesel::insert_into(settings::table)
        .values((
            settings::tenant_id.eq(tx.tenant_id),
            settings::account_id.eq(account),
            settings::choices.eq(serde_json::to_value(choices).map_err(Error::internal)?),
            settings::quiet_from.eq(new.quiet.map(|quiet| quiet.from)),
            settings::quiet_to.eq(new.quiet.map(|quiet| quiet.to)),
            settings::digest_at.eq(new.digest_at),
            settings::updated_at.eq(tx.now),
        ))
        .on_conflict((settings::tenant_id, settings::account_id))
        .do_update()
        .set((
            settings::choices.eq(excluded(settings::choices)),
            settings::quiet_from.eq(excluded(settings::quiet_from)),
            settings::quiet_to.eq(excluded(settings::quiet_to)),
            settings::digest_at.eq(excluded(settings::digest_at)),
            settings::updated_at.eq(excluded(settings::updated_at)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// A browser that can be told something: id, account, sealed address and keys.
pub(super) type SubscriptionRow = (Uuid, Uuid, Vec<u8>);

/// The browsers of accounts.
pub(super) async fn list_subscriptions(
    tx: &Tx<'_>,
    accounts: &[Uuid],
) -> Result<Vec<SubscriptionRow>> {
    Ok(subscriptions::table
        .filter(subscriptions::tenant_id.eq(tx.tenant_id))
        .filter(subscriptions::account_id.eq_any(accounts))
        .order((subscriptions::created_at.desc(), subscriptions::id))
        .select((
            subscriptions::id,
            subscriptions::account_id,
            subscriptions::sealed,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Keeps a browser. The same address belongs to whoever gave it last.
pub(super) async fn put_subscription(
    tx: &Tx<'_>,
    _: Permit<Own>,
    (id, account): (Uuid, Uuid),
    digest: &[u8],
    sealed: &[u8],
) -> Result<()> {
    diesel::delete(
        subscriptions::table
            .filter(subscriptions::tenant_id.eq(tx.tenant_id))
            .filter(
                subscriptions::digest.eq(digest).or(subscriptions::id
                    .eq(id)
                    .and(subscriptions::account_id.eq(account))),
            ),
    )
    .execute(&mut tx.conn())
    .await?;
    diesel::insert_into(subscriptions::table)
        .values((
            subscriptions::tenant_id.eq(tx.tenant_id),
            subscriptions::id.eq(id),
            subscriptions::account_id.eq(account),
            subscriptions::digest.eq(digest),
            subscriptions::sealed.eq(sealed),
            subscriptions::created_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Forgets browsers of an account.
pub(super) async fn delete_subscriptions(
    tx: &Tx<'_>,
    account: Uuid,
    ids: &[Uuid],
) -> Result<usize> {
    Ok(diesel::delete(
        subscriptions::table
            .filter(subscriptions::tenant_id.eq(tx.tenant_id))
            .filter(subscriptions::account_id.eq(account))
            .filter(subscriptions::id.eq_any(ids)),
    )
    .execute(&mut tx.conn())
    .await?)
}

/// A notice that was claimed: id, account, kind, attempts.
pub(super) type DueRow = (Uuid, Uuid, String, i16);

/// Claims notices to be pushed: they are put off until the next attempt, so that two nodes never push the same and
/// none is lost with a node that dies.
pub(super) async fn claim_pushes(tx: &Tx<'_>, wait: TimeDelta) -> Result<Vec<DueRow>> {
    let due: Vec<DueRow> = notices::table
        .filter(notices::tenant_id.eq(tx.tenant_id))
        .filter(notices::push_at.le(tx.now))
        .order((notices::account_id, notices::id))
        .limit(500)
        .select((
            notices::id,
            notices::account_id,
            notices::kind,
            notices::attempts,
        ))
        .for_update()
        .skip_locked()
        .load(&mut tx.conn())
        .await?;
    let ids: Vec<Uuid> = due.iter().map(|(id, ..)| *id).collect();
    if ids.is_empty() {
        return Ok(due);
    }
    diesel::update(
        notices::table
            .filter(notices::tenant_id.eq(tx.tenant_id))
            .filter(notices::id.eq_any(&ids)),
    )
    .set((
        notices::push_at.eq(tx.now + wait),
        notices::attempts.eq(notices::attempts + 1_i16),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(due)
}

/// Notices that need not be pushed any more.
pub(super) async fn settle_pushes(tx: &Tx<'_>, ids: &[Uuid]) -> Result<()> {
    diesel::update(
        notices::table
            .filter(notices::tenant_id.eq(tx.tenant_id))
            .filter(notices::id.eq_any(ids)),
    )
    .set(notices::push_at.eq(None::<DateTime<Utc>>))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Takes notices to be mailed: they are noted as mailed, because the mail itself is never lost.
pub(super) async fn take_mails(tx: &Tx<'_>) -> Result<Vec<DueRow>> {
    let due: Vec<DueRow> = notices::table
        .filter(notices::tenant_id.eq(tx.tenant_id))
        .filter(notices::mail_at.le(tx.now))
        .order((notices::account_id, notices::id))
        .limit(1000)
        .select((
            notices::id,
            notices::account_id,
            notices::kind,
            notices::attempts,
        ))
        .for_update()
        .skip_locked()
        .load(&mut tx.conn())
        .await?;
    let ids: Vec<Uuid> = due.iter().map(|(id, ..)| *id).collect();
    if !ids.is_empty() {
        diesel::update(
            notices::table
                .filter(notices::tenant_id.eq(tx.tenant_id))
                .filter(notices::id.eq_any(&ids)),
        )
        .set(notices::mail_at.eq(None::<DateTime<Utc>>))
        .execute(&mut tx.conn())
        .await?;
    }
    Ok(due)
}

/// Accounts that are not suspended: id, language, mail address.
pub(super) async fn list_accounts(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<Vec<(Uuid, String, Option<String>)>> {
    Ok(accounts::table
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::id.eq_any(ids))
        .filter(accounts::suspended_at.is_null())
        .select((accounts::id, accounts::language, accounts::email))
        .load(&mut tx.conn())
        .await?)
}

/// Forgets what was done long ago, and what nobody has looked at for a year.
pub(super) async fn delete_old(tx: &Tx<'_>) -> Result<()> {
    diesel::delete(
        notices::table
            .filter(notices::tenant_id.eq(tx.tenant_id))
            .filter(
                notices::done_at
                    .lt(tx.now - TimeDelta::days(30))
                    .or(notices::created_at
                        .nullable()
                        .lt(tx.now - TimeDelta::days(366))),
            ),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
