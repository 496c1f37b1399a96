use chrono::{DateTime, Utc};
use diesel::{
    dsl::{count_star, max, min},
    prelude::*,
};
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{post_versions as versions, posts};
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::{
        access::{self, PatientAccess, Scope},
        page::TimeKey,
    },
};

/// A wound with what was written about it.
#[derive(Debug)]
pub(super) struct WoundRow {
    pub(super) site: Option<String>,
    pub(super) label: Option<String>,
    pub(super) posts: i64,
    pub(super) first: Option<DateTime<Utc>>,
    pub(super) last: Option<DateTime<Utc>>,
    pub(super) post_id: Uuid,
}

/// Site, name, how many, first, last.
type Grouped = (
    Option<String>,
    Option<String>,
    i64,
    Option<DateTime<Utc>>,
    Option<DateTime<Utc>>,
);

/// The wounds that posts in the scope are about, the last seen first.
pub(super) async fn list_wounds(
    tx: &Tx<'_>,
    access: &PatientAccess,
    scope: &Scope,
) -> Result<Vec<WoundRow>> {
    let me = tx.actor.ids().0;
    let of_patient = || {
        posts::table
            .inner_join(
                versions::table.on(versions::tenant_id
                    .eq(posts::tenant_id)
                    .and(versions::post_id.eq(posts::id))
                    .and(versions::version.eq(posts::version))),
            )
            .filter(posts::tenant_id.eq(tx.tenant_id))
            .filter(posts::patient_id.eq(access.patient_id()))
            .filter(posts::wound_site.is_not_null())
            .filter(versions::retracted.eq(false))
            .filter(access::in_scope(scope, tx.tenant_id, me))
    };
    let grouped: Vec<Grouped> = of_patient()
        .group_by((posts::wound_site, posts::wound_label))
        .order(max(posts::observed_at).desc())
        .select((
            posts::wound_site,
            posts::wound_label,
            count_star(),
            min(posts::observed_at),
            max(posts::observed_at),
        ))
        .load(&mut tx.conn())
        .await?;
    let newest: Vec<(Uuid, Option<String>, Option<String>)> = of_patient()
        .distinct_on((posts::wound_site, posts::wound_label))
        .order((
            posts::wound_site,
            posts::wound_label,
            posts::observed_at.desc(),
            posts::id.desc(),
        ))
        .select((posts::id, posts::wound_site, posts::wound_label))
        .load(&mut tx.conn())
        .await?;
    let row = |(site, label, posts, first, last): Grouped| {
        let newest = newest.iter().find(|(_, s, l)| *s == site && *l == label)?;
        Some(WoundRow {
            post_id: newest.0,
            site,
            label,
            posts,
            first,
            last,
        })
    };
    Ok(grouped.into_iter().filter_map(row).collect())
}

/// The posts of a wound in the scope with the time of what they saw, the last first, one more than `limit`.
pub(super) async fn page_series(
    tx: &Tx<'_>,
    patient_id: Uuid,
    scope: &Scope,
    (site, label): (&str, Option<&str>),
    before: Option<TimeKey>,
    limit: i64,
) -> Result<Vec<(Uuid, DateTime<Utc>)>> {
    let me = tx.actor.ids().0;
    let mut query = posts::table
        .inner_join(
            versions::table.on(versions::tenant_id
                .eq(posts::tenant_id)
                .and(versions::post_id.eq(posts::id))
                .and(versions::version.eq(posts::version))),
        )
        .filter(posts::tenant_id.eq(tx.tenant_id))
        .filter(posts::patient_id.eq(patient_id))
        .filter(posts::wound_site.eq(site))
        .filter(posts::wound_label.is_not_distinct_from(label))
        .filter(versions::retracted.eq(false))
        .filter(access::in_scope(scope, tx.tenant_id, me))
        .into_boxed();
    if let Some(TimeKey(at, id)) = before {
        query = query
            .filter(posts::observed_at.le(at))
            .filter(posts::observed_at.lt(at).or(posts::id.lt(id)));
    }
    Ok(query
        .order((posts::observed_at.desc(), posts::id.desc()))
        .limit(limit + 1)
        .select((posts::id, posts::observed_at))
        .load(&mut tx.conn())
        .await?)
}
