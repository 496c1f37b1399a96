//! The calendar feed: kind and time, no names, gone when it should be.

use chrono::{TimeDelta, Utc};
use serde_json::json;
use tsumugi_client::{
    RawAnswer,
    models::{
        AppointmentKind, AppointmentPlan, AskAcknowledgement, ChangeFact, Channel,
        CreateAppointment, CreatePost,
    },
};

use super::facts;
use crate::support::{Person, Team, refused, team::today};

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

/// The whole text, and the identifiers of its events.
async fn events(team: &Team, token: &str) -> (String, Vec<String>) {
    let answer = fetch(team, token, None).await;
    assert_eq!(answer.status, 200);
    let text = answer.text().replace("\r\n ", "");
    let ids = text.lines().filter(|line| line.starts_with("UID:"));
    let ids = ids.map(str::to_owned).collect();
    (text, ids)
}

#[actix_web::test]
async fn a_feed_tells_that_something_is_due_and_not_what() {
    let team = Team::new().await;
    let catheter = |days: i64| {
        let next = today() + TimeDelta::days(days);
        json!({ "device": "urinary_catheter", "next_exchange_on": next })
    };
    let fact = facts::write(&team.nurse, &team, "device", catheter(3)).await;
    let post =
        CreatePost::note(Channel::Team, "採血をお願いします").asking_for(AskAcknowledgement {
            staff_member_ids: vec![team.nurse.id],
            due_at: Some(team.world.app.clock.now() + TimeDelta::hours(2)),
            ..AskAcknowledgement::default()
        });
    let timeline = team.physician.client.timeline();
    let post = timeline.create_post(team.patient, &post).await.unwrap();
    let token = feed(&team.nurse).await;
    let (text, ids) = events(&team, &token).await;
    assert_eq!(ids.len(), 2, "{text}");
    assert_eq!(text.matches("SUMMARY:医療機器の交換").count(), 1);
    assert_eq!(text.matches("SUMMARY:確認・返信の期限").count(), 1);
    let day = |days: i64| (today() + TimeDelta::days(days)).format("%Y%m%d");
    let whole_day = format!("DTSTART;VALUE=DATE:{}", day(3));
    assert!(text.contains(&whole_day), "{text}");
    for secret in [
        "出雲",
        "カテーテル",
        "採血",
        &team.patient.to_string(),
        &fact.id.to_string(),
        &post.id.to_string(),
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert_eq!(events(&team, &token).await, (text, ids.clone()));
    // An exchange that is put off stays the same event, and what is done is not there any more.
    let nurse = &team.nurse.client;
    let later = ChangeFact::seen(catheter(5));
    nurse
        .facts()
        .change(fact.id, fact.version, &later)
        .await
        .unwrap();
    nurse.timeline().acknowledge_post(post.id).await.unwrap();
    let (text, after) = events(&team, &token).await;
    assert!(text.contains(&format!("DTSTART;VALUE=DATE:{}", day(5))));
    assert!(after.len() == 1 && ids.contains(&after[0]), "{after:?}");
    // Somebody who has nothing to do with the patient has nothing to do.
    let other = feed(&team.outsider).await;
    assert!(events(&team, &other).await.1.is_empty());
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
