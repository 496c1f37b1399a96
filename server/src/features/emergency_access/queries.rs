use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    accounts, emergency_accesses as accesses, facilities, patients, staff_members,
};
use uuid::Uuid;

use super::{
    model::{Category, EmergencyAccess, Finding, LONGEST, REVIEW_DUE, Row, RunningEmergency},
    policy::{Open, Review, Search},
};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, auth::Actor, page::TimeKey, text},
};

/// A patient found by name and birth date: id, name, kana, birth date, sex.
pub(super) type FoundPatient = (Uuid, String, String, NaiveDate, String);

/// Patients with exactly this name or kana (any width), born on this day: at most three.
pub(super) async fn search(
    tx: &Tx<'_>,
    _: Permit<Search>,
    called: &str,
    birth_date: NaiveDate,
) -> Result<Vec<FoundPatient>> {
    let same_day: Vec<FoundPatient> = patients::table
        .filter(patients::tenant_id.eq(tx.tenant_id))
        .filter(patients::birth_date.eq(birth_date))
        .select((
            patients::id,
            patients::name,
            patients::kana,
            patients::birth_date,
            patients::sex,
        ))
        .load(&mut tx.conn())
        .await?;
    let plain = |text: &str| text::fold(text).replace(char::is_whitespace, "");
    let wanted = plain(called);
    Ok(same_day
        .into_iter()
        .filter(|(_, name, kana, ..)| plain(name) == wanted || plain(kana) == wanted)
        .take(3)
        .collect())
}

