//! What is so with a patient (いまの状態).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::open_enum::open_enum;
use super::{Channel, Sensitivity};

open_enum! {
    /// How sure something is.
    pub enum FactConfidence {
        /// 確認済み
        Confirmed = "confirmed",
        /// 聞き取り
        Reported = "reported",
        /// 疑い
        Suspected = "suspected",
    }
}

open_enum! {
    /// Where something comes from.
    pub enum FactSourceKind {
        /// 自分で見た・行った
        Observation = "observation",
        /// 聞き取り
        Interview = "interview",
        /// タイムラインの投稿
        Post = "post",
        /// 病院などからの文書
        Document = "document",
        /// 書類・連携シート
        Sheet = "sheet",
        /// 取り込み
        Import = "import",
    }
}

open_enum! {
    /// What was said of a fact.
    pub enum FactAct {
        /// It was so for the first time.
        Create = "create",
        /// It is so now, instead of what was.
        Change = "change",
        /// It is still so.
        Confirm = "confirm",
        /// It is not so any more.
        End = "end",
    }
}

open_enum! {
    /// How much of a kind of facts the caller sees.
    pub enum FactSight {
        /// All.
        All = "all",
        /// A summary.
        Summary = "summary",
        /// What the own facility said.
        Own = "own",
        /// Nothing: which does not say that there is nothing.
        Nothing = "nothing",
    }
}

/// Something that is so with a patient, as far as the caller sees it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Fact {
    /// The fact's id.
    pub id: Uuid,
    /// Whose fact it is.
    pub patient_id: Uuid,
    /// Kind, by the published catalogue of facts: `allergy`, `device`, `medicine` …
    pub kind: String,
    /// Whom it is for.
    pub channel: Channel,
    /// What makes it sensitive; only on [`Channel::Sensitive`].
    pub sensitivity: Option<Sensitivity>,
    /// Counts what was said of it from 1; goes into `If-Match`.
    pub version: i64,
    /// Whether only a summary is open to the caller.
    pub summary_only: bool,
    /// What is so, by the fields of its kind.
    pub value: Value,
    /// What is added up.
    pub score: Option<FactScore>,
    /// What else is to be said.
    pub note: Option<String>,
    /// How sure it is.
    pub confidence: FactConfidence,
    /// Since when it is so.
    pub since: Option<NaiveDate>,
    /// Where it comes from.
    pub source: FactSource,
    /// Who said so.
    pub author: FactAuthor,
    /// When that was taken in.
    pub recorded_at: DateTime<Utc>,
    /// When somebody last found that it is so.
    pub confirmed_at: DateTime<Utc>,
    /// Who found it.
    pub confirmed_by_name: String,
    /// These facts say something else about the same.
    pub contradicts: Vec<Uuid>,
    /// Whether the caller may change, confirm and end it.
    pub changeable: bool,
    /// Set when it is not so any more.
    pub ended: Option<FactEnd>,
    /// What was so before, where it was asked for.
    pub earlier: Option<Vec<FactVersion>>,
}

/// A sum of points, such as DESIGN-R.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FactScore {
    /// The sum.
    pub points: u32,
    /// The highest sum that there is.
    pub highest: u32,
    /// In the notation of the scale.
    pub notation: Option<String>,
}

/// Where a fact comes from, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FactSource {
    /// Kind.
    pub kind: FactSourceKind,
    /// The post, document or sheet.
    pub id: Option<Uuid>,
    /// In words.
    pub text: Option<String>,
    /// Whether the post was taken back meanwhile.
    pub retracted: bool,
}

/// Who said something of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FactAuthor {
    /// The staff member.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Code of the profession.
    pub profession: String,
    /// Facility.
    pub facility_name: String,
}

/// The end of a fact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FactEnd {
    /// Since when it is not so.
    pub since: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub author: FactAuthor,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The fact that stands in its place.
    pub superseded_by: Option<Uuid>,
}

/// Something that was said of a fact.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct FactVersion {
    /// 1, 2, 3 …
    pub version: i64,
    /// What was said.
    pub act: FactAct,
    /// What is so; absent where nothing new was said.
    pub value: Option<Value>,
    /// What is added up.
    pub score: Option<FactScore>,
    /// What else was said.
    pub note: Option<String>,
    /// How sure it is.
    pub confidence: Option<FactConfidence>,
    /// Since when it is so; of an end, since when it is not.
    pub since: Option<NaiveDate>,
    /// Where it comes from.
    pub source: Option<FactSource>,
    /// Why it was changed or ended.
    pub reason: Option<String>,
    /// The fact that stands in its place.
    pub superseded_by: Option<Uuid>,
    /// When it was found.
    pub observed_at: DateTime<Utc>,
    /// Who wrote it.
    pub author: FactAuthor,
    /// When the server took it in.
    pub recorded_at: DateTime<Utc>,
}

