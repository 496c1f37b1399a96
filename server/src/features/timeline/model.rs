//! Rows of the timeline, and the rules that need nothing but the rows.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{error::FieldError, features::vital_signs::VitalSigns};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal about $information:literal;)*) => {
        /// What kind of post somebody writes. Documents come from systems.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum WrittenKind {
            $($(#[$doc])* $name,)*
        }

        impl WrittenKind {
            const ALL: &[Self] = &[$(Self::$name),*];

            /// The code in the database, the rules and the interface.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            /// The kind of information that the access rules know it by: the same as `posts.information`.
            pub(super) fn information(self) -> &'static str {
                match self {
                    $(Self::$name => $information,)*
                }
            }
        }

        /// Kind of post.
        #[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum Kind {
            $($(#[$doc])* $name,)*
            /// 文書
            Document,
        }

        impl Kind {
            /// The code in the database and the interface.
            pub(super) fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                    Self::Document => "document",
                }
            }
        }

        /// Every kind of post, as the database calls it.
        pub(super) const ALL_KINDS: &[&str] = &[$($code,)* "document"];
    };
}

// With what the access rules know it by.
kinds! {
    /// 記録・連絡
    Note = "note" about "note";
    /// バイタル
    Vitals = "vitals" about "vitals";
    /// 服薬の様子
    Medication = "medication" about "medication";
    /// 褥瘡・創部
    Wound = "wound" about "assessment";
    /// 訪問報告
    VisitReport = "visit_report" about "note";
    /// 急な変化
    Urgent = "urgent" about "note";
    /// 看取り
    EndOfLife = "end_of_life" about "note";
    /// お知らせ
    Notice = "notice" about "note";
}

/// The kinds that people write, by the kind of information that the access rules know them by.
pub fn kinds_by_information() -> Vec<(&'static str, Vec<&'static str>)> {
    let mut by: Vec<(&'static str, Vec<&'static str>)> = Vec::new();
    for kind in WrittenKind::ALL {
        match by.iter_mut().find(|(of, _)| *of == kind.information()) {
            Some((_, kinds)) => kinds.push(kind.code()),
            None => by.push((kind.information(), vec![kind.code()])),
        }
    }
    by
}

/// Whom a post is for (公開範囲).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Channel {
    /// チーム全員
    Team,
    /// 医療職のみ
    Medical,
    /// ご家族と共有
    Family,
    /// 機微情報
    Sensitive,
    /// 指名した人だけ
    Named,
}

impl Channel {
    /// The code in the database, the rules and the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Medical => "medical",
            Self::Family => "family",
            Self::Sensitive => "sensitive",
            Self::Named => "named",
        }
    }
}

/// What makes a post sensitive (機微情報): each needs a consent that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Sensitivity {
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

impl Sensitivity {
    /// The code in the database, the rules and the interface.
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

/// What a version of a post says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Content {
    /// Text.
    pub body: Option<String>,
    /// Vital signs.
    pub vitals: Option<VitalSigns>,
    /// Document.
    pub document_id: Option<Uuid>,
    /// Files; those of the version before when nothing is said.
    pub attachment_ids: Option<Vec<Uuid>>,
}

impl Content {
    /// Adds what is wrong with it as the content of a post of this kind.
    pub fn check(&self, kind: WrittenKind, errors: &mut Vec<FieldError>) {
        let measured = kind == WrittenKind::Vitals;
        // A photo may say it all.
        let shows = self
            .attachment_ids
            .as_ref()
            .is_some_and(|ids| !ids.is_empty());
        match &self.body {
            Some(body) => crate::spine::text::check("body", body, 10_000, true, errors),
            None if measured || shows => {}
            None => errors.push(FieldError::new("body", "required", "a text")),
        }
        match &self.vitals {
            Some(vitals) if measured => vitals.check("vitals", errors),
            None if measured => errors.push(FieldError::new("vitals", "required", "vital signs")),
            Some(_) => {
                let message = "only in a post of kind vitals";
                errors.push(FieldError::new("vitals", "not_allowed", message));
            }
            None => {}
        }
    }
}

/// Whether something can have been observed at `at`, seen from `now`: not before this century, and not in the future
/// but for clocks that are a little fast.
pub(super) fn is_plausible_observation(at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    at <= now + TimeDelta::minutes(5) && at >= now - TimeDelta::days(366 * 5)
}

/// A post with its newest version.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Post {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) kind: String,
    pub(super) information: String,
    pub(super) channel: String,
    pub(super) sensitivity: Option<String>,
    pub(super) facility_id: Uuid,
    pub(super) author_staff_id: Option<Uuid>,
    pub(super) author_client_id: Option<Uuid>,
    pub(super) reply_to: Option<Uuid>,
    pub(super) observed_at: DateTime<Utc>,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) version: i32,
    pub(super) automatic: bool,
    pub(super) thread_id: Option<Uuid>,
    pub(super) on_behalf_of: Option<Uuid>,
    pub(super) mentioned_staff: Vec<Uuid>,
    pub(super) mentioned_professions: Vec<String>,
    pub(super) wound_site: Option<String>,
    pub(super) wound_label: Option<String>,
    pub(super) body: Option<String>,
    pub(super) vitals: Option<serde_json::Value>,
    pub(super) reason: Option<String>,
    pub(super) retracted: bool,
    pub(super) written_at: DateTime<Utc>,
    pub(super) document: Option<DocumentLine>,
}

