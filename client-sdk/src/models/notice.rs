//! How people are told of what waits for them (お知らせ).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// What somebody is told of.
    pub enum NoticeKind {
        /// 確認の依頼
        Acknowledgement = "acknowledgement",
        /// 期限が近い確認の依頼
        Reminder = "reminder",
        /// 代わりに対応する依頼
        Escalation = "escalation",
        /// 自分が出した依頼が期限を過ぎた
        Unanswered = "unanswered",
        /// 自分が出した依頼への返信
        Answer = "answer",
        /// 自分宛の投稿
        Mention = "mention",
        /// 急な変化の投稿
        UrgentPost = "urgent_post",
        /// メッセージ
        Message = "message",
        /// 回覧
        Announcement = "announcement",
        /// 承認の依頼
        Approval = "approval",
        /// 予定・期日
        Schedule = "schedule",
    }
}

open_enum! {
    /// How mail goes out.
    pub enum MailChoice {
        /// すぐに
        AtOnce = "at_once",
        /// 1日1回まとめて
        Digest = "digest",
        /// 送らない
        None = "none",
    }
}

/// How somebody is told of one kind of notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeChoice {
    /// The kind.
    pub kind: NoticeKind,
    /// Whether by push.
    pub push: bool,
    /// Whether by mail.
    pub mail: MailChoice,
}

/// Hours of every day in which nobody is to be disturbed, by the clock in Japan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// From when: `21:00`.
    pub from: String,
    /// Until when: `07:00`.
    pub to: String,
}

/// How the caller is told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct NoticeSettings {
    /// Every kind.
    pub kinds: Vec<NoticeChoice>,
    /// When not.
    pub quiet_hours: Option<QuietHours>,
    /// When mail goes out together.
    pub digest_at: String,
    /// The key by which a browser knows the server.
    pub push_key: String,
    /// The caller's browsers that can be told something.
    pub push_subscription_ids: Vec<Uuid>,
    /// Whether the account has a mail address.
    pub has_mail_address: bool,
}

/// Saying how one wants to be told.
#[derive(Clone, Debug, Serialize)]
pub struct UpdateNoticeSettings {
    /// By kind; kinds that are left out are as usual.
    pub kinds: Vec<NoticeChoice>,
    /// When not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// When mail goes out together.
    pub digest_at: String,
}

/// Letting a browser be told.
#[derive(Clone, Debug, Serialize)]
pub struct CreatePushSubscription {
    /// The subscription's id, chosen by the caller.
    pub id: Uuid,
    /// Address at the browser's push service.
    pub endpoint: String,
    /// Key of the browser, in base64url.
    pub p256dh: String,
    /// Secret of the subscription, in base64url.
    pub auth: String,
}

/// A browser that can be told something.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PushSubscription {
    /// Its id.
    pub id: Uuid,
}

/// A notice that waits no more.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct FinishedNotice {
    /// Its id.
    pub id: Uuid,
}

/// Something that waits for the caller.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct WaitingNotice {
    /// The notice's id.
    pub id: Uuid,
    /// Kind.
    pub kind: NoticeKind,
    /// What it is about: `post`, `room`, `message` and so on.
    pub about: String,
    /// Which.
    pub about_id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// The room, when it is about a message in a room that the caller is in.
    pub room_id: Option<Uuid>,
    /// The patient, when it is about a post.
    pub patient_id: Option<Uuid>,
    /// Name.
    pub patient_name: Option<String>,
    /// Kind of the post.
    pub post_kind: Option<String>,
    /// Its beginning.
    pub excerpt: Option<String>,
}
