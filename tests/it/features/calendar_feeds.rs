//! The calendar feed: kind and time, no names, gone when it should be.

use chrono::{TimeDelta, Utc};
use tsumugi_client::{
    RawAnswer,
    models::{AppointmentKind, AppointmentPlan, CreateAppointment},
};

use crate::support::{Person, Team, refused};

/// The last part of an address, without `.ics`.
fn token(url: &str) -> String {
    let file = url.rsplit('/').next().unwrap();
    file.strip_suffix(".ics").unwrap().to_owned()
}

async fn fetch(team: &Team, token: &str, seen: Option<&str>) -> RawAnswer {
    let path = format!("/v1/calendar-feeds/{token}.ics");
    let headers: Vec<(&str, &str)> = seen.map(|tag| ("if-none-match", tag)).into_iter().collect();
    team.world
        .anyone
        .send_raw("GET", &path, &headers, "")
        .await
        .unwrap()
}

async fn visits(team: &Team) -> CreateAppointment {
    let from = Utc::now() + TimeDelta::days(1);
    let mut plan = AppointmentPlan::timed(AppointmentKind::Visit, from, from + TimeDelta::hours(1))
        .with(&[team.nurse.id])
        .recurring("FREQ=WEEKLY;COUNT=3");
    plan.title = Some("カテーテル交換".into());
    plan.place = Some("北部市一丁目1 出雲様宅".into());
    plan.note = Some("鍵は郵便受け".into());
    let new = CreateAppointment::new(Some(team.patient), plan);
    team.nurse.client.appointments().create(&new).await.unwrap();
    new
}

async fn feed(person: &Person) -> String {
    token(&person.client.calendar_feeds().create().await.unwrap().url)
}

#[actix_web::test]
async fn a_feed_tells_kind_and_time_and_no_name() {
    let team = Team::new().await;
    let made = visits(&team).await;
    let token = feed(&team.nurse).await;
    let answer = fetch(&team, &token, None).await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        Some("text/calendar; charset=utf-8")
    );
    let text = answer.text().replace("\r\n ", "");
    assert_eq!(text.matches("BEGIN:VEVENT").count(), 3);
    assert_eq!(text.matches("SUMMARY:訪問").count(), 3);
    for secret in [
        "出雲",
        "和子",
        "カテーテル",
        "鍵",
        "北部市",
        &team.patient.to_string(),
        &made.id.to_string(),
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    // The same until something changes.
    let tag = answer.header("etag").unwrap();
    assert!(answer.header("last-modified").is_some());
    assert_eq!(fetch(&team, &token, Some(tag)).await.status, 304);
    let again = fetch(&team, &token, None).await;
    assert_eq!(again.text(), answer.text());
    let listed = team
        .nurse
        .client
        .calendar_feeds()
        .list()
        .await
        .unwrap()
        .items;
    assert!(listed[0].last_read_at.is_some());
}

#[actix_web::test]
async fn the_secret_of_a_feed_is_kept_and_logged_nowhere() {
    let team = Team::new().await;
    let token = feed(&team.nurse).await;
    fetch(&team, &token, None).await;
    let (_, secret) = token.split_once('.').unwrap();
    for (table, columns) in [
        (
            "calendar_feeds",
            "t::text || encode(token_digest, 'escape')",
        ),
        ("audit_events", "t::text"),
        ("idempotency_keys", "t::text"),
        ("outbox", "t::text"),
    ] {
        let sql = format!("SELECT count(*) FROM {table} t WHERE {columns} LIKE '%{secret}%'");
        let found: i64 = team.world.db.one(&sql).await;
        assert_eq!(found, 0, "{table}");
    }
    let read = "SELECT count(*) FROM audit_events WHERE action = 'calendar_feed.read' AND staff_member_id IS NOT NULL";
    let read: i64 = team.world.db.one(read).await;
    assert_eq!(read, 1);
}

#[actix_web::test]
async fn a_feed_ends_when_it_is_revoked_or_made_anew() {
    let team = Team::new().await;
    let first = feed(&team.nurse).await;
    let second = feed(&team.nurse).await;
    assert_eq!(fetch(&team, &first, None).await.status, 404);
    assert_eq!(fetch(&team, &second, None).await.status, 200);
    let feeds = team.nurse.client.calendar_feeds();
    let open = feeds.list().await.unwrap().items;
    let [open] = &open[..] else {
        panic!("{open:?}")
    };
    refused(
        team.physician.client.calendar_feeds().revoke(open.id).await,
        404,
        "not_found",
    );
    feeds.revoke(open.id).await.unwrap();
    assert_eq!(fetch(&team, &second, None).await.status, 404);
    assert!(feeds.list().await.unwrap().items.is_empty());
    let (network, _) = second.split_once('.').unwrap();
    for unknown in [
        "x".to_owned(),
        format!("{network}.{}", "A".repeat(43)),
        "..".to_owned(),
    ] {
        assert_eq!(fetch(&team, &unknown, None).await.status, 404, "{unknown}");
    }
}

#[actix_web::test]
async fn a_feed_ends_with_the_account_and_with_the_post() {
    let team = Team::new().await;
    let nurse = feed(&team.nurse).await;
    let helper = feed(&team.helper).await;
    let account = format!(
        "SELECT id::text FROM accounts WHERE staff_member_id = '{}'",
        team.nurse.id
    );
    let account: String = team.world.db.one(&account).await;
    let administrator = &team.world.administrator;
    let suspend = format!("/v1/accounts/{account}/suspend");
    let answer = administrator
        .raw("POST", &suspend, "{\"reason\":\"紛失\"}")
        .await;
    assert!(answer.status < 300, "{}", answer.text());
    assert_eq!(fetch(&team, &nurse, None).await.status, 404);
    let yesterday = (Utc::now() + TimeDelta::hours(9) - TimeDelta::days(1)).date_naive();
    let ended = format!(
        "UPDATE staff_members SET starts_on = least(starts_on, '{yesterday}'), ends_on = '{yesterday}' WHERE id = '{}'",
        team.helper.id
    );
    team.world.db.admin.batch_execute(&ended).await.unwrap();
    assert_eq!(fetch(&team, &helper, None).await.status, 404);
}
