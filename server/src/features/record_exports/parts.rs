//! What is in a copy beside the timeline: read at once, because it does not grow with the years. Other features add their
//! parts in [`sections`].

use serde_json::{Value, json};

use super::queries;
use crate::{
    Result,
    ctx::Tx,
    features::{care_team, consents, facts, patients, professions},
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
async fn sections(tx: &Tx<'_>, access: &PatientAccess) -> Result<Vec<Section>> {
    let (mut items, mut lines) = (Vec::new(), Vec::new());
    for fact in facts::copy(tx, access).await? {
        items.push(fact.item);
        lines.push((fact.heading, fact.line));
    }
    Ok(vec![Section {
        name: "facts",
        title: "いまの状態",
        items,
        lines,
    }])
}
