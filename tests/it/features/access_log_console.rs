//! What auditors do with the access log: narrow it, count it, take it along, prove it.

use chrono::{TimeDelta, Timelike, Utc};
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use tsumugi_client::{
    Client,
    models::{
        AccessRecord, ActorKind, CountAccessLog, CreateEmergencyAccess, ExportAccessLog,
        ListAccessLog, ListPatients, LogFormat, Purpose,
    },
};
use tsumugi_server::spine::ids::hex_digest;
use uuid::Uuid;

use crate::support::{Team, Wire, refused};

pub async fn list(auditor: &Client, query: ListAccessLog) -> Vec<AccessRecord> {
    let rows = auditor.access_log().stream(ListAccessLog {
        limit: Some(100),
        ..query
    });
    rows.try_collect().await.unwrap()
}

/// A day with a bit of everything: a search, reads, an emergency, refusals, a program, a document.
pub async fn busy(team: &Team) {
    let nurse = &team.nurse.client;
    nurse
        .patients()
        .list(&ListPatients::matching("出雲 和子"))
        .await
        .unwrap();
    nurse
        .patients()
        .list(&ListPatients::default())
        .await
        .unwrap();
    let note = team.nurse.notes(team.patient, "訪問しました。").await;
    nurse.timeline().find_post(note.id).await.unwrap();
    team.nurse.timeline(team.patient).await;
    refused(
        team.outsider.client.patients().find(team.patient).await,
        404,
        "not_found",
    );
    let reason = CreateEmergencyAccess::new("意識不明で救急搬送され、既往を確認する");
    team.outsider
        .client
        .emergency_access()
        .create(team.patient, &reason)
        .await
        .unwrap();
    let emergency = team
        .outsider
        .client
        .with_purpose(Purpose::EmergencyTreatment);
    emergency.patients().find(team.patient).await.unwrap();
    team.program_for(&team.nurse)
        .await
        .patients()
        .find(team.patient)
        .await
        .unwrap();
    let summary = include_str!("../../fixtures/fhir/discharge-summary-01.json");
    team.hospital.bundles().receive(summary).await.unwrap();
    let wrong = json!({ "login": "nurse@kita", "password": "wrong" });
    Wire::nobody(&team.world.anyone)
        .post("/v1/sessions", wrong)
        .await;
}

