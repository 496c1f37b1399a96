//! Requests to acknowledge or to answer posts (確認の依頼).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;
use super::staff_member::Profession;

open_enum! {
    /// Of a profession or a facility, who is asked.
    pub enum AskFrom {
        /// One of them is enough.
        Any = "any",
        /// Everybody for himself or herself.
        Each = "each",
    }
}

open_enum! {
    /// Where a request stands.
    pub enum AskState {
        /// It was asked.
        Asked = "asked",
        /// People were reminded.
        Reminded = "reminded",
        /// It went on to somebody else.
        Escalated = "escalated",
        /// Somebody takes it.
        Acknowledged = "acknowledged",
        /// Somebody has answered.
        Answered = "answered",
        /// It was taken back.
        Withdrawn = "withdrawn",
    }
}

open_enum! {
    /// The part somebody has in a request.
    pub enum AskPart {
        /// Asked at first.
        Asked = "asked",
        /// As deputy.
        Deputy = "deputy",
        /// As duty contact of the facility.
        Duty = "duty",
        /// As a duty contact who may not read the post.
        Told = "told",
        /// Whoever asked.
        Asker = "asker",
    }
}

/// Asking people, professions or facilities to acknowledge a post or to answer it. At least one of them.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AskAcknowledgement {
    /// People, at most 50.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub staff_member_ids: Vec<Uuid>,
    /// Professions, at most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub professions: Vec<Profession>,
    /// Facilities, at most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facility_ids: Vec<Uuid>,
    /// Whether one of a profession or facility is enough, which is so when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<AskFrom>,
    /// Whether a reply is asked for.
    pub answer: bool,
    /// Whether quiet hours do not count.
    pub urgent: bool,
    /// Until when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
}

/// Whom a request goes to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AskedOf {
    /// The person, when it is one.
    pub staff_member_id: Option<Uuid>,
    /// The person's name.
    pub name: Option<String>,
    /// The profession that is asked, or through which the person is.
    pub profession: Option<Profession>,
    /// The facility that is asked, or through which the person is.
    pub facility_id: Option<Uuid>,
    /// Its name.
    pub facility_name: Option<String>,
}

/// Somebody who has a part in a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AskPerson {
    /// Who.
    pub staff_member_id: Uuid,
    /// Name.
    pub name: String,
    /// Profession.
    pub profession: Profession,
    /// The part.
    pub part: AskPart,
}

/// Something that happened to a request.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AskStep {
    /// When.
    pub at: DateTime<Utc>,
    /// `reminded`, `deputy`, `duty`, `told`, `nobody`, `acknowledged`, `answered` or `withdrawn`.
    pub what: String,
    /// To whom it went, or who did it.
    pub name: Option<String>,
}

/// A request to acknowledge or to answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Ask {
    /// The request's id.
    pub id: Uuid,
    /// The post.
    pub post_id: Uuid,
    /// Who asks.
    pub asked_by: Uuid,
    /// Name.
    pub asked_by_name: String,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Until when.
    pub due_at: Option<DateTime<Utc>>,
    /// Whom it goes to.
    pub of: AskedOf,
    /// Whether a reply is asked for.
    pub answer: bool,
    /// Whether quiet hours do not count.
    pub urgent: bool,
    /// Where it stands.
    pub state: AskState,
    /// When people were reminded.
    pub reminded_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub closed_by_name: Option<String>,
    /// The reply.
    pub answer_post_id: Option<Uuid>,
    /// Everybody who has a part in it.
    pub people: Vec<AskPerson>,
    /// What happened to it, in order.
    pub steps: Vec<AskStep>,
    /// Whether the caller asked it.
    pub mine: bool,
}

/// A request with the post and the patient that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Duty {
    /// The request.
    pub ask: Ask,
    /// The caller's part.
    pub part: AskPart,
    /// Whether the time is over.
    pub overdue: bool,
    /// The patient; absent for somebody who is only told.
    pub patient_id: Option<Uuid>,
    /// Name.
    pub patient_name: Option<String>,
    /// Kind of the post.
    pub post_kind: Option<String>,
    /// Channel of the post.
    pub channel: Option<String>,
    /// Its beginning.
    pub excerpt: Option<String>,
}

open_enum! {
    /// Whose requests to list.
    pub enum ListAsked {
        /// What is asked of the caller.
        OfMe = "of_me",
        /// What the caller has asked.
        ByMe = "by_me",
    }
}

/// Which requests to list.
#[derive(Clone, Debug, Serialize)]
pub struct ListAcknowledgements {
    /// Whose.
    pub asked: ListAsked,
    /// Of what the caller has asked, only what is open.
    pub open: bool,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

impl ListAcknowledgements {
    /// What is asked of the caller and open.
    pub fn of_me() -> Self {
        Self {
            asked: ListAsked::OfMe,
            open: true,
            cursor: None,
            limit: None,
        }
    }

    /// Everything that the caller has asked.
    pub fn by_me() -> Self {
        Self {
            asked: ListAsked::ByMe,
            open: false,
            ..Self::of_me()
        }
    }
}
