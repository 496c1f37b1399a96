//! AU-04: what cannot be recorded is not done and not answered: 503, and not one byte of content, however the log fails.

use std::{os::unix::fs::MetadataExt, path::Path, process::Command, time::Duration};

use futures_util::StreamExt;
use tsumugi_client::{
    Client, RawAnswer,
    models::{ExportAccessLog, RelationKind},
};

use crate::support::{
    Team,
    calls::{self, Call, Things},
    db::connect,
};

/// Reads that are a POST.
const READS: [&str; 3] = [
    "explain_access",
    "read_registration_card",
    "search_emergency_patient",
];
/// Reads of nobody's content, without an entry.
const WITHOUT_ENTRY: [&str; 3] = ["find_health", "find_openapi", "find_readiness"];

/// Every read of the interface with somebody whom it is answered to, and one write.
async fn reads(team: &Team) -> Vec<(Client, Call)> {
    let things = Things::of(team).await;
    let patient = team.relative("izumo", RelationKind::Patient).await;
    let people = [
        &patient,
        &team.nurse.client,
        &team.care_manager.client,
        &team.hospital_nurse.client,
        &team.world.administrator.client,
        &team.auditor.client,
        &team.outsider.client,
    ];
    let is_read = |call: &Call| {
        (call.method == "GET" || READS.contains(&call.operation))
            && !WITHOUT_ENTRY.contains(&call.operation)
    };
    let mut found = Vec::new();
    let mut without = Vec::new();
    let all = calls::all(team, &things);
    for call in all.into_iter().filter(is_read) {
        let mut open = None;
        for client in people {
            if open.is_none() && calls::make(client, &call).await.status < 400 {
                open = Some(client.clone());
            }
        }
        match open {
            Some(client) => found.push((client, call)),
            None => without.push(call.operation),
        }
    }
    // These name what is not there, or need a device; they end in the same way as all others.
    let expected = [
        "export_record_file",
        "find_access_log_proof",
        "find_access_proof",
        "find_attachment_content",
        "find_cosigned_checkpoint",
        "find_finding",
        "find_current_device",
        "list_account_sessions",
        "read_calendar_feed",
        "find_consent_evidence",
        "explain_access_log_entry",
        "read_registration_card",
    ];
    without.retain(|operation| !expected.contains(operation));
    assert_eq!(without, [""; 0], "answered to nobody");
    assert!(found.len() > 35, "{} reads", found.len());
    found
}

/// Makes a call and gives the whole answer, of a stream as well.
async fn answer(client: &Client, call: &Call) -> RawAnswer {
    let headers = [("content-type", call.content_type)];
    let body = call.body.clone().unwrap_or_default();
    let sent = client.send_raw(call.method, &call.path, &headers, body);
    let within = tokio::time::timeout(Duration::from_secs(30), sent).await;
    let answered = within.unwrap_or_else(|_| panic!("{} is answered for ever", call.operation));
    answered.unwrap()
}

/// Insists that an answer says nothing but that it is not available.
#[track_caller]
fn says_nothing(answer: &RawAnswer, what: &str) {
    let text = answer.text();
    assert_eq!(answer.status, 503, "{what}: {text}");
    let body: serde_json::Value = answer.json().unwrap();
    let fields: Vec<&str> = body
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let problem = body["code"] == "unavailable"
        && fields.iter().all(|field| {
            [
                "type",
                "title",
                "status",
                "code",
                "detail",
                "retry_after",
                "request_id",
            ]
            .contains(field)
        });
    let outcome = body["resourceType"] == "OperationOutcome"
        && body["issue"][0]["details"]["coding"][0]["code"] == "unavailable";
    assert!(problem || outcome, "{what}: {text}");
    for canary in ["CANARY", "出雲", "和子", "イズモ", "1943-05-12", "0012345"] {
        assert!(!text.contains(canary), "{what}: {text}");
    }
}

