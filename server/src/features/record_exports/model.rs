//! What is asked for, and how far it is.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use tsumugi_schema::tables::record_exports;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::spine::access::Scope;

/// How long a copy can be fetched.
pub(super) const KEPT: TimeDelta = TimeDelta::hours(24);
/// How long a link is good.
pub(super) const LINK: TimeDelta = TimeDelta::minutes(5);
/// After so long without a sign of life somebody else goes on.
pub(super) const LEASE: TimeDelta = TimeDelta::minutes(5);
/// How often making a copy is tried.
pub(super) const ATTEMPTS: i32 = 5;
/// Copies of one person that are not ready yet.
pub(super) const MOST_WAITING: i64 = 3;
/// Most posts in a copy; for more, the person chooses a span.
pub(super) const MOST_POSTS: usize = 300_000;

/// As what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordExportFormat)]
pub(super) enum Format {
    /// PDF/A, to be read and printed
    Pdf,
    /// Files for other programs, with FHIR
    Zip,
}

impl Format {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Zip => "zip",
        }
    }

    pub(super) fn parse(code: &str) -> Self {
        if code == "zip" { Self::Zip } else { Self::Pdf }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Zip => "application/zip",
        }
    }
}

/// What a copy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecordExportPurpose)]
pub(super) enum For {
    /// 開示請求
    Disclosure,
    /// 転院・引き継ぎ
    Transfer,
    /// 本人の求め
    OwnRequest,
    /// その他
    Other,
}

impl For {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Disclosure => "disclosure",
            Self::Transfer => "transfer",
            Self::OwnRequest => "own_request",
            Self::Other => "other",
        }
    }

    pub(super) fn parse(code: &str) -> Self {
        match code {
            "disclosure" => Self::Disclosure,
            "transfer" => Self::Transfer,
            "own_request" => Self::OwnRequest,
            _ => Self::Other,
        }
    }

    pub(super) fn ja(self) -> &'static str {
        match self {
            Self::Disclosure => "開示請求",
            Self::Transfer => "転院・引き継ぎ",
            Self::OwnRequest => "本人の求め",
            Self::Other => "その他",
        }
    }

    /// Whether it is handed to the patient, so that who has looked belongs to it.
    pub(super) fn is_for_patient(self) -> bool {
        matches!(self, Self::Disclosure | Self::OwnRequest)
    }
}

/// A copy that somebody asked for.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = record_exports, check_for_backend(diesel::pg::Pg))]
pub(super) struct RecordExport {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) staff_member_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) session_id: Uuid,
    pub(super) format: String,
    pub(super) purpose: String,
    pub(super) reason: Option<String>,
    pub(super) purpose_of_use: String,
    pub(super) from_on: Option<NaiveDate>,
    pub(super) to_on: Option<NaiveDate>,
    pub(super) asked_at: DateTime<Utc>,
    pub(super) state: String,
    pub(super) failure: Option<String>,
    pub(super) attempts: i32,
    pub(super) done_posts: i32,
    pub(super) posts: Option<i32>,
    pub(super) scope: Option<Vec<String>>,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

impl RecordExport {
    pub(super) fn format(&self) -> Format {
        Format::parse(&self.format)
    }

    pub(super) fn purpose(&self) -> For {
        For::parse(&self.purpose)
    }

    /// Whether its files can be fetched.
    pub(super) fn is_there(&self, now: DateTime<Utc>) -> bool {
        self.state == "ready" && self.expires_at.is_some_and(|end| end > now)
    }

    /// How far it is at this moment: what has run out is gone, even before its bytes are.
    pub(super) fn state(&self, now: DateTime<Utc>) -> &str {
        if self.state == "ready" && !self.is_there(now) {
            "expired"
        } else {
            &self.state
        }
    }

    /// Whether everything that it holds may still be read by whoever has this scope.
    pub(super) fn is_within(&self, scope: &Scope) -> bool {
        let now = words_of(scope);
        self.scope.iter().flatten().all(|class| {
            let anybody = class.strip_prefix(OWN).unwrap_or(class);
            now.iter().any(|may| may == class || may == anybody)
        })
    }
}

/// Before a class of which only what the own facility wrote may be read.
const OWN: &str = "own:";

/// A scope as it is kept with a copy.
pub(super) fn words_of(scope: &Scope) -> Vec<String> {
    // Of posts for named people, those that name the reader: whoever else reads the copy is somebody else.
    let all = scope
        .all
        .iter()
        .chain(&scope.named)
        .map(ToString::to_string);
    let own = scope.own.iter().chain(&scope.named_own);
    let own = own.filter(|class| !scope.all.contains(class) && !scope.named.contains(class));
    all.chain(own.map(|class| format!("{OWN}{class}")))
        .collect()
}

/// A file of a copy: number, media type, size, digest, pieces.
pub(super) type FileRow = (i32, String, i64, Vec<u8>, i32);

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(all: &[&'static str], own: &[&'static str]) -> Scope {
        Scope {
            all: all.to_vec(),
            own: own.to_vec(),
            named: Vec::new(),
            named_own: Vec::new(),
            facility: Uuid::nil(),
        }
    }

    #[test]
    fn a_copy_is_given_out_while_all_that_it_holds_may_be_read() {
        let made = scope(&["team/note"], &["team/note", "team/vitals"]);
        let mut copy = RecordExport {
            id: Uuid::nil(),
            patient_id: Uuid::nil(),
            staff_member_id: Uuid::nil(),
            account_id: Uuid::nil(),
            session_id: Uuid::nil(),
            format: "pdf".into(),
            purpose: "other".into(),
            reason: None,
            purpose_of_use: "TREAT".into(),
            from_on: None,
            to_on: None,
            asked_at: DateTime::UNIX_EPOCH,
            state: "ready".into(),
            failure: None,
            attempts: 1,
            done_posts: 0,
            posts: None,
            scope: Some(words_of(&made)),
            expires_at: Some(DateTime::UNIX_EPOCH + KEPT),
        };
        assert!(copy.is_within(&made));
        assert!(copy.is_within(&scope(&["team/note", "team/vitals"], &[])));
        assert!(!copy.is_within(&scope(&["team/note"], &[])));
        assert!(!copy.is_within(&scope(&[], &["team/note", "team/vitals"])));
        let end = DateTime::UNIX_EPOCH + KEPT;
        assert_eq!(copy.state(end - TimeDelta::seconds(1)), "ready");
        assert_eq!(copy.state(end), "expired");
        copy.state = "making".into();
        assert_eq!(copy.state(end), "making");
    }
}
