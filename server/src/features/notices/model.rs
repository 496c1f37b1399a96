//! Kinds of notices, how people want to be told, and their quiet hours: rules without a database.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::spine::clock::{day_begins, japanese_day, minute_of};

/// What somebody is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoticeKind)]
pub enum Kind {
    /// 確認の依頼
    Acknowledgement,
    /// 期限が近い確認の依頼
    Reminder,
    /// 代わりに対応する依頼: nobody else has answered
    Escalation,
    /// 自分が出した依頼が期限を過ぎた
    Unanswered,
    /// 自分が出した依頼への返信
    Answer,
    /// 自分宛の投稿
    Mention,
    /// 急な変化の投稿
    UrgentPost,
    /// メッセージ
    Message,
    /// 回覧
    Announcement,
    /// 承認の依頼
    Approval,
    /// 予定・期日
    Schedule,
}

impl Kind {
    /// Every kind.
    pub(super) const ALL: [Self; 11] = [
        Self::Acknowledgement,
        Self::Reminder,
        Self::Escalation,
        Self::Unanswered,
        Self::Answer,
        Self::Mention,
        Self::UrgentPost,
        Self::Message,
        Self::Announcement,
        Self::Approval,
        Self::Schedule,
    ];

    /// The code in the database and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Acknowledgement => "acknowledgement",
            Self::Reminder => "reminder",
            Self::Escalation => "escalation",
            Self::Unanswered => "unanswered",
            Self::Answer => "answer",
            Self::Mention => "mention",
            Self::UrgentPost => "urgent_post",
            Self::Message => "message",
            Self::Announcement => "announcement",
            Self::Approval => "approval",
            Self::Schedule => "schedule",
        }
    }

    /// The kind with this code.
    pub(super) fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether My work lists it by itself; what is about a request is listed with the request.
    pub(super) fn is_listed(self) -> bool {
        !matches!(
            self,
            Self::Acknowledgement | Self::Reminder | Self::Escalation
        )
    }

    /// How people are told who have not said anything else.
    pub(super) fn usual(self) -> Choice {
        let mail = match self {
            Self::Escalation | Self::UrgentPost => MailChoice::AtOnce,
            Self::Answer | Self::Message => MailChoice::None,
            _ => MailChoice::Digest,
        };
        Choice { push: true, mail }
    }
}

/// What a notice is about: ids only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct About {
    /// What kind of thing: `post`, `acknowledgement`, `room`, `message`, `announcement` and so on.
    pub what: &'static str,
    /// Which.
    pub id: Uuid,
    /// The patient, when it is about one; whoever is told may know of the patient.
    pub patient_id: Option<Uuid>,
    /// Whether quiet hours do not count.
    pub at_once: bool,
}

/// How mail goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum MailChoice {
    /// すぐに
    AtOnce,
    /// 1日1回まとめて
    Digest,
    /// 送らない
    None,
}

/// How somebody is told of one kind of notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Choice {
    /// By push.
    pub(super) push: bool,
    /// By mail.
    pub(super) mail: MailChoice,
}

/// Hours of every day, by the minute in Japan; over midnight when they end before they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quiet {
    pub(super) from: i16,
    pub(super) to: i16,
}

impl Quiet {
    /// Until when it is quiet; nothing when it is not.
    pub(super) fn until(self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let minute = minute_of(now);
        let (begun, ended) = (minute >= self.from, minute >= self.to);
        let (quiet, tomorrow) = if self.from < self.to {
            (begun && !ended, false)
        } else {
            (self.from != self.to && (begun || !ended), begun)
        };
        let day = day_begins(japanese_day(now)) + TimeDelta::days(i64::from(tomorrow));
        quiet.then(|| day + TimeDelta::minutes(self.to.into()))
    }
}

/// How a person wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    /// By kind, where it is not as usual.
    pub(super) choices: BTreeMap<Kind, Choice>,
    /// When not.
    pub(super) quiet: Option<Quiet>,
    /// At which minute of the day mail goes out together.
    pub(super) digest_at: i16,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            choices: BTreeMap::new(),
            quiet: None,
            digest_at: 7 * 60 + 30,
        }
    }
}

/// When a notice is pushed and mailed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moments {
    pub(super) push_at: Option<DateTime<Utc>>,
    pub(super) mail_at: Option<DateTime<Utc>>,
}

impl Settings {
    /// How the person is told of a kind.
    pub(super) fn choice(&self, kind: Kind) -> Choice {
        let chosen = self.choices.get(&kind).copied();
        chosen.unwrap_or_else(|| kind.usual())
    }

    /// When the person is told of something that happens now. `at_once` is whether quiet hours do not count; mail that
    /// goes out together goes out at its hour, as people want it.
    pub(super) fn moments(&self, kind: Kind, now: DateTime<Utc>, at_once: bool) -> Moments {
        let quiet_until = self
            .quiet
            .filter(|_| !at_once)
            .and_then(|quiet| quiet.until(now));
        let soon = quiet_until.unwrap_or(now);
        let choice = self.choice(kind);
        let mail_at = match choice.mail {
            MailChoice::AtOnce => Some(soon),
            MailChoice::Digest => Some(self.next_digest(now)),
            MailChoice::None => None,
        };
        Moments {
            push_at: choice.push.then_some(soon),
            mail_at,
        }
    }

    /// When mail goes out together next.
    pub(super) fn next_digest(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let today = day_begins(japanese_day(now)) + TimeDelta::minutes(self.digest_at.into());
        if today > now {
            today
        } else {
            today + TimeDelta::days(1)
        }
    }
}
