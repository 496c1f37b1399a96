//! What is in a copy beside the timeline: read at once, because it does not grow with the years. Other features add their
//! parts here.

use serde_json::{Value, json};
use uuid::Uuid;

use super::queries;
use crate::{
    Result,
    ctx::Tx,
    features::{care_team, consents, patients, professions},
    spine::access::PatientAccess,
};

/// A part of the record that a feature adds: what the reader may read of it, decided by that feature.
#[derive(Debug, Clone)]
pub struct Section {
    /// Name of its file in a ZIP, without ending: `facts`.
    pub name: &'static str,
    /// Its heading on paper: 現在の状態.
    pub title: &'static str,
    /// As the interface shows it.
    pub items: Vec<Value>,
    /// What paper shows of it: a heading and what it says.
    pub lines: Vec<(String, String)>,
}

/// A file that hangs on a post: a photo, a video, a document.
#[derive(Debug, Clone)]
pub struct AttachedFile {
    /// Its identifier; also its name in a ZIP.
    pub id: Uuid,
    /// The post that it hangs on.
    pub post_id: Uuid,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Its bytes.
    pub size: u64,
}

/// Everything of a copy but posts and accesses.
pub(super) struct Front {
    pub(super) network: String,
    pub(super) patient: Value,
    pub(super) consents: Option<Vec<Value>>,
    pub(super) team: Option<Vec<Value>>,
    pub(super) sections: Vec<Section>,
    /// Professions in Japanese, by code.
    pub(super) professions: Value,
}

impl Front {
    pub(super) async fn read(tx: &Tx<'_>, access: &PatientAccess) -> Result<Self> {
        let consents = consents::copy(tx, access).await?;
        let consents = consents.map(|all| all.iter().map(|one| json!(one)).collect());
        let known = professions::known(tx).await?;
        let professions = known.into_iter().map(|known| (known.code, json!(known.ja)));
        Ok(Self {
            network: queries::network(tx).await?,
            patient: patients::copy(tx, access.patient_id()).await?,
            consents,
            team: care_team::copy(tx, access).await?,
            sections: sections(tx, access).await?,
            professions: Value::Object(professions.collect()),
        })
    }

    /// A profession in Japanese.
    pub(super) fn profession<'a>(&'a self, code: &'a str) -> &'a str {
        self.professions
            .get(code)
            .and_then(Value::as_str)
            .unwrap_or(code)
    }
}

/// The parts that other features add, in the order in which paper shows them.
#[expect(
    clippy::unused_async,
    reason = "features that have a part read it here"
)]
async fn sections(_: &Tx<'_>, _: &PatientAccess) -> Result<Vec<Section>> {
    Ok(Vec::new())
}

/// The files that hang on these posts, as far as the reader may see them.
#[expect(
    clippy::unused_async,
    reason = "the feature that keeps files reads them here"
)]
pub(super) async fn attached(
    _: &Tx<'_>,
    _: &PatientAccess,
    _: &[Uuid],
) -> Result<Vec<AttachedFile>> {
    Ok(Vec::new())
}

/// A piece of such a file, from this byte; empty after its end.
#[expect(
    clippy::unused_async,
    reason = "the feature that keeps files reads them here"
)]
pub(super) async fn read_attached(_: &Tx<'_>, _: &AttachedFile, _: u64) -> Result<Vec<u8>> {
    Ok(Vec::new())
}
