use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    facilities, network_professions, post_templates as templates, staff_members,
};
use uuid::Uuid;

use super::{
    policy::{Keep, Read},
    routes::{CreatePostTemplate, UpdatePostTemplate},
};
use crate::{Error, Result, ctx::Tx, spine::access::Permit};

/// A template with the names of its facility and of whoever wrote or changed it last.
#[derive(Debug, Queryable)]
pub(super) struct Template {
    pub(super) id: Uuid,
    pub(super) facility_id: Option<Uuid>,
    pub(super) facility_name: Option<String>,
    pub(super) profession: Option<String>,
    pub(super) kind: String,
    pub(super) title: String,
    pub(super) body: String,
    pub(super) version: i32,
    pub(super) kept_by_name: String,
    pub(super) kept_at: DateTime<Utc>,
}

/// Which templates are asked for.
pub(super) enum Which {
    /// Those that somebody of this facility and profession uses.
    UsedBy(Uuid, String),
    /// Those of this facility.
    Of(Uuid),
    /// All.
    All,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn whole() -> _ {
    templates::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(templates::tenant_id)
                .and(staff_members::id.eq(templates::kept_by))),
        )
        .left_join(
            facilities::table.on(facilities::tenant_id
                .eq(templates::tenant_id)
                .and(facilities::id.nullable().eq(templates::facility_id))),
        )
}

macro_rules! columns {
    () => {
        (
            templates::id,
            templates::facility_id,
            facilities::name.nullable(),
            templates::profession,
            templates::kind,
            templates::title,
            templates::body,
            templates::version,
            staff_members::name,
            templates::kept_at,
        )
    };
}

/// Templates in use, by title; at most 500.
pub(super) async fn list(tx: &Tx<'_>, _: Permit<Read>, which: Which) -> Result<Vec<Template>> {
    let mut query = whole()
        .filter(templates::tenant_id.eq(tx.tenant_id))
        .filter(templates::removed_at.is_null())
        .into_boxed();
    query = match which {
        Which::UsedBy(facility, profession) => query
            .filter(
                templates::facility_id
                    .is_null()
                    .or(templates::facility_id.eq(facility)),
            )
            .filter(
                templates::profession
                    .is_null()
                    .or(templates::profession.eq(profession)),
            ),
        Which::Of(facility) => query.filter(templates::facility_id.eq(facility)),
        Which::All => query,
    };
    Ok(query
        .order((templates::title, templates::id))
        .limit(500)
        .select(columns!())
        .load(&mut tx.conn())
        .await?)
}

/// One template in use.
pub(super) async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<Template>> {
    Ok(whole()
        .filter(templates::tenant_id.eq(tx.tenant_id))
        .filter(templates::id.eq(id))
        .filter(templates::removed_at.is_null())
        .select(columns!())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Whether there is such a facility.
pub(super) async fn is_facility(tx: &Tx<'_>, id: Uuid) -> Result<bool> {
    let found: Option<Uuid> = facilities::table
        .find((tx.tenant_id, id))
        .select(facilities::id)
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.is_some())
}

/// Whether the network has added a profession with this code.
pub(super) async fn is_added_profession(tx: &Tx<'_>, code: &str) -> Result<bool> {
    let found: i64 = network_professions::table
        .filter(network_professions::tenant_id.eq(tx.tenant_id))
        .filter(network_professions::code.eq(code))
        .count()
        .get_result(&mut tx.conn())
        .await?;
    Ok(found > 0)
}

/// The profession of the caller's post.
pub(super) async fn own_profession(tx: &Tx<'_>) -> Result<String> {
    Ok(staff_members::table
        .find((tx.tenant_id, tx.actor.ids().0))
        .select(staff_members::profession)
        .first(&mut tx.conn())
        .await?)
}

pub(super) async fn insert(tx: &Tx<'_>, _: Permit<Keep>, new: &CreatePostTemplate) -> Result<()> {
    diesel::insert_into(templates::table)
        .values((
            templates::tenant_id.eq(tx.tenant_id),
            templates::id.eq(new.id),
            templates::facility_id.eq(new.facility_id),
            templates::profession.eq(&new.profession),
            templates::kind.eq(new.kind.code()),
            templates::title.eq(new.title.trim()),
            templates::body.eq(&new.body),
            templates::version.eq(1),
            templates::kept_by.eq(tx.actor.ids().0),
            templates::kept_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Changes a template, if it still has the version before.
pub(super) async fn update(
    tx: &Tx<'_>,
    _: Permit<Keep>,
    id: Uuid,
    version: i32,
    new: &UpdatePostTemplate,
) -> Result<()> {
    let changed = diesel::update(
        templates::table
            .find((tx.tenant_id, id))
            .filter(templates::version.eq(version - 1))
            .filter(templates::removed_at.is_null()),
    )
    .set((
        templates::profession.eq(&new.profession),
        templates::kind.eq(new.kind.code()),
        templates::title.eq(new.title.trim()),
        templates::body.eq(&new.body),
        templates::version.eq(version),
        templates::kept_by.eq(tx.actor.ids().0),
        templates::kept_at.eq(tx.now),
    ))
    .execute(&mut tx.conn())
    .await?;
    if changed == 1 {
        Ok(())
    } else {
        Err(Error::Stale)
    }
}

/// Takes a template out of use.
pub(super) async fn remove(tx: &Tx<'_>, _: Permit<Keep>, id: Uuid) -> Result<()> {
    diesel::update(
        templates::table
            .find((tx.tenant_id, id))
            .filter(templates::removed_at.is_null()),
    )
    .set((
        templates::kept_by.eq(tx.actor.ids().0),
        templates::kept_at.eq(tx.now),
        templates::removed_at.eq(tx.now),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}
