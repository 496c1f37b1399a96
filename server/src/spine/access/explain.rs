//! Why a decision was made, in words, and what would change it: the same rules asked again with one thing different.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    engine::Engine,
    ground::{Cover, Ground},
    question::{Asker, Purpose, Question, Resource},
    rooms::Membership,
};

/// A rule that decided.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reason {
    /// Id of the rule.
    pub id: String,
    /// `permit` or `forbid`.
    pub effect: &'static str,
    /// In Japanese.
    pub reason_ja: String,
    /// In English.
    pub reason_en: String,
}

/// Something that would turn a refusal into a permission.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Change {
    /// Stable code, such as `join_care_team`.
    pub change: &'static str,
    /// In Japanese.
    pub text_ja: &'static str,
    /// In English.
    pub text_en: &'static str,
}

/// Why.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Explanation {
    /// Whether it was, or would be, allowed.
    pub allowed: bool,
    /// The rules that decided.
    pub rules: Vec<Reason>,
    /// What ties the person to the patient and what the profession may do, in Japanese.
    pub because_ja: Vec<String>,
    /// The same in English.
    pub because_en: Vec<String>,
    /// What would turn a refusal into a permission, one thing at a time.
    pub would_help: Vec<Change>,
}

/// Explains the answer to a question.
pub fn explain(engine: &Engine, question: &Question) -> Explanation {
    let decision = engine.decide(question);
    let rules = reasons_of(engine, &decision.rules);
    let facts = facts(question);
    let (because_ja, because_en) = facts
        .into_iter()
        .map(|(ja, en)| (ja.to_owned(), en.to_owned()))
        .unzip();
    Explanation {
        allowed: decision.allowed,
        rules,
        because_ja,
        because_en,
        would_help: if decision.allowed {
            Vec::new()
        } else {
            changes(engine, question)
        },
    }
}

/// What can be said of a decision whose question was not kept.
pub fn without_question(engine: &Engine, allowed: bool, rules: &[String]) -> Explanation {
    Explanation {
        allowed,
        rules: reasons_of(engine, rules),
        because_ja: Vec::new(),
        because_en: Vec::new(),
        would_help: Vec::new(),
    }
}

/// The rules of a decision, for people.
pub fn reasons_of(engine: &Engine, rules: &[String]) -> Vec<Reason> {
    rules
        .iter()
        .filter_map(|id| engine.rule(id))
        .map(|rule| Reason {
            id: rule.id.clone(),
            effect: if rule.forbids { "forbid" } else { "permit" },
            reason_ja: rule.reason_ja.clone(),
            reason_en: rule.reason_en.clone(),
        })
        .collect()
}

/// What was found, in sentences.
fn facts(question: &Question) -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    if let Some(ground) = &question.ground {
        found.push(match ground.word() {
            "member" => ("ケアチームの一員です", "The person is on the care team"),
            "substitute" => (
                "ケアチームの一員の代行者です",
                "The person stands in for a member of the care team",
            ),
            "self" => ("ご本人です", "The person is the patient"),
            "family" => ("ご家族・代理人です", "The person is family or proxy"),
            "emergency" => ("緊急時アクセス中です", "Emergency access runs"),
            _ => (
                "この患者との関わりが登録されていません",
                "The person has no relation to this patient",
            ),
        });
        let (kind, _) = question.kinds();
        let kind = if kind.is_empty() { "basic" } else { kind };
        found.push(if ground.consents_to(kind) {
            (
                "患者の同意があります",
                "Consent covers this kind of information for the facility and the profession",
            )
        } else {
            (
                "この施設・職種・情報についての同意がありません",
                "No consent covers this kind of information for the facility and the profession",
            )
        });
    }
    if let Some(membership) = membership_of(question) {
        found.push(if membership.member {
            (
                "このルームのメンバー（回覧の宛先）です",
                "The person is in the room, or was sent the announcement",
            )
        } else {
            (
                "このルームのメンバー（回覧の宛先）ではありません",
                "The person is not in the room, or was not sent the announcement",
            )
        });
    }
    if let Asker::Person { standing, .. } = &question.asker {
        if !standing.licensed {
            found.push((
                "有効な免許・資格が確認されていません",
                "No valid licence is on record",
            ));
        }
        let (kind, also) = question.kinds();
        if !kind.is_empty() {
            let rights = standing.rights(kind);
            let none = rights == crate::spine::professions::Rights::default()
                || (!also.is_empty()
                    && standing.rights(also) == crate::spine::professions::Rights::default());
            found.push(if none {
                (
                    "この職種は、この種類の情報を扱いません",
                    "The profession does not deal with this kind of information",
                )
            } else {
                (
                    "この職種は、この種類の情報を扱います",
                    "The profession deals with this kind of information",
                )
            });
        }
    }
    found
}

