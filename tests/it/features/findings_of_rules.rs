//! Findings of single rules: watched patients, emergencies without review, the same house.

use chrono::{Days, TimeDelta};
use tsumugi_client::{
    models::{
        CreateEmergencyAccess, CreateWatchedPatient, EmergencyFinding, FindingConclusion,
        FindingRule, FindingState, ListFindings, ListWatchedPatients, Purpose,
        ReviewEmergencyAccess,
    },
    new_id,
};

use super::findings::{curiosity, look_through, of_rule};
use crate::support::{Team, refused, team::today};

#[actix_web::test]
async fn a_watched_patient_is_looked_at_from_the_first_day_on() {
    let team = Team::new().await;
    curiosity(&team).await;
    let findings = team.auditor.client.findings();
    let mut watch = CreateWatchedPatient::new(team.patient, "報道で名前の出た方のため");
    let made = findings.watch(&watch).await.unwrap();
    assert_eq!(made.patient_name.as_deref(), Some("出雲 和子"));
    assert!(made.active);
    refused(findings.watch(&watch).await, 409, "watched_patient_exists");
    // Watching begins with the day; what was sealed before is looked at when it lies in the past.
    watch.id = new_id();
    watch.starts_on = today().checked_sub_days(Days::new(3));
    findings.watch(&watch).await.unwrap();
    look_through(&team).await;
    let found = of_rule(&team, FindingRule::WatchedPatient).await;
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].person.as_ref().unwrap().staff_member_id,
        Some(team.outsider.id)
    );
    let ended = findings.end_watch(made.id).await.unwrap();
    assert!(!ended.active && ended.ended_at.is_some());
    refused(
        findings.end_watch(made.id).await,
        409,
        "watched_patient_ended",
    );
    let listed = findings
        .watched_patients(&ListWatchedPatients::default())
        .await
        .unwrap()
        .items;
    assert_eq!(listed.len(), 1);
    // Administrators keep the list as well, without seeing who the patients are.
    let administrator = team.world.administrator.client.findings();
    let all = ListWatchedPatients {
        over_too: Some(true),
        ..ListWatchedPatients::default()
    };
    let seen = administrator.watched_patients(&all).await.unwrap().items;
    assert_eq!(seen.len(), 2);
    assert!(seen.iter().all(|one| one.patient_name.is_none()));
}

#[actix_web::test]
async fn an_emergency_without_review_is_found_and_ends_with_the_review() {
    let team = Team::new().await;
    let emergency = team
        .outsider
        .client
        .with_purpose(Purpose::EmergencyTreatment);
    let new = CreateEmergencyAccess::new("倒れているところを見つけ、既往の確認が必要");
    let opening = team.outsider.client.emergency_access();
    let access = opening.create(team.patient, &new).await.unwrap();
    emergency.patients().find(team.patient).await.unwrap();
    opening.end(access.id).await.unwrap();
    look_through(&team).await;
    assert!(
        of_rule(&team, FindingRule::EmergencyUnreviewed)
            .await
            .is_empty()
    );
    team.world.app.clock.advance(TimeDelta::hours(73));
    look_through(&team).await;
    let auditor = team.auditor.again().await;
    let findings = auditor.findings();
    let query = ListFindings {
        rule: Some(FindingRule::EmergencyUnreviewed),
        ..ListFindings::default()
    };
    let found = findings.list(&query).await.unwrap().items;
    assert_eq!(found.len(), 1);
    let finding = &found[0];
    assert_eq!(finding.emergency_access.as_ref().unwrap().id, access.id);
    assert!(finding.entries >= 2, "{finding:#?}");
    let closing = findings.close(finding.id, 1, FindingConclusion::Justified, "妥当");
    refused(closing.await, 409, "emergency_review_pending");
    let review = ReviewEmergencyAccess {
        finding: EmergencyFinding::NotJustified,
        note: "緊急性が確認できない".to_owned(),
    };
    let administrator = team.world.administrator.again().await;
    administrator
        .emergency_access()
        .review(access.id, &review)
        .await
        .unwrap();
    look_through(&team).await;
    let detail = findings.find(finding.id).await.unwrap();
    assert_eq!(detail.finding.state, FindingState::Closed);
    assert_eq!(
        detail.finding.conclusion,
        Some(FindingConclusion::NotJustified)
    );
    assert_eq!(detail.steps.last().unwrap().by, None);
    assert!(
        detail
            .finding
            .emergency_access
            .unwrap()
            .reviewed_at
            .is_some()
    );
}

#[actix_web::test]
async fn somebody_of_the_same_house_is_found_and_no_address_is_kept() {
    let team = Team::new().await;
    let administrator = &team.world.administrator.client;
    let home = "北部市１丁目１番地 はたおりハイツ305号室";
    let staff_members = administrator.staff_members();
    refused(
        staff_members
            .update_home_address(team.helper.id, Some("北部市"))
            .await,
        422,
        "invalid_input",
    );
    let known = staff_members
        .update_home_address(team.helper.id, Some(home))
        .await
        .unwrap();
    assert!(known.known);
    team.helper.timeline(team.patient).await;
    look_through(&team).await;
    let found = of_rule(&team, FindingRule::SameAddress).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].reasons, ["address"]);
    assert_eq!(
        found[0].person.as_ref().unwrap().staff_member_id,
        Some(team.helper.id)
    );
    let kept =
        "SELECT count(*) FROM persons WHERE home_digest IS NOT NULL AND length(home_digest) = 32";
    assert_eq!(team.world.db.one::<i64>(kept).await, 1);
    staff_members
        .update_home_address(team.helper.id, None)
        .await
        .unwrap();
    assert_eq!(team.world.db.one::<i64>(kept).await, 0);
}
