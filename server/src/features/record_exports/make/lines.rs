//! What paper shows of what the interface says: everything in words, ready for the template.

use serde_json::{Value, json};

use super::super::{
    parts::Front,
    words::{channel_ja, day_of, kind_ja, moment_of, subject_ja, vitals_ja},
};
use crate::features::vital_signs::VitalSigns;

/// A text of a field; empty when there is none.
pub(in super::super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// The things of a list in a field.
pub(in super::super) fn list<'a>(value: &'a Value, field: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(field)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Vital signs of a post or a version.
pub(in super::super) fn signs(value: &Value) -> Option<VitalSigns> {
    let signs = value.get("vitals").filter(|vitals| !vitals.is_null())?;
    serde_json::from_value(signs.clone()).ok()
}

/// Who wrote a post.
fn author(front: &Front, post: &Value) -> String {
    let author = post.get("author").unwrap_or(&Value::Null);
    let (name, facility) = (text(author, "name"), text(author, "facility_name"));
    match text(author, "profession") {
        "" => format!("{name}（{facility}）"),
        code => format!("{name}（{}・{facility}）", front.profession(code)),
    }
}

/// What a post or a version of it says, without the signs.
fn said(value: &Value) -> String {
    let body = text(value, "body");
    let document = value.get("document").filter(|document| !document.is_null());
    let Some(document) = document else {
        return body.to_owned();
    };
    let what = format!(
        "{}「{}」（{}　{}）",
        text(document, "type_label"),
        text(document, "title"),
        text(document, "institution_name"),
        text(document, "author_name"),
    );
    if body.is_empty() {
        what
    } else {
        format!("{what}\n{body}")
    }
}

/// A post.
pub(super) fn post(front: &Front, post: &Value) -> Value {
    let at = |field| moment_of(post.get(field).unwrap_or(&Value::Null));
    let (observed, recorded) = (at("observed_at"), at("recorded_at"));
    let subject = text(post, "sensitivity");
    let channel = channel_ja(text(post, "channel"));
    let channel = if subject.is_empty() {
        channel.to_owned()
    } else {
        format!("{channel}（{}）", subject_ja(subject))
    };
    let reply = post.get("reply_to").filter(|reply| !reply.is_null());
    let reply = reply.map(|reply| {
        let to = text(reply, "author_name");
        let excerpt = text(reply, "excerpt");
        if to.is_empty() {
            "この写しに含まれない投稿への返信".to_owned()
        } else {
            format!("{to}さんの投稿への返信「{excerpt}」")
        }
    });
    let taken_back = post
        .get("retraction")
        .filter(|retraction| !retraction.is_null());
    json!({
        "recorded": (recorded != observed).then_some(&recorded),
        "observed": observed,
        "kind": kind_ja(text(post, "kind")),
        "channel": channel,
        "who": author(front, post),
        "says": said(post),
        "vitals": signs(post).as_ref().map(vitals_ja),
        "reply": reply,
        "automatic": post.get("automatic").and_then(Value::as_bool).unwrap_or_default(),
        "asked": asked(front, post),
        "retraction": taken_back.map(|retraction| json!({
            "at": moment_of(retraction.get("at").unwrap_or(&Value::Null)),
            "by": text(retraction, "by_name"),
            "reason": text(retraction, "reason"),
        })),
        "versions": list(post, "versions").map(version).collect::<Vec<_>>(),
    })
}

fn version(version: &Value) -> Value {
    json!({
        "number": version.get("version"),
        "at": moment_of(version.get("written_at").unwrap_or(&Value::Null)),
        "by": text(version, "written_by"),
        "reason": text(version, "reason"),
        "retracted": version.get("retracted").and_then(Value::as_bool).unwrap_or_default(),
        "says": said(version),
        "vitals": signs(version).as_ref().map(vitals_ja),
    })
}

/// Who was asked to acknowledge and who has, each in words.
fn asked(front: &Front, post: &Value) -> Vec<String> {
    let Some(acknowledgement) = post.get("acknowledgement") else {
        return Vec::new();
    };
    let person = |value: &Value| {
        let (name, code) = (text(value, "name"), text(value, "profession"));
        format!("{name}（{}）", front.profession(code))
    };
    let mut lines: Vec<String> = Vec::new();
    let mut named = Vec::new();
    for one in list(acknowledgement, "asked") {
        named.push(text(one, "staff_member_id"));
        lines.push(match text(one, "acknowledged_at") {
            "" => format!("{}　確認の依頼中", person(one)),
            at => format!("{}　{} 確認", person(one), moment_of(&json!(at))),
        });
    }
    for one in list(acknowledgement, "acknowledged") {
        if !named.contains(&text(one, "staff_member_id")) {
            let at = moment_of(one.get("acknowledged_at").unwrap_or(&Value::Null));
            lines.push(format!("{}　{at} 確認", person(one)));
        }
    }
    lines
}

/// A row of the table of vital signs.
pub(super) fn vital(post: &Value, signs: &VitalSigns) -> Value {
    const COLUMNS: [&str; 8] = [
        "temperature",
        "systolic",
        "diastolic",
        "pulse",
        "spo2",
        "oxygen",
        "respiration",
        "weight",
    ];
    let shown = |code: &str| {
        let measured = signs.measured().find(|(sign, _)| sign.code == code);
        measured.map_or_else(String::new, |(sign, value)| {
            format!("{value:.*}", sign.digits)
        })
    };
    let pressure = match (shown("systolic"), shown("diastolic")) {
        (high, low) if high.is_empty() && low.is_empty() => String::new(),
        (high, low) => format!("{high}/{low}"),
    };
    let spo2 = match (shown("spo2"), signs.oxygen) {
        (spo2, Some(oxygen)) if oxygen > 0.0 => format!("{spo2}（酸素{oxygen}L）"),
        (spo2, _) => spo2,
    };
    let rest = signs
        .measured()
        .filter(|(sign, _)| !COLUMNS.contains(&sign.code.as_str()));
    let rest: Vec<String> = rest
        .map(|(sign, value)| format!("{} {}", sign.ja, sign.written(value)))
        .collect();
    json!([
        moment_of(post.get("observed_at").unwrap_or(&Value::Null)),
        shown("temperature"),
        pressure,
        shown("pulse"),
        spo2,
        shown("respiration"),
        shown("weight"),
        rest.join("、"),
        text(post.get("author").unwrap_or(&Value::Null), "name"),
    ])
}

/// A document with what it says.
pub(super) fn document(document: &Value) -> Value {
    let mut parts = Vec::new();
    for section in list(document, "sections") {
        flatten(section, &mut parts);
    }
    for resource in list(document, "resources") {
        parts.push(json!({ "title": text(resource, "title"), "text": text(resource, "text") }));
    }
    let authors: Vec<&str> = list(document, "authors")
        .filter_map(Value::as_str)
        .collect();
    json!({
        "title": text(document, "title"),
        "kind": text(document, "type_label"),
        "from": format!("{}　{}", text(document, "institution_name"), authors.join("、")),
        "at": moment_of(document.get("authored_at").unwrap_or(&Value::Null)),
        "received": moment_of(document.get("received_at").unwrap_or(&Value::Null)),
        "parts": parts,
    })
}

fn flatten(section: &Value, parts: &mut Vec<Value>) {
    parts.push(json!({ "title": text(section, "title"), "text": text(section, "text") }));
    for inner in list(section, "sections") {
        flatten(inner, parts);
    }
}

/// A line of who has looked.
pub(super) fn access(line: &Value) -> Value {
    let who = line.get("who").unwrap_or(&Value::Null);
    let emergency = line
        .get("emergency")
        .filter(|emergency| !emergency.is_null());
    let why = text(line, "purpose_ja");
    json!([
        moment_of(line.get("at").unwrap_or(&Value::Null)),
        who_looked(who),
        text(line, "what_ja"),
        emergency.map_or_else(
            || why.to_owned(),
            |emergency| format!("{why}（緊急時アクセス：{}）", text(emergency, "ja")),
        ),
    ])
}

/// Organization, profession and name of whoever looked, as far as the network tells patients.
pub(super) fn who_looked(who: &Value) -> String {
    let parts = ["organization", "profession_ja", "name", "program"].map(|field| text(who, field));
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        "システム".to_owned()
    } else {
        parts.join("　")
    }
}

