//! What is found in the access log, and how it is reviewed.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::{
    models::{
        CreateFinding, Finding, FindingConclusion, FindingDetail, FindingRule, FindingState,
        FindingStep, ListAccessLog, ListFindings, ListJustificationRequests,
    },
    new_id,
};
use tsumugi_server::{ctx::Door, features::findings, spine::http::RequestInfo, spine::sealing};
use uuid::Uuid;

use crate::support::{
    Person, Team, World, refused,
    team::{join, new_patient, register, today},
};

/// Seals the log of `kita` and looks through all of it.
pub async fn look_through(team: &Team) {
    look_through_log(&team.world, "kita").await;
}

/// Seals the log of a network and looks through all of it.
pub async fn look_through_log(world: &World, slug: &str) {
    let app = &world.app;
    let network = format!("SELECT tenant_id FROM tenants WHERE slug = '{slug}'");
    let network: Uuid = world.db.one(&network).await;
    let door = Door {
        app: app.clone(),
        request: RequestInfo::internal("test"),
    };
    // The worker of the server may be at it as well.
    for _ in 0..1200 {
        sealing::seal(&door, network).await.unwrap();
        findings::look_through(&door, network).await.unwrap();
        let waiting = format!(
            "SELECT
            (SELECT count(*) FROM audit_events WHERE tenant_id = n)
                - (SELECT size FROM audit_trees WHERE tenant_id = n)
            + (SELECT size FROM audit_trees WHERE tenant_id = n)
                - (SELECT CASE WHEN wanted = done THEN next_index ELSE 0 END FROM finding_progress WHERE tenant_id = n)
            FROM (SELECT tenant_id AS n FROM tenants WHERE slug = '{slug}') AS network"
        );
        if world.db.one::<i64>(&waiting).await == 0 {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("the log does not come to rest");
}

async fn list(team: &Team, query: &ListFindings) -> Vec<Finding> {
    let findings = team.auditor.client.findings();
    findings.list(query).await.unwrap().items
}

pub async fn of_rule(team: &Team, rule: FindingRule) -> Vec<Finding> {
    let query = ListFindings {
        rule: Some(rule),
        ..ListFindings::default()
    };
    list(team, &query).await
}

async fn find(team: &Team, id: Uuid) -> FindingDetail {
    team.auditor.client.findings().find(id).await.unwrap()
}

fn kinds(steps: &[FindingStep]) -> Vec<&str> {
    steps.iter().map(|step| step.kind.as_str()).collect()
}

/// The outsider tries to open the patient.
pub async fn curiosity(team: &Team) -> Finding {
    let patients = team.outsider.client.patients();
    refused(patients.find(team.patient).await, 404, "not_found");
    look_through(team).await;
    let mut found = of_rule(team, FindingRule::NoRelation).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

#[actix_web::test]
async fn curiosity_is_found_and_the_work_of_the_team_is_not() {
    let team = Team::new().await;
    team.nurse.notes(team.patient, "訪問しました。").await;
    team.physician.timeline(team.patient).await;
    let finding = curiosity(&team).await;
    assert_eq!(finding.reasons, ["refused"]);
    assert_eq!(finding.state, FindingState::Open);
    assert_eq!((finding.version, finding.entries), (1, 1));
    assert_eq!((finding.found_version, finding.rule_version), (0, 0));
    assert_eq!(finding.day, today());
    let person = finding.person.as_ref().unwrap();
    assert_eq!(person.staff_member_id, Some(team.outsider.id));
    assert_eq!(person.profession.as_deref(), Some("nurse"));
    assert_eq!(
        person.facility_name.as_deref(),
        Some("東訪問看護ステーション")
    );
    let patient = finding.patient.as_ref().unwrap();
    assert_eq!((patient.id, &*patient.name), (team.patient, "出雲 和子"));
    let detail = find(&team, finding.id).await;
    assert_eq!(kinds(&detail.steps), ["found"]);
    let entry = &detail.evidence[0];
    assert_eq!(
        (&*entry.action, entry.code.as_deref()),
        ("patient.read", Some("not_found"))
    );
    assert_eq!(entry.ground.as_deref(), Some("none"));
    assert!(entry.leaf_index.is_some() && entry.session_id.is_some());
    // Nobody else is found, whatever the hour.
    let mut all = list(&team, &ListFindings::default()).await;
    all.retain(|one| one.rule != FindingRule::UnusualHour);
    assert_eq!(all.len(), 1, "{all:#?}");
}

#[actix_web::test]
async fn finding_the_same_again_changes_nothing() {
    let team = Team::new().await;
    let first = curiosity(&team).await;
    look_through(&team).await;
    assert_eq!(
        of_rule(&team, FindingRule::NoRelation).await,
        std::slice::from_ref(&first)
    );
    // More of the same on the same day is more evidence.
    let patients = team.outsider.client.patients();
    refused(patients.find(team.patient).await, 404, "not_found");
    look_through(&team).await;
    let again = of_rule(&team, FindingRule::NoRelation).await;
    assert_eq!(
        (again.len(), again[0].id, again[0].entries),
        (1, first.id, 2)
    );
    assert_eq!(again[0].version, 1);
}

#[actix_web::test]
async fn a_review_goes_from_the_question_to_the_conclusion_and_everything_stays_on_record() {
    let team = Team::new().await;
    let finding = curiosity(&team).await;
    let findings = team.auditor.client.findings();
    let assigned = findings
        .assign(finding.id, 1, team.auditor.id)
        .await
        .unwrap();
    assert_eq!(
        (assigned.finding.state, assigned.finding.version),
        (FindingState::Assigned, 2)
    );
    let question = "11月20日の閲覧の理由を教えてください。";
    refused(
        findings.ask(finding.id, 1, question).await,
        412,
        "stale_version",
    );
    let asked = findings.ask(finding.id, 2, question).await.unwrap();
    assert_eq!(asked.finding.state, FindingState::Asked);
    refused(
        findings.ask(finding.id, 3, question).await,
        409,
        "justification_pending",
    );
    let answer = answered_by_the_person_concerned(&team, question).await;
    let detail = find(&team, finding.id).await;
    assert_eq!(detail.finding.state, FindingState::Answered);
    assert_eq!(detail.justifications[0].answer.as_deref(), Some(answer));
    let version = detail.finding.version;
    let closed = findings
        .close(
            finding.id,
            version,
            FindingConclusion::NotJustified,
            "業務との関係がない",
        )
        .await
        .unwrap();
    assert_eq!(closed.finding.state, FindingState::Closed);
    let again = findings.close(
        finding.id,
        version + 1,
        FindingConclusion::Justified,
        "別の理由",
    );
    refused(again.await, 409, "finding_closed");
    let reopened = findings
        .reopen(finding.id, version + 1, "上長の説明を受けて再確認")
        .await;
    let reopened = reopened.unwrap();
    assert_eq!(reopened.finding.state, FindingState::Assigned);
    assert_eq!(reopened.finding.conclusion, None);
    let steps = [
        "found", "assigned", "asked", "answered", "closed", "reopened",
    ];
    assert_eq!(kinds(&reopened.steps), steps);
    assert_eq!(
        reopened.steps[4].conclusion,
        Some(FindingConclusion::NotJustified)
    );
    assert_eq!(
        reopened.steps[4].note.as_deref(),
        Some("業務との関係がない")
    );
    refused(
        findings.reopen(finding.id, version + 2, "もう一度").await,
        409,
        "finding_not_closed",
    );
}

/// The person sees the question and what was looked at, and nothing of the rules; the patient stays hidden.
async fn answered_by_the_person_concerned(team: &Team, question: &str) -> &'static str {
    let own = team.outsider.client.findings();
    let requests = own
        .justification_requests(&ListJustificationRequests::default())
        .await;
    let requests = requests.unwrap().items;
    assert_eq!(requests.len(), 1);
    let request = &requests[0];
    assert_eq!(request.question, question);
    assert!(request.patient_hidden && request.patient.is_none() && !request.overdue);
    assert_eq!(request.accesses.len(), 1);
    assert_eq!(request.accesses[0].action, "patient.read");
    let raw = team
        .outsider
        .raw("GET", "/v1/justification-requests", "")
        .await;
    for hidden in ["no_relation", "refused", "rule", "出雲", "監査"] {
        assert!(!raw.text().contains(hidden), "{}", raw.text());
    }
    // Nobody else sees or answers it.
    let others = team.nurse.client.findings();
    let none = others
        .justification_requests(&ListJustificationRequests::default())
        .await;
    assert!(none.unwrap().items.is_empty());
    refused(
        others.answer(request.id, "代わりに").await,
        404,
        "not_found",
    );
    let mails = "SELECT subject || body FROM mails WHERE recipient = 'outsider@kita.example' AND body LIKE '%監査者%'";
    let mail: String = team.world.db.one(mails).await;
    assert!(mail.contains("ご回答") && !mail.contains("出雲"), "{mail}");
    let answer = "隣の事業所と間違えて開きました。";
    let done = own.answer(request.id, answer).await.unwrap();
    assert_eq!(done.answer.as_deref(), Some(answer));
    refused(
        own.answer(request.id, "訂正").await,
        409,
        "justification_answered",
    );
    answer
}

#[actix_web::test]
async fn whoever_still_sees_the_patient_is_told_which_one_it_is() {
    let team = Team::new().await;
    let entry = newest_entry(&team, &team.nurse).await;
    let findings = team.auditor.client.findings();
    let made = findings
        .create(&CreateFinding::new(vec![entry], "申し出を受けて確認"))
        .await
        .unwrap();
    assert_eq!(made.finding.rule, FindingRule::ByHand);
    assert_eq!(kinds(&made.steps), ["opened"]);
    assert_eq!(made.evidence.len(), 1);
    findings
        .ask(made.finding.id, 1, "理由を教えてください。")
        .await
        .unwrap();
    let own = team.nurse.client.findings();
    let requests = own
        .justification_requests(&ListJustificationRequests::default())
        .await;
    let request = requests.unwrap().items.remove(0);
    assert_eq!(request.patient.unwrap().name, "出雲 和子");
    // What is closed needs no answer.
    let closed = findings.close(
        made.finding.id,
        2,
        FindingConclusion::Duplicate,
        "別件と同じ",
    );
    closed.await.unwrap();
    refused(
        own.answer(request.id, "確認のため").await,
        409,
        "justification_ended",
    );
    // A rule change does not touch what was opened by hand.
    change_rules(&team, 0, json!({})).await;
    look_through(&team).await;
    assert_eq!(
        find(&team, made.finding.id).await.finding.state,
        FindingState::Closed
    );
}

/// The newest entry about the patient by somebody who has just looked.
async fn newest_entry(team: &Team, by: &Person) -> Uuid {
    by.timeline(team.patient).await;
    let query = ListAccessLog {
        staff_member_id: Some(by.id),
        ..ListAccessLog::default()
    };
    let records = team.auditor.client.access_log().list(&query).await.unwrap();
    records.items[0].id
}

#[actix_web::test]
async fn a_finding_by_hand_is_about_entries_of_one_person() {
    let team = Team::new().await;
    let nurse = newest_entry(&team, &team.nurse).await;
    let physician = newest_entry(&team, &team.physician).await;
    let findings = team.auditor.client.findings();
    let both = CreateFinding::new(vec![nurse, physician], "二人");
    refused(findings.create(&both).await, 422, "invalid_input");
    let unknown = CreateFinding::new(vec![new_id()], "どれでもない");
    refused(findings.create(&unknown).await, 422, "invalid_input");
    let none = CreateFinding::new(Vec::new(), "なし");
    refused(findings.create(&none).await, 422, "invalid_input");
}

#[actix_web::test]
async fn nobody_reviews_what_is_about_oneself() {
    let team = Team::new().await;
    let audit = &team.auditor.client;
    audit
        .access_log()
        .list(&ListAccessLog::default())
        .await
        .unwrap();
    let query = ListAccessLog {
        staff_member_id: Some(team.auditor.id),
        ..ListAccessLog::default()
    };
    let own = audit.access_log().list(&query).await.unwrap().items[0].id;
    let new = CreateFinding::new(vec![own], "自分の閲覧");
    refused(audit.findings().create(&new).await, 403, "forbidden");
    let office = audit
        .sessions()
        .me()
        .await
        .unwrap()
        .staff_member
        .unwrap()
        .facility
        .id;
    let other = team.world.person("auditor-2", "auditor", office).await;
    let made = other
        .client
        .findings()
        .create(&CreateFinding::new(vec![own], "確認"))
        .await
        .unwrap();
    let id = made.finding.id;
    let seen = find(&team, id).await;
    assert!(seen.finding.about_caller && !made.finding.about_caller);
    let findings = audit.findings();
    refused(
        findings.assign(id, 1, team.auditor.id).await,
        403,
        "forbidden",
    );
    let closing = findings.close(id, 1, FindingConclusion::Justified, "問題ない");
    refused(closing.await, 403, "forbidden");
    let others = other.client.findings();
    refused(
        others.assign(id, 1, team.auditor.id).await,
        422,
        "invalid_input",
    );
    refused(
        others.assign(id, 1, team.nurse.id).await,
        422,
        "invalid_input",
    );
    others.assign(id, 1, other.id).await.unwrap();
}

/// Changes the rules to these, and the rest to the usual ones.
async fn change_rules(team: &Team, version: i64, rules: Value) {
    let rules: BTreeMap<String, Value> = serde_json::from_value(rules).unwrap();
    let findings = team.auditor.client.findings();
    let changed = findings
        .update_rules(version, &rules, "運用の見直し")
        .await
        .unwrap();
    assert_eq!((changed.version, changed.computing), (version + 1, true));
}

#[actix_web::test]
async fn rules_have_versions_with_author_and_reason() {
    let team = Team::new().await;
    let findings = team.auditor.client.findings();
    let usual = findings.rules().await.unwrap();
    assert_eq!((usual.version, usual.reason), (0, None));
    assert_eq!(usual.rules["many_patients"]["patients"], 20);
    let mut rules = usual.rules.clone();
    rules.insert("many_patients".to_owned(), json!({ "patients": 3 }));
    let changed = findings
        .update_rules(0, &rules, "少人数の事業所のため")
        .await
        .unwrap();
    assert_eq!(
        changed.rules["many_patients"],
        json!({ "enabled": true, "patients": 3 })
    );
    refused(
        findings.update_rules(0, &rules, "二重").await,
        412,
        "stale_version",
    );
    rules.insert("many_patients".to_owned(), json!({ "patients": 0 }));
    refused(
        findings.update_rules(1, &rules, "無効").await,
        422,
        "invalid_input",
    );
    rules.insert("many_patients".to_owned(), json!({ "patient": 5 }));
    refused(
        findings.update_rules(1, &rules, "無効").await,
        422,
        "invalid_input",
    );
    let versions = findings.rule_versions(None).await.unwrap().items;
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].reason.as_deref(), Some("少人数の事業所のため"));
    assert_eq!(versions[0].changed_by.as_deref(), Some("試験 auditor"));
    look_through(&team).await;
    assert!(!findings.rules().await.unwrap().computing);
    // Factors must have been shown lately.
    team.world.app.clock.advance(TimeDelta::minutes(6));
    let rules = usual.rules;
    refused(
        findings.update_rules(1, &rules, "後から").await,
        403,
        "step_up_required",
    );
}

