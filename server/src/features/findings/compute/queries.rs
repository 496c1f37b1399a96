use chrono::{DateTime, Utc};
use diesel::{pg::Pg, prelude::*};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    audit_events as events, audit_leaves as leaves, finding_progress as progress, patients,
};
use uuid::Uuid;

use super::super::{
    keep::Scope,
    rules::{SEARCHES, Seen},
};
use crate::{Result, ctx::Tx};

/// Entries of one transaction.
pub(super) const PAGE: i64 = 5_000;

/// How far a network is looked through.
#[derive(Debug, Clone, Queryable, Selectable, AsChangeset)]
#[diesel(table_name = progress, check_for_backend(Pg), treat_none_as_null = true)]
pub(super) struct Progress {
    pub(super) tree: i16,
    pub(super) next_index: i64,
    pub(super) wanted: i32,
    pub(super) done: i32,
    pub(super) running: Option<i32>,
    pub(super) rule_version: i32,
    run_since: Option<DateTime<Utc>>,
    run_at: Option<DateTime<Utc>>,
    run_event: Option<Uuid>,
    run_size: Option<i64>,
}

impl Progress {
    /// Begins looking at everything that is in the tree by now.
    pub(super) fn begin(&mut self, rule_version: i32, since: DateTime<Utc>, size: i64) {
        self.running = Some(self.wanted);
        self.rule_version = rule_version;
        self.run_since = Some(since);
        self.run_at = Some(since);
        self.run_event = Some(Uuid::nil());
        self.run_size = Some(size);
    }

    /// Since when everything is looked at, after which entry, and below which place of the tree.
    pub(super) fn place(&self) -> (DateTime<Utc>, (DateTime<Utc>, Uuid), i64) {
        let since = self.run_since.unwrap_or_default();
        let after = (
            self.run_at.unwrap_or(since),
            self.run_event.unwrap_or_default(),
        );
        (since, after, self.run_size.unwrap_or_default())
    }

    /// Goes on after this entry.
    pub(super) fn go_on(&mut self, last: Option<(DateTime<Utc>, Uuid)>) {
        if let Some((at, id)) = last {
            self.run_at = Some(at);
            self.run_event = Some(id);
        }
    }

    /// Everything below this place was looked at.
    pub(super) fn finish(&mut self, below: i64) {
        self.done = self.wanted;
        self.next_index = self.next_index.max(below);
        self.running = None;
        self.run_since = None;
        self.run_at = None;
        self.run_event = None;
        self.run_size = None;
    }

    /// With what findings are kept.
    pub(super) fn scope(&self, run: i32, since: DateTime<Utc>) -> Scope {
        Scope {
            tree: self.tree,
            run,
            rule_version: self.rule_version,
            since,
        }
    }
}

/// Entries of this tree before this place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Within {
    pub(super) tree: i16,
    pub(super) below: i64,
}

