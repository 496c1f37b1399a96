//! What somebody wrote, for copying into a record that is kept elsewhere.

use chrono::{Days, TimeDelta, Utc};
use tsumugi_client::models::{
    AmendPost, Channel, CreatePost, ExportOwnEntries, ListOwnEntries, OwnEntriesEncoding, PostKind,
    RetractPost, VitalSigns,
};

use crate::support::{Team, refused, team::today};

#[actix_web::test]
async fn own_entries_are_those_of_the_caller_as_they_stand() {
    let team = Team::new().await;
    let timeline = team.care_manager.client.timeline();
    let report = CreatePost::of_kind(PostKind::VisitReport, Channel::Team, "モニタリングで訪問");
    let first = timeline.create_post(team.patient, &report).await.unwrap();
    let amend = AmendPost {
        body: Some("モニタリングで訪問。変わりなし。".to_owned()),
        vitals: None,
        attachment_ids: None,
        reason: "書き足し".to_owned(),
    };
    timeline
        .amend_post(first.id, first.version, &amend)
        .await
        .unwrap();
    let wrong = team.care_manager.notes(team.patient, "別の方の記録").await;
    let why = RetractPost {
        reason: "人違い".to_owned(),
    };
    timeline
        .retract_post(wrong.id, wrong.version, &why)
        .await
        .unwrap();
    team.nurse.notes(team.patient, "看護師の記録").await;
    let mut yesterday = CreatePost::note(Channel::Team, "電話で相談");
    yesterday.observed_at = Some(Utc::now() - TimeDelta::days(1));
    timeline
        .create_post(team.patient, &yesterday)
        .await
        .unwrap();

    let entries = team.care_manager.client.own_entries();
    let all = entries
        .list(team.patient, &ListOwnEntries::default())
        .await
        .unwrap()
        .items;
    let told: Vec<_> = all
        .iter()
        .map(|entry| (entry.item.as_str(), entry.text.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("記録・連絡", "電話で相談"),
            ("訪問報告", "モニタリングで訪問。変わりなし。")
        ]
    );
    assert_eq!(all[1].on, today());
    let only_today = ListOwnEntries {
        from: Some(today()),
        to: None,
    };
    let listed = entries.list(team.patient, &only_today).await.unwrap().items;
    assert_eq!(listed.len(), 1);
    let backwards = ListOwnEntries {
        from: Some(today()),
        to: today().checked_sub_days(Days::new(1)),
    };
    refused(
        entries.list(team.patient, &backwards).await,
        422,
        "invalid_input",
    );
    // Whoever has nothing to do with the patient is told that there is none.
    let outside = team.outsider.client.own_entries();
    refused(
        outside.list(team.patient, &ListOwnEntries::default()).await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn a_spreadsheet_of_own_entries_has_no_formula_and_opens_in_old_programs() {
    let team = Team::new().await;
    let timeline = team.nurse.client.timeline();
    for body in ["=HYPERLINK(\"http://x\")", "𠮷野様より「痛い」\n二行目"] {
        team.nurse.notes(team.patient, body).await;
    }
    let signs = VitalSigns {
        temperature: Some(36.8),
        ..VitalSigns::default()
    };
    let signs = CreatePost::vitals(Channel::Team, signs);
    timeline.create_post(team.patient, &signs).await.unwrap();
    let entries = team.nurse.client.own_entries();
    let utf8 = entries
        .export(team.patient, &ExportOwnEntries::default())
        .await
        .unwrap();
    let utf8 = String::from_utf8(utf8.to_vec()).unwrap();
    assert!(
        utf8.starts_with("\u{feff}年月日,時刻,項目,内容\r\n"),
        "{utf8}"
    );
    assert!(utf8.contains("\"'=HYPERLINK(\"\"http://x\"\")\""), "{utf8}");
    assert!(utf8.contains(",バイタル,体温 36.8℃"), "{utf8}");
    let query = ExportOwnEntries {
        encoding: Some(OwnEntriesEncoding::ShiftJis),
        ..Default::default()
    };
    let bytes = entries.export(team.patient, &query).await.unwrap();
    let (text, _, wrong) = encoding_rs::SHIFT_JIS.decode(&bytes);
    assert!(
        !wrong && text.starts_with("年月日,時刻,項目,内容\r\n"),
        "{text}"
    );
    assert!(text.contains("\"〓野様より「痛い」\n二行目\""), "{text}");
}