/// Begins an emergency access.
pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Open>,
    (id, patient_id): (Uuid, Uuid),
    (category, reason): (Category, &str),
) -> Result<()> {
    let account = match tx.actor {
        Actor::Person(person) => person.account_id,
        _ => Uuid::nil(),
    };
    diesel::insert_into(accesses::table)
        .values((
            accesses::tenant_id.eq(tx.tenant_id),
            accesses::id.eq(id),
            accesses::patient_id.eq(patient_id),
            accesses::staff_member_id.eq(tx.actor.ids().0),
            accesses::account_id.eq(account),
            accesses::reason.eq(reason),
            accesses::category.eq(category.code()),
            accesses::started_at.eq(tx.now),
            accesses::expires_at.eq(tx.now + LONGEST),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Emergency accesses to a patient by these posts: who, from when, until when, and in what kind of emergency.
pub async fn reasons(
    tx: &Tx<'_>,
    patient_id: Uuid,
    posts: &[Uuid],
) -> Result<Vec<(Uuid, DateTime<Utc>, DateTime<Utc>, Category)>> {
    type Row = (
        Uuid,
        DateTime<Utc>,
        DateTime<Utc>,
        Option<DateTime<Utc>>,
        String,
    );
    let rows: Vec<Row> = accesses::table
        .filter(accesses::tenant_id.eq(tx.tenant_id))
        .filter(accesses::patient_id.eq(patient_id))
        .filter(accesses::staff_member_id.eq_any(posts))
        .order(accesses::started_at)
        .select((
            accesses::staff_member_id,
            accesses::started_at,
            accesses::expires_at,
            accesses::ended_at,
            accesses::category,
        ))
        .load(&mut tx.conn())
        .await?;
    let one = |(who, from, latest, ended, category): Row| {
        (
            who,
            from,
            ended.unwrap_or(latest),
            Category::parse(&category),
        )
    };
    Ok(rows.into_iter().map(one).collect())
}

/// The emergency access of the caller to a patient that runs, if one does.
pub async fn find_running(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<RunningEmergency>> {
    Ok(accesses::table
        .filter(accesses::tenant_id.eq(tx.tenant_id))
        .filter(accesses::staff_member_id.eq(tx.actor.ids().0))
        .filter(accesses::patient_id.eq(patient_id))
        .filter(accesses::expires_at.gt(tx.now))
        .filter(accesses::ended_at.is_null())
        .order(accesses::expires_at.desc())
        .select((accesses::id, accesses::expires_at))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_names() -> _ {
    accesses::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accesses::tenant_id)
                .and(staff_members::id.eq(accesses::staff_member_id))),
        )
        .inner_join(
            facilities::table.on(facilities::tenant_id
                .eq(staff_members::tenant_id)
                .and(facilities::id.eq(staff_members::facility_id))),
        )
}

/// One emergency access.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Row>> {
    Ok(with_names()
        .filter(accesses::tenant_id.eq(tx.tenant_id))
        .filter(accesses::id.eq(id))
        .select((
            EmergencyAccess::as_select(),
            staff_members::name,
            staff_members::profession,
            facilities::name,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Which emergency accesses are listed.
pub(super) struct Filter {
    /// Only those of this post.
    pub(super) of: Option<Uuid>,
    /// Only those that run.
    pub(super) running: bool,
    /// Only those without a review.
    pub(super) unreviewed: bool,
    /// Those before.
    pub(super) before: Option<TimeKey>,
    /// At most so many and one more.
    pub(super) limit: i64,
}

/// Emergency accesses, newest first.
pub(super) async fn list(tx: &Tx<'_>, filter: Filter) -> Result<Vec<Row>> {
    let mut query = with_names()
        .filter(accesses::tenant_id.eq(tx.tenant_id))
        .into_boxed();
    if let Some(of) = filter.of {
        query = query.filter(accesses::staff_member_id.eq(of));
    }
    if filter.running {
        query = query
            .filter(accesses::expires_at.gt(tx.now))
            .filter(accesses::ended_at.is_null());
    }
    if filter.unreviewed {
        query = query.filter(accesses::reviewed_at.is_null());
    }
    if let Some(TimeKey(at, id)) = filter.before {
        query = query
            .filter(accesses::started_at.le(at))
            .filter(accesses::started_at.lt(at).or(accesses::id.lt(id)));
    }
    Ok(query
        .order((accesses::started_at.desc(), accesses::id.desc()))
        .limit(filter.limit + 1)
        .select((
            EmergencyAccess::as_select(),
            staff_members::name,
            staff_members::profession,
            facilities::name,
        ))
        .load(&mut tx.conn())
        .await?)
}

/// Ends an emergency access; answers whether it ran.
pub(super) async fn end(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let ended = diesel::update(
        accesses::table
            .find((tx.tenant_id, id))
            .filter(accesses::ended_at.is_null())
            .filter(accesses::expires_at.gt(tx.now)),
    )
    .set(accesses::ended_at.eq(tx.now))
    .execute(&mut tx.conn())
    .await?;
    Ok(ended == 1)
}

/// Reviews an emergency access; answers whether it was the first review.
pub(super) async fn review(
    tx: &Tx<'_>,
    _: Permit<Review>,
    id: Uuid,
    finding: Finding,
    note: &str,
) -> Result<bool> {
    let reviewed = diesel::update(
        accesses::table
            .find((tx.tenant_id, id))
            .filter(accesses::reviewed_at.is_null()),
    )
    .set((
        accesses::reviewed_at.eq(tx.now),
        accesses::reviewed_by.eq(tx.actor.ids().0),
        accesses::finding.eq(finding.code()),
        accesses::review_note.eq(note),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(reviewed == 1)
}

/// Accounts and addresses of those who oversee: administrators and auditors who may be used today.
pub(super) async fn list_overseers(tx: &Tx<'_>) -> Result<Vec<(Uuid, Option<String>)>> {
    let today = tx.today();
    Ok(accounts::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(accounts::tenant_id)
                .and(staff_members::id.eq(accounts::staff_member_id))),
        )
        .filter(accounts::tenant_id.eq(tx.tenant_id))
        .filter(accounts::role.eq_any(["network_administrator", "auditor"]))
        .filter(accounts::suspended_at.is_null())
        .filter(
            staff_members::ends_on
                .is_null()
                .or(staff_members::ends_on.ge(today)),
        )
        .select((accounts::id, accounts::email))
        .load(&mut tx.conn())
        .await?)
}

/// Those that ran out by themselves since `since`: patient and id.
pub(super) async fn take_expired(tx: &Tx<'_>) -> Result<Vec<(Uuid, Uuid)>> {
    Ok(diesel::update(
        accesses::table
            .filter(accesses::tenant_id.eq(tx.tenant_id))
            .filter(accesses::ended_at.is_null())
            .filter(accesses::expires_at.le(tx.now)),
    )
    .set(accesses::ended_at.eq(accesses::expires_at.nullable()))
    .returning((accesses::id, accesses::patient_id))
    .get_results(&mut tx.conn())
    .await?)
}

/// Those whose review is overdue and has not been asked for again today.
pub(super) async fn take_overdue(tx: &Tx<'_>) -> Result<Vec<Uuid>> {
    let overdue: DateTime<Utc> = tx.now - REVIEW_DUE;
    let asked = tx.now - chrono::TimeDelta::days(1);
    Ok(diesel::update(
        accesses::table
            .filter(accesses::tenant_id.eq(tx.tenant_id))
            .filter(accesses::reviewed_at.is_null())
            .filter(accesses::started_at.lt(overdue))
            .filter(
                accesses::reminded_at
                    .is_null()
                    .or(accesses::reminded_at.lt(asked)),
            ),
    )
    .set(accesses::reminded_at.eq(tx.now))
    .returning(accesses::id)
    .get_results(&mut tx.conn())
    .await?)
}
