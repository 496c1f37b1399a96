use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{
    facilities, record_export_chunks as chunks, record_export_files as files,
    record_export_links as links, record_exports as exports, tenants,
};
use uuid::Uuid;

use super::{
    model::{ATTEMPTS, FileRow, KEPT, LEASE, LINK, MOST_WAITING, RecordExport},
    policy::{Create, Make},
    routes::CreateRecordExport,
};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::Permit,
        auth::{Actor, Person},
    },
};

/// Copies that a list shows: those of a month or so.
const SHOWN: i64 = 20;

/// Whoever asks, which is a person.
fn person<'a>(tx: &Tx<'a>) -> Result<&'a Person> {
    match tx.actor {
        Actor::Person(person) => Ok(person),
        _ => Err(Error::internal("copies are for people")),
    }
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Create>,
    patient_id: Uuid,
    new: &CreateRecordExport,
) -> Result<()> {
    let person = person(tx)?;
    let waiting: i64 = exports::table
        .filter(exports::tenant_id.eq(tx.tenant_id))
        .filter(exports::staff_member_id.eq(person.staff_member_id))
        .filter(exports::state.eq_any(["waiting", "making"]))
        .count()
        .get_result(&mut tx.conn())
        .await?;
    if waiting >= MOST_WAITING {
        return Err(Error::Conflict(
            "record_exports_waiting",
            "earlier copies are being made: wait until they are ready",
        ));
    }
    diesel::insert_into(exports::table)
        .values((
            exports::tenant_id.eq(tx.tenant_id),
            exports::id.eq(new.id),
            exports::patient_id.eq(patient_id),
            exports::staff_member_id.eq(person.staff_member_id),
            exports::account_id.eq(person.account_id),
            exports::session_id.eq(person.session_id),
            exports::format.eq(new.format.code()),
            exports::purpose.eq(new.purpose.code()),
            exports::reason.eq(&new.reason),
            exports::purpose_of_use.eq(tx.purpose.code()),
            exports::from_on.eq(new.from),
            exports::to_on.eq(new.to),
            exports::asked_at.eq(tx.now),
            exports::state.eq("waiting"),
            exports::attempts.eq(0),
            exports::available_at.eq(tx.now),
            exports::done_posts.eq(0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// What the caller asked for of a patient, newest first.
pub(super) async fn list(
    tx: &Tx<'_>,
    _: Permit<Make>,
    patient_id: Uuid,
) -> Result<Vec<RecordExport>> {
    Ok(exports::table
        .filter(exports::tenant_id.eq(tx.tenant_id))
        .filter(exports::patient_id.eq(patient_id))
        .filter(exports::staff_member_id.eq(tx.actor.ids().0))
        .order((exports::asked_at.desc(), exports::id.desc()))
        .limit(SHOWN)
        .select(RecordExport::as_select())
        .load(&mut tx.conn())
        .await?)
}

/// What the caller asked for of this patient.
pub(super) async fn find_own(
    tx: &Tx<'_>,
    patient_id: Uuid,
    id: Uuid,
) -> Result<Option<RecordExport>> {
    Ok(exports::table
        .find((tx.tenant_id, id))
        .filter(exports::patient_id.eq(patient_id))
        .filter(exports::staff_member_id.eq(tx.actor.ids().0))
        .select(RecordExport::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The files of these copies, with the copy of each.
pub(super) async fn list_files(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, FileRow)>> {
    Ok(files::table
        .filter(files::tenant_id.eq(tx.tenant_id))
        .filter(files::export_id.eq_any(ids))
        .order((files::export_id, files::number))
        .select((
            files::export_id,
            (
                files::number,
                files::media_type,
                files::size,
                files::digest,
                files::chunks,
            ),
        ))
        .load(&mut tx.conn())
        .await?)
}

pub(super) async fn insert_link(
    tx: &Tx<'_>,
    _: Permit<Create>,
    digest: &[u8],
    (export_id, number): (Uuid, i32),
) -> Result<DateTime<Utc>> {
    let expires_at = tx.now + LINK;
    diesel::insert_into(links::table)
        .values((
            links::tenant_id.eq(tx.tenant_id),
            links::digest.eq(digest),
            links::export_id.eq(export_id),
            links::number.eq(number),
            links::created_at.eq(tx.now),
            links::expires_at.eq(expires_at),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(expires_at)
}

/// The copy and the number of the file that a link is for, while both are there.
pub(super) async fn find_link(tx: &Tx<'_>, digest: &[u8]) -> Result<Option<(RecordExport, i32)>> {
    let found: Option<(RecordExport, i32)> = links::table
        .inner_join(
            exports::table.on(exports::tenant_id
                .eq(links::tenant_id)
                .and(exports::id.eq(links::export_id))),
        )
        .filter(links::tenant_id.eq(tx.tenant_id))
        .filter(links::digest.eq(digest))
        .filter(links::expires_at.gt(tx.now))
        .select((RecordExport::as_select(), links::number))
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.filter(|(export, _)| export.is_there(tx.now)))
}

/// A sealed piece of a file.
pub(super) async fn find_chunk(
    tx: &Tx<'_>,
    (export_id, number, place): (Uuid, i32, i32),
) -> Result<Option<Vec<u8>>> {
    Ok(chunks::table
        .find((tx.tenant_id, export_id, number, place))
        .select(chunks::sealed)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// Takes up the copy that has waited longest, or one whose maker has stopped. What was made of it before is gone.
pub(super) async fn claim(tx: &Tx<'_>) -> Result<Option<RecordExport>> {
    let due: Option<RecordExport> = exports::table
        .filter(exports::tenant_id.eq(tx.tenant_id))
        .filter(exports::state.eq_any(["waiting", "making"]))
        .filter(exports::available_at.le(tx.now))
        .order((exports::available_at, exports::id))
        .select(RecordExport::as_select())
        .for_update()
        .skip_locked()
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some(mut export) = due else {
        return Ok(None);
    };
    clear(tx, &[export.id]).await?;
    export.attempts += 1;
    let given_up = export.attempts > ATTEMPTS;
    diesel::update(exports::table.find((tx.tenant_id, export.id)))
        .set((
            exports::state.eq(if given_up { "failed" } else { "making" }),
            exports::failure.eq(given_up.then_some("given_up")),
            exports::attempts.eq(export.attempts),
            exports::available_at.eq(tx.now + LEASE),
            exports::done_posts.eq(0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(Some(export).filter(|_| !given_up))
}

/// Says that whoever makes it is alive, and how far it is; false when somebody else has taken it over.
pub(super) async fn renew(tx: &Tx<'_>, export: &RecordExport, done: usize) -> Result<bool> {
    let mine = exports::table
        .find((tx.tenant_id, export.id))
        .filter(exports::state.eq("making"))
        .filter(exports::attempts.eq(export.attempts));
    let changed = diesel::update(mine)
        .set((
            exports::available_at.eq(tx.now + LEASE),
            exports::done_posts.eq(i32::try_from(done).unwrap_or(i32::MAX)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(changed == 1)
}

/// Notes how many posts there will be, and of which classes.
pub(super) async fn note_size(tx: &Tx<'_>, id: Uuid, posts: usize, scope: &[String]) -> Result<()> {
    diesel::update(exports::table.find((tx.tenant_id, id)))
        .set((
            exports::posts.eq(i32::try_from(posts).unwrap_or(i32::MAX)),
            exports::scope.eq(scope),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn put_chunk(
    tx: &Tx<'_>,
    (export_id, number, place): (Uuid, i32, i32),
    sealed: &[u8],
) -> Result<()> {
    diesel::insert_into(chunks::table)
        .values((
            chunks::tenant_id.eq(tx.tenant_id),
            chunks::export_id.eq(export_id),
            chunks::number.eq(number),
            chunks::place.eq(place),
            chunks::sealed.eq(sealed),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn put_file(tx: &Tx<'_>, export_id: Uuid, file: &FileRow) -> Result<()> {
    let (number, media_type, size, digest, pieces) = file;
    diesel::insert_into(files::table)
        .values((
            files::tenant_id.eq(tx.tenant_id),
            files::export_id.eq(export_id),
            files::number.eq(number),
            files::media_type.eq(media_type),
            files::size.eq(size),
            files::digest.eq(digest),
            files::chunks.eq(pieces),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// It is ready, and can be fetched from now on.
pub(super) async fn finish(tx: &Tx<'_>, export: &RecordExport, done: usize) -> Result<()> {
    let mine = exports::table
        .find((tx.tenant_id, export.id))
        .filter(exports::state.eq("making"))
        .filter(exports::attempts.eq(export.attempts));
    diesel::update(mine)
        .set((
            exports::state.eq("ready"),
            exports::done_posts.eq(i32::try_from(done).unwrap_or(i32::MAX)),
            exports::ready_at.eq(tx.now),
            exports::expires_at.eq(tx.now + KEPT),
            exports::available_at.eq(tx.now + KEPT),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// There is no copy: `refused` for good, or `failed`; or it waits and is tried again after a while.
pub(super) async fn give_up(
    tx: &Tx<'_>,
    export: &RecordExport,
    (state, failure, again_after): (&str, &str, TimeDelta),
) -> Result<()> {
    clear(tx, &[export.id]).await?;
    let mine = exports::table
        .find((tx.tenant_id, export.id))
        .filter(exports::attempts.eq(export.attempts));
    diesel::update(mine)
        .set((
            exports::state.eq(state),
            exports::failure.eq(failure),
            exports::available_at.eq(tx.now + again_after),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Destroys the bytes of what has been kept long enough.
pub(super) async fn expire(tx: &Tx<'_>) -> Result<usize> {
    let ended: Vec<Uuid> = exports::table
        .filter(exports::tenant_id.eq(tx.tenant_id))
        .filter(exports::state.eq("ready"))
        .filter(exports::available_at.le(tx.now))
        .select(exports::id)
        .for_update()
        .skip_locked()
        .load(&mut tx.conn())
        .await?;
    if ended.is_empty() {
        return Ok(0);
    }
    clear(tx, &ended).await?;
    let rows = exports::table
        .filter(exports::tenant_id.eq(tx.tenant_id))
        .filter(exports::id.eq_any(&ended));
    diesel::update(rows)
        .set(exports::state.eq("expired"))
        .execute(&mut tx.conn())
        .await?;
    Ok(ended.len())
}

pub(super) async fn clear(tx: &Tx<'_>, ids: &[Uuid]) -> Result<()> {
    diesel::delete(
        links::table
            .filter(links::tenant_id.eq(tx.tenant_id))
            .filter(links::export_id.eq_any(ids)),
    )
    .execute(&mut tx.conn())
    .await?;
    diesel::delete(
        chunks::table
            .filter(chunks::tenant_id.eq(tx.tenant_id))
            .filter(chunks::export_id.eq_any(ids)),
    )
    .execute(&mut tx.conn())
    .await?;
    diesel::delete(
        files::table
            .filter(files::tenant_id.eq(tx.tenant_id))
            .filter(files::export_id.eq_any(ids)),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Name of the network.
pub(super) async fn network(tx: &Tx<'_>) -> Result<String> {
    Ok(tenants::table
        .find(tx.tenant_id)
        .select(tenants::name)
        .first(&mut tx.conn())
        .await?)
}

/// Name of a facility.
pub(super) async fn facility_name(tx: &Tx<'_>, id: Uuid) -> Result<String> {
    Ok(facilities::table
        .find((tx.tenant_id, id))
        .select(facilities::name)
        .first(&mut tx.conn())
        .await?)
}
