//! Access that ends while it is used, and requests that are broken off.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use tsumugi_client::{
    Client,
    models::{
        Channel, CreateCareTeamMember, CreateConsent, CreatePost, EndCareTeamMember,
        WithdrawConsent,
    },
};
use uuid::Uuid;

use crate::support::{
    Team, World,
    team::{join as join_team, new_patient, register, today},
};

/// Rounds of each kind of race.
const ROUNDS: usize = 500;
/// Patients that are raced for at the same time.
const LANES: usize = 10;

/// A moment that differs from round to round.
async fn a_moment(seed: usize) {
    let micros = (seed * 7919) % 4000;
    tokio::time::sleep(Duration::from_micros(micros as u64)).await;
}

/// Reads one after another; answers when each began and whether it succeeded.
async fn read_on(client: &Client, post: Uuid, patient: Uuid, seed: usize) -> Vec<(Instant, bool)> {
    let mut seen = Vec::new();
    for n in 0..3 {
        a_moment(seed + n * 31).await;
        let began = Instant::now();
        let allowed = if n == 1 {
            client.care_team().list(patient).await.is_ok()
        } else {
            client.timeline().find_post(post).await.is_ok()
        };
        seen.push((began, allowed));
    }
    seen
}

/// One race: how many reads began after the end was answered, and how many of them succeeded.
fn judge(reads: &[(Instant, bool)], ended: Instant) -> (usize, usize) {
    let late = reads.iter().filter(|(began, _)| *began > ended);
    let late: Vec<bool> = late.map(|(_, allowed)| *allowed).collect();
    (late.len(), late.iter().filter(|allowed| **allowed).count())
}

/// Judges all lanes together: late reads, those of them that succeeded, and early ones that did.
fn none_was_late(lanes: &[(usize, usize, usize)], what: &str) {
    let late: usize = lanes.iter().map(|lane| lane.0).sum();
    let wrong: usize = lanes.iter().map(|lane| lane.1).sum();
    let early: usize = lanes.iter().map(|lane| lane.2).sum();
    assert_eq!(wrong, 0, "of {late} reads after {what}");
    assert!(late >= ROUNDS && early > 0, "{late} late, {early} early");
}

async fn lanes(team: &Team) -> Vec<(Uuid, Uuid)> {
    let mut lanes = Vec::new();
    for n in 0..LANES {
        let new = new_patient(&format!("試験 {n}"), "シケン ハナコ");
        let patient = register(&team.care_manager, new).await.id;
        join_team(&team.care_manager, patient, team.nurse.id).await;
        let post = team.care_manager.notes(patient, "CANARY").await.id;
        lanes.push((patient, post));
    }
    lanes
}

#[actix_web::test]
async fn az_13_no_read_that_begins_after_a_withdrawal_succeeds() {
    let team = Team::new().await;
    let lanes = lanes(&team).await;
    for (patient, _) in &lanes {
        join_team(&team.care_manager, *patient, team.physician.id).await;
    }
    let (nurse, physician) = (&team.nurse.client, &team.physician.client);
    let lane = async |lane: usize, (patient, post): (Uuid, Uuid)| {
        let consents = team.care_manager.client.consents();
        let first = consents.list(patient).await.unwrap();
        let mut standing = first.items[0].id;
        let (mut late, mut wrong, mut early) = (0, 0, 0);
        for round in 0..ROUNDS / LANES {
            let seed = lane * 1000 + round;
            let withdraw = async {
                a_moment(seed * 3).await;
                let reason = "申し出".to_owned();
                let withdrawal = WithdrawConsent { reason };
                consents.withdraw(standing, &withdrawal).await.unwrap();
                Instant::now()
            };
            let client = if round % 2 == 0 { nurse } else { physician };
            let (ended, mut reads) = join(withdraw, read_on(client, post, patient, seed)).await;
            early += reads.iter().filter(|(_, allowed)| *allowed).count();
            let began = Instant::now();
            let last = client.timeline().find_post(post).await.is_ok();
            reads.push((began, last));
            let (more, slipped) = judge(&reads, ended);
            late += more;
            wrong += slipped;
            let again = CreateConsent::on_paper(today());
            standing = again.id;
            consents.create(patient, &again).await.unwrap();
        }
        (late, wrong, early)
    };
    let lanes = lanes.iter().enumerate();
    let sums = join_all(lanes.map(|(n, of)| lane(n, *of))).await;
    none_was_late(&sums, "a withdrawal");
}

