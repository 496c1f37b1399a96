//! What shows a consent: the signed form as a scan or a photograph, or the signature drawn on the screen.

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, dev::Payload, get, http::header, post, web::Bytes,
    web::Path,
};
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::{
    media::{MediaType, Unreadable},
    policy,
    queries::{self, NewEvidence},
    routes::EvidenceView,
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    spine::{
        audit::{Denial, Entry},
        ids,
        input::limited,
        reply::{Answer, Reply},
    },
};

/// Largest file, in bytes.
const LARGEST_FILE: usize = 10 * 1024 * 1024;

/// A file as it came, and what its bytes say it is.
pub(super) struct Uploaded {
    bytes: Bytes,
    media_type: MediaType,
}

impl FromRequest for Uploaded {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // Who is not known is told so before anything is read.
        let known = Ctx::extract(request);
        let bytes = limited(request, payload, &MediaType::DECLARED, LARGEST_FILE);
        Box::pin(async move {
            known.await?;
            let bytes = bytes.await?;
            let media_type = MediaType::of(&bytes).map_err(|why| match why {
                Unreadable::Unknown => Error::UnsupportedMediaType,
                Unreadable::CutShort => Error::invalid("", "not_allowed", "the file broke off"),
            })?;
            Ok(Self { bytes, media_type })
        })
    }
}

/// Add a file that shows a consent: PDF, PNG or JPEG, at most 10 MiB. What it is is told by its bytes, which are kept as
/// they came.
#[utoipa::path(
    tag = "consents",
    request_body(
        content(
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "image/png"),
            (Vec<u8> = "image/jpeg"),
        ),
    ),
    responses((status = 201, body = EvidenceView), (status = "4XX", body = Problem)),
)]
#[post("/v1/consents/{consent_id}/evidence")]
pub(super) async fn create_consent_evidence(
    ctx: Ctx,
    consent_id: Path<Uuid>,
    file: Uploaded,
) -> Result<Answer> {
    let digest = ids::digest(&file.bytes);
    ctx.write(&digest, async |tx| {
        let Some(patient_id) = queries::find_patient(tx, *consent_id).await? else {
            let denial = Denial::hidden("consent.write").on("consent", *consent_id);
            return Err(Error::Denied(Box::new(denial)));
        };
        let (_, permit) = policy::may_add_evidence(tx, patient_id).await?;
        let new = NewEvidence {
            id: ids::new_id(),
            patient_id,
            consent_id: *consent_id,
            media_type: file.media_type,
            content: &file.bytes,
            digest: &digest,
        };
        queries::insert_evidence(tx, permit, &new).await?;
        tx.record(
            Entry::new("consent_evidence.create")
                .of_patient(patient_id)
                .on("consent_evidence", new.id),
        );
        let view = queries::find_evidence(tx, *consent_id, new.id).await?;
        Ok(Reply::created(view).of_patient(patient_id))
    })
    .await
}

/// Get a file that shows a consent, byte for byte, to be stored and not to be shown in place.
#[utoipa::path(
    tag = "consents",
    responses(
        (status = 200, content(
            (Vec<u8> = "application/pdf"),
            (Vec<u8> = "image/png"),
            (Vec<u8> = "image/jpeg"),
        )),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/consent-evidence/{evidence_id}")]
pub(super) async fn find_consent_evidence(
    ctx: Ctx,
    evidence_id: Path<Uuid>,
) -> Result<HttpResponse> {
    let (media_type, bytes) = ctx
        .read(async |tx| {
            let on_file = |denial: Denial| denial.on("consent_evidence", *evidence_id);
            let Some(patient_id) = queries::find_patient_of_evidence(tx, *evidence_id).await?
            else {
                let denial = on_file(Denial::hidden("consent.read"));
                return Err(Error::Denied(Box::new(denial)));
            };
            let (_, permit) = policy::may_read(tx, patient_id).await?;
            tx.record(
                Entry::new("consent_evidence.read")
                    .of_patient(patient_id)
                    .on("consent_evidence", *evidence_id),
            );
            queries::load_evidence(tx, permit, *evidence_id).await
        })
        .await?;
    let extension = MediaType::extension(&media_type);
    let name = format!("attachment; filename=\"{evidence_id}.{extension}\"");
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_DISPOSITION, name))
        // A file from outside: opened by mistake, it may do nothing at all.
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ))
        .body(bytes))
}
