//! The auditor's monthly report: the paper says what the log says.

use chrono::{DateTime, Days, TimeDelta, Utc};
use tsumugi_client::{
    RawAnswer,
    models::{
        CreateEmergencyAccess, CreateLegalHold, EmergencyFinding, FindingConclusion, ListAccessLog,
        ListFindings, ReviewEmergencyAccess,
    },
};
use tsumugi_server::{
    ctx::Tx,
    spine::{audit::Entry, auth::Actor, clock::japanese_day, ids},
};
use uuid::Uuid;

use super::findings::look_through;
use crate::support::{
    Team, World,
    log::{Log, door, network, seal},
    refused,
    team::today,
};

/// The text of a file, as another program reads it, without spaces and ends of lines.
fn read(pdf: &[u8]) -> String {
    let file = lopdf::Document::load_mem(pdf).unwrap();
    let pages: Vec<u32> = file.get_pages().into_keys().collect();
    let text = file.extract_text(&pages).unwrap();
    let is_gap = |c: &char| c.is_whitespace() || *c == '\u{200b}';
    text.chars().filter(|c| !is_gap(c)).collect()
}

fn this_month() -> String {
    today().format("%Y-%m").to_string()
}

async fn report(team: &Team, month: &str) -> String {
    let pdf = team.auditor.client.audit_reports().export(month).await;
    read(&pdf.unwrap())
}

async fn raw(team: &Team, month: &str) -> RawAnswer {
    let path = format!("/v1/access-log/reports/{month}");
    let client = &team.auditor.client;
    client.send_raw("GET", &path, &[], "").await.unwrap()
}

/// The report says all of this.
#[track_caller]
fn says(text: &str, all: &[String]) {
    for said in all {
        let said: String = said.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(text.contains(&said), "{said} is not in {text}");
    }
}