#[actix_web::test]
async fn what_the_rules_do_not_find_any_more_is_superseded_and_found_again() {
    let team = Team::new().await;
    let finding = curiosity(&team).await;
    let findings = team.auditor.client.findings();
    findings
        .ask(finding.id, 1, "理由を教えてください。")
        .await
        .unwrap();
    change_rules(
        &team,
        0,
        json!({ "no_relation": { "attempts_too": false } }),
    )
    .await;
    look_through(&team).await;
    let gone = find(&team, finding.id).await;
    assert_eq!(gone.finding.state, FindingState::Superseded);
    assert!(gone.justifications[0].ended_at.is_some());
    assert_eq!(gone.finding.found_version, 0);
    let version = gone.finding.version;
    let closing = findings.close(finding.id, version, FindingConclusion::Unclear, "古い");
    refused(closing.await, 409, "finding_superseded");
    change_rules(&team, 1, json!({})).await;
    look_through(&team).await;
    let back = find(&team, finding.id).await;
    assert_eq!(back.finding.state, FindingState::Open);
    assert_eq!(
        (back.finding.found_version, back.finding.rule_version),
        (0, 2)
    );
    assert_eq!(
        kinds(&back.steps),
        ["found", "asked", "superseded", "found_again"]
    );
    assert_eq!(back.steps[2].rule_version, Some(1));
    assert_eq!(back.evidence.len(), 1);
}

