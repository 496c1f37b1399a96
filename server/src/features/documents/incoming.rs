//! Documents whose patient is not known yet: who it could be, and naming the patient.

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    model::{Content, Document},
    policy, queries,
    view::{self, DocumentView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{patients, timeline},
    fhir::IncomingPatient,
    spine::{
        audit::Entry,
        input::{Check, Input, Query},
        page::{self, Page, TimeKey},
        reply::{Answer, Reply},
        text,
    },
};

/// A document that waits.
#[derive(Debug, Serialize, ToSchema)]
struct IncomingDocumentView {
    /// The document, without what it says.
    document: DocumentView,
    /// Patients of the caller whom it could be about.
    candidates: Vec<CandidateView>,
}

/// A patient whom a document could be about.
#[derive(Debug, Serialize, ToSchema)]
struct CandidateView {
    /// The patient.
    patient_id: Uuid,
    /// Name in kanji.
    name: String,
    /// Name in katakana.
    kana: String,
    /// Date of birth.
    birth_date: NaiveDate,
    /// Sex.
    sex: String,
    /// What speaks for it: `identifier`, `name_birth_date`.
    matched_on: Vec<&'static str>,
}

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct ListIncomingDocuments {
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// Whom a document is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LinkIncomingDocument {
    /// The patient.
    patient_id: Uuid,
}

