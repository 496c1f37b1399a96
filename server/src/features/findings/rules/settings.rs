//! What a network decides about its rules. What it does not say has its usual value.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{error::FieldError, spine::text};

/// Most words in a list.
const MOST_WORDS: usize = 200;

/// The rules by which the access log is looked through. What is left out has its usual value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(in super::super) struct FindingRules {
    /// Somebody and the patient have the same surname.
    pub(super) same_surname: SameSurnameRule,
    /// Somebody and the patient live in the same house.
    pub(super) same_address: RelationRule,
    /// Somebody is the patient, or of the patient's family.
    pub(super) own_family: RelationRule,
    /// The patient is watched.
    pub(super) watched_patient: RelationRule,
    /// Nothing tied somebody to the patient.
    pub(super) no_relation: NoRelationRule,
    /// An emergency access was not reviewed in time.
    pub(in super::super) emergency_unreviewed: EmergencyUnreviewedRule,
    /// Somebody looked at patients at an unusual hour, without being on call.
    pub(super) unusual_hour: UnusualHourRule,
    /// Somebody opened many patients within an hour.
    pub(super) many_patients: ManyPatientsRule,
    /// Somebody went on looking at a patient after having left the team, or after consent had ended.
    pub(super) after_membership: AfterMembershipRule,
    /// Somebody was refused again and again.
    pub(super) repeated_denials: RepeatedDenialsRule,
    /// How many days a change of the rules reaches back, 1 to 3650.
    pub(in super::super) look_back_days: i32,
    /// Within how many days a justification is wanted, 1 to 60.
    pub(in super::super) answer_days: i32,
}

/// The same surname (姓が同じ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SameSurnameRule {
    /// Whether it is looked for.
    pub(super) enabled: bool,
    /// Whether members of the care team are looked at as well.
    pub(super) on_team_too: bool,
    /// Whether it is enough that the surnames sound the same.
    pub(super) by_kana: bool,
    /// Surnames, in kanji or kana, that are too common to say anything.
    pub(super) ignored: Vec<String>,
}

/// A rule about what somebody is to the patient.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RelationRule {
    /// Whether it is looked for.
    pub(super) enabled: bool,
    /// Whether members of the care team are looked at as well.
    pub(super) on_team_too: bool,
}

/// No relation to the care team (ケアチームとの関係がない).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NoRelationRule {
    /// Whether it is looked for.
    pub(super) enabled: bool,
    /// Whether attempts that were refused count as well.
    pub(super) attempts_too: bool,
}

/// Emergency access without review (緊急時アクセスの確認が済んでいない).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(in super::super) struct EmergencyUnreviewedRule {
    /// Whether it is looked for.
    pub(in super::super) enabled: bool,
    /// Hours after its beginning, 1 to 720.
    pub(in super::super) hours: i32,
}

/// An unusual hour (通常でない時間帯).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct UnusualHourRule {
    /// Whether it is looked for.
    pub(super) enabled: bool,
    /// The hour in Japan from which on it is unusual, 0 to 23.
    pub(super) from_hour: i32,
    /// The hour in Japan from which on it is usual again, 0 to 23.
    pub(super) until_hour: i32,
    /// Kinds of facilities that work around the clock: their people are not looked at.
    pub(super) around_the_clock: Vec<String>,
}

/// Many patients within an hour (短時間に多数の患者).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ManyPatientsRule {
    /// Whether it is looked for.
    pub(super) enabled: bool,
    /// More patients than these within an hour, 1 to 1000.
    pub(super) patients: i32,
}

/// After the membership had ended (担当が終わった後).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct AfterMembershipRule {
    /// Whether it is looked for.
    pub(super) enabled: bool,
    /// Days after the last one on which nothing is said, 0 to 90.
    pub(super) grace_days: i32,
}

/// Refused again and again (拒否の繰り返し).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RepeatedDenialsRule {
    /// Whether it is looked for.
    pub(super) enabled: bool,
    /// Refusals of one person or system, 2 to 1000.
    pub(super) count: i32,
    /// Within so many minutes, 1 to 120.
    pub(super) minutes: i32,
    /// Failures to sign in at one account, or from one address at several, 2 to 1000.
    pub(super) sign_in_count: i32,
    /// Within so many minutes, 1 to 120.
    pub(super) sign_in_minutes: i32,
}

