//! What is known of a file.

use actix_web::{
    get,
    web::{Json, Path},
};
use uuid::Uuid;

use super::{
    model::Attachment,
    policy, queries,
    view::{self, AttachmentView},
};
use crate::{
    Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::provisions,
    spine::{access, audit::Entry},
};

/// An entry of the access log about a file.
pub(super) fn entry(action: &'static str, file: &Attachment) -> Entry {
    let entry = Entry::new(action).on("attachment", file.id);
    match file.patient_id {
        Some(patient_id) => entry.of_patient(patient_id),
        None => entry,
    }
}

/// Notes that a file is given to a reader.
pub(super) async fn note(tx: &Tx<'_>, file: &Attachment) -> Result<()> {
    let Some(patient_id) = file.patient_id else {
        return Ok(());
    };
    let posts = queries::posts_with(tx, file.id).await?;
    let Some(ground) = access::ground(tx, patient_id).await? else {
        return Ok(());
    };
    match policy::open_post(tx, &posts).await? {
        Some((_, kind)) => {
            provisions::note(tx, patient_id, ground, [(file.facility_id, kind.as_str())]).await
        }
        None => Ok(()),
    }
}

/// Read what is known of a file: whether it has arrived, was checked, and can be looked at.
#[utoipa::path(
    tag = "attachments",
    responses((status = 200, body = AttachmentView), (status = "4XX", body = Problem)),
)]
#[get("/v1/attachments/{attachment_id}")]
pub(super) async fn find_attachment(
    ctx: Ctx,
    attachment_id: Path<Uuid>,
) -> Result<Json<AttachmentView>> {
    let view = ctx.read(async |tx| {
        let file = policy::may_read(tx, *attachment_id).await?;
        tx.record(entry("attachment.read", &file));
        view::attachment(tx, file).await
    });
    Ok(Json(view.await?))
}
