//! Posts on a patient's timeline.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::acknowledgement::{Ask, AskAcknowledgement};
use super::attachment::Attachment;
use super::information::Sensitivity;
use super::open_enum::open_enum;
use super::post_parts::{
    Mention, Mentions, OnBehalf, PostPerson, PostPin, PostReaction, PostWound,
};
use super::staff_member::Profession;
use super::vitals::{News2, VitalSigns};

open_enum! {
    /// Who may read a post.
    pub enum Channel {
        /// チーム全員
        Team = "team",
        /// 医療職のみ
        Medical = "medical",
        /// ご家族との連絡: the team, the patient and the family
        Family = "family",
        /// 機微情報: whom the patient's consent names
        Sensitive = "sensitive",
        /// 指名した人だけ: the author and the people whom the post names
        Named = "named",
    }
}

open_enum! {
    /// What a post carries.
    pub enum PostKind {
        /// 記録・連絡
        Note = "note",
        /// バイタル
        Vitals = "vitals",
        /// 文書
        Document = "document",
        /// 服薬の様子
        Medication = "medication",
        /// 褥瘡・創部
        Wound = "wound",
        /// 訪問報告
        VisitReport = "visit_report",
        /// 急な変化
        Urgent = "urgent",
        /// 看取り
        EndOfLife = "end_of_life",
        /// お知らせ
        Notice = "notice",
    }
}

open_enum! {
    /// Whether a person or a program wrote something.
    pub enum AuthorKind {
        /// A person.
        Staff = "staff",
        /// A program of a facility.
        System = "system",
    }
}

open_enum! {
    /// The caller's own part in a post's acknowledgement.
    pub enum MyAcknowledgement {
        /// Nobody asked, and the caller did not acknowledge.
        None = "none",
        /// The caller was asked and has not acknowledged yet.
        Asked = "asked",
        /// The caller was asked for a reply and has not replied yet.
        Answer = "answer",
        /// The caller acknowledged or replied.
        Done = "done",
    }
}

/// A post, as far as the caller may see.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Post {
    /// The post's id.
    pub id: Uuid,
    /// The patient it is about.
    pub patient_id: Uuid,
    /// What it carries.
    pub kind: PostKind,
    /// Who may read it.
    pub channel: Channel,
    /// What makes it sensitive; only on [`Channel::Sensitive`].
    pub sensitivity: Option<Sensitivity>,
    /// Who wrote it.
    pub author: Author,
    /// The post it answers.
    pub reply_to: Option<ReplyTo>,
    /// When the thing described happened.
    pub observed_at: DateTime<Utc>,
    /// When the server recorded it.
    pub recorded_at: DateTime<Utc>,
    /// Counts the amendments from 1; goes into `If-Match`.
    pub version: i64,
    /// When it was last amended.
    pub amended_at: Option<DateTime<Utc>>,
    /// Set when the author took it back.
    pub retraction: Option<Retraction>,
    /// The text; absent when the post was retracted or has none.
    pub body: Option<String>,
    /// Measured values.
    pub vitals: Option<VitalSigns>,
    /// What they score together; absent where too little was measured.
    pub news2: Option<News2>,
    /// The document it announces.
    pub document: Option<PostedDocument>,
    /// Files, in their order.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Who was asked to acknowledge, and who did.
    pub acknowledgement: Acknowledgement,
    /// Whether the server added it because a vital sign was outside its limits, in the name of the author.
    #[serde(default)]
    pub automatic: bool,
    /// Whether it is newer than the caller's read mark.
    pub unread: bool,
    /// Whether the caller wrote it.
    pub mine: bool,
    /// How it came from a room, when it was said there.
    #[serde(default)]
    pub moved: Option<PostMove>,
    /// The post that its conversation began with; absent when this one did.
    #[serde(default)]
    pub thread_id: Option<Uuid>,
    /// How many answers the caller may read of the conversation that it began.
    #[serde(default)]
    pub reply_count: i64,
    /// Who may read it beside its author, on [`Channel::Named`].
    #[serde(default)]
    pub recipients: Vec<PostPerson>,
    /// Whom it mentions.
    #[serde(default)]
    pub mentions: Mentions,
    /// What people answered with one touch.
    #[serde(default)]
    pub reactions: Vec<PostReaction>,
    /// Set while it stays on top of the timeline.
    #[serde(default)]
    pub pin: Option<PostPin>,
    /// For whom it was entered, when that is not its author.
    #[serde(default)]
    pub on_behalf: Option<OnBehalf>,
    /// The wound that it is about.
    #[serde(default)]
    pub wound: Option<PostWound>,
}

