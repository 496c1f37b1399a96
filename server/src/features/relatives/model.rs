//! Relations of accounts to a patient.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Relation {
    /// 本人
    #[serde(rename = "self")]
    Patient,
    /// 家族
    Family,
    /// 代理人
    Proxy,
}

impl Relation {
    /// The code in the database.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Patient => "self",
            Self::Family => "family",
            Self::Proxy => "proxy",
        }
    }

    /// The profession of the post that the account stands on.
    pub(super) fn profession(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Family | Self::Proxy => "family",
        }
    }

    /// How the invitation addresses its reader, without a name.
    pub(super) fn form_of_address(self) -> &'static str {
        match self {
            Self::Patient => "ご利用者",
            Self::Family => "ご家族",
            Self::Proxy => "代理人",
        }
    }
}