/// What ties whoever asks to a room or to what is passed round.
fn membership_of(question: &Question) -> Option<Membership> {
    match &question.resource {
        Resource::Room(room) => Some(room.membership),
        Resource::Announcement(about) => Some(about.membership),
        _ => None,
    }
}

/// A change to a question, with its name.
type Try = (Change, fn(&mut Question));

const fn change(change: &'static str, text_ja: &'static str, text_en: &'static str) -> Change {
    Change {
        change,
        text_ja,
        text_en,
    }
}

/// What can be changed by people.
const TRIES: &[Try] = &[
    (
        change(
            "join_care_team",
            "ケアチームに加わる",
            "Joining the care team",
        ),
        |question| on_ground(question, |ground| ground.member = true),
    ),
    (
        change(
            "consent",
            "患者の同意を得る（範囲を広げる）",
            "Consent of the patient, or a wider one",
        ),
        |question| {
            on_ground(question, |ground| {
                ground.cover = Cover {
                    kinds: u32::MAX,
                    ..ground.cover
                }
            });
        },
    ),
    (
        change(
            "separate_consent",
            "個別の同意（機微情報・ご家族など）を得る",
            "Consent with a word of its own for this subject or group",
        ),
        |question| {
            on_ground(question, |ground| {
                ground.cover = Cover {
                    kinds: u32::MAX,
                    separate: true,
                    sensitive: u8::MAX,
                }
            });
        },
    ),
    (
        change(
            "join_and_consent",
            "ケアチームに加わり、患者の同意を得る",
            "Joining the care team, and consent of the patient",
        ),
        |question| {
            on_ground(question, |ground| {
                ground.member = true;
                ground.cover.kinds = u32::MAX;
            });
        },
    ),
    (
        change(
            "licence",
            "免許・資格の確認を受ける",
            "Having the licence verified",
        ),
        |question| {
            if let Asker::Person { standing, .. } = &mut question.asker {
                standing.licensed = true;
            }
        },
    ),
    (
        change(
            "network_agreement",
            "ネットワークの取り決めを見直す",
            "Changing what the network has narrowed",
        ),
        |question| {
            if let Asker::Person { standing, .. } = &mut question.asker {
                standing.narrowing = super::Narrowing::default();
            }
        },
    ),
    (
        change(
            "emergency_access",
            "緊急時アクセスを使う（救急のときだけ）",
            "Emergency access, in an emergency only",
        ),
        |question| {
            let may =
                matches!(&question.asker, Asker::Person { standing, .. } if standing.emergency());
            if may {
                question.purpose = Purpose::EmergencyTreatment;
                on_ground(question, |ground| ground.emergency = true);
            }
        },
    ),
];

fn on_ground(question: &mut Question, change: impl FnOnce(&mut Ground)) {
    if let Some(ground) = &mut question.ground {
        change(ground);
    }
}

fn changes(engine: &Engine, question: &Question) -> Vec<Change> {
    let mut found: Vec<Change> = Vec::new();
    for (change, apply) in TRIES {
        let single_helps = |code| found.iter().any(|change: &Change| change.change == code);
        // What one thing does, two need not.
        if change.change == "join_and_consent"
            && (single_helps("join_care_team") || single_helps("consent"))
        {
            continue;
        }
        if change.change == "separate_consent" && single_helps("consent") {
            continue;
        }
        let mut other = question.clone();
        apply(&mut other);
        if other != *question && engine.decide(&other).allowed {
            found.push(change.clone());
        }
    }
    found
}
