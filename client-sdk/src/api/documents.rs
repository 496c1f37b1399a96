//! Documents that hospitals and clinics sent.

use bytes::Bytes;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    Document, IncomingDocument, LinkIncomingDocument, ListIncomingDocuments, Page,
};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about documents.
#[derive(Clone, Copy, Debug)]
pub struct Documents<'a>(pub(crate) &'a Client);

impl Documents<'_> {
    /// One document with its sections.
    pub async fn find(&self, document_id: Uuid) -> Result<Document> {
        let path = format!("/v1/documents/{document_id}");
        self.0.call(Request::get("find_document", path)).await
    }

    /// The document as it was sent: a FHIR Bundle, byte for byte.
    pub async fn find_original(&self, document_id: Uuid) -> Result<Bytes> {
        let path = format!("/v1/documents/{document_id}/original");
        let request = Request::get("find_document_original", path).header("accept", "*/*");
        Ok(self.0.execute(request).await?.body)
    }

    /// One page of documents of the caller's facility that wait for a patient.
    pub async fn list_incoming(
        &self,
        query: &ListIncomingDocuments,
    ) -> Result<Page<IncomingDocument>> {
        let request =
            Request::get("list_incoming_documents", "/v1/incoming-documents").query(query)?;
        self.0.call(request).await
    }

    /// All documents of the caller's facility that wait for a patient, page after page.
    pub fn stream_incoming(&self, query: ListIncomingDocuments) -> Rows<IncomingDocument> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.documents().list_incoming(&query).await }
        })
    }

    /// Says whose a waiting document is, which posts it on that patient's timeline.
    pub async fn link_incoming(
        &self,
        document_id: Uuid,
        link: &LinkIncomingDocument,
    ) -> Result<Document> {
        let path = format!("/v1/incoming-documents/{document_id}/link");
        let request = Request::post("link_incoming_document", path).json(link)?;
        self.0.call(request).await
    }
}