fn thousands(number: i64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The latest checkpoint: how much it stands for, and its root as it is printed.
async fn checkpoint(world: &World) -> (i64, String) {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let note: String = world
        .db
        .one("SELECT note FROM audit_trees t JOIN tenants USING (tenant_id) WHERE slug = 'kita'")
        .await;
    let lines: Vec<&str> = note.lines().collect();
    let root = STANDARD.decode(lines[2]).unwrap();
    (lines[1].parse().unwrap(), ids::to_hex(&root))
}

/// What the report counts: entries of the network before the report was made.
async fn count(world: &World, what: &str, of: &str) -> i64 {
    let sql = format!(
        "SELECT count({what}) FROM audit_events JOIN tenants USING (tenant_id) WHERE slug = 'kita' AND {of}
         AND at < (SELECT min(at) FROM audit_events WHERE action = 'audit_report.export')"
    );
    world.db.one(&sql).await
}

/// An emergency that was reviewed.
async fn emergency(team: &Team) {
    let reason = CreateEmergencyAccess::new("意識不明で救急搬送され、既往を確認する");
    let accesses = team.outsider.client.emergency_access();
    let made = accesses.create(team.patient, &reason).await.unwrap();
    accesses.end(made.id).await.unwrap();
    let review = ReviewEmergencyAccess {
        finding: EmergencyFinding::Justified,
        note: "搬送記録と一致した".to_owned(),
    };
    let reviews = team.auditor.client.emergency_access();
    reviews.review(made.id, &review).await.unwrap();
}

/// Somebody is curious, and an auditor says what came of it.
async fn finding(team: &Team) {
    let patients = team.outsider.client.patients();
    refused(patients.find(team.patient).await, 404, "not_found");
    look_through(team).await;
    let findings = team.auditor.client.findings();
    let found = findings.list(&ListFindings::default()).await.unwrap();
    let one = &found.items[0];
    let note = "業務との関係がない";
    let closed = findings.close(one.id, one.version, FindingConclusion::NotJustified, note);
    closed.await.unwrap();
}

#[actix_web::test]
async fn the_paper_says_what_the_log_says() {
    let team = Team::new().await;
    let world = &team.world;
    finding(&team).await;
    emergency(&team).await;
    team.nurse.notes(team.patient, "訪問しました。").await;
    team.nurse.timeline(team.patient).await;
    let support = team.support().await;
    support.client.sessions().me().await.unwrap();
    let hold = CreateLegalHold::new(today(), today(), "訴訟のため");
    team.auditor
        .client
        .legal_holds()
        .create(&hold)
        .await
        .unwrap();
    let kita = network(world, "kita").await;
    seal(world, kita).await;
    let (size, root) = checkpoint(world).await;
    let text = report(&team, &this_month()).await;
    let all = count(world, "*", "true").await;
    let denied = count(world, "*", "outcome = 'denied'").await;
    let people = "staff_member_id IS NOT NULL";
    let people = count(world, "DISTINCT account_id", people).await;
    assert!(denied > 0 && size >= all);
    says(
        &text,
        &[
            "監査月次報告書".to_owned(),
            "北部地域ネットワーク".to_owned(),
            "現在（月の途中）".to_owned(),
            format!("アクセス{}件", thousands(all)),
            format!("利用者{people}人・患者1人"),
            "異常なし".to_owned(),
            format!("現在、{}件", thousands(size)),
            root,
            // Emergency access, with its review
            "意識不明で救急搬送され、既往を確認する".to_owned(),
            "出雲 和子".to_owned(),
            "妥当".to_owned(),
            "搬送記録と一致した".to_owned(),
            // The finding
            "関わりのない患者へのアクセス".to_owned(),
            "業務との関係がない".to_owned(),
            // Maintenance
            "作業計画保守-2026-014".to_owned(),
            "管理 花子".to_owned(),
            // What is held
            "訴訟のため".to_owned(),
        ],
    );
    for (purpose, name) in [("TREAT", "診療・ケア"), ("HCOMPL", "監査")] {
        let of = |outcome: &str| format!("purpose = '{purpose}' AND outcome = '{outcome}'");
        let allowed = count(world, "*", &of("allowed")).await;
        let denied = count(world, "*", &of("denied")).await;
        says(&text, &[format!("{name}{}{denied}", thousands(allowed))]);
    }
    let of = |outcome: &str| format!("profession = 'auditor' AND outcome = '{outcome}'");
    let allowed = count(world, "*", &of("allowed")).await;
    says(&text, &[format!("監査者1{}", thousands(allowed))]);
}

#[actix_web::test]
async fn making_it_is_in_the_log_with_the_patients_that_it_names() {
    let team = Team::new().await;
    emergency(&team).await;
    let month = this_month();
    let answer = raw(&team, &month).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    let name = format!("attachment; filename=\"audit-report-kita-{month}.pdf\"");
    assert_eq!(answer.header("content-disposition"), Some(name.as_str()));
    let query = ListAccessLog {
        action: Some("audit_report.export".to_owned()),
        ..ListAccessLog::default()
    };
    let page = team.auditor.client.access_log().list(&query).await.unwrap();
    let entry = &page.items[0];
    assert_eq!(entry.action_ja, "監査月次報告書の作成");
    let named: Vec<Uuid> = entry.named.iter().map(|patient| patient.id).collect();
    assert_eq!(named, [team.patient]);
    refused(
        team.nurse.client.audit_reports().export(&month).await,
        403,
        "forbidden",
    );
}

/// Writes entries as a server wrote them whose clock showed that moment.
async fn entries(world: &World, network: Uuid, at: DateTime<Utc>, count: usize) {
    let node = world.second_node();
    node.app.clock.advance(at - Utc::now());
    let write = async |tx: &Tx<'_>| {
        for _ in 0..count {
            tx.record(Entry::new("timeline.list").listing(3));
        }
        Ok(())
    };
    let door = door(&node.app);
    door.within(network, Actor::Worker, write).await.unwrap();
}