#[actix_web::test]
async fn az_13_no_read_that_begins_after_a_membership_ended_succeeds() {
    let team = Team::new().await;
    let lanes = lanes(&team).await;
    let yesterday = today() - TimeDelta::days(1);
    let physician = &team.physician;
    let lane = async |lane: usize, (patient, post): (Uuid, Uuid)| {
        let members = team.care_manager.client.care_team();
        let (mut late, mut wrong, mut early) = (0, 0, 0);
        for round in 0..ROUNDS / LANES {
            let seed = lane * 1000 + round;
            let member = CreateCareTeamMember::new(physician.id, yesterday);
            members.create(patient, &member).await.unwrap();
            let end = async {
                a_moment(seed * 3).await;
                let end = EndCareTeamMember { ends_on: yesterday };
                members.end(member.id, &end).await.unwrap();
                Instant::now()
            };
            let reads = read_on(&physician.client, post, patient, seed);
            let (ended, mut reads) = join(end, reads).await;
            early += reads.iter().filter(|(_, allowed)| *allowed).count();
            let began = Instant::now();
            let last = physician.client.timeline().find_post(post).await.is_ok();
            reads.push((began, last));
            let (more, slipped) = judge(&reads, ended);
            late += more;
            wrong += slipped;
        }
        (late, wrong, early)
    };
    let lanes = lanes.iter().enumerate();
    let sums = join_all(lanes.map(|(n, of)| lane(n, *of))).await;
    none_was_late(&sums, "the end of a membership");
}

#[actix_web::test]
async fn az_10_az_11_requests_broken_off_leave_nothing_on_the_connection() {
    let world = World::with(|config| config.database_connections = 1).await;
    let station = tsumugi_client::models::FacilityKind::VisitingNursingStation;
    let station = world.facility("北訪問看護", station).await;
    let kita = world.person("nurse", "nurse", station).await;
    let minami = world.stranger("nurse", "nurse").await;
    let ours = register(&kita, new_patient("北 花子", "キタ ハナコ"))
        .await
        .id;
    let theirs = register(&minami, new_patient("南 花子", "ミナミ ハナコ"))
        .await
        .id;
    let people = [(&kita, ours), (&minami, theirs)];

    let mut broken_off = 0;
    for batch in 0..40_usize {
        let one = async |n: usize| {
            let (person, patient) = people[n % 2];
            let limit = Duration::from_micros(((batch * 13 + n) as u64 * 7919) % 30_000);
            let new = CreatePost::note(Channel::Team, format!("{batch}-{n}"));
            let timeline = person.client.timeline();
            let call = async {
                if n.is_multiple_of(3) {
                    timeline.create_post(patient, &new).await.is_ok()
                } else if n % 3 == 1 {
                    timeline.list(patient, &Default::default()).await.is_ok()
                } else {
                    person.client.patients().find(patient).await.is_ok()
                }
            };
            tokio::time::timeout(limit, call).await.is_err()
        };
        let broken = join_all((0..20).map(one)).await;
        broken_off += broken.into_iter().filter(|broken| *broken).count();
        // Somebody of each network in between, on whatever connection was left behind.
        let (person, own) = people[batch % 2];
        let seen = only_patients(&person.client).await;
        assert_eq!(seen, BTreeSet::from([own]), "after batch {batch}");
    }
    assert!(broken_off > 200, "{broken_off} of 800");

    for (person, own) in people {
        assert_eq!(only_patients(&person.client).await, BTreeSet::from([own]));
        let other = if own == ours { theirs } else { ours };
        let hidden = person.client.patients().find(other).await;
        assert_eq!(hidden.unwrap_err().status(), Some(404));
    }
    let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                AND usename = 'tsumugi_app' AND state LIKE 'idle in transaction%'";
    let closed = async || {
        let open: i64 = world.db.one(open).await;
        (open == 0).then_some(())
    };
    world.eventually(closed).await;
    // What was written was written whole: each post with its entry in the log and its version.
    let halves = "SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM post_versions), \
         (SELECT count(*) FROM audit_events WHERE action = 'post.create' AND outcome = 'allowed'), \
         (SELECT count(*) FROM posts p JOIN patients USING (tenant_id) WHERE p.patient_id = patients.id)";
    let row = world.db.admin.query_one(halves, &[]).await.unwrap();
    let counts: [i64; 4] = [0, 1, 2, 3].map(|n| row.get(n));
    assert!(
        counts[0] > 0 && counts.iter().all(|n| *n == counts[0]),
        "{counts:?}"
    );
    // A connection of the server that names no network sees nothing at all.
    let server = crate::support::db::connect(&world.db.log_url).await;
    for table in ["patients", "posts", "accounts", "audit_events", "consents"] {
        let sql = format!("SELECT count(*) FROM {table}");
        let seen: i64 = server.query_one(&sql, &[]).await.unwrap().get(0);
        assert_eq!(seen, 0, "{table}");
    }
}

/// The patients that somebody lists; a server that is asked too much is asked again.
async fn only_patients(client: &Client) -> BTreeSet<Uuid> {
    for _ in 0..100 {
        match client.patients().list(&Default::default()).await {
            Ok(page) => return page.items.into_iter().map(|item| item.id).collect(),
            Err(error) => assert_eq!(error.status(), Some(503), "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the server does not come to rest");
}