#[actix_web::test]
async fn the_log_is_narrowed_by_everything_that_it_says() {
    let team = Team::new().await;
    busy(&team).await;
    let auditor = &team.auditor.client;
    let all = list(auditor, ListAccessLog::default()).await;
    let none = ListAccessLog::default;
    /// What a filter finds is what of the whole log is like that, and something.
    macro_rules! finds {
        ($query:expr, $like:expr) => {{
            let like: &dyn Fn(&AccessRecord) -> bool = &$like;
            let ids = |rows: Vec<&AccessRecord>| rows.iter().map(|row| row.id).collect::<Vec<_>>();
            // What was recorded by looking is left out.
            let before = Some(all[0].at);
            let query = ListAccessLog {
                to: before,
                ..$query
            };
            let found = list(auditor, query).await;
            let expected = ids(all.iter().filter(|row| like(row)).collect());
            assert!(!expected.is_empty());
            assert_eq!(ids(found.iter().collect()), expected);
        }};
    }
    let nurse = team.nurse.account;
    finds!(
        ListAccessLog {
            account_id: Some(nurse),
            ..none()
        },
        |row| { row.actor.account_id == Some(nurse) || row.resource_id == Some(nurse) }
    );
    let post = Some(team.nurse.id);
    finds!(
        ListAccessLog {
            staff_member_id: post,
            ..none()
        },
        |row| row.actor.id == post
    );
    let facility = all
        .iter()
        .find(|row| row.actor.id == post)
        .unwrap()
        .actor
        .facility_id;
    finds!(
        ListAccessLog {
            facility_id: facility,
            ..none()
        },
        |row| row.actor.facility_id == facility
    );
    finds!(
        ListAccessLog {
            profession: Some("nurse".into()),
            ..none()
        },
        |row| { row.actor.profession == Some("nurse".into()) }
    );
    finds!(
        ListAccessLog {
            action: Some("patient.*".into()),
            ..none()
        },
        |row| { row.action.starts_with("patient.") }
    );
    finds!(
        ListAccessLog {
            purpose: Some("ETREAT".into()),
            ..none()
        },
        |row| { row.purpose.as_deref() == Some("ETREAT") }
    );
    for ground in ["member", "none", "emergency"] {
        finds!(
            ListAccessLog {
                ground: Some(ground.into()),
                ..none()
            },
            |row| { row.ground.as_deref() == Some(ground) }
        );
    }
    finds!(
        ListAccessLog {
            outcome: Some("denied".into()),
            ..none()
        },
        |row| row.code.is_some()
    );
    finds!(
        ListAccessLog {
            code: Some("not_found".into()),
            ..none()
        },
        |row| { row.code.as_deref() == Some("not_found") }
    );
    for kind in [ActorKind::Staff, ActorKind::System, ActorKind::Anonymous] {
        finds!(
            ListAccessLog {
                actor: Some(kind.clone()),
                ..none()
            },
            |row| row.actor.kind == kind
        );
    }
    let session = all
        .iter()
        .find(|row| row.actor.id == post)
        .unwrap()
        .session_id;
    finds!(
        ListAccessLog {
            session_id: session,
            ..none()
        },
        |row| row.session_id == session
    );
    finds!(
        ListAccessLog {
            source_ip: Some("127.0.0.1".into()),
            ..none()
        },
        |row| { row.source_ip.as_deref() == Some("127.0.0.1") }
    );
    let through = all.iter().find(|row| row.actor.through.is_some()).unwrap();
    assert_eq!(
        (through.actor.id, through.actor.through.as_deref()),
        (post, Some("介護記録ソフト"))
    );
    let sql = "SELECT DISTINCT client_id FROM audit_events WHERE staff_member_id IS NOT NULL AND client_id IS NOT NULL";
    let program: Uuid = team.world.db.one(sql).await;
    let by_program = list(
        auditor,
        ListAccessLog {
            client_id: Some(program),
            ..none()
        },
    )
    .await;
    assert!(by_program.len() >= 2 && by_program.iter().any(|row| row.id == through.id));
    finds!(
        ListAccessLog {
            emergency: Some(true),
            ..none()
        },
        |row| {
            row.ground.as_deref() == Some("emergency") || row.action.starts_with("emergency_access")
        }
    );
    // Somebody searched for this name; nobody for another.
    for (words, times) in [("出雲和子", 1), ("イズモ", 0)] {
        let searched = ListAccessLog {
            searched: Some(words.into()),
            ..none()
        };
        assert_eq!(list(auditor, searched).await.len(), times, "{words}");
    }
    // One patient's history: what was about her, and lists that named her.
    let patient = Some(team.patient);
    finds!(
        ListAccessLog {
            patient_id: patient,
            ..none()
        },
        |row| {
            row.patient.as_ref().map(|one| one.id) == patient
                || row.named.iter().any(|one| Some(one.id) == patient)
        }
    );
    finds!(
        ListAccessLog {
            patient_id: patient,
            staff_member_id: post,
            action: Some("patients.list".into()),
            ..none()
        },
        |row| { row.actor.id == post && row.action == "patients.list" && !row.named.is_empty() }
    );
}

#[actix_web::test]
async fn entries_say_where_from_on_what_ground_and_where_they_are_sealed() {
    let team = Team::new().await;
    busy(&team).await;
    let auditor = &team.auditor.client;
    let query = || ListAccessLog {
        action: Some("post.read".to_owned()),
        ..Default::default()
    };
    let read = list(auditor, query()).await.remove(0);
    assert_eq!(
        (read.resource_version, read.ground.as_deref()),
        (Some(1), Some("member"))
    );
    assert_eq!(read.clock.as_deref(), Some("unchecked"));
    assert_eq!(read.action_ja, "投稿の閲覧");
    assert_eq!(
        read.actor.facility_name.as_deref(),
        Some("北訪問看護ステーション")
    );
    assert_eq!(read.patient.unwrap().name.as_deref(), Some("出雲 和子"));
    let place = team
        .world
        .eventually(async || list(auditor, query()).await[0].sealed)
        .await;
    assert_eq!(place.tree, 1);
    let by_hand = format!(
        "SELECT leaf_index FROM audit_leaves WHERE event_id = '{}'",
        read.id
    );
    assert_eq!(
        u64::try_from(team.world.db.one::<i64>(&by_hand).await).unwrap(),
        place.index
    );
}

#[actix_web::test]
async fn pages_have_neither_gaps_nor_repeats_for_a_patient_in_two_ways() {
    let team = Team::new().await;
    for _ in 0..6 {
        team.nurse
            .client
            .patients()
            .list(&Default::default())
            .await
            .unwrap();
        team.nurse.timeline(team.patient).await;
    }
    let query = ListAccessLog {
        patient_id: Some(team.patient),
        limit: Some(3),
        ..Default::default()
    };
    let log = team.auditor.client.access_log();
    let first = log.list(&query).await.unwrap();
    let rest = log.stream(ListAccessLog {
        cursor: first.next.clone(),
        ..query
    });
    let rest: Vec<AccessRecord> = rest.try_collect().await.unwrap();
    let paged: Vec<Uuid> = first.items.iter().chain(&rest).map(|row| row.id).collect();
    let at_once = ListAccessLog {
        patient_id: Some(team.patient),
        to: Some(first.items[0].at),
        limit: Some(100),
        ..Default::default()
    };
    let at_once: Vec<Uuid> = log
        .list(&at_once)
        .await
        .unwrap()
        .items
        .iter()
        .map(|row| row.id)
        .collect();
    assert_eq!(paged, at_once);
    assert!(paged.len() >= 14, "{}", paged.len());
}

