//! Logs of others that the network witnesses.

use uuid::Uuid;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{CreateWitnessedLog, Page, WitnessedLog};
use crate::request::{Answer, Request};

/// Calls about logs of others.
#[derive(Clone, Copy, Debug)]
pub struct WitnessedLogs<'a>(pub(crate) &'a Client);

impl WitnessedLogs<'_> {
    /// All logs, those that are no longer witnessed too.
    pub async fn list(&self) -> Result<Page<WitnessedLog>> {
        let request = Request::get("list_witnessed_logs", "/v1/witnessed-logs");
        self.0.call(request).await
    }

    /// Witnesses a log from now on. Needs factors shown lately.
    pub async fn create(&self, log: &CreateWitnessedLog) -> Result<WitnessedLog> {
        let request = Request::post("create_witnessed_log", "/v1/witnessed-logs").json(log)?;
        self.0.call(request).await
    }

    /// Witnesses a log no longer. Needs factors shown lately.
    pub async fn end(&self, witnessed_log_id: Uuid) -> Result<WitnessedLog> {
        let path = format!("/v1/witnessed-logs/{witnessed_log_id}/end");
        let request = Request::post("end_witnessed_log", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Submits a checkpoint with its proof (c2sp.org/tlog-witness); answers with the cosignature.
    ///
    /// Refused with status 409 when the proof begins elsewhere than where the witness is.
    pub async fn cosign(&self, network: &str, submission: &str) -> Result<String> {
        let path = format!("/v1/witness/{network}/add-checkpoint");
        let request = Request::post("cosign_checkpoint", path)
            .anonymous()
            .unkeyed()
            .header("accept", "*/*")
            .body("text/plain", submission.to_owned());
        text(&self.0.execute(request).await?)
    }

    /// The newest checkpoint of a log that was cosigned, by the SHA-256 of the log's origin.
    pub async fn find_cosigned(&self, network: &str, origin_hash: &str) -> Result<String> {
        let path = format!("/v1/witness/{network}/{origin_hash}/checkpoint");
        let request = Request::get("find_cosigned_checkpoint", path)
            .anonymous()
            .header("accept", "*/*");
        text(&self.0.execute(request).await?)
    }
}

fn text(answer: &Answer) -> Result<String> {
    String::from_utf8(answer.body.to_vec()).map_err(|_| Error::Transport {
        message: "the answer is not text".to_owned(),
        temporary: false,
        source: None,
    })
}