#[actix_web::test]
async fn what_is_closed_stays_closed_and_what_comes_later_is_another_part() {
    let team = Team::new().await;
    let first = curiosity(&team).await;
    let findings = team.auditor.client.findings();
    let closing = findings.close(first.id, 1, FindingConclusion::Justified, "研修中の誤操作");
    let closed = closing.await.unwrap();
    change_rules(&team, 0, json!({ "no_relation": { "enabled": false } })).await;
    look_through(&team).await;
    change_rules(&team, 1, json!({})).await;
    look_through(&team).await;
    assert_eq!(find(&team, first.id).await, closed);
    let patients = team.outsider.client.patients();
    refused(patients.find(team.patient).await, 404, "not_found");
    look_through(&team).await;
    let all = of_rule(&team, FindingRule::NoRelation).await;
    assert_eq!(all.len(), 2);
    assert_eq!(find(&team, first.id).await, closed);
    let second = all.iter().find(|finding| finding.id != first.id).unwrap();
    assert_eq!((&second.state, second.entries), (&FindingState::Open, 1));
    // Everything anew gives the same two.
    change_rules(&team, 2, json!({})).await;
    look_through(&team).await;
    let ids = |all: &[Finding]| {
        all.iter()
            .map(|one| (one.id, one.entries))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        ids(&of_rule(&team, FindingRule::NoRelation).await),
        ids(&all)
    );
}