impl Check for LinkIncomingDocument {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// List the documents of one's own facility whose patient is not known yet, oldest first, each with the patients of the
/// caller whom it could be about.
#[utoipa::path(
    tag = "documents",
    params(ListIncomingDocuments),
    responses((status = 200, body = Page<IncomingDocumentView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/incoming-documents")]
pub(super) async fn list_incoming_documents(
    ctx: Ctx,
    query: Query<ListIncomingDocuments>,
) -> Result<Json<Page<IncomingDocumentView>>> {
    let after: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let page = ctx.read(async |tx| {
        let permit = policy::may_list_incoming(tx)?;
        let mut rows = queries::page_waiting(tx, permit, after, limit).await?;
        let next = page::cut(&mut rows, limit, |row| TimeKey(row.received_at, row.id));
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let content: Content =
                serde_json::from_value(row.content.clone()).map_err(Error::internal)?;
            let candidates = candidates(tx, &content.patient).await?;
            let sender = queries::sender(tx, row.client_id).await?;
            items.push(IncomingDocumentView {
                document: view::document(row, sender, false)?,
                candidates,
            });
        }
        let named = items
            .iter()
            .flat_map(|item| item.candidates.iter().map(|candidate| candidate.patient_id));
        let mut named: Vec<Uuid> = named.collect();
        named.sort_unstable();
        named.dedup();
        tx.record(
            Entry::new("incoming_documents.list")
                .listing(items.len())
                .naming(named),
        );
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}

/// Patients whom the caller may name, and who could be meant.
async fn candidates(tx: &Tx<'_>, sent: &IncomingPatient) -> Result<Vec<CandidateView>> {
    let mut found: Vec<(Uuid, Vec<&'static str>)> = Vec::new();
    let mut add =
        |id: Uuid, ground: &'static str| match found.iter_mut().find(|(known, _)| *known == id) {
            Some((_, grounds)) if grounds.contains(&ground) => {}
            Some((_, grounds)) => grounds.push(ground),
            None => found.push((id, vec![ground])),
        };
    for identifier in &sent.identifiers {
        if let Some(id) =
            patients::find_by_identifier(tx, &identifier.system, &identifier.value).await?
        {
            add(id, "identifier");
        }
    }
    if let Some(birth_date) = sent.birth_date {
        let names: Vec<String> = [Some(&sent.name), sent.kana.as_ref()]
            .into_iter()
            .flatten()
            .map(|name| text::fold(name))
            .collect();
        for id in patients::find_by_person(tx, &names, birth_date).await? {
            add(id, "name_birth_date");
        }
    }
    let mut views = Vec::new();
    for (patient_id, matched_on) in found {
        // Whom the caller may not see is not a candidate for the caller.
        match policy::may_link(tx, patient_id).await {
            Ok((_, _permit)) => {}
            Err(Error::Denied(_)) => continue,
            Err(other) => return Err(other),
        }
        if let Some(patient) = patients::find(tx, patient_id).await? {
            views.push(CandidateView {
                patient_id,
                name: patient.name,
                kana: patient.kana,
                birth_date: patient.birth_date,
                sex: patient.sex,
                matched_on,
            });
        }
    }
    Ok(views)
}

/// Name the patient of a document that waits. It goes to the patient's timeline, and the number by which the sending
/// facility knows the patient is registered, so that the next document finds its way.
#[utoipa::path(
    tag = "documents",
    request_body = LinkIncomingDocument,
    responses((status = 200, body = DocumentView), (status = "4XX", body = Problem)),
)]
#[post("/v1/incoming-documents/{document_id}/link")]
pub(super) async fn link_incoming_document(
    ctx: Ctx,
    document_id: Path<Uuid>,
    input: Input<LinkIncomingDocument>,
) -> Result<Answer> {
    let patient_id = input.value.patient_id;
    ctx.write(&input.digest, async |tx| {
        let document = policy::may_see_waiting(tx, *document_id).await?;
        if document.patient_id.is_some() || queries::is_replaced(tx, document.id).await? {
            return Err(Error::Conflict(
                "document_linked",
                "the patient of this document has been named, or a newer one has replaced it",
            ));
        }
        let (_, permit) = policy::may_link(tx, patient_id).await?;
        learn(tx, &permit, &document, patient_id).await?;
        let earlier = match document.replaces {
            Some(earlier) => queries::find(tx, earlier).await?,
            None => None,
        };
        let earlier = earlier.filter(|earlier| earlier.patient_id == Some(patient_id));
        let post_id = if let Some(post_id) = earlier.and_then(|earlier| earlier.post_id) {
            timeline::replace_document(tx, permit, post_id, document.id, document.client_id)
                .await?;
            post_id
        } else {
            let published = (document.id, document.authored_at);
            timeline::publish_document(
                tx,
                permit,
                patient_id,
                published,
                (document.client_id, document.facility_id),
            )
            .await?
        };
        queries::place(tx, document.id, patient_id, post_id, Some(tx.actor.ids().0)).await?;
        tx.record(
            Entry::new("document.link")
                .of_patient(patient_id)
                .on("document", document.id),
        );
        let linked = queries::find(tx, document.id)
            .await?
            .ok_or(Error::NotFound)?;
        let sender = queries::sender(tx, linked.client_id).await?;
        Ok(Reply::ok(view::document(linked, sender, true)?).of_patient(patient_id))
    })
    .await
}

/// Remembers the sender's own number of the patient: the one whose name space ends with the sender's institution code.
async fn learn(
    tx: &Tx<'_>,
    permit: &crate::spine::access::Permit<policy::Link>,
    document: &Document,
    patient_id: Uuid,
) -> Result<()> {
    let content: Content =
        serde_json::from_value(document.content.clone()).map_err(Error::internal)?;
    let Some(code) = queries::institution_code(tx, document.facility_id).await? else {
        return Ok(());
    };
    // The name space of a number ends with the code of the institution that gave it.
    let name_space = format!("{INSTITUTION_PATIENT_NUMBER}{code}");
    let numbers = content.patient.identifiers.iter();
    let own = numbers.filter(|identifier| identifier.system == name_space);
    for identifier in own {
        queries::learn_identifier(tx, permit, patient_id, document.facility_id, identifier).await?;
    }
    Ok(())
}

/// Name space of an institution's own patient numbers; ten digits of the institution follow (JP Core).
const INSTITUTION_PATIENT_NUMBER: &str = "urn:oid:1.2.392.100495.20.3.51.1";