/// What is known of the patient, line by line.
pub(super) fn patient(patient: &Value) -> Vec<[String; 2]> {
    let sex = match text(patient, "sex") {
        "male" => "男性",
        "female" => "女性",
        "other" => "その他",
        _ => "不明",
    };
    let mut lines = vec![
        ("氏名", text(patient, "name").to_owned()),
        ("フリガナ", text(patient, "kana").to_owned()),
        (
            "生年月日",
            day_of(patient.get("birth_date").unwrap_or(&Value::Null)),
        ),
        ("性別", sex.to_owned()),
        ("住所", text(patient, "address").to_owned()),
        ("電話番号", text(patient, "phone").to_owned()),
        (
            "登録日時",
            moment_of(patient.get("registered_at").unwrap_or(&Value::Null)),
        ),
    ];
    for number in list(patient, "identifiers") {
        let by = text(number, "facility_name");
        let by = if by.is_empty() {
            text(number, "system")
        } else {
            by
        };
        lines.push(("番号", format!("{}（{by}）", text(number, "value"))));
    }
    let lines = lines.into_iter().filter(|(_, value)| !value.is_empty());
    lines
        .map(|(name, value)| [name.to_owned(), value])
        .collect()
}

/// Members of the team: name, profession and facility, duty, days.
pub(super) fn team(front: &Front) -> Option<Vec<Value>> {
    let member = |member: &Value| {
        let staff = member.get("staff_member").unwrap_or(&Value::Null);
        let facility = staff.get("facility").unwrap_or(&Value::Null);
        let day = |field| day_of(member.get(field).unwrap_or(&Value::Null));
        json!([
            text(staff, "name"),
            front.profession(text(staff, "profession")),
            text(facility, "name"),
            text(member, "duty"),
            format!("{}〜{}", day("starts_on"), day("ends_on")),
        ])
    };
    Some(front.team.as_ref()?.iter().map(member).collect())
}