/// Makes the row of a network, whose first look is at everything.
pub(super) async fn insert_progress(tx: &Tx<'_>, tree: i16) -> Result<()> {
    diesel::insert_into(progress::table)
        .values((
            progress::tenant_id.eq(tx.tenant_id),
            progress::tree.eq(tree),
            progress::next_index.eq(0),
            progress::wanted.eq(1),
            progress::done.eq(0),
            progress::rule_version.eq(0),
            progress::updated_at.eq(tx.now),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// How far it is looked through, locked; nothing while somebody else is at it.
pub(super) async fn lock_progress(tx: &Tx<'_>) -> Result<Option<Progress>> {
    Ok(progress::table
        .find(tx.tenant_id)
        .select(Progress::as_select())
        .for_update()
        .skip_locked()
        .first(&mut tx.conn())
        .await
        .optional()?)
}

pub(super) async fn update_progress(tx: &Tx<'_>, new: &Progress) -> Result<()> {
    diesel::update(progress::table.find(tx.tenant_id))
        .set((new, progress::updated_at.eq(tx.now)))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Has everything looked at anew, as part of an act that was allowed.
pub(in super::super) async fn want_everything(tx: &Tx<'_>) -> Result<()> {
    diesel::insert_into(progress::table)
        .values((
            progress::tenant_id.eq(tx.tenant_id),
            progress::tree.eq(1),
            progress::next_index.eq(0),
            progress::wanted.eq(1),
            progress::done.eq(0),
            progress::rule_version.eq(0),
            progress::updated_at.eq(tx.now),
        ))
        .on_conflict(progress::tenant_id)
        .do_update()
        .set(progress::wanted.eq(progress::wanted + 1))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Sealed entries, with the patient that each is about, if there is one.
#[diesel::dsl::auto_type(no_type_alias)]
fn sealed() -> _ {
    events::table
        .inner_join(
            leaves::table.on(leaves::tenant_id
                .eq(events::tenant_id)
                .and(leaves::event_id.eq(events::id))
                .and(leaves::event_at.eq(events::at))),
        )
        .left_join(
            patients::table.on(patients::tenant_id
                .eq(events::tenant_id)
                .and(patients::id.nullable().eq(events::patient_id))),
        )
}

type Row = (
    (Uuid, DateTime<Utc>, String),
    (Option<Uuid>, Option<Uuid>, Option<String>),
    (String, String, String, Option<String>),
    (Option<String>, Option<Uuid>, Option<Uuid>),
);

macro_rules! columns {
    () => {
        (
            (events::id, events::at, events::actor_kind),
            (
                events::staff_member_id,
                events::client_id,
                events::source_ip,
            ),
            (
                events::action,
                events::outcome,
                events::purpose,
                events::ground,
            ),
            (
                events::resource_type,
                events::resource_id,
                patients::id.nullable(),
            ),
        )
    };
}

fn seen(row: Row) -> Seen {
    let ((id, at, actor_kind), (staff_member, client, source), what, thing) = row;
    let (action, outcome, purpose, ground) = what;
    let (resource_type, resource, patient) = thing;
    let is = |kind: &str| actor_kind == kind;
    Seen {
        id,
        at,
        post: staff_member.filter(|_| is("staff")),
        client: client.filter(|_| is("system")),
        source,
        action,
        denied: outcome == "denied",
        purpose,
        ground,
        patient,
        named: Vec::new(),
        account: resource
            .filter(|_| is("anonymous") && resource_type.as_deref() == Some("account")),
    }
}

/// What rules look at: what people did about a patient, and whatever was refused.
macro_rules! matters {
    () => {
        events::outcome
            .eq("denied")
            .or(events::actor_kind.eq("staff").and(
                events::patient_id
                    .is_not_null()
                    .or(events::action.eq_any(SEARCHES)),
            ))
    };
}

/// Entries from this place of the tree up to that one.
pub(super) async fn page_by_place(
    tx: &Tx<'_>,
    tree: i16,
    from: i64,
    end: i64,
) -> Result<Vec<Seen>> {
    let rows: Vec<Row> = sealed()
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(leaves::tenant_id.eq(tx.tenant_id))
        .filter(leaves::tree.eq(tree))
        .filter(leaves::leaf_index.ge(from))
        .filter(leaves::leaf_index.lt(end))
        .filter(matters!())
        .select(columns!())
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(seen).collect())
}

/// The next entries in the order of time.
pub(super) async fn page_by_time(
    tx: &Tx<'_>,
    within: Within,
    (at, id): (DateTime<Utc>, Uuid),
) -> Result<Vec<Seen>> {
    let rows: Vec<Row> = sealed()
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::at.ge(at))
        .filter(events::at.gt(at).or(events::id.gt(id)))
        .filter(leaves::tree.eq(within.tree))
        .filter(leaves::leaf_index.lt(within.below))
        .filter(matters!())
        .order((events::at, events::id))
        .limit(PAGE)
        .select(columns!())
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(seen).collect())
}

/// The next entries in the order of time of these posts, and of whoever is nobody's post.
pub(super) async fn page_around(
    tx: &Tx<'_>,
    within: Within,
    ((at, id), last): ((DateTime<Utc>, Uuid), DateTime<Utc>),
    posts: &[Uuid],
    others: bool,
) -> Result<Vec<Seen>> {
    let mut query = sealed()
        .filter(events::tenant_id.eq(tx.tenant_id))
        .filter(events::at.ge(at))
        .filter(events::at.gt(at).or(events::id.gt(id)))
        .filter(events::at.le(last))
        .filter(leaves::tree.eq(within.tree))
        .filter(leaves::leaf_index.lt(within.below))
        .filter(matters!())
        .into_boxed();
    let known = events::staff_member_id.eq_any(posts).assume_not_null();
    query = if others {
        query.filter(known.or(events::staff_member_id.is_null()))
    } else {
        query.filter(known)
    };
    let rows: Vec<Row> = query
        .order((events::at, events::id))
        .limit(PAGE)
        .select(columns!())
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().map(seen).collect())
}