#[actix_web::test]
async fn who_does_not_answer_is_reminded_by_a_mail_that_tells_nothing() {
    let team = Team::new().await;
    let finding = curiosity(&team).await;
    let findings = team.auditor.client.findings();
    findings
        .ask(
            finding.id,
            1,
            "出雲さんの記録を開いた理由を教えてください。",
        )
        .await
        .unwrap();
    team.world.app.clock.advance(TimeDelta::days(8));
    look_through(&team).await;
    look_through(&team).await;
    let reminders = "SELECT count(*) FROM mails WHERE recipient = 'outsider@kita.example' AND subject LIKE '%期限%'";
    assert_eq!(team.world.db.one::<i64>(reminders).await, 1);
    let named = "SELECT count(*) FROM mails WHERE body LIKE '%出雲%'";
    assert_eq!(team.world.db.one::<i64>(named).await, 0);
    let auditor = team.auditor.again().await;
    let seen = auditor.findings().find(finding.id).await.unwrap();
    assert!(seen.finding.question.unwrap().overdue);
    assert_eq!(kinds(&seen.steps), ["found", "asked", "reminded"]);
    let month = today().format("%Y-%m").to_string();
    let summary = auditor.findings().summary(&month).await.unwrap();
    assert_eq!(summary.overdue_justifications, 1);
    let line = summary
        .rules
        .iter()
        .find(|line| line.rule == FindingRule::NoRelation)
        .unwrap();
    assert_eq!((line.found, line.asked, line.open), (1, 1, 0));
    refused(
        auditor.findings().summary("2026-13").await,
        422,
        "invalid_input",
    );
}

