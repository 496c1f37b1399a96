use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{post_recipients as recipients, staff_members};
use uuid::Uuid;

use crate::{Result, ctx::Tx};

/// Whom a post names as its readers.
pub(in crate::features::timeline) async fn list_recipients(
    tx: &Tx<'_>,
    post_id: Uuid,
) -> Result<Vec<Uuid>> {
    Ok(recipients::table
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::post_id.eq(post_id))
        .select(recipients::staff_member_id)
        .load(&mut tx.conn())
        .await?)
}

/// The same of many posts: post, staff member.
pub(in crate::features::timeline) async fn list_recipients_of(
    tx: &Tx<'_>,
    posts: &[Uuid],
) -> Result<Vec<(Uuid, Uuid)>> {
    if posts.is_empty() {
        return Ok(Vec::new());
    }
    Ok(recipients::table
        .filter(recipients::tenant_id.eq(tx.tenant_id))
        .filter(recipients::post_id.eq_any(posts))
        .order((recipients::post_id, recipients::staff_member_id))
        .select((recipients::post_id, recipients::staff_member_id))
        .load(&mut tx.conn())
        .await?)
}

/// Names the readers of a post that was just written.
pub(super) async fn insert_recipients(tx: &Tx<'_>, post_id: Uuid, people: &[Uuid]) -> Result<()> {
    let rows: Vec<_> = people
        .iter()
        .map(|id| {
            (
                recipients::tenant_id.eq(tx.tenant_id),
                recipients::post_id.eq(post_id),
                recipients::staff_member_id.eq(*id),
            )
        })
        .collect();
    diesel::insert_into(recipients::table)
        .values(&rows)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The professions of people.
pub(in crate::features::timeline) async fn list_professions(
    tx: &Tx<'_>,
    people: &[Uuid],
) -> Result<Vec<(Uuid, String)>> {
    Ok(staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(people))
        .select((staff_members::id, staff_members::profession))
        .load(&mut tx.conn())
        .await?)
}
