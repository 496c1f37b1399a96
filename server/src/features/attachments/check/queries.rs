use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{attachment_files as files, attachment_texts as texts, attachments};
use uuid::Uuid;

use super::super::{
    model::{Attachment, Media, Refusal, Rendition},
    queries::delete_parts,
};
use crate::{Result, ctx::Tx};

/// Takes the next file that is to be checked, for this long: one that moves or sounds, or one that does not.
pub(in crate::features::attachments) async fn claim(
    tx: &Tx<'_>,
    moving: bool,
    span: TimeDelta,
) -> Result<Option<Attachment>> {
    // What is not known yet, because its first bytes came one by one, is anybody's.
    let others: [&str; 2] = if moving {
        [Media::Photo.code(), Media::Pdf.code()]
    } else {
        [Media::Video.code(), Media::Audio.code()]
    };
    let found: Option<Attachment> = attachments::table
        .filter(attachments::tenant_id.eq(tx.tenant_id))
        .filter(attachments::state.eq("checking"))
        .filter(attachments::check_at.le(tx.now))
        .filter(
            attachments::media
                .is_null()
                .or(attachments::media.ne_all(others)),
        )
        .order((attachments::check_at, attachments::id))
        .select(Attachment::as_select())
        .for_update()
        .skip_locked()
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some(mut file) = found else {
        return Ok(None);
    };
    file.check_attempts += 1;
    diesel::update(attachments::table.find((tx.tenant_id, file.id)))
        .set((
            attachments::check_attempts.eq(file.check_attempts),
            attachments::check_at.eq(tx.now + span),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(Some(file))
}

/// Puts a check off until then, and says what it waits for.
pub(in crate::features::attachments) async fn put_off(
    tx: &Tx<'_>,
    file: &Attachment,
    until: DateTime<Utc>,
    waits_for: &str,
) -> Result<()> {
    diesel::update(
        attachments::table
            .find((tx.tenant_id, file.id))
            .filter(attachments::check_attempts.eq(file.check_attempts)),
    )
    .set((
        attachments::check_at.eq(until),
        attachments::check_waits_for.eq(waits_for),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

/// Says that a file is not taken, unless another check has settled it meanwhile.
pub(in crate::features::attachments) async fn refuse(
    tx: &Tx<'_>,
    file: &Attachment,
    media: Option<Media>,
    refusal: Refusal,
) -> Result<bool> {
    let changed = diesel::update(
        attachments::table
            .find((tx.tenant_id, file.id))
            .filter(attachments::state.eq(&file.state))
            .filter(attachments::check_attempts.eq(file.check_attempts)),
    )
    .set((
        attachments::state.eq("refused"),
        attachments::refusal.eq(refusal.code()),
        attachments::media.eq(media.map(Media::code)),
        attachments::settled_at.eq(tx.now),
        attachments::check_at.eq(None::<DateTime<Utc>>),
        attachments::check_waits_for.eq(None::<String>),
    ))
    .execute(&mut tx.conn())
    .await?;
    if changed == 1 {
        delete_parts(tx, file.id).await?;
    }
    Ok(changed == 1)
}

/// What was found out about a file.
#[derive(Debug, Default)]
pub(in crate::features::attachments) struct Facts {
    pub(in crate::features::attachments) pages: Option<i32>,
    pub(in crate::features::attachments) milliseconds: Option<i32>,
    pub(in crate::features::attachments) text: Option<String>,
}

/// A picture or file that was made.
#[derive(Debug)]
pub(in crate::features::attachments) struct NewFile {
    pub(in crate::features::attachments) rendition: Rendition,
    pub(in crate::features::attachments) object_id: Uuid,
    pub(in crate::features::attachments) media_type: &'static str,
    pub(in crate::features::attachments) size: i64,
    pub(in crate::features::attachments) dimensions: Option<(i32, i32)>,
}

/// Says that a file can be looked at, unless another check has settled it meanwhile.
pub(in crate::features::attachments) async fn make_ready(
    tx: &Tx<'_>,
    file: &Attachment,
    media: Media,
    facts: &Facts,
    made: &[NewFile],
) -> Result<bool> {
    let changed = diesel::update(
        attachments::table
            .find((tx.tenant_id, file.id))
            .filter(attachments::state.eq("checking"))
            .filter(attachments::check_attempts.eq(file.check_attempts)),
    )
    .set((
        attachments::state.eq("ready"),
        attachments::media.eq(media.code()),
        attachments::pages.eq(facts.pages),
        attachments::milliseconds.eq(facts.milliseconds),
        attachments::settled_at.eq(tx.now),
        attachments::check_at.eq(None::<DateTime<Utc>>),
        attachments::check_waits_for.eq(None::<String>),
    ))
    .execute(&mut tx.conn())
    .await?;
    if changed != 1 {
        return Ok(false);
    }
    let rows: Vec<_> = made
        .iter()
        .map(|new| {
            (
                files::tenant_id.eq(tx.tenant_id),
                files::attachment_id.eq(file.id),
                files::rendition.eq(new.rendition.code()),
                files::object_id.eq(new.object_id),
                files::media_type.eq(new.media_type),
                files::size.eq(new.size),
                files::width.eq(new.dimensions.map(|(width, _)| width)),
                files::height.eq(new.dimensions.map(|(_, height)| height)),
            )
        })
        .collect();
    diesel::insert_into(files::table)
        .values(&rows)
        .execute(&mut tx.conn())
        .await?;
    if let Some(text) = facts.text.as_deref().filter(|text| !text.is_empty()) {
        diesel::insert_into(texts::table)
            .values((
                texts::tenant_id.eq(tx.tenant_id),
                texts::attachment_id.eq(file.id),
                texts::body.eq(text),
            ))
            .execute(&mut tx.conn())
            .await?;
    }
    delete_parts(tx, file.id).await?;
    Ok(true)
}
