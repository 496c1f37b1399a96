//! What has been said of a fact, step by step, and what follows for now. No database, no clock.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    catalogue::Kind,
    value::{Said, words},
};
use crate::spine::text;

/// How sure something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Confidence {
    /// 確認済み
    Confirmed,
    /// 聞き取り
    Reported,
    /// 疑い
    Suspected,
}

impl Confidence {
    /// The code in the database.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Confirmed => "confirmed",
            Self::Reported => "reported",
            Self::Suspected => "suspected",
        }
    }
}

/// Where something comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SourceKind {
    /// 自分で見た・行った
    Observation,
    /// 聞き取り
    Interview,
    /// タイムラインの投稿
    Post,
    /// 病院などからの文書
    Document,
    /// 書類・連携シート
    Sheet,
    /// 取り込み
    Import,
}

impl SourceKind {
    /// The code in the database.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Observation => "observation",
            Self::Interview => "interview",
            Self::Post => "post",
            Self::Document => "document",
            Self::Sheet => "sheet",
            Self::Import => "import",
        }
    }
}

/// Whom a fact is for (公開範囲).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FactChannel {
    /// チーム全員（職種ごとの範囲で）
    #[default]
    Team,
    /// 医療職のみ
    Medical,
    /// 機微情報
    Sensitive,
}

impl FactChannel {
    /// The code in the database.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Medical => "medical",
            Self::Sensitive => "sensitive",
        }
    }
}

/// What makes a fact sensitive: each needs a consent that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum FactSensitivity {
    /// 精神科
    Psychiatry,
    /// HIV
    Hiv,
    /// 虐待
    Abuse,
    /// DV・暴力
    Violence,
    /// 経済
    Finances,
}

impl FactSensitivity {
    /// The code in the database.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Psychiatry => "psychiatry",
            Self::Hiv => "hiv",
            Self::Abuse => "abuse",
            Self::Violence => "violence",
            Self::Finances => "finances",
        }
    }
}

/// What the access rules tell facts apart by, beside the facility of the author.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Class {
    /// Kind of information.
    pub(super) information: String,
    /// Whom it is for.
    pub(super) channel: String,
    /// What makes it sensitive.
    pub(super) sensitivity: Option<String>,
}

/// A thing that was said of a fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// It is so now, instead of whatever was before; with the next exchange.
    Say(Option<NaiveDate>),
    /// It is still so.
    Confirm,
    /// It is not so any more.
    End,
}

/// What holds after some steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// How many steps there were.
    pub(super) version: i32,
    /// Which of them says what is so.
    pub(super) said_version: i32,
    /// When somebody last found that it is so.
    pub(super) confirmed_at: DateTime<Utc>,
    /// Who did.
    pub(super) confirmed_by: Uuid,
    /// Whether it is not so any more.
    pub(super) ended: bool,
    /// When a device is to be exchanged next.
    pub(super) next_on: Option<NaiveDate>,
}

/// Why a fact gets no further step.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It has ended.
    Ended,
    /// Somebody said something meanwhile.
    Stale,
}

impl Head {
    /// What holds when something is said for the first time.
    pub(super) fn first(next_on: Option<NaiveDate>, at: DateTime<Utc>, by: Uuid) -> Self {
        Self {
            version: 1,
            said_version: 1,
            confirmed_at: at,
            confirmed_by: by,
            ended: false,
            next_on,
        }
    }

    /// Whether somebody who has seen `expected` may add a step.
    pub(super) fn accepts(&self, expected: i32) -> Result<(), Refused> {
        // Whoever has not seen the newest step learns that first: it may be the end.
        if expected != self.version {
            Err(Refused::Stale)
        } else if self.ended {
            Err(Refused::Ended)
        } else {
            Ok(())
        }
    }

    /// What holds after one more step, found at `at` by `by`.
    #[must_use]
    pub(super) fn after(self, step: Step, at: DateTime<Utc>, by: Uuid) -> Self {
        let version = self.version + 1;
        match step {
            Step::Say(next_on) => Self {
                version,
                said_version: version,
                confirmed_at: at,
                confirmed_by: by,
                next_on,
                ..self
            },
            // Whoever found it out earlier and comes late does not make it look older.
            Step::Confirm if at < self.confirmed_at => Self { version, ..self },
            Step::Confirm => Self {
                version,
                confirmed_at: at,
                confirmed_by: by,
                ..self
            },
            Step::End => Self {
                version,
                ended: true,
                ..self
            },
        }
    }
}

/// Whether something can have been found at `at`, seen from `now`.
pub(super) fn is_plausible(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at <= now + TimeDelta::minutes(5) && at >= now - TimeDelta::days(366 * 5)
}

/// A fact that holds, as far as others can contradict it.
pub(super) struct Holding<'a> {
    pub(super) id: Uuid,
    pub(super) kind: &'a Kind,
    pub(super) said: &'a Said,
}

/// The pairs of facts that contradict each other: two states of what can have only one, something and "なし", different
/// things about the same.
pub(super) fn contradictions(facts: &[Holding<'_>]) -> Vec<(Uuid, Uuid)> {
    let known: Vec<_> = facts
        .iter()
        .map(|fact| (fact, is_absent(fact), subject(fact)))
        .collect();
    let mut found = Vec::new();
    for (place, (one, absent, about)) in known.iter().enumerate() {
        for (other, other_absent, other_about) in known.iter().skip(place + 1) {
            if one.kind.code != other.kind.code || one.said == other.said {
                continue;
            }
            let same = about.is_some() && about == other_about;
            if one.kind.single || *absent || *other_absent || same {
                found.push((one.id, other.id));
            }
        }
    }
    found
}

/// Whether it says that there is nothing of its kind.
fn is_absent(fact: &Holding<'_>) -> bool {
    fact.kind.absent.as_ref().is_some_and(|absent| {
        let code = fact.said.get(&absent.field).and_then(|code| code.as_str());
        code.is_some_and(|code| absent.codes.iter().any(|known| known == code))
    })
}

/// What it is about, in the form for finding.
fn subject(fact: &Holding<'_>) -> Option<String> {
    let parts = fact.kind.about.iter();
    let parts = parts.filter_map(|code| words(fact.kind, fact.said, code));
    let whole: Vec<String> = parts.map(|part| text::fold(&part)).collect();
    (!whole.is_empty()).then(|| whole.join(" "))
}