#[actix_web::test]
async fn days_are_japanese_and_what_cannot_be_is_refused() {
    let team = Team::new().await;
    let auditor = Wire::sign_in(&team.auditor).await;
    let today = crate::support::team::today();
    let count = async |query: String| {
        let page = Wire::done(
            auditor
                .get(&format!("/v1/access-log?limit=100&{query}"))
                .await,
        );
        page["items"].as_array().unwrap().len()
    };
    let tomorrow = today + chrono::Days::new(1);
    assert!(count(format!("from={today}&to={today}")).await > 50);
    assert_eq!(count(format!("from={tomorrow}")).await, 0);
    for wrong in [
        "from=2026-13-01",
        "to=soon",
        "from=2026-11-30&to=2026-11-29",
        "outcome=maybe",
        "actor=x",
        "patient_id=5",
        "code=%00",
        "action=a%0Ab",
        "limit=0",
        "emergency=perhaps",
        "unusual=true",
    ] {
        let (status, body) = auditor.get(&format!("/v1/access-log?{wrong}")).await;
        assert_eq!(
            (status, &body["code"]),
            (422, &json!("invalid_input")),
            "{wrong}"
        );
    }
    assert_eq!(
        auditor.get("/v1/access-log?action=nothing.*").await.1["items"],
        json!([])
    );
}

#[actix_web::test]
async fn the_log_is_counted_by_who_what_why_and_when() {
    let team = Team::new().await;
    busy(&team).await;
    let auditor = &team.auditor.client;
    let query = CountAccessLog {
        patient_id: Some(team.patient),
        ..Default::default()
    };
    let log = auditor.access_log();
    let rows = list(
        auditor,
        ListAccessLog {
            patient_id: Some(team.patient),
            ..Default::default()
        },
    )
    .await;
    let summary = log.summary(&query).await.unwrap();
    let total = u64::try_from(rows.len()).unwrap() + 1;
    assert_eq!(summary.total, total, "and the look at the list");
    let sum = |counts: Vec<u64>| counts.iter().sum::<u64>();
    assert_eq!(
        sum(summary.professions.iter().map(|one| one.count).collect()),
        total
    );
    assert_eq!(
        sum(summary.facilities.iter().map(|one| one.count).collect()),
        total
    );
    assert_eq!(
        sum(summary.purposes.iter().map(|one| one.count).collect()),
        total
    );
    assert_eq!(
        sum(summary.actions.iter().map(|one| one.count).collect()),
        total
    );
    assert_eq!(
        sum(summary.days.iter().map(|one| one.count).collect()),
        total
    );
    let action = |code: &str| {
        summary
            .actions
            .iter()
            .find(|one| one.code == code)
            .map(|one| one.count)
    };
    let like =
        |code: &str| u64::try_from(rows.iter().filter(|row| row.action == code).count()).ok();
    assert_eq!(action("patient.read"), like("patient.read"));
    let timeline = summary
        .actions
        .iter()
        .find(|one| one.code == "timeline.list")
        .unwrap();
    assert_eq!(timeline.name_ja, "タイムラインの閲覧");
    let named = |one: &tsumugi_client::models::LogFacilityCount| {
        one.name.as_deref() == Some("北訪問看護ステーション")
    };
    assert!(summary.facilities.iter().any(named));
    assert_eq!(summary.days[0].day, crate::support::team::today());
    let map = log.heat_map(&query).await.unwrap();
    assert_eq!((map.cells.len(), map.cells[0].len()), (7, 24));
    assert_eq!(map.cells.iter().flatten().sum::<u64>(), map.total);
    let now = Utc::now() + TimeDelta::hours(9);
    let day = usize::try_from(chrono::Datelike::weekday(&now).num_days_from_monday()).unwrap();
    let hour = usize::try_from(now.hour()).unwrap();
    assert!(
        map.cells[day][hour] > 0 || hour > 0 && map.cells[day][hour - 1] > 0,
        "{:?}",
        map.cells
    );
    // Thirty days, when nothing is said.
    assert!(Utc::now() - summary.from < TimeDelta::days(31));
    let nobody = team.nurse.client.access_log();
    refused(nobody.summary(&query).await, 403, "forbidden");
    refused(nobody.heat_map(&query).await, 403, "forbidden");
}

