//! One entry with the proof that it is in the sealed log (c2sp.org/tlog-proof): can be verified without us.

use actix_web::{HttpResponse, get, http::header, web::Path};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{policy, queries};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    ledger::{
        entry::{Opened, Showing},
        tree::{self, Hash},
    },
    spine::{audit::Entry, input::Query, sealing},
};

/// In which form.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ProofFormat {
    /// JSON.
    #[default]
    Json,
    /// The text of c2sp.org/tlog-proof.
    Tlog,
}

/// How to give the proof.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct FindAccessLogProof {
    /// `json` (the default), or `tlog` for the text alone.
    #[serde(default)]
    #[param(inline)]
    format: ProofFormat,
}

/// An entry of the access log with the proof that it is in the sealed log.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccessLogProofView {
    /// The entry.
    id: Uuid,
    /// Name of the log.
    origin: String,
    /// Public key of the log (c2sp.org/signed-note).
    key: String,
    /// The place of the entry, from 0.
    index: u64,
    /// How many entries the checkpoint stands for.
    size: u64,
    /// The bytes that are in the log, as text.
    entry: String,
    /// What the commitments in the entry stand for.
    opened: Vec<OpenedView>,
    /// Hashes from the entry's neighbour up to the root (RFC 6962), in base64.
    hashes: Vec<String>,
    /// The signed checkpoint.
    checkpoint: String,
    /// All of it as one text (c2sp.org/tlog-proof), to be kept in a file that ends in `.tlog-proof`; `extra` is
    /// `{"entry": …, "opened": […]}`.
    proof: String,
}

/// What a commitment stands for.
#[derive(Debug, Serialize, ToSchema)]
struct OpenedView {
    /// `who`, `where`, `what` or `patient`.
    name: String,
    /// 32 hexadecimal digits.
    salt: String,
    /// The value: `SHA-256(salt ‖ value)` is the commitment.
    value: String,
}

impl From<Opened> for OpenedView {
    fn from(opened: Opened) -> Self {
        Self {
            name: opened.name,
            salt: opened.salt,
            value: opened.value,
        }
    }
}

/// What a verifier needs besides the proof: the bytes, and what opens their commitments.
#[derive(Serialize)]
struct Extra<'a> {
    entry: &'a str,
    opened: &'a [Opened],
}

/// Get the proof that an entry is in the sealed log: its bytes, what the commitments in them stand for, the hashes up to
/// the root, and the checkpoint that the log's key signed. `access_log_not_sealed` for a second or two after the entry was
/// written. Auditors only.
#[utoipa::path(
    tag = "access_log",
    params(FindAccessLogProof),
    responses(
        (status = 200, content(
            (AccessLogProofView = "application/json"),
            (String = "text/plain"),
        )),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/access-log/{event_id}/proof")]
pub(super) async fn find_access_log_proof(
    ctx: Ctx,
    event_id: Path<Uuid>,
    query: Query<FindAccessLogProof>,
) -> Result<HttpResponse> {
    let mut view = ctx
        .read_log(async |tx| {
            let permit = policy::may_list(tx)?;
            let found = queries::find(tx, permit, *event_id).await?;
            let row = found.ok_or(Error::NotFound)?;
            let log = Entry::new("access_log.proof").on("audit_event", *event_id);
            tx.record(match row.event.patient_id {
                Some(patient_id) => log.of_patient(patient_id),
                None => log,
            });
            prove(tx, row).await
        })
        .await?;
    let verifier = ctx.app().signer.verifier(&view.origin).await;
    view.key = verifier.map_err(Error::unavailable)?.to_string();
    Ok(match query.0.format {
        ProofFormat::Json => HttpResponse::Ok().json(view),
        ProofFormat::Tlog => HttpResponse::Ok()
            .content_type("text/plain; charset=utf-8")
            .insert_header((
                header::CONTENT_DISPOSITION,
                format!("attachment; filename=\"{event_id}.tlog-proof\""),
            ))
            .body(view.proof),
    })
}

async fn prove(tx: &Tx<'_>, row: queries::Row) -> Result<AccessLogProofView> {
    let unsealed = || Error::Conflict("access_log_not_sealed", "the entry is not sealed yet");
    let head = sealing::current(tx).await?.ok_or_else(unsealed)?;
    let (checkpoint, note, _) = head.signed.ok_or_else(unsealed)?;
    let (_, index) = row
        .leaf
        .filter(|(tree, _)| *tree == head.tree)
        .ok_or_else(unsealed)?;
    let (id, index) = (row.event.id, index.cast_unsigned());
    let needed = tree::inclusion(index, checkpoint.size).ok_or_else(unsealed)?;
    let hashes = sealing::hashes(tx, head.tree, checkpoint.size, &needed).await?;
    let entry = row.event.into_entry(row.listed);
    let (bytes, opened) = (entry.canonical(), entry.open(Showing::All));
    let extra = Extra {
        entry: &bytes,
        opened: &opened,
    };
    let extra = serde_json::to_vec(&extra).map_err(Error::internal)?;
    let proof = text(&extra, index, &hashes, &note.to_string());
    Ok(AccessLogProofView {
        id,
        origin: head.origin,
        key: String::new(),
        index,
        size: checkpoint.size,
        entry: bytes,
        opened: opened.into_iter().map(OpenedView::from).collect(),
        hashes: hashes.iter().map(|hash| STANDARD.encode(hash.0)).collect(),
        checkpoint: note.to_string(),
        proof,
    })
}

/// The text of c2sp.org/tlog-proof.
fn text(extra: &[u8], index: u64, hashes: &[Hash], checkpoint: &str) -> String {
    let mut lines = vec![
        "c2sp.org/tlog-proof@v1".to_owned(),
        format!("extra {}", STANDARD.encode(extra)),
        format!("index {index}"),
    ];
    lines.extend(hashes.iter().map(|hash| STANDARD.encode(hash.0)));
    format!("{}\n\n{checkpoint}", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_as_the_specification_says() {
        let hash = tree::leaf_hash(b"one");
        let made = text(b"{}", 7, &[hash, hash], "log\n8\nroot\n\n— log AAAA\n");
        let one = STANDARD.encode(hash.0);
        let expected = format!(
            "c2sp.org/tlog-proof@v1\nextra e30=\nindex 7\n{one}\n{one}\n\nlog\n8\nroot\n\n— log AAAA\n"
        );
        assert_eq!(made, expected);
    }
}
