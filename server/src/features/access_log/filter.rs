//! What of the log somebody wants to see: the same for the list, the counts and the export.

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;
use uuid::Uuid;

use super::actions;
use crate::{Error, Result, spine::text};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// 許可
    Allowed,
    /// 拒否
    Denied,
}

impl Outcome {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
        }
    }
}

/// Who came: a person who signed in, a program of a facility (or the server itself), or nobody known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ActorKind {
    /// 職員・ご本人・ご家族
    Staff,
    /// 連携システム
    System,
    /// サインイン前
    Anonymous,
}

impl ActorKind {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::System => "system",
            Self::Anonymous => "anonymous",
        }
    }
}

/// A moment, or a whole day in Japan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    Time(DateTime<Utc>),
    Day(NaiveDate),
}

impl Moment {
    /// A day such as `2026-11-30`, or a time such as `2026-11-30T09:00:00+09:00`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Ok(day) = text.parse() {
            return Some(Self::Day(day));
        }
        let time = DateTime::parse_from_rfc3339(text).ok()?;
        Some(Self::Time(time.with_timezone(&Utc)))
    }

    /// When it begins.
    pub(super) fn begins(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Time(time) => Some(time),
            Self::Day(day) => midnight(day),
        }
    }

    /// The first moment after it.
    pub(super) fn is_over(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Time(time) => time.checked_add_signed(TimeDelta::microseconds(1)),
            Self::Day(day) => midnight(day.checked_add_days(Days::new(1))?),
        }
    }
}

/// The beginning of a day in Japan.
fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    let japan = FixedOffset::east_opt(9 * 3600)?;
    let midnight = japan.from_local_datetime(&day.and_time(NaiveTime::MIN));
    Some(midnight.earliest()?.with_timezone(&Utc))
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let text = String::deserialize(reader)?;
        Self::parse(&text)
            .ok_or_else(|| de::Error::custom("expected a day (2026-11-30) or a time (RFC 3339)"))
    }
}

/// What is looked at. Everything that is not given matches.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) patient_id: Option<Uuid>,
    pub(super) staff_member_id: Option<Uuid>,
    pub(super) account_id: Option<Uuid>,
    pub(super) facility_id: Option<Uuid>,
    pub(super) profession: Option<String>,
    /// One act, or all of a group.
    pub(super) actions: Option<Vec<String>>,
    pub(super) purpose: Option<String>,
    pub(super) ground: Option<String>,
    pub(super) outcome: Option<Outcome>,
    pub(super) code: Option<String>,
    pub(super) actor: Option<ActorKind>,
    pub(super) client_id: Option<Uuid>,
    pub(super) device_id: Option<Uuid>,
    pub(super) session_id: Option<Uuid>,
    pub(super) source_ip: Option<String>,
    pub(super) emergency: bool,
    /// Folded words that were searched for.
    pub(super) searched: Option<String>,
    pub(super) from: Option<DateTime<Utc>>,
    /// Up to, not including.
    pub(super) until: Option<DateTime<Utc>>,
}

