//! Sending FHIR Bundles.

use bytes::Bytes;

use crate::client::Client;
use crate::error::{Error, Result, decode};
use crate::models::Receipt;
use crate::models::bundle::Parameters;
use crate::request::Request;

const FHIR_JSON: &str = "application/fhir+json";

/// Calls about Bundles.
#[derive(Clone, Copy, Debug)]
pub struct Bundles<'a>(pub(crate) &'a Client);

impl Bundles<'_> {
    /// Sends a document Bundle. For system clients.
    ///
    /// Refused with [`Error::Outcome`], whose issues say what is wrong where.
    pub async fn receive(&self, bundle: impl Into<Bytes> + Send) -> Result<Receipt> {
        let operation = "receive_bundle";
        let request = Request::post(operation, "/fhir/r4/Bundle/$receive")
            .header("accept", FHIR_JSON)
            .body(FHIR_JSON, bundle);
        let answer = self.0.execute(request).await?;
        let status = answer.status.as_u16();
        let parameters: Parameters = decode(operation, status, &answer.body)?;
        parameters
            .into_receipt(answer.is_replayed())
            .map_err(|missing| Error::Decode {
                operation,
                status,
                message: format!("parameter {missing} is missing"),
            })
    }
}
