//! What a consent can say, and when it stands. No database, no clock.

use chrono::{DateTime, Days, NaiveDate, Utc};
use diesel::prelude::*;
use serde::Deserialize;
use tsumugi_schema::tables::consents;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::FieldError;

/// The kinds of information that a consent may name.
pub const KINDS: [&str; 24] = [
    "basic",
    "note",
    "medical",
    "vitals",
    "document",
    "roster",
    "consent",
    "conditions",
    "medication",
    "results",
    "photo",
    "assessment",
    "admission_information",
    "discharge_record",
    "referral",
    "nursing_order",
    "nursing_plan",
    "physician_opinion",
    "care_certification",
    "care_plan",
    "conference_record",
    "service_slip",
    "acp",
    "consultation",
];

/// The sensitive subjects that have to be named: 精神科, HIV, 虐待, DV, 経済状況.
pub(super) const SENSITIVE: [&str; 5] = ["psychiatry", "hiv", "abuse", "violence", "finances"];

/// The groups of professions (職種) that a consent may name: those that can be given information about a patient.
/// Administrators and auditors see none.
pub(super) const GROUPS: [&str; 26] = [
    "DR", "DE", "PH", "NS", "PN", "RE", "DT", "DH", "CE", "PY", "SW", "CM", "CP", "HC", "HH", "DS",
    "EQ", "JB", "HO", "MU", "IN", "HE", "CO", "EM", "PT", "FM",
];

/// Longest life of a consent that was given in an emergency, in days.
pub(super) const EMERGENCY_DAYS: u64 = 14;

/// Why a consent ended that another one took the place of.
pub(super) const REPLACED: &str = "変更";

/// Who agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum GrantedBy {
    /// 本人
    Patient,
    /// 代理人
    Proxy,
    /// 緊急時
    Emergency,
}

impl GrantedBy {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Proxy => "proxy",
            Self::Emergency => "emergency",
        }
    }
}

/// How it was given.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConsentMethod)]
pub(super) enum Method {
    /// 書面
    Paper,
    /// 画面
    OnScreen,
    /// 登録カード
    Card,
}

impl Method {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::OnScreen => "on_screen",
            Self::Card => "card",
        }
    }
}

/// A consent as it is kept.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = consents, check_for_backend(diesel::pg::Pg))]
pub(super) struct Consent {
    pub(super) id: Uuid,
    pub(super) granted_on: NaiveDate,
    pub(super) granted_by: String,
    pub(super) proxy_name: Option<String>,
    pub(super) proxy_relation: Option<String>,
    pub(super) method: String,
    pub(super) note: Option<String>,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) recorded_by: Uuid,
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    pub(super) withdrawn_by: Option<Uuid>,
    pub(super) withdrawal_reason: Option<String>,
    pub(super) facilities: Option<Vec<Uuid>>,
    pub(super) profession_groups: Option<Vec<String>>,
    pub(super) kinds: Option<Vec<String>>,
    pub(super) sensitive: Vec<String>,
    pub(super) separate: Vec<String>,
    pub(super) valid_until: Option<NaiveDate>,
}

impl Consent {
    /// When it is good.
    pub(super) fn period(&self) -> Period {
        Period {
            granted_on: self.granted_on,
            valid_until: self.valid_until,
            withdrawn: self.withdrawn_at.is_some(),
        }
    }

    /// Whether it speaks of giving this kind of information to this group of professions at this facility.
    pub(super) fn covers(&self, facility_id: Uuid, group: &str, kind: &str) -> bool {
        let names = |list: &Option<Vec<String>>, code: &str| {
            list.as_ref()
                .is_none_or(|list| list.iter().any(|named| named == code))
        };
        self.facilities
            .as_ref()
            .is_none_or(|list| list.contains(&facility_id))
            && (names(&self.profession_groups, group)
                || self.separate.iter().any(|named| named == group))
            && names(&self.kinds, kind)
    }
}

/// When a consent is good: from its first to its last day, both included, unless it was withdrawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) granted_on: NaiveDate,
    pub(super) valid_until: Option<NaiveDate>,
    pub(super) withdrawn: bool,
}

/// Whether a consent is good on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Its first day has not come.
    NotYet,
    /// It is good.
    Stands,
    /// Its last day is over.
    Expired,
    /// It was withdrawn, and is not good on any day any more.
    Withdrawn,
}

/// Why a consent cannot begin or end on such a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It was given in the future.
    Future,
    /// Its last day is over before it is recorded, or before its first.
    Over,
    /// An emergency does not last that long.
    TooLong,
}

impl Refused {
    /// The same, for the caller.
    pub(super) fn finding(self) -> FieldError {
        let (field, message) = match self {
            Self::Future => ("granted_on", "not in the future"),
            Self::Over => ("valid_until", "not before today or granted_on"),
            Self::TooLong => ("valid_until", "an emergency: at most 14 days"),
        };
        FieldError::new(field, "out_of_range", message)
    }
}

impl Period {
    /// The period of a consent that is recorded `today`. One given in an emergency has a last day in any case.
    pub(super) fn of_new(
        by: GrantedBy,
        granted_on: NaiveDate,
        valid_until: Option<NaiveDate>,
        today: NaiveDate,
    ) -> Result<Self, Refused> {
        if granted_on > today {
            return Err(Refused::Future);
        }
        let longest = (by == GrantedBy::Emergency)
            .then(|| granted_on.checked_add_days(Days::new(EMERGENCY_DAYS)))
            .flatten();
        let valid_until = valid_until.or(longest);
        if let (Some(until), Some(longest)) = (valid_until, longest)
            && until > longest
        {
            return Err(Refused::TooLong);
        }
        if valid_until.is_some_and(|until| until < granted_on || until < today) {
            return Err(Refused::Over);
        }
        Ok(Self {
            granted_on,
            valid_until,
            withdrawn: false,
        })
    }

    /// Whether it is good on `day`, as things are known now.
    pub(super) fn standing(&self, day: NaiveDate) -> Standing {
        if self.withdrawn {
            Standing::Withdrawn
        } else if day < self.granted_on {
            Standing::NotYet
        } else if self.valid_until.is_some_and(|until| day > until) {
            Standing::Expired
        } else {
            Standing::Stands
        }
    }
}
