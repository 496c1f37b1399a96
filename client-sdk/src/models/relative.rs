//! Accounts of patients and their families (本人・家族・代理人), each for one patient.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::factor::NewInvitation;
use super::open_enum::open_enum;

open_enum! {
    /// Whose account it is.
    pub enum RelationKind {
        /// 本人
        Patient = "self",
        /// 家族
        Family = "family",
        /// 代理人
        Proxy = "proxy",
    }
}

/// The patient or a relative, with an account for this patient.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Relative {
    /// The relation's id.
    pub id: Uuid,
    /// The account.
    pub account_id: Option<Uuid>,
    /// Whether it is the patient, family, or a proxy.
    pub relation: RelationKind,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// The relation in words, such as `長女`.
    pub label: String,
    /// Login name without the network.
    pub login_name: Option<String>,
    /// Address for invitations and notices.
    pub email: Option<String>,
    /// Whether the person has finished enrolment.
    #[serde(default)]
    pub enrolled: bool,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day; absent while no end is set.
    pub ends_on: Option<NaiveDate>,
    /// Whether today is between the two.
    #[serde(default)]
    pub active: bool,
}

/// Giving the patient or a relative an account.
#[derive(Clone, Debug, Serialize)]
pub struct CreateRelative {
    /// The new relation's id, chosen by the caller.
    pub id: Uuid,
    /// Whether it is the patient, family, or a proxy.
    pub relation: RelationKind,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// The relation in words, such as `長女`.
    pub label: String,
    /// Login name without the network.
    pub login_name: String,
    /// Address to which the link goes.
    pub email: String,
}

/// An account for the patient or a relative, with the invitation to enrol.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct CreatedRelative {
    /// The patient or relative.
    pub relative: Relative,
    /// The invitation; its code is shown this once.
    pub invitation: NewInvitation,
}

/// Ending what a relative may see.
#[derive(Clone, Debug, Serialize)]
pub struct EndRelative {
    /// The last day.
    pub ends_on: NaiveDate,
}
