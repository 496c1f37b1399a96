//! Whom a post mentions, and telling them.

use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::publish;
use crate::{
    Result,
    ctx::Tx,
    features::notices::{self, About, Kind},
};

/// Whom a post mentions. Whoever is mentioned may read the post.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Mention {
    /// People, at most 30.
    #[serde(default)]
    pub(super) staff_member_ids: Vec<Uuid>,
    /// Codes of professions that somebody holds who may read the post, at most 10.
    #[serde(default)]
    pub(super) professions: Vec<String>,
}

/// Tells those whom a new post mentions, and whoever is to approve it.
pub(super) async fn tell(
    tx: &Tx<'_>,
    (patient_id, id): (Uuid, Uuid),
    mentions: &Mention,
    on_behalf_of: Option<Uuid>,
) -> Result<()> {
    let about = About {
        what: "post",
        id,
        patient_id: Some(patient_id),
        at_once: false,
    };
    if !mentions.staff_member_ids.is_empty() || !mentions.professions.is_empty() {
        let people = publish::mentioned(tx, id).await?;
        notices::enqueue(tx, Kind::Mention, &people, about).await?;
    }
    if let Some(principal) = on_behalf_of {
        notices::enqueue(tx, Kind::Approval, &[principal], about).await?;
    }
    Ok(())
}
