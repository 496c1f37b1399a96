//! Who may send, see and link documents.

use uuid::Uuid;

use super::{model::Document, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Ground, PatientAccess, Permit, PostFacts, Verb},
        audit::Denial,
    },
};

pub(super) struct Receive;
impl Verb for Receive {
    const ACTION: &'static str = "document.receive";
    const FINAL: bool = true;
}

pub(super) struct Post;
impl Verb for Post {
    const ACTION: &'static str = "document.post";
    const FINAL: bool = true;
}

pub(super) struct Link;
impl Verb for Link {
    const ACTION: &'static str = "document.link";
    const FINAL: bool = true;
}

pub(super) struct ListIncoming;
impl Verb for ListIncoming {
    const ACTION: &'static str = "incoming_document.list";
}

struct ReadIncoming;
impl Verb for ReadIncoming {
    const ACTION: &'static str = "incoming_document.read";
}

struct ReadPost;
impl Verb for ReadPost {
    const ACTION: &'static str = "post.read";
}

pub(super) fn may_receive(tx: &Tx<'_>) -> Result<Permit<Receive>> {
    access::on_network(tx)
}

pub(super) fn may_list_incoming(tx: &Tx<'_>) -> Result<Permit<ListIncoming>> {
    access::on_network(tx)
}

/// Whether the system may post to this patient; a no is not a refusal here, the document waits.
pub(super) async fn may_post(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<Permit<Post>>> {
    match tx.open::<Post>(patient_id).await {
        Ok((_, permit)) => Ok(Some(permit)),
        Err(Error::Denied(_)) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Finds a document that the caller may read: through its post, with the ground, or as one that waits.
pub(super) async fn may_read(tx: &Tx<'_>, document_id: Uuid) -> Result<(Document, Option<Ground>)> {
    let unknown = || {
        Error::Denied(Box::new(
            Denial::hidden(ReadPost::ACTION).on("document", document_id),
        ))
    };
    let document = queries::find(tx, document_id).await?.ok_or_else(unknown)?;
    let Some(patient_id) = document.patient_id else {
        let _permit =
            access::on_incoming_document::<ReadIncoming>(tx, document_id, document.facility_id)?;
        return Ok((document, None));
    };
    let ground = access::ground(tx, patient_id).await?.ok_or_else(unknown)?;
    let facts = PostFacts {
        id: document_id,
        kind: "document".to_owned(),
        channel: "team".to_owned(),
        sensitivity: None,
        author: document.client_id,
        facility: document.facility_id,
        recipient: false,
        on_behalf_of: None,
    };
    // To whoever may not read it there is no such document, member of the team or not.
    match access::on_post::<ReadPost>(tx, patient_id, &facts, ground) {
        Ok(_permit) => Ok((document, Some(ground))),
        Err(Error::Denied(_)) => {
            let denial = Denial::hidden(ReadPost::ACTION)
                .of_patient(patient_id)
                .on("document", document_id);
            Err(Error::Denied(Box::new(denial)))
        }
        Err(other) => Err(other),
    }
}

/// Finds a document that waits at the caller's facility.
pub(super) async fn may_see_waiting(tx: &Tx<'_>, document_id: Uuid) -> Result<Document> {
    let unknown = || {
        Error::Denied(Box::new(
            Denial::hidden(Link::ACTION).on("document", document_id),
        ))
    };
    let document = queries::find_for_update(tx, document_id)
        .await?
        .ok_or_else(unknown)?;
    let _permit =
        access::on_incoming_document::<ReadIncoming>(tx, document_id, document.facility_id)?;
    Ok(document)
}

/// Allows naming this patient.
pub(super) async fn may_link(
    tx: &Tx<'_>,
    patient_id: Uuid,
) -> Result<(PatientAccess, Permit<Link>)> {
    tx.open(patient_id).await
}