/// How a post came from a room.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PostMove {
    /// Who put it on the timeline.
    pub by_name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// From where: `room`.
    pub from: String,
}

/// Who wrote a post.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Author {
    /// A person or a program.
    pub kind: AuthorKind,
    /// The staff member or system client.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Profession of a person.
    pub profession: Option<Profession>,
    /// Where the author works.
    pub facility_name: Option<String>,
}

/// The post another one answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ReplyTo {
    /// The post's id.
    pub id: Uuid,
    /// Who wrote it.
    pub author_name: String,
    /// Its beginning; absent when the caller may not see it or it was retracted.
    pub excerpt: Option<String>,
}

/// That a post was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Retraction {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by_name: String,
    /// Why.
    pub reason: String,
}

/// The document a post announces.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PostedDocument {
    /// The document's id.
    pub id: Uuid,
    /// Its title.
    pub title: String,
    /// Code of its type (LOINC).
    pub type_code: String,
    /// Name of its type.
    pub type_label: String,
    /// When it was written.
    pub authored_at: DateTime<Utc>,
    /// Who wrote it.
    pub author_name: Option<String>,
    /// The institution it comes from.
    pub institution_name: Option<String>,
    /// Its beginning.
    pub excerpt: Option<String>,
}

/// Who was asked to acknowledge a post, and who did.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Acknowledgement {
    /// Until when the people asked should have acknowledged.
    pub due_at: Option<DateTime<Utc>>,
    /// The people asked, each with the time of the acknowledgement.
    pub asked: Vec<AskedPerson>,
    /// Everybody who acknowledged, asked or not.
    pub acknowledged: Vec<AcknowledgingPerson>,
    /// The caller's own part.
    pub mine: MyAcknowledgement,
    /// Each request: whom it went to, and what became of it.
    #[serde(default)]
    pub asks: Vec<Ask>,
}

/// A person who was asked to acknowledge a post.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AskedPerson {
    /// The person.
    pub staff_member_id: Uuid,
    /// The person's name.
    pub name: String,
    /// The person's profession.
    pub profession: Profession,
    /// When the person acknowledged; absent while the answer is open.
    pub acknowledged_at: Option<DateTime<Utc>>,
    /// Whether something is still asked of the person.
    #[serde(default)]
    pub open: bool,
}

/// A person who acknowledged a post.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AcknowledgingPerson {
    /// The person.
    pub staff_member_id: Uuid,
    /// The person's name.
    pub name: String,
    /// The person's profession.
    pub profession: Profession,
    /// When.
    pub acknowledged_at: DateTime<Utc>,
}

/// One page of a timeline, newest post first.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct TimelinePage {
    /// The posts of this page.
    pub items: Vec<Post>,
    /// Pass this as `cursor` for the page that follows; absent on the last page.
    pub next: Option<String>,
    /// The caller has read everything recorded up to here.
    pub read_until: Option<DateTime<Utc>>,
}

/// One version of a post.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct PostVersion {
    /// Its number, from 1.
    pub version: i64,
    /// The text of this version.
    pub body: Option<String>,
    /// The measured values of this version.
    pub vitals: Option<VitalSigns>,
    /// The document of this version.
    pub document_id: Option<Uuid>,
    /// The files of this version.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
    /// Why the version before was changed.
    pub reason: Option<String>,
    /// Whether this version is the retraction.
    pub retracted: bool,
    /// Name of the person who wrote it.
    pub written_by: String,
    /// When it was written.
    pub written_at: DateTime<Utc>,
}

