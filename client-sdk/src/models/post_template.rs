//! Templates of posts (ひな形).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::staff_member::Profession;
use super::timeline::PostKind;

/// A text to begin a post with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PostTemplate {
    /// The template's id; absent for a built-in one.
    pub id: Option<Uuid>,
    /// Code of a built-in one.
    pub built_in: Option<String>,
    /// The facility whose people use it; absent: everybody.
    pub facility_id: Option<Uuid>,
    /// Its name.
    pub facility_name: Option<String>,
    /// The profession that it is for; absent: every one, or by group for a built-in one.
    pub profession: Option<Profession>,
    /// The kind of post that it begins.
    pub kind: PostKind,
    /// What it is called.
    pub title: String,
    /// The text.
    pub body: String,
    /// Counts the changes from 1; 0 for a built-in one.
    pub version: i64,
    /// Who wrote or changed it last.
    pub kept_by_name: Option<String>,
    /// When.
    pub kept_at: Option<DateTime<Utc>>,
}

/// Which templates to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListPostTemplates {
    /// Those that the caller keeps, instead of those that the caller uses.
    pub kept: bool,
}

/// Keeping a new template.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePostTemplate {
    /// The new template's id, chosen by the caller.
    pub id: Uuid,
    /// The facility whose people use it; absent: everybody, which administrators of the network decide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<Uuid>,
    /// The profession that it is for; absent: every one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession: Option<Profession>,
    /// The kind of post that it begins.
    pub kind: PostKind,
    /// What it is called, up to 60 characters.
    pub title: String,
    /// The text, up to 4,000 characters, without anything about a patient.
    pub body: String,
}

/// Changing a template.
#[derive(Clone, Debug, Serialize)]
pub struct UpdatePostTemplate {
    /// The profession that it is for; absent: every one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profession: Option<Profession>,
    /// The kind of post that it begins.
    pub kind: PostKind,
    /// What it is called.
    pub title: String,
    /// The text.
    pub body: String,
}