/// The current state of a patient.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct FactList {
    /// Facts, the oldest first.
    pub items: Vec<Fact>,
    /// For each kind, what the caller sees and writes.
    pub kinds: Vec<FactKind>,
}

/// What the caller may do with a kind of facts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FactKind {
    /// Kind.
    pub kind: String,
    /// How much of it the caller sees.
    pub sees: FactSight,
    /// Whether the caller may write it.
    pub writes: bool,
}

/// Which facts to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListFacts {
    /// Of this kind only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Made of this post, document or sheet only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_id: Option<Uuid>,
    /// With what has ended and what was so before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history: Option<bool>,
}

/// Where a fact comes from, to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewFactSource {
    /// Kind.
    pub kind: FactSourceKind,
    /// The post, document or sheet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl NewFactSource {
    /// A source that cannot be looked at, such as what somebody saw or heard.
    pub fn of(kind: FactSourceKind) -> Self {
        Self {
            kind,
            id: None,
            text: None,
        }
    }

    /// A post.
    pub fn post(id: Uuid) -> Self {
        Self {
            id: Some(id),
            ..Self::of(FactSourceKind::Post)
        }
    }
}

/// Writing a fact.
#[derive(Clone, Debug, Serialize)]
pub struct CreateFact {
    /// The new fact's id, chosen by the caller.
    pub id: Uuid,
    /// Kind, by the published catalogue of facts.
    pub kind: String,
    /// Whom it is for: team, medical or sensitive.
    pub channel: Channel,
    /// What makes it sensitive; required on, and only on, [`Channel::Sensitive`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    /// What is so, by the fields of its kind.
    pub value: Value,
    /// What else is to be said, up to 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How sure it is.
    pub confidence: FactConfidence,
    /// Since when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// Where it comes from.
    pub source: NewFactSource,
    /// When it was found; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<DateTime<Utc>>,
}

impl CreateFact {
    /// Something that the caller saw, for the whole team, with a new id.
    pub fn seen(kind: impl Into<String>, value: Value) -> Self {
        Self {
            id: crate::new_id(),
            kind: kind.into(),
            channel: Channel::Team,
            sensitivity: None,
            value,
            note: None,
            confidence: FactConfidence::Confirmed,
            since: None,
            source: NewFactSource::of(FactSourceKind::Observation),
            observed_at: None,
        }
    }

    /// The same, made of a post.
    #[must_use]
    pub fn of_post(mut self, post: Uuid) -> Self {
        self.source = NewFactSource::post(post);
        self
    }

    /// The same on the sensitive channel.
    #[must_use]
    pub fn sensitive(mut self, subject: Sensitivity) -> Self {
        self.channel = Channel::Sensitive;
        self.sensitivity = Some(subject);
        self
    }
}

/// Saying what is so now, instead of what was so.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeFact {
    /// All of it, by the fields of the kind.
    pub value: Value,
    /// What else is to be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// How sure it is.
    pub confidence: FactConfidence,
    /// Since when it is so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// Where it comes from.
    pub source: NewFactSource,
    /// When it was found; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<DateTime<Utc>>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl ChangeFact {
    /// What the caller saw.
    pub fn seen(value: Value) -> Self {
        Self {
            value,
            note: None,
            confidence: FactConfidence::Confirmed,
            since: None,
            source: NewFactSource::of(FactSourceKind::Observation),
            observed_at: None,
            reason: None,
        }
    }
}

/// Saying that a fact still holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ConfirmFact {
    /// When it was found; now when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<DateTime<Utc>>,
}

/// Saying that a fact does not hold any more.
#[derive(Clone, Debug, Serialize)]
pub struct EndFact {
    /// Why, up to 500 characters.
    pub reason: String,
    /// Since when it is not so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
    /// The fact that stands in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<Uuid>,
}

impl EndFact {
    /// For this reason.
    pub fn because(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            since: None,
            superseded_by: None,
        }
    }
}
