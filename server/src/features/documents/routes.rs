use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Json, Path},
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    incoming,
    model::Document,
    policy, queries, receive,
    view::{self, DocumentView},
};
use crate::{
    Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::provisions,
    spine::{access::Ground, audit::Entry},
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(receive::receive_bundle)
        .service(find_document)
        .service(find_document_original)
        .service(incoming::list_incoming_documents)
        .service(incoming::link_incoming_document);
}

/// Notes that the document is given to the reader. One that waits is seen by its own facility only.
async fn note(tx: &Tx<'_>, document: &Document, ground: Option<Ground>) -> Result<()> {
    let (Some(patient_id), Some(ground)) = (document.patient_id, ground) else {
        return Ok(());
    };
    provisions::note(tx, patient_id, ground, [(document.facility_id, "document")]).await
}

/// Read a document.
#[utoipa::path(tag = "documents", responses((status = 200, body = DocumentView), (status = "4XX", body = Problem)))]
#[get("/v1/documents/{document_id}")]
async fn find_document(ctx: Ctx, document_id: Path<Uuid>) -> Result<Json<DocumentView>> {
    let view = ctx.read(async |tx| {
        let (document, ground) = policy::may_read(tx, *document_id).await?;
        note(tx, &document, ground).await?;
        let entry = Entry::new("document.read").on("document", *document_id);
        tx.record(
            document
                .patient_id
                .map_or(entry.clone(), |patient| entry.of_patient(patient)),
        );
        let sender = queries::sender(tx, document.client_id).await?;
        view::document(document, sender, true)
    });
    Ok(Json(view.await?))
}

/// Get the bytes of a document as the hospital sent them.
#[utoipa::path(
    tag = "documents",
    responses(
        (status = 200, content_type = "application/fhir+json", body = serde_json::Value),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/documents/{document_id}/original")]
async fn find_document_original(ctx: Ctx, document_id: Path<Uuid>) -> Result<HttpResponse> {
    let bytes = ctx
        .read(async |tx| {
            let (document, ground) = policy::may_read(tx, *document_id).await?;
            note(tx, &document, ground).await?;
            let entry = Entry::new("document.original").on("document", *document_id);
            tx.record(
                document
                    .patient_id
                    .map_or(entry.clone(), |patient| entry.of_patient(patient)),
            );
            queries::find_original(tx, *document_id).await
        })
        .await?;
    let name = format!("attachment; filename=\"{document_id}.json\"");
    Ok(HttpResponse::Ok()
        .content_type("application/fhir+json")
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(bytes))
}
