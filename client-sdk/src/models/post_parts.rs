//! What a post is beside its content: people, conversation, reactions, pin, approval, wound.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;
use super::staff_member::Profession;
use super::timeline::Post;

open_enum! {
    /// What can be said to a post with one touch. No acknowledgement.
    pub enum Reaction {
        /// 了解しました
        Noted = "noted",
        /// ありがとうございます
        Thanks = "thanks",
        /// 訪問します
        WillVisit = "will_visit",
        /// 電話します
        WillCall = "will_call",
        /// 対応します
        WillHandle = "will_handle",
    }
}

open_enum! {
    /// Where a post stands that was entered on behalf of somebody.
    pub enum ApprovalState {
        /// 承認待ち
        Waiting = "waiting",
        /// 承認済み
        Approved = "approved",
        /// 差し戻し
        Returned = "returned",
    }
}

open_enum! {
    /// Whose part in approvals is listed.
    pub enum ApprovalPart {
        /// What was entered on the caller's behalf and waits.
        Approver = "approver",
        /// What the caller entered for others and is not approved yet.
        Author = "author",
    }
}

/// Somebody whom a post names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PostPerson {
    /// The person.
    pub staff_member_id: Uuid,
    /// The person's name.
    pub name: String,
    /// The person's profession.
    pub profession: Profession,
    /// Where the person works.
    pub facility_name: String,
}

/// Whom a post mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Mentions {
    /// People.
    pub people: Vec<PostPerson>,
    /// Professions.
    pub professions: Vec<Profession>,
    /// Whether the caller is meant, by name or by profession.
    pub mine: bool,
}

/// A reaction with everybody who chose it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PostReaction {
    /// Which.
    pub reaction: Reaction,
    /// Who, the first first.
    pub people: Vec<ReactingPerson>,
    /// Whether the caller is among them.
    pub mine: bool,
}

/// Somebody who reacted to a post.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReactingPerson {
    /// The person.
    pub staff_member_id: Uuid,
    /// The person's name.
    pub name: String,
    /// The person's profession.
    pub profession: Profession,
    /// When.
    pub at: DateTime<Utc>,
}

/// That a post stays on top of its timeline.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PostPin {
    /// Who put it there.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// For whom a post was entered (代行入力), and what that person says to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OnBehalf {
    /// That person.
    pub person: PostPerson,
    /// Where its newest version stands.
    pub state: ApprovalState,
    /// When it was approved or returned.
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was returned last.
    pub reason: Option<String>,
    /// Whether that person is the caller.
    pub mine: bool,
}

/// The wound that a post is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostWound {
    /// Where on the body: a code such as `sacrum` or `heel_left`.
    pub site: String,
    /// What the team calls it, to tell two at one site apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// A wound of a patient, with what was written about it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WoundSummary {
    /// Where on the body.
    pub site: String,
    /// What the team calls it.
    pub label: Option<String>,
    /// How many posts there are about it.
    pub posts: i64,
    /// When the first of them saw it.
    pub first_observed_at: DateTime<Utc>,
    /// When the last of them saw it.
    pub last_observed_at: DateTime<Utc>,
    /// One of them: the way to the whole series.
    pub post_id: Uuid,
}

/// Whom a new post mentions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Mention {
    /// People who may read the post, at most 30.
    pub staff_member_ids: Vec<Uuid>,
    /// Professions that a reader of the post holds, at most 10.
    pub professions: Vec<Profession>,
}

impl Mention {
    /// Whether it mentions nobody.
    pub fn is_empty(&self) -> bool {
        self.staff_member_ids.is_empty() && self.professions.is_empty()
    }
}

/// Reacting to a post, or taking that back.
#[derive(Clone, Debug, Serialize)]
pub struct ReactToPost {
    /// Which reaction.
    pub reaction: Reaction,
}

/// Giving back what was entered on the caller's behalf.
#[derive(Clone, Debug, Serialize)]
pub struct ReturnPost {
    /// What is to be changed.
    pub reason: String,
}

/// Which approvals to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListApprovals {
    /// Whose part; the approver's when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<ApprovalPart>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A post that was entered on behalf of somebody, with the name of the patient.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Approval {
    /// Name of the patient.
    pub patient_name: String,
    /// The post.
    pub post: Post,
}

/// Which part of a conversation or of a wound's series to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListPosts {
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