/// Writing a post.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePost {
    /// The new post's id, chosen by the caller.
    pub id: Uuid,
    /// Any but [`PostKind::Document`], which comes from system clients.
    pub kind: PostKind,
    /// Who may read it.
    pub channel: Channel,
    /// What makes it sensitive: required on [`Channel::Sensitive`], else absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<Sensitivity>,
    /// The text, 1 to 10,000 characters: required for a note, optional beside vital signs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Measured values, for [`PostKind::Vitals`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vitals: Option<VitalSigns>,
    /// When the thing described happened; the time of recording when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_at: Option<DateTime<Utc>>,
    /// The post this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Uuid>,
    /// Asks people to acknowledge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledgement: Option<AskAcknowledgement>,
    /// Files that the author has sent for the patient, in their order, at most 20.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub attachment_ids: Vec<Uuid>,
    /// Who may read it beside the caller: on [`Channel::Named`] 1 to 30 members of the care team, unless it is an answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipient_ids: Vec<Uuid>,
    /// Whom it mentions.
    #[serde(skip_serializing_if = "Mention::is_empty")]
    pub mentions: Mention,
    /// For whom the caller enters it (代行入力).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Uuid>,
    /// The wound that it is about, for [`PostKind::Wound`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wound: Option<PostWound>,
}

impl CreatePost {
    /// A note with a new id.
    pub fn note(channel: Channel, body: impl Into<String>) -> Self {
        Self {
            id: crate::new_id(),
            kind: PostKind::Note,
            channel,
            sensitivity: None,
            body: Some(body.into()),
            vitals: None,
            observed_at: None,
            reply_to: None,
            acknowledgement: None,
            attachment_ids: Vec::new(),
            recipient_ids: Vec::new(),
            mentions: Mention::default(),
            on_behalf_of: None,
            wound: None,
        }
    }

    /// A post of another kind that is told in words, with a new id.
    pub fn of_kind(kind: PostKind, channel: Channel, body: impl Into<String>) -> Self {
        Self {
            kind,
            ..Self::note(channel, body)
        }
    }

    /// A note on the sensitive channel, with a new id.
    pub fn sensitive(sensitivity: Sensitivity, body: impl Into<String>) -> Self {
        Self {
            sensitivity: Some(sensitivity),
            ..Self::note(Channel::Sensitive, body)
        }
    }

    /// Vital signs with a new id.
    pub fn vitals(channel: Channel, vitals: VitalSigns) -> Self {
        Self {
            kind: PostKind::Vitals,
            body: None,
            vitals: Some(vitals),
            ..Self::note(channel, "")
        }
    }

    /// Shows these files.
    #[must_use]
    pub fn showing(mut self, attachment_ids: impl Into<Vec<Uuid>>) -> Self {
        self.attachment_ids = attachment_ids.into();
        self
    }

    /// A note for these people only, with a new id.
    pub fn naming(recipients: impl Into<Vec<Uuid>>, body: impl Into<String>) -> Self {
        Self {
            recipient_ids: recipients.into(),
            ..Self::note(Channel::Named, body)
        }
    }

    /// Mentions these people.
    #[must_use]
    pub fn mentioning(mut self, staff_member_ids: impl Into<Vec<Uuid>>) -> Self {
        self.mentions.staff_member_ids = staff_member_ids.into();
        self
    }

    /// Enters it on behalf of somebody, who approves or returns it.
    #[must_use]
    pub fn on_behalf_of(mut self, staff_member_id: Uuid) -> Self {
        self.on_behalf_of = Some(staff_member_id);
        self
    }

    /// Makes it an answer to `post_id`.
    #[must_use]
    pub fn replying_to(mut self, post_id: Uuid) -> Self {
        self.reply_to = Some(post_id);
        self
    }

    /// Asks for something about it.
    #[must_use]
    pub fn asking_for(mut self, ask: AskAcknowledgement) -> Self {
        self.acknowledgement = Some(ask);
        self
    }

    /// Asks these staff members to acknowledge it.
    #[must_use]
    pub fn asking(mut self, staff_member_ids: impl Into<Vec<Uuid>>) -> Self {
        self.acknowledgement = Some(AskAcknowledgement {
            staff_member_ids: staff_member_ids.into(),
            ..AskAcknowledgement::default()
        });
        self
    }
}

/// Changing a post. Only its author may.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AmendPost {
    /// The new text; unchanged when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// The new values; unchanged when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vitals: Option<VitalSigns>,
    /// All files, in their order; unchanged when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment_ids: Option<Vec<Uuid>>,
    /// Why.
    pub reason: String,
}

/// Taking a post back. Only its author may.
#[derive(Clone, Debug, Serialize)]
pub struct RetractPost {
    /// Why.
    pub reason: String,
}