async fn every_read_is_closed(team: &Team, reads: &[(Client, Call)]) {
    for (client, call) in reads {
        says_nothing(&answer(client, call).await, call.operation);
    }
    // A refusal would tell something, too.
    let hidden = format!("/v1/patients/{}", team.patient);
    says_nothing(&team.outsider.raw("GET", &hidden, "").await, "a refusal");
    let unread = team.nurse.raw("GET", "/v1/patients?qurey=x", "").await;
    says_nothing(&unread, "a refusal for the form");
    // And nothing is written.
    let posts = "SELECT count(*) FROM posts";
    let before: i64 = team.world.db.one(posts).await;
    let body = r#"{"id":"0190a000-0000-7000-8000-000000000001","kind":"note","channel":"team","body":"消えない"}"#;
    let path = format!("/v1/patients/{}/timeline", team.patient);
    says_nothing(&team.nurse.raw("POST", &path, body).await, "a write");
    assert_eq!(team.world.db.one::<i64>(posts).await, before);
}

async fn all_is_well_again(reads: &[(Client, Call)]) {
    for (client, call) in reads {
        let status = calls::make(client, call).await.status;
        assert!(status < 400, "{}: {status}", call.operation);
    }
}

#[actix_web::test]
async fn au_04_no_read_is_answered_when_entries_may_not_be_added() {
    let team = Team::new().await;
    let reads = reads(&team).await;
    let db = &team.world.db.admin;
    db.batch_execute("REVOKE INSERT ON audit_events FROM tsumugi_app")
        .await
        .unwrap();
    every_read_is_closed(&team, &reads).await;
    db.batch_execute("GRANT INSERT ON audit_events TO tsumugi_app")
        .await
        .unwrap();
    all_is_well_again(&reads).await;
}

/// Makes every new entry end so.
async fn entries_end(team: &Team, with: &str) {
    let trigger = format!(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
         BEGIN {with}; RETURN NULL; END $$;
         CREATE TRIGGER fault BEFORE INSERT ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION fault();"
    );
    team.world.db.admin.batch_execute(&trigger).await.unwrap();
}

#[actix_web::test]
async fn au_04_no_read_is_answered_when_the_disk_is_said_to_be_full() {
    let team = Team::new().await;
    let reads = reads(&team).await;
    let full = "RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file \"base/1/2\": CANARY'";
    entries_end(&team, full).await;
    every_read_is_closed(&team, &reads).await;
}

#[actix_web::test]
async fn au_04_no_read_is_answered_when_the_database_is_gone_after_the_select() {
    let team = Team::new().await;
    let reads = reads(&team).await;
    entries_end(&team, "PERFORM pg_terminate_backend(pg_backend_pid())").await;
    every_read_is_closed(&team, &reads).await;
}

#[actix_web::test]
async fn au_04_no_read_is_answered_when_the_log_is_locked() {
    let team = Team::new().await;
    let reads = reads(&team).await;
    let db = &team.world.db;
    // The waits of the roles are of seconds; this is about how they end.
    let name: String = db.one("SELECT current_database()::text").await;
    for role in ["tsumugi_app", "tsumugi_log"] {
        let short = format!("ALTER ROLE {role} IN DATABASE {name} SET lock_timeout = '150ms'");
        db.admin.batch_execute(&short).await.unwrap();
    }
    let anew = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND usename LIKE 'tsumugi%'";
    db.admin.batch_execute(anew).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    db.admin
        .batch_execute("BEGIN; LOCK TABLE audit_events IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    for (client, call) in &reads {
        says_nothing(&answer(client, call).await, call.operation);
    }
    db.admin.batch_execute("ROLLBACK").await.unwrap();
    all_is_well_again(&reads).await;
}

#[actix_web::test]
async fn au_04_no_list_is_answered_when_it_cannot_be_recorded_whom_it_names() {
    let team = Team::new().await;
    let db = &team.world.db.admin;
    db.batch_execute("REVOKE INSERT ON audit_event_patients FROM tsumugi_app")
        .await
        .unwrap();
    says_nothing(
        &team.nurse.raw("GET", "/v1/patients", "").await,
        "list_patients",
    );
    let body = r#"{"name_or_kana":"出雲 和子","birth_date":"1943-05-12"}"#;
    let found = team
        .physician
        .raw("POST", "/v1/emergency-access/search", body)
        .await;
    says_nothing(&found, "search_emergency_patient");
    // What names nobody goes on.
    assert_eq!(team.nurse.raw("GET", "/v1/me", "").await.status, 200);
}