async fn export(auditor: &Client, query: &ExportAccessLog) -> Vec<u8> {
    let pieces = auditor.access_log().export(query).await.unwrap();
    let pieces: Vec<_> = pieces.try_collect().await.unwrap();
    pieces.concat()
}

#[actix_web::test]
async fn an_export_begins_and_ends_with_an_entry_that_says_what_left() {
    let team = Team::new().await;
    busy(&team).await;
    let auditor = &team.auditor.client;
    let query = ExportAccessLog {
        patient_id: Some(team.patient),
        ..Default::default()
    };
    let bytes = export(auditor, &query).await;
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.starts_with("\u{feff}日時（日本時間）,区分,氏名・名称,職種,施設"));
    let lines = text.lines().count() - 1;
    assert!(text.contains("投稿の記入") && text.contains("試験 nurse") && text.contains("看護師"));
    let entries = list(
        auditor,
        ListAccessLog {
            action: Some("access_log.*".into()),
            ..Default::default()
        },
    )
    .await;
    let of = |action: &str| {
        entries
            .iter()
            .find(|row| row.action == action)
            .unwrap()
            .clone()
    };
    let (begun, ended) = (of("access_log.export"), of("access_log.export_end"));
    assert_eq!(
        (begun.count, ended.count),
        (u32::try_from(lines).ok(), u32::try_from(lines).ok())
    );
    assert_eq!(
        (begun.resource_id, begun.request_id),
        (ended.resource_id, ended.request_id)
    );
    assert_eq!(begun.patient.map(|one| one.id), Some(team.patient));
    assert_eq!(ended.digest, Some(format!("sha256:{}", hex_digest(&bytes))));
    // Not for others, and not without fresh factors.
    refused(
        team.nurse
            .client
            .access_log()
            .export(&query)
            .await
            .map(drop),
        403,
        "forbidden",
    );
    refused(
        team.world
            .administrator
            .client
            .access_log()
            .export(&query)
            .await
            .map(drop),
        403,
        "forbidden",
    );
    team.world.app.clock.advance(TimeDelta::minutes(6));
    refused(
        auditor.access_log().export(&query).await.map(drop),
        403,
        "step_up_required",
    );
}

#[actix_web::test]
async fn a_long_export_is_sent_in_parts_and_breaks_off_when_its_reader_may_not_read_any_more() {
    let team = Team::new().await;
    let many = "INSERT INTO audit_events (tenant_id, id, at, actor_kind, action, purpose, outcome, rules, policy_digest,
            request_id, clock, seal)
         SELECT tenant_id, gen_random_uuid(), now() - n * interval '1 second', 'system', 'settings.find', 'HSYSADMIN',
            'allowed', '{}', '', 'many', 'checked', decode(repeat('00', 48), 'hex')
         FROM tenants, generate_series(1, 3500) n WHERE slug = 'kita'";
    team.world.db.admin.batch_execute(many).await.unwrap();
    let auditor = &team.auditor.client;
    let query = ExportAccessLog {
        format: Some(LogFormat::Fhir),
        ..Default::default()
    };
    let bundle: Value = serde_json::from_slice(&export(auditor, &query).await).unwrap();
    let events = bundle["entry"].as_array().unwrap();
    let of_many = events
        .iter()
        .filter(|event| event.to_string().contains("\"many\""))
        .count();
    assert_eq!(of_many, 3500);
    let nothing = ExportAccessLog {
        action: Some("nothing.here".to_owned()),
        ..query.clone()
    };
    let empty: Value = serde_json::from_slice(&export(auditor, &nothing).await).unwrap();
    assert_eq!(
        (&empty["type"], &empty["entry"]),
        (&json!("collection"), &Value::Null)
    );
    // The session ends between two parts.
    let end = "
        CREATE FUNCTION revoke_all() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            IF NEW.action = 'access_log.export' THEN UPDATE sessions SET revoked_at = now(); END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER revoke_all BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION revoke_all();";
    team.world.db.admin.batch_execute(end).await.unwrap();
    let pieces = auditor.access_log().export(&query).await.unwrap();
    let pieces: Result<Vec<_>, _> = pieces.try_collect().await;
    assert!(pieces.is_err());
    let ends = "SELECT count(*) FROM audit_events WHERE action = 'access_log.export_end'";
    assert_eq!(team.world.db.one::<i64>(ends).await, 2);
    let refusal =
        "SELECT count(*) FROM audit_events WHERE action = 'session.use' AND code = 'session_ended'";
    assert_eq!(team.world.db.one::<i64>(refusal).await, 1);
}
