//! What a person learns of the own account: purposes, what the rules allow, whose family it is.

use serde::Deserialize;
use uuid::Uuid;

use super::purpose::Purpose;
use super::relative::RelationKind;
use super::session::Me;

/// The patient whose patient's or family's account this is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OwnRelation {
    /// The patient.
    pub patient_id: Uuid,
    /// Whether the account is the patient's, of family, or of a proxy.
    pub relation: RelationKind,
    /// The relation in words, such as `長女`.
    pub label: String,
}

impl Me {
    /// Whether the rules allow this network-level action, such as `patient.create`. For showing
    /// and hiding buttons; the server decides anew at every request.
    pub fn is_allowed(&self, action: &str) -> bool {
        self.may.iter().any(|allowed| allowed == action)
    }

    /// The purpose of use that requests of this person usually state.
    pub fn usual_purpose(&self) -> Purpose {
        self.purposes
            .first()
            .cloned()
            .unwrap_or_else(|| Purpose::of_role(&self.role))
    }
}
