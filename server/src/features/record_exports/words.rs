//! What is on a copy, in Japanese.

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::{
    features::vital_signs::VitalSigns,
    spine::{
        access::{CHANNELS, KINDS, SENSITIVE, Scope, class},
        clock::japanese_time,
    },
};

/// A kind of post.
pub fn kind_ja(kind: &str) -> &str {
    match kind {
        "note" => "記録・連絡",
        "vitals" => "バイタル",
        "document" => "文書",
        "medication" => "服薬の様子",
        "wound" => "褥瘡・創部",
        "visit_report" => "訪問報告",
        "urgent" => "急な変化",
        "end_of_life" => "看取り",
        "notice" => "お知らせ",
        other => other,
    }
}

/// A channel.
pub fn channel_ja(channel: &str) -> &str {
    match channel {
        "team" => "チーム全員",
        "medical" => "医療職のみ",
        "family" => "ご家族と共有",
        "sensitive" => "機微情報",
        "named" => "指名した人",
        other => other,
    }
}

/// A kind of information, as the rules know it.
fn information_ja(kind: &str) -> &str {
    match kind {
        "assessment" => "褥瘡などの評価",
        "medication" => "服薬の様子",
        other => kind_ja(other),
    }
}

/// What makes something sensitive.
pub(super) fn subject_ja(subject: &str) -> &str {
    match subject {
        "psychiatry" => "精神科",
        "hiv" => "HIV",
        "abuse" => "虐待",
        "violence" => "DV・暴力",
        "finances" => "経済状況",
        other => other,
    }
}

/// Vital signs on one line: 体温 36.5℃　血圧 120/70 mmHg.
pub fn vitals_ja(signs: &VitalSigns) -> String {
    let mut parts: Vec<String> = Vec::new();
    let pressure = signs.systolic.zip(signs.diastolic);
    if let Some((systolic, diastolic)) = pressure {
        parts.push(format!("血圧 {systolic:.0}/{diastolic:.0} mmHg"));
    }
    for (sign, value) in signs.measured() {
        let is_pressure = ["systolic", "diastolic"].contains(&sign.code.as_str());
        if !(is_pressure && pressure.is_some()) {
            parts.push(format!("{} {}", sign.ja, sign.written(value)));
        }
    }
    parts.join("　")
}

/// A moment: 2026年11月30日 9:05.
pub(super) fn moment(at: DateTime<Utc>) -> String {
    japanese_time(at)
        .format("%Y年%-m月%-d日 %-H:%M")
        .to_string()
}

/// The same, of a field of the interface.
pub(super) fn moment_of(value: &Value) -> String {
    let at = value.as_str().and_then(|text| text.parse().ok());
    at.map(moment).unwrap_or_default()
}

/// A day: 2026年11月30日.
pub(super) fn day_of(value: &Value) -> String {
    let day = value
        .as_str()
        .and_then(|text| text.parse::<chrono::NaiveDate>().ok());
    day.map(|day| day.format("%Y年%-m月%-d日").to_string())
        .unwrap_or_default()
}

/// What a copy leaves out because whoever asked may not read it. By the rules alone: whether there is any of it, and how
/// much, is not said, because that alone would tell something.
pub(super) fn left_out(scope: &Scope) -> Vec<String> {
    let mut said = Vec::new();
    for channel in CHANNELS {
        if channel == "sensitive" {
            said.extend(left_out_sensitive(scope));
            continue;
        }
        if channel == "named" {
            said.push(left_out_named(scope));
            continue;
        }
        let within =
            |list: &[&str], kind: &str| list.contains(&class(channel, kind, None).as_str());
        let is_open = |kind: &&str| within(&scope.all, kind);
        let closed: Vec<&str> = KINDS.into_iter().filter(|kind| !is_open(kind)).collect();
        if closed.is_empty() {
            continue;
        }
        let name = channel_ja(channel);
        let own = closed.iter().any(|kind| within(&scope.own, kind));
        let rest = if own {
            "（自分の施設が書いたものは含みます）"
        } else {
            ""
        };
        said.push(if closed.len() == KINDS.len() {
            format!("公開範囲が「{name}」の記録{rest}")
        } else {
            let kinds: Vec<&str> = closed.into_iter().map(information_ja).collect();
            format!(
                "公開範囲が「{name}」の記録のうち、{}{rest}",
                kinds.join("、")
            )
        });
    }
    said
}

/// Whoever else was named is nobody else's business, whatever the rules give.
fn left_out_named(scope: &Scope) -> String {
    let rest = if scope.named.is_empty() && scope.named_own.is_empty() {
        ""
    } else {
        "（自分が書いたもの、自分が指名されたものは含みます）"
    };
    format!("公開範囲が「{}」の記録{rest}", channel_ja("named"))
}

fn left_out_sensitive(scope: &Scope) -> Option<String> {
    let is_open = |subject: &&str| {
        let mut kinds = KINDS.into_iter();
        kinds.any(|kind| {
            scope
                .all
                .contains(&class("sensitive", kind, Some(subject)).as_str())
        })
    };
    let closed: Vec<&str> = SENSITIVE
        .into_iter()
        .filter(|subject| !is_open(subject))
        .collect();
    if closed.is_empty() {
        return None;
    }
    let own = scope
        .own
        .iter()
        .any(|class| class.starts_with("sensitive/"));
    let rest = if own {
        "（自分の施設が書いたものは含みます）"
    } else {
        ""
    };
    let subjects: Vec<&str> = closed.into_iter().map(subject_ja).collect();
    Some(format!("機微情報（{}）{rest}", subjects.join("、")))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_is_left_out_is_said_by_the_rules_and_not_by_the_rows() {
        let all: Vec<&'static str> = vec![
            "team/note",
            "team/vitals",
            "team/document",
            "team/medication",
            "team/assessment",
            "family/note",
        ];
        let scope = Scope {
            own: vec!["medical/note"],
            all,
            named: Vec::new(),
            named_own: Vec::new(),
            facility: Uuid::nil(),
        };
        assert_eq!(
            left_out(&scope),
            [
                "公開範囲が「医療職のみ」の記録（自分の施設が書いたものは含みます）",
                "公開範囲が「ご家族と共有」の記録のうち、バイタル、文書、服薬の様子、褥瘡などの評価",
                "機微情報（精神科、HIV、虐待、DV・暴力、経済状況）",
                "公開範囲が「指名した人」の記録",
            ]
        );
        let named = Scope {
            named: vec!["named/note"],
            ..scope
        };
        let last = left_out(&named).pop();
        let said =
            "公開範囲が「指名した人」の記録（自分が書いたもの、自分が指名されたものは含みます）";
        assert_eq!(last.as_deref(), Some(said));
    }

    #[test]
    fn vital_signs_are_written_as_people_write_them() {
        let signs = VitalSigns {
            temperature: Some(36.5),
            systolic: Some(128.0),
            diastolic: Some(72.0),
            ..VitalSigns::default()
        };
        assert_eq!(vitals_ja(&signs), "血圧 128/72 mmHg　体温 36.5℃");
    }
}