#[actix_web::test]
async fn au_04_an_export_whose_end_cannot_be_recorded_does_not_end_well() {
    let team = Team::new().await;
    let export = async || {
        let log = team.auditor.client.access_log();
        let mut pieces = log.export(&ExportAccessLog::default()).await.unwrap();
        let mut bytes = Vec::new();
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => bytes.extend_from_slice(&piece),
                Err(_) => return (false, bytes),
            }
        }
        (true, bytes)
    };
    let (ended, bytes) = export().await;
    assert!(ended && bytes.len() > 1000);
    let at_the_end = "
        CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.action = 'access_log.export_end' THEN RAISE EXCEPTION 'no more'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER fault BEFORE INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION fault();";
    team.world.db.admin.batch_execute(at_the_end).await.unwrap();
    let (ended, bytes) = export().await;
    assert!(!ended);
    assert_eq!(bytes, b"", "the last part waits for the entry");
    let begun = "SELECT count(*) FROM audit_events WHERE action = 'access_log.export'";
    assert_eq!(team.world.db.one::<i64>(begun).await, 2);
}

/// A folder in memory that is soon full, on which the database may write. Goes away with the test.
struct Tiny {
    folder: tempfile::TempDir,
}

impl Tiny {
    /// For the account of the operating system that the database runs under; nothing where this machine does not let us
    /// make one.
    fn mount(owner: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let options = "size=4m,mode=0777";
        let run = |program: &str, arguments: &[&str]| {
            let status = Command::new(program).args(arguments).output();
            status.is_ok_and(|output| output.status.success())
        };
        let mounted = run("mount", &["-t", "tmpfs", "-o", options, "tmpfs", path]);
        let tiny = mounted.then_some(Self { folder })?;
        let owned = std::os::unix::fs::chown(tiny.path(), Some(owner), None);
        owned.is_ok().then_some(tiny)
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Tiny {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(self.path()).status());
    }
}

#[actix_web::test]
async fn au_04_no_read_is_answered_when_the_disk_of_the_log_is_full() {
    let team = Team::new().await;
    let data = "SELECT current_setting('data_directory')";
    let data: String = team.world.db.one(data).await;
    let owner = std::fs::metadata(&data).map(|folder| folder.uid());
    let Some(tiny) = owner.ok().and_then(Tiny::mount) else {
        println!("not run on a full disk: this machine lets us mount none");
        return;
    };
    team.nurse
        .notes(team.patient, "CANARY 訪問しました。")
        .await;
    let name: String = team.world.db.one("SELECT current_database()::text").await;
    let space = format!("tiny_{name}");
    let db = &team.world.db.admin;
    let make = format!(
        "CREATE TABLESPACE {space} LOCATION '{}'",
        tiny.path().display()
    );
    db.batch_execute(&make).await.unwrap();
    let part: String = team
        .world
        .db
        .one("SELECT tableoid::regclass::text FROM audit_events ORDER BY at DESC LIMIT 1")
        .await;
    db.batch_execute(&format!("ALTER TABLE {part} SET TABLESPACE {space}"))
        .await
        .unwrap();
    drop(
        Command::new("dd")
            .arg("if=/dev/zero")
            .arg(format!("of={}/rest", tiny.path().display()))
            .output(),
    );
    let path = format!("/v1/patients/{}/timeline", team.patient);
    let mut closed = 0;
    for _ in 0..300 {
        let answer = team.nurse.raw("GET", &path, "").await;
        if answer.status == 200 {
            assert_eq!(closed, 0, "there was room again");
            continue;
        }
        says_nothing(&answer, "list_timeline");
        closed += 1;
        if closed == 5 {
            break;
        }
    }
    assert_eq!(closed, 5, "the disk is not full");
    // The tablespace goes with the database that is in it.
    let admin = connect(
        &team
            .world
            .db
            .url
            .replace("tsumugi_app@", "postgres@")
            .replace(&name, "postgres"),
    )
    .await;
    admin
        .batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)"))
        .await
        .unwrap();
    admin
        .batch_execute(&format!("DROP TABLESPACE {space}"))
        .await
        .unwrap();
}
