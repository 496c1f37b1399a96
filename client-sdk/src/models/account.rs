//! Accounts, as the network's administrators see them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facility::FacilityReference;
use super::open_enum::open_enum;
use super::session::Role;
use super::staff_member::Profession;
use crate::secret::Secret;

open_enum! {
    /// Whether a person's licence has been verified.
    pub enum LicenceState {
        /// 確認済み
        Verified = "verified",
        /// 期限切れ
        Expired = "expired",
        /// 未確認
        Unverified = "unverified",
        /// The profession needs none.
        NotRequired = "not_required",
    }
}

open_enum! {
    /// Which licences to look for.
    pub enum LicenceFilter {
        /// People whose licence nobody has verified.
        Unverified = "unverified",
        /// People whose licence ends soon.
        Expiring = "expiring",
    }
}

/// An account of the network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Account {
    /// The account's id.
    pub id: Uuid,
    /// Login name.
    pub login: String,
    /// What the account may do.
    pub role: Role,
    /// Address for invitations and notices.
    pub email: Option<String>,
    /// Full name.
    pub name: String,
    /// Profession of the post that a new session acts for.
    pub profession: Option<Profession>,
    /// Facility of that post.
    pub facility: Option<FacilityReference>,
    /// When somebody last signed in with it; absent when nobody ever did.
    pub last_signed_in_at: Option<DateTime<Utc>>,
    /// Since when it is suspended; absent while it can be used.
    pub suspended_at: Option<DateTime<Utc>>,
    /// Whether its owner has finished enrolment.
    pub enrolled: bool,
    /// Until when sign-in is refused after wrong attempts.
    pub locked_until: Option<DateTime<Utc>>,
    /// All posts of the person valid today.
    #[serde(default)]
    pub posts: Vec<AccountPost>,
    /// The post that a new session acts for, unless another is chosen.
    pub staff_member_id: Option<Uuid>,
    /// Whether the person's licence has been verified; absent where the answer is about something
    /// else.
    pub licence: Option<LicenceState>,
}

/// A post of the owner of an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccountPost {
    /// The post.
    pub id: Uuid,
    /// The profession.
    pub profession: Profession,
    /// The facility.
    pub facility: FacilityReference,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day; absent while it lasts.
    pub ends_on: Option<NaiveDate>,
}

/// Which accounts to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListAccounts {
    /// Part of the name, its kana or the login.
    #[serde(rename = "q", skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only people of this facility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<Uuid>,
    /// Only accounts with which nobody has signed in for this many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unused_days: Option<u32>,
    /// Only people with such a licence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licence: Option<LicenceFilter>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Suspending an account.
#[derive(Clone, Debug, Serialize)]
pub struct SuspendAccount {
    /// Why.
    pub reason: String,
}

/// Starting anew with an account whose owner has lost every factor.
#[derive(Clone, Debug, Serialize)]
pub struct ResetAccount {
    /// Why, and how the person's identity was checked.
    pub reason: String,
}

/// Giving somebody a code that works in place of the second factor for a while.
#[derive(Clone, Debug, Serialize)]
pub struct CreateTemporaryCode {
    /// The code's id, chosen by the caller.
    pub id: Uuid,
    /// Why, such as a phone that was left at home.
    pub reason: String,
    /// For how many minutes it is good, 5 to 1440.
    pub minutes: u32,
}

impl CreateTemporaryCode {
    /// A code that is good for `minutes`, with a new id.
    pub fn new(reason: impl Into<String>, minutes: u32) -> Self {
        Self {
            id: crate::new_id(),
            reason: reason.into(),
            minutes,
        }
    }
}

/// A temporary code at the moment it was made.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct TemporaryCode {
    /// The code, beginning with `T-`. Shown this once: the server keeps only a digest.
    pub code: Secret,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// What ended when temporary codes were ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EndedTemporaryCodes {
    /// Codes that are good no more.
    pub ended_codes: u64,
    /// Sessions that had been opened with such codes, ended at once.
    pub ended_sessions: u64,
}