/// What a post shows of its document.
#[derive(Debug, Clone, Queryable)]
pub(super) struct DocumentLine {
    pub(super) id: Uuid,
    pub(super) title: String,
    pub(super) type_code: String,
    pub(super) type_label: String,
    pub(super) authored_at: DateTime<Utc>,
    pub(super) author_name: String,
    pub(super) institution_name: String,
    pub(super) excerpt: String,
}

impl Post {
    /// What the access rules tell posts apart by: channel, kind of information, what makes it sensitive.
    pub(super) fn class(&self) -> (&str, &str, Option<&str>) {
        (
            &self.channel,
            &self.information,
            self.sensitivity.as_deref(),
        )
    }

    /// The post that its conversation began with: itself, when it answers nothing.
    pub(super) fn thread(&self) -> Uuid {
        self.thread_id.unwrap_or(self.id)
    }

    /// The author, whoever it is.
    pub(super) fn author(&self) -> Uuid {
        self.author_staff_id
            .or(self.author_client_id)
            .unwrap_or_default()
    }
}

/// Where a post that was entered on behalf of somebody stands: what was said to its newest version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Nothing was said yet.
    Waiting,
    /// It is as that person wants it.
    Approved,
    /// It was given back to whoever entered it.
    Returned,
}

impl Standing {
    /// The code in the interface.
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Returned => "returned",
        }
    }

    /// Where a post with this newest version stands, by what was last said (to which version, and whether approved).
    pub(super) fn of(version: i32, said: Option<(i32, bool)>) -> Self {
        match said {
            Some((to, true)) if to == version => Self::Approved,
            Some((to, false)) if to == version => Self::Returned,
            _ => Self::Waiting,
        }
    }
}

/// Why a post cannot get a new version.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It was taken back.
    Retracted,
    /// Somebody wrote a version meanwhile.
    Stale,
}

/// Whether a post may get its next version, and which number that has.
pub(super) fn next_version(current: i32, retracted: bool, expected: i32) -> Result<i32, Refused> {
    // Whoever has not seen the newest version learns that first: it may be the retraction.
    if expected != current {
        return Err(Refused::Stale);
    }
    if retracted {
        Err(Refused::Retracted)
    } else {
        Ok(current + 1)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_retracted_post_gets_no_version() {
        assert_eq!(next_version(1, false, 1), Ok(2));
        assert_eq!(next_version(2, false, 1), Err(Refused::Stale));
        assert_eq!(next_version(2, true, 2), Err(Refused::Retracted));
    }

    proptest! {
        #[test]
        fn versions_grow_by_one_or_not_at_all(current in 1..1000i32, retracted: bool, expected in 0..1000i32) {
            match next_version(current, retracted, expected) {
                Ok(next) => prop_assert!(next == current + 1 && expected == current && !retracted),
                Err(_) => prop_assert!(retracted || expected != current),
            }
        }

        /// Whatever people do in whatever order: versions count 1, 2, 3 … without a gap, nothing follows a retraction,
        /// whoever has not seen the newest version changes nothing, and every refusal leaves the history as it was.
        #[test]
        fn a_history_has_no_gap_and_ends_with_its_retraction(
            acts in proptest::collection::vec((0..12i32, proptest::bool::weighted(0.2)), 0..40),
        ) {
            let (mut history, mut retracted) = (vec![1], false);
            for (expected, takes_back) in acts {
                let before = history.clone();
                let newest = *history.last().unwrap();
                match next_version(newest, retracted, expected) {
                    Ok(next) => {
                        prop_assert!(!retracted);
                        prop_assert_eq!(expected, newest);
                        history.push(next);
                        retracted = takes_back;
                    }
                    Err(Refused::Stale) => prop_assert!(expected != newest && history == before),
                    Err(Refused::Retracted) => prop_assert!(retracted && history == before),
                }
            }
            let counted: Vec<i32> = (1..=i32::try_from(history.len()).unwrap()).collect();
            prop_assert_eq!(history, counted);
        }

        /// Of any number of people who saw the same version, one writes the next.
        #[test]
        fn of_those_who_saw_the_same_version_one_writes(seen in 1..50i32, writers in 1..20usize) {
            let mut current = seen;
            let mut written = 0;
            for _ in 0..writers {
                if let Ok(next) = next_version(current, false, seen) {
                    current = next;
                    written += 1;
                }
            }
            prop_assert_eq!((written, current), (1, seen + 1));
        }

        /// What was said to a version counts for that version only: an amendment waits again.
        #[test]
        fn what_was_said_counts_for_its_version_only(version in 1..100i32, to in 1..100i32, approved: bool) {
            let standing = Standing::of(version, Some((to, approved)));
            prop_assert_eq!(standing == Standing::Waiting, version != to);
            prop_assert_eq!(standing == Standing::Approved, version == to && approved);
            prop_assert_eq!(Standing::of(version, None), Standing::Waiting);
        }
    }
}