impl Default for FindingRules {
    fn default() -> Self {
        let relation = |on_team_too| RelationRule {
            enabled: true,
            on_team_too,
        };
        Self {
            same_surname: SameSurnameRule::default(),
            same_address: relation(true),
            own_family: relation(true),
            watched_patient: relation(false),
            no_relation: NoRelationRule::default(),
            emergency_unreviewed: EmergencyUnreviewedRule::default(),
            unusual_hour: UnusualHourRule::default(),
            many_patients: ManyPatientsRule::default(),
            after_membership: AfterMembershipRule::default(),
            repeated_denials: RepeatedDenialsRule::default(),
            look_back_days: 180,
            answer_days: 7,
        }
    }
}

impl Default for SameSurnameRule {
    fn default() -> Self {
        Self {
            enabled: true,
            on_team_too: false,
            by_kana: true,
            ignored: Vec::new(),
        }
    }
}

impl Default for NoRelationRule {
    fn default() -> Self {
        Self {
            enabled: true,
            attempts_too: true,
        }
    }
}

impl Default for EmergencyUnreviewedRule {
    fn default() -> Self {
        Self {
            enabled: true,
            hours: 72,
        }
    }
}

impl Default for UnusualHourRule {
    fn default() -> Self {
        Self {
            enabled: true,
            from_hour: 22,
            until_hour: 5,
            around_the_clock: ["hospital", "nursing_home"].map(str::to_owned).into(),
        }
    }
}

impl Default for ManyPatientsRule {
    fn default() -> Self {
        Self {
            enabled: true,
            patients: 20,
        }
    }
}

impl Default for AfterMembershipRule {
    fn default() -> Self {
        Self {
            enabled: true,
            grace_days: 1,
        }
    }
}

impl Default for RepeatedDenialsRule {
    fn default() -> Self {
        Self {
            enabled: true,
            count: 10,
            minutes: 10,
            sign_in_count: 5,
            sign_in_minutes: 30,
        }
    }
}

impl FindingRules {
    /// Adds everything that is wrong.
    pub(in super::super) fn check(&self, errors: &mut Vec<FieldError>) {
        let mut within = |field: &str, value: i32, range: RangeInclusive<i32>| {
            if !range.contains(&value) {
                let message = format!("{} to {}", range.start(), range.end());
                errors.push(FieldError::new(
                    format!("rules.{field}"),
                    "out_of_range",
                    message,
                ));
            }
        };
        let denials = &self.repeated_denials;
        within(
            "emergency_unreviewed.hours",
            self.emergency_unreviewed.hours,
            1..=720,
        );
        within(
            "unusual_hour.from_hour",
            self.unusual_hour.from_hour,
            0..=23,
        );
        within(
            "unusual_hour.until_hour",
            self.unusual_hour.until_hour,
            0..=23,
        );
        within(
            "many_patients.patients",
            self.many_patients.patients,
            1..=1000,
        );
        within(
            "after_membership.grace_days",
            self.after_membership.grace_days,
            0..=90,
        );
        within("repeated_denials.count", denials.count, 2..=1000);
        within("repeated_denials.minutes", denials.minutes, 1..=120);
        within(
            "repeated_denials.sign_in_count",
            denials.sign_in_count,
            2..=1000,
        );
        within(
            "repeated_denials.sign_in_minutes",
            denials.sign_in_minutes,
            1..=120,
        );
        within("look_back_days", self.look_back_days, 1..=3650);
        within("answer_days", self.answer_days, 1..=60);
        for (field, words) in [
            ("same_surname.ignored", &self.same_surname.ignored),
            (
                "unusual_hour.around_the_clock",
                &self.unusual_hour.around_the_clock,
            ),
        ] {
            let field = format!("rules.{field}");
            if words.len() > MOST_WORDS {
                let message = format!("at most {MOST_WORDS}");
                errors.push(FieldError::new(&field, "too_many", message));
            }
            for word in words {
                text::check(&field, word, 50, false, errors);
            }
        }
    }
}
