//! Rows of the tables as they are printed.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    super::counts::number,
    queries::{self, Found},
};
use crate::{
    features::findings,
    print::{Emergency, FindingRow, LegalHold, MaintenanceSession, Review, ReviewedFinding},
    spine::professions,
};

type Names = HashMap<Uuid, String>;

fn name(names: &Names, id: Option<Uuid>) -> String {
    let found = id.and_then(|id| names.get(&id).cloned());
    found.unwrap_or_else(|| "自動".to_owned())
}

fn profession(code: &str) -> String {
    professions::find(code).map_or_else(|| code.to_owned(), |found| found.ja.clone())
}

/// What came of a review, from its code.
fn review(conclusion: Option<&str>, by: String, at: DateTime<Utc>, note: Option<String>) -> Review {
    let note = note.unwrap_or_else(|| "記載なし".to_owned());
    match conclusion {
        Some("justified") => Review::Justified { by, at, note },
        Some("not_justified") => Review::NotJustified { by, at, note },
        Some("duplicate") => Review::Other {
            what: "重複",
            by,
            at,
            note,
        },
        _ => Review::Other {
            what: "判断できず",
            by,
            at,
            note,
        },
    }
}

impl queries::Emergency {
    /// `due` after its beginning a review is overdue.
    pub(super) fn print(self, now: DateTime<Utc>, due: TimeDelta, names: &Names) -> Emergency {
        let review = match self.reviewed_at {
            None => Review::Waiting {
                overdue: now - self.started_at > due,
            },
            Some(at) => {
                let by = name(names, self.reviewed_by);
                review(self.finding.as_deref(), by, at, self.review_note)
            }
        };
        Emergency {
            at: self.started_at,
            ended_at: self
                .ended_at
                .or_else(|| (self.expires_at <= now).then_some(self.expires_at)),
            person: self.person,
            profession: profession(&self.profession),
            facility: self.facility,
            patient: self.patient,
            reason: self.reason,
            review,
        }
    }
}

/// A row for each rule, whether it found something or not.
pub(super) fn findings(found: &Found) -> Vec<FindingRow> {
    let of = |counts: &[(String, i64)], rule: &str| {
        let count = counts.iter().find(|(code, _)| code == rule);
        number(count.map_or(0, |(_, count)| *count))
    };
    let row = |(code, ja): (&str, &str)| {
        let closed = |conclusion: &str| {
            let like = |(rule, ended, _): &&(String, Option<String>, i64)| {
                rule == code && ended.as_deref() == Some(conclusion)
            };
            number(
                found
                    .closed
                    .iter()
                    .filter(like)
                    .map(|(.., count)| count)
                    .sum(),
            )
        };
        FindingRow {
            rule: ja.to_owned(),
            found: of(&found.new, code),
            open: of(&found.open, code),
            justified: closed("justified"),
            not_justified: closed("not_justified"),
            other: closed("unclear") + closed("duplicate"),
        }
    };
    findings::rule_names().into_iter().map(row).collect()
}

impl queries::Reviewed {
    pub(super) fn print(self, names: &Names) -> ReviewedFinding {
        let by = name(names, self.closed_by);
        let rules = findings::rule_names();
        let rule = rules.into_iter().find(|(code, _)| *code == self.rule);
        ReviewedFinding {
            rule: rule.map_or(self.rule.clone(), |(_, ja)| ja.to_owned()),
            subject: self.subject(),
            review: review(self.conclusion.as_deref(), by, self.closed_at, self.note),
        }
    }

    /// Whom or what it is about, in words.
    fn subject(&self) -> String {
        let person = self.person.as_ref().map(|name| match &self.facility {
            Some(facility) => format!("{name}（{facility}）"),
            None => name.clone(),
        });
        let parts = [
            person,
            self.login_name
                .as_ref()
                .map(|login| format!("アカウント {login}")),
            self.client.as_ref().map(|name| format!("システム {name}")),
            self.source_ip.as_ref().map(|ip| format!("接続元 {ip}")),
            self.patient.as_ref().map(|name| format!("患者 {name}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        format!("{}　{}", parts.join("、"), day(self.day))
    }
}

impl queries::Session {
    pub(super) fn print(
        self,
        now: DateTime<Utc>,
        acts: u64,
        approved_by: Option<String>,
    ) -> MaintenanceSession {
        let idle = TimeDelta::minutes(i64::from(self.idle_minutes));
        let out = self.expires_at.min(self.last_seen_at + idle);
        MaintenanceSession {
            at: self.created_at,
            ended_at: self.revoked_at.or_else(|| (out <= now).then_some(out)),
            person: format!("{}（{}）", self.person, self.facility),
            approved_by: approved_by.unwrap_or_else(|| "記録なし".to_owned()),
            reason: self.work_plan.map_or_else(
                || "作業計画番号なし".to_owned(),
                |plan| format!("作業計画 {plan}"),
            ),
            acts,
        }
    }
}

impl queries::Hold {
    pub(super) fn print(self, names: &Names) -> LegalHold {
        let mut subject = format!("{}から{}までの記録", day(self.from_on), day(self.to_on));
        if let Some(patient) = &self.patient {
            subject.push_str("（患者 ");
            subject.push_str(patient);
            subject.push('）');
        }
        if let Some(staff) = self.staff_member_id.and_then(|id| names.get(&id)) {
            subject.push_str("（職員 ");
            subject.push_str(staff);
            subject.push('）');
        }
        LegalHold {
            subject,
            reason: self.reason,
            at: self.created_at,
            by: name(names, Some(self.created_by)),
            lifted_at: self.released_at,
        }
    }
}

fn day(day: NaiveDate) -> String {
    day.format("%Y年%-m月%-d日").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_its_row_and_what_was_closed_is_told_apart() {
        let one = |rule: &str, count| (rule.to_owned(), count);
        let closed = |rule: &str, how: &str, count| (rule.to_owned(), Some(how.to_owned()), count);
        let rows = findings(&Found {
            new: vec![one("own_family", 4)],
            open: vec![one("own_family", 9)],
            closed: vec![
                closed("own_family", "justified", 1),
                closed("own_family", "unclear", 2),
                closed("own_family", "duplicate", 3),
                closed("same_surname", "not_justified", 5),
            ],
        });
        assert_eq!(rows.len(), findings::rule_names().len());
        let own = rows.iter().find(|row| row.open == 9).unwrap();
        assert_eq!((own.found, own.justified, own.other), (4, 1, 5));
        assert_eq!(rows.iter().map(|row| row.not_justified).sum::<u64>(), 5);
    }
}