/// Consents: day, by whom and how, what it covers, and its end.
pub(super) fn consents(front: &Front) -> Option<Vec<Value>> {
    let consent = |consent: &Value| {
        let by = match text(consent, "granted_by") {
            "patient" => "ご本人".to_owned(),
            "proxy" => format!(
                "代理人 {}（{}）",
                text(consent, "proxy_name"),
                text(consent, "proxy_relation")
            ),
            _ => "緊急時（ご本人の意思を確認できない場合）".to_owned(),
        };
        let how = match text(consent, "method") {
            "paper" => "書面",
            "on_screen" => "画面",
            "card" => "利用者カード",
            other => other,
        };
        let named: Vec<&str> = list(consent, "facilities")
            .map(|one| text(one, "name"))
            .collect();
        let whom = if named.is_empty() {
            "ネットワークの全施設".to_owned()
        } else {
            named.join("、")
        };
        let sensitive = list(consent, "sensitive").filter_map(Value::as_str);
        let sensitive: Vec<&str> = sensitive.map(subject_ja).collect();
        let covers = if sensitive.is_empty() {
            whom
        } else {
            format!("{whom}　機微情報：{}", sensitive.join("、"))
        };
        let ended = match text(consent, "withdrawn_at") {
            "" => day_of(consent.get("valid_until").unwrap_or(&Value::Null)),
            at => format!(
                "{} 撤回（{}）",
                moment_of(&json!(at)),
                text(consent, "withdrawal_reason")
            ),
        };
        let on = day_of(consent.get("granted_on").unwrap_or(&Value::Null));
        json!([on, format!("{by}（{how}）"), covers, ended])
    };
    Some(front.consents.as_ref()?.iter().map(consent).collect())
}