/// A query with everything by which the log can be narrowed, and what is added.
macro_rules! log_query {
    ($(#[$about:meta])* $name:ident { $($(#[$says:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$about])*
        #[derive(Debug, Clone, serde::Deserialize, utoipa::IntoParams)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            /// Only about this patient, lists that named the patient among them.
            patient_id: Option<uuid::Uuid>,
            /// Only by this staff member: for one post of a person.
            staff_member_id: Option<uuid::Uuid>,
            /// Only by this account, for whatever post, or about it: failed sign-ins, what administrators did with it.
            account_id: Option<uuid::Uuid>,
            /// Only by people and systems of this facility.
            facility_id: Option<uuid::Uuid>,
            /// Only by this profession.
            profession: Option<String>,
            /// Only this action, or all of a group: `timeline.*`.
            action: Option<String>,
            /// Only for this purpose of use, such as `ETREAT`.
            purpose: Option<String>,
            /// Only on this ground: `member`, `substitute`, `self`, `family`, `emergency`, `none`.
            ground: Option<String>,
            /// Only this outcome.
            #[param(inline)]
            outcome: Option<crate::features::access_log::filter::Outcome>,
            /// Only refusals with this code.
            code: Option<String>,
            /// Only people, systems, or callers who had not signed in.
            #[param(inline)]
            actor: Option<crate::features::access_log::filter::ActorKind>,
            /// Only by this system, or by people through this program.
            client_id: Option<uuid::Uuid>,
            /// Only from this registered device.
            device_id: Option<uuid::Uuid>,
            /// Only in this session.
            session_id: Option<uuid::Uuid>,
            /// Only from this network address.
            source_ip: Option<String>,
            /// Only what has to do with emergency access: opening, using, ending and reviewing it.
            emergency: Option<bool>,
            /// Only searches for exactly these words. The log keeps a keyed digest of what was searched for, never the
            /// words: it can be asked whether somebody searched for a name, and does not tell which names were searched.
            searched: Option<String>,
            /// Not before: a day in Japan, or a time.
            #[param(value_type = Option<String>)]
            from: Option<crate::features::access_log::filter::Moment>,
            /// Not after: a day in Japan (to its end), or a time.
            #[param(value_type = Option<String>)]
            to: Option<crate::features::access_log::filter::Moment>,
            $($(#[$says])* $field: $kind,)*
        }

        impl $name {
            /// What of the log is wanted.
            fn filter(&self) -> crate::Result<crate::features::access_log::filter::Filter> {
                use crate::features::access_log::filter::{self, Filter};
                Filter {
                    patient_id: self.patient_id,
                    staff_member_id: self.staff_member_id,
                    account_id: self.account_id,
                    facility_id: self.facility_id,
                    profession: self.profession.clone(),
                    actions: self.action.as_deref().map(filter::actions),
                    purpose: self.purpose.clone(),
                    ground: self.ground.clone(),
                    outcome: self.outcome,
                    code: self.code.clone(),
                    actor: self.actor,
                    client_id: self.client_id,
                    device_id: self.device_id,
                    session_id: self.session_id,
                    source_ip: self.source_ip.clone(),
                    emergency: self.emergency == Some(true),
                    searched: self.searched.as_deref().map(crate::spine::text::fold),
                    from: self.from.and_then(filter::Moment::begins),
                    until: self.to.and_then(filter::Moment::is_over),
                }
                .checked()
            }
        }
    };
}
pub(super) use log_query;

/// The acts that a word of a query stands for: one, or a group.
pub(super) fn actions(word: &str) -> Vec<String> {
    match word.strip_suffix(".*") {
        Some(group) => actions::in_group(group)
            .iter()
            .map(ToString::to_string)
            .collect(),
        None => vec![word.to_owned()],
    }
}

impl Filter {
    /// Refuses a span of time that is none, and text that cannot be in the log.
    pub(super) fn checked(self) -> Result<Self> {
        if let (Some(from), Some(until)) = (self.from, self.until)
            && from >= until
        {
            return Err(Error::invalid("to", "out_of_range", "not before `from`"));
        }
        let texts = [
            ("profession", &self.profession),
            ("purpose", &self.purpose),
            ("ground", &self.ground),
            ("code", &self.code),
            ("source_ip", &self.source_ip),
            ("searched", &self.searched),
        ];
        let mut errors = Vec::new();
        for action in self.actions.iter().flatten() {
            text::check("action", action, 100, false, &mut errors);
        }
        for (field, value) in texts {
            text::check_optional(field, value.as_deref(), 200, &mut errors);
        }
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(Error::Invalid(errors))
        }
    }

    /// The same, with the last 30 days where no beginning is given: for counting.
    pub(super) fn of_late(mut self, now: DateTime<Utc>) -> Self {
        let end = self.until.unwrap_or(now);
        self.from = self
            .from
            .or_else(|| end.checked_sub_signed(TimeDelta::days(30)));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_a_day_in_japan() {
        let day = Moment::parse("2026-11-30").unwrap();
        let at = |text: &str| text.parse::<DateTime<Utc>>().ok();
        assert_eq!(day.begins(), at("2026-11-29T15:00:00Z"));
        assert_eq!(day.is_over(), at("2026-11-30T15:00:00Z"));
        let time = Moment::parse("2026-11-30T09:00:00+09:00").unwrap();
        assert_eq!(time.begins(), at("2026-11-30T00:00:00Z"));
        assert_eq!(time.is_over(), at("2026-11-30T00:00:00.000001Z"));
        for wrong in ["", "2026-13-01", "yesterday", "2026-11-30T09:00:00"] {
            assert_eq!(Moment::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_group_is_all_acts_that_begin_with_it() {
        assert_eq!(actions("timeline.list"), ["timeline.list"]);
        assert_eq!(actions("timeline.*"), ["timeline.list"]);
        assert!(actions("post.*").contains(&"post.read".to_owned()));
        assert!(actions("no such thing.*").is_empty());
    }
}