#[actix_web::test]
async fn lists_are_narrowed_and_paged() {
    let team = Team::new().await;
    // What is counted here does not depend on the hour.
    let findings = team.auditor.client.findings();
    let mut rules = findings.rules().await.unwrap();
    rules.rules.get_mut("unusual_hour").unwrap()["enabled"] = false.into();
    findings
        .update_rules(rules.version, &rules.rules, "時刻によらない試験")
        .await
        .unwrap();
    let second = register(
        &team.care_manager,
        new_patient("飯塚 茂", "イイヅカ シゲル"),
    )
    .await
    .id;
    join(&team.care_manager, second, team.nurse.id).await;
    for (who, patient) in [
        (&team.outsider, team.patient),
        (&team.outsider, second),
        (&team.physician, second),
    ] {
        refused(who.client.patients().find(patient).await, 404, "not_found");
    }
    look_through(&team).await;
    let count = async |query: ListFindings| list(&team, &query).await.len();
    assert_eq!(count(ListFindings::default()).await, 3);
    let all = list(&team, &ListFindings::default()).await;
    let outsider = all.iter().filter_map(|one| one.person.as_ref());
    let outsider = outsider.filter(|one| one.staff_member_id == Some(team.outsider.id));
    let person_id = outsider.map(|one| one.person_id).next();
    let narrowed = [
        (
            ListFindings {
                person_id,
                ..ListFindings::default()
            },
            2,
        ),
        (
            ListFindings {
                patient_id: Some(second),
                ..ListFindings::default()
            },
            2,
        ),
        (
            ListFindings {
                state: Some(FindingState::Unfinished),
                ..ListFindings::default()
            },
            3,
        ),
        (
            ListFindings {
                state: Some(FindingState::Closed),
                ..ListFindings::default()
            },
            0,
        ),
        (
            ListFindings {
                rule: Some(FindingRule::ManyPatients),
                ..ListFindings::default()
            },
            0,
        ),
        (
            ListFindings {
                from: today().succ_opt(),
                ..ListFindings::default()
            },
            0,
        ),
        (
            ListFindings {
                to: Some(today()),
                ..ListFindings::default()
            },
            3,
        ),
        (
            ListFindings {
                assigned_to: Some(team.auditor.id),
                ..ListFindings::default()
            },
            0,
        ),
    ];
    for (query, expected) in narrowed {
        assert_eq!(count(query.clone()).await, expected, "{query:?}");
    }
    let mut query = ListFindings {
        limit: Some(1),
        ..ListFindings::default()
    };
    let mut seen = Vec::new();
    loop {
        let page = team.auditor.client.findings().list(&query).await.unwrap();
        seen.extend(page.items);
        query.cursor = page.next;
        if query.cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, all);
}