#[actix_web::test]
async fn a_month_that_is_over_is_told_as_a_whole() {
    let team = Team::new().await;
    let kita = network(&team.world, "kita").await;
    entries(
        &team.world,
        kita,
        "2020-01-31T14:59:59Z".parse().unwrap(),
        1,
    )
    .await;
    entries(
        &team.world,
        kita,
        "2020-02-10T01:00:00Z".parse().unwrap(),
        7,
    )
    .await;
    entries(
        &team.world,
        kita,
        "2020-02-29T15:00:00Z".parse().unwrap(),
        1,
    )
    .await;
    seal(&team.world, kita).await;
    let text = report(&team, "2020-02").await;
    assert!(!text.contains("月の途中"), "{text}");
    says(
        &text,
        &[
            "令和2年2月分（2020年2月）".to_owned(),
            "アクセス7件".to_owned(),
            "当月の記録を含む7件を再計算し".to_owned(),
            "異常なし".to_owned(),
            "施設によらないもの".to_owned(),
        ],
    );
    let empty = report(&team, "2020-04").await;
    says(&empty, &["アクセス0件".to_owned(), "対象なし".to_owned()]);
}

#[actix_web::test]
async fn what_was_altered_stands_on_the_first_page() {
    let team = Team::new().await;
    let log = Log::of(&team.world).await;
    log.write(300).await;
    log.seal().await;
    let victim = log.at(200).await;
    let save = format!("id = '{victim}'");
    let mut text = report(&team, &this_month()).await;
    assert!(text.contains("異常なし"), "{text}");
    log.seal().await;
    log.attack(&format!(
        "UPDATE audit_events SET action = 'post.read' WHERE {save}"
    ))
    .await;
    text = report(&team, &this_month()).await;
    says(
        &text,
        &[
            "不一致あり".to_owned(),
            "封印番号200から。記録の内容が、署名されたときと違います".to_owned(),
        ],
    );
    log.attack(&format!("DELETE FROM audit_events WHERE {save}"))
        .await;
    text = report(&team, &this_month()).await;
    says(
        &text,
        &["封印番号200から。記録が取り除かれています".to_owned()],
    );
}

#[actix_web::test]
async fn months_that_are_not_there_are_refused() {
    let team = Team::new().await;
    let reports = team.auditor.client.audit_reports();
    let later = today().checked_add_days(Days::new(32)).unwrap();
    let later = later.format("%Y-%m").to_string();
    refused(reports.export(&later).await, 422, "invalid_input");
    refused(reports.export("2026-13").await, 422, "invalid_input");
    refused(reports.export("november").await, 422, "invalid_input");
    let kita = network(&team.world, "kita").await;
    let gone = "INSERT INTO audit_archives VALUES
        ($1, '2015-03-01', 1, 0, 8, 8, 0, 'kita-1-2015-03-0-8.jsonl.gz', decode(repeat('00', 32), 'hex'), now(), now())";
    let admin = &team.world.db.admin;
    admin.execute(gone, &[&kita]).await.unwrap();
    refused(reports.export("2015-03").await, 410, "access_log_archived");
}

#[actix_web::test]
async fn without_a_font_nothing_is_printed() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().to_owned();
    let team = Team::with(|config| config.font_dirs = vec![empty]).await;
    let reports = team.auditor.client.audit_reports();
    let made = reports.export(&this_month()).await;
    refused(made, 503, "print_font_missing");
}

#[actix_web::test]
async fn overdue_reviews_are_asked_for() {
    let team = Team::new().await;
    let reason = CreateEmergencyAccess::new("意識不明で救急搬送され、既往を確認する");
    let made = team.outsider.client.emergency_access();
    made.create(team.patient, &reason).await.unwrap();
    let month = this_month();
    let text = report(&team, &month).await;
    says(
        &text,
        &["緊急時アクセス1件が、確認を待っています。".to_owned()],
    );
    let kita = network(&team.world, "kita").await;
    let ago = Utc::now() - TimeDelta::hours(80);
    let sql = "UPDATE emergency_accesses SET started_at = now() - interval '80 hours',
        expires_at = now() - interval '79 hours' WHERE tenant_id = $1";
    let admin = &team.world.db.admin;
    admin.execute(sql, &[&kita]).await.unwrap();
    let month = japanese_day(ago).format("%Y-%m").to_string();
    let text = report(&team, &month).await;
    says(
        &text,
        &["緊急時アクセス1件が、確認の期限を過ぎています。".to_owned()],
    );
}
