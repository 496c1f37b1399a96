//! The agent as a person or a timer runs it.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{answer, arrived, header, json_answer, problem};

const RECEIVE: &str = "/fhir/r4/Bundle/$receive";
const ID: &str = "0193a0c0-0000-7000-8000-0000000000aa";

/// A folder of files, a state directory, and a server.
struct World {
    server: MockServer,
    folder: TempDir,
}

impl World {
    async fn new() -> Self {
        let server = MockServer::start().await;
        let token = json!({"access_token": "a", "token_type": "Bearer", "expires_in": 300});
        answer(&server, "POST", "/oauth/token", [json_answer(200, token)]).await;
        Self::at(server)
    }

    fn at(server: MockServer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("out")).unwrap();
        Self { server, folder }
    }

    fn file(&self, name: &str, content: &str) {
        fs::write(self.folder.path().join("out").join(name), content).unwrap();
    }

    fn journal(&self) -> String {
        let path = "state/tsumugi-agent/.tsumugi-agent.journal";
        fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tsumugi-agent"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", "/nonexistent")
            .env("XDG_STATE_HOME", self.folder.path().join("state"))
            .env("TSUMUGI_URL", self.server.uri())
            .env("TSUMUGI_CLIENT_ID", "hospital")
            .env("TSUMUGI_CLIENT_SECRET", "very-secret")
            .current_dir(self.folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    async fn run(&self, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await;
        Run::new(&output.unwrap())
    }
}

struct Run {
    code: i32,
    lines: Vec<String>,
    complaints: String,
}

impl Run {
    fn new(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let mut lines: Vec<_> = text(&output.stdout).lines().map(str::to_owned).collect();
        lines.sort();
        let complaints = text(&output.stderr);
        assert!(!complaints.contains("very-secret"));
        Self {
            code: output.status.code().unwrap(),
            lines,
            complaints,
        }
    }
}

fn receipt(outcome: &str) -> ResponseTemplate {
    let body = json!({"resourceType": "Parameters", "parameter": [
        {"name": "outcome", "valueCode": outcome},
        {"name": "document", "valueUuid": ID},
        {"name": "patient", "valueUuid": ID},
        {"name": "title", "valueString": "山田花子様 退院時サマリー"},
        {"name": "type", "valueCoding": {"code": "18842-5", "display": "退院時サマリー"}},
        {"name": "message", "valueString": "山田花子様"}]});
    json_answer(201, body)
}

fn outcome(status: u16, code: &str) -> ResponseTemplate {
    let body = json!({"resourceType": "OperationOutcome", "issue": [{"severity": "error",
        "code": "invalid", "diagnostics": "二人の患者",
        "details": {"coding": [{"code": code}]}}]});
    json_answer(status, body)
}

async fn keys(server: &MockServer) -> Vec<String> {
    let requests = arrived(server, RECEIVE).await;
    let key = |one| header(one, "idempotency-key").unwrap().to_owned();
    requests.iter().map(key).collect()
}

#[tokio::test]
async fn folder_is_sent_once() {
    let world = World::new().await;
    answer(&world.server, "POST", RECEIVE, [receipt("posted")]).await;
    world.file("b.json", "{}");
    world.file("a.json", "[]");
    world.file("same-as-a.json", "[]");
    world.file("notes.txt", "not sent");

    let first = world.run(&["push", "out", "--concurrency", "1"]).await;
    assert_eq!(first.code, 0, "{}", first.complaints);
    let said = |file| format!("ok posted  {file}  患者 {ID}  退院時サマリー");
    let skipped = "skipped  same-as-a.json  same content as another file of this run";
    assert_eq!(
        first.lines,
        [said("a.json"), said("b.json"), skipped.to_owned()]
    );
    assert_eq!(
        first.complaints,
        "tsumugi-agent: 2 ok, 1 skipped, 0 refused, 0 failed\n"
    );
    assert!(!world.journal().contains("山田"));

    let second = world.run(&["push", "out"]).await;
    assert_eq!(second.code, 0);
    assert_eq!(second.lines.len(), 3);
    let skipped = |line: &String| line.starts_with("skipped") && line.contains("accepted at 20");
    assert!(second.lines.iter().all(skipped));
    assert_eq!(arrived(&world.server, RECEIVE).await.len(), 2);
    assert_eq!(arrived(&world.server, "/oauth/token").await.len(), 1);

    let again = world.run(&["push", "out/a.json", "--again"]).await;
    assert_eq!(again.code, 0);
    let keys = keys(&world.server).await;
    assert_eq!(keys.len(), 3);
    assert_eq!(keys[2], format!("{}/1", keys[0]));
    assert!(keys.iter().all(|key| key.len() <= 100));
}

#[tokio::test]
async fn refused_file_is_named_with_code_and_message() {
    let world = World::new().await;
    let answers = [outcome(422, "bundle_two_patients")];
    answer(&world.server, "POST", RECEIVE, answers).await;
    world.file("bad.json", "{}");
    world.file("broken.json", "{");
    world.file("large.json", &" ".repeat(5 * 1024 * 1024 + 1));

    let run = world.run(&["push", "out"]).await;

    assert_eq!(run.code, 1);
    assert_eq!(
        run.lines,
        [
            "refused  bad.json  bundle_two_patients: 二人の患者",
            "refused  broken.json  not_json: not JSON at line 1 column 1",
            "refused  large.json  body_too_large: larger than 5242880 bytes",
        ]
    );
    assert_eq!(arrived(&world.server, RECEIVE).await.len(), 1);
}

#[tokio::test]
async fn failed_file_is_sent_again_with_the_same_key() {
    let world = World::new().await;
    let busy = outcome(503, "unavailable").insert_header("retry-after", "3600");
    let answers = [busy, receipt("already-received")];
    answer(&world.server, "POST", RECEIVE, answers).await;
    world.file("a.json", "{}");

    let missing = ["push", "out", "missing.json"];
    let first = world.run(&missing).await;
    assert_eq!(first.code, 3);
    assert_eq!(first.lines[0], "failed  a.json  unavailable: 二人の患者");
    assert!(first.lines[1].starts_with("failed  missing.json  unreadable: "));
    assert_eq!(world.journal(), "");

    let second = world.run(&["push", "out"]).await;
    assert_eq!(second.code, 0);
    assert!(second.lines[0].starts_with("ok already-received  a.json"));
    let keys = keys(&world.server).await;
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn killed_agent_loses_nothing_and_sends_with_the_same_key() {
    let world = World::new().await;
    let slow = receipt("posted").set_delay(Duration::from_mins(1));
    let answers = [receipt("posted"), slow, receipt("posted")];
    answer(&world.server, "POST", RECEIVE, answers).await;
    world.file("a.json", "{}");
    world.file("b.json", "[]");

    let mut command = world.command(&["push", "out", "--concurrency", "1"]);
    let mut child: Child = command.spawn().unwrap();
    while arrived(&world.server, RECEIVE).await.len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();

    let second = world.run(&["push", "out"]).await;
    assert_eq!(second.code, 0);
    assert!(second.lines[0].starts_with("ok posted  b.json"));
    assert!(second.lines[1].starts_with("skipped  a.json"));
    let keys = keys(&world.server).await;
    assert_eq!(keys.len(), 3);
    assert_eq!(keys[1], keys[2]);
}

#[tokio::test]
async fn wrong_credentials_stop_the_run() {
    let server = MockServer::start().await;
    let refusal = json!({"error": "invalid_client", "error_description": "unknown client"});
    answer(&server, "POST", "/oauth/token", [json_answer(401, refusal)]).await;
    let ready = json!({"status": "ok", "database": true, "migrations": true});
    answer(&server, "GET", "/readyz", [json_answer(200, ready)]).await;
    let world = World::at(server);
    world.file("a.json", "{}");
    world.file("b.json", "[]");

    for arguments in [["push", "out"].as_slice(), &["check"]] {
        let run = world.run(arguments).await;
        assert_eq!(run.code, 2);
        assert!(run.complaints.contains("credentials: invalid_client"));
    }
    assert!(arrived(&world.server, RECEIVE).await.is_empty());
}

#[tokio::test]
async fn server_that_is_away_fails_every_file() {
    let world = World::new().await;
    world.file("a.json", "{}");
    world.file("b.json", "[]");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);

    let run = world.run(&["push", "out", "--url", &nobody]).await;

    assert_eq!(run.code, 3);
    assert!(run.lines[0].starts_with("failed  a.json  could not reach the server"));
    assert!(run.lines[1].starts_with("failed  b.json  could not reach the server"));
}

#[tokio::test]
async fn lines_for_programs_are_json() {
    let world = World::new().await;
    answer(&world.server, "POST", RECEIVE, [receipt("waiting")]).await;
    world.file("a.json", "{}");

    let run = world.run(&["push", "out", "--json"]).await;

    let line: Value = serde_json::from_str(&run.lines[0]).unwrap();
    assert_eq!(line["result"], "ok");
    assert_eq!(line["outcome"], "waiting");
    assert_eq!(line["document"], ID);
    assert_eq!(line["sha256"].as_str().unwrap().len(), 64);
    assert!(!run.lines[0].contains("山田"));
}

#[tokio::test]
async fn check_says_what_holds() {
    let world = World::new().await;
    let ready = json!({"status": "ok", "database": true, "migrations": true});
    answer(&world.server, "GET", "/readyz", [json_answer(200, ready)]).await;
    let run = world.run(&["check"]).await;
    assert_eq!(run.code, 0, "{}", run.complaints);
    assert_eq!(run.lines[0], "ok  credentials  hospital");

    let busy = problem(503, "unavailable").insert_header("retry-after", "3600");
    world.server.reset().await;
    answer(&world.server, "GET", "/readyz", [busy]).await;
    assert_eq!(world.run(&["check"]).await.code, 3);
}

#[tokio::test]
async fn settings_are_checked_before_anything_is_sent() {
    let world = World::new().await;
    world.file("a.json", "{}");
    let secret = world.folder.path().join("secret");
    fs::write(&secret, "\n").unwrap();
    let empty = secret.to_str().unwrap();
    for wrong in [
        ["--url", "http://tsumugi.example"],
        ["--ca", "/nonexistent"],
        ["--client-secret-file", empty],
        ["--concurrency", "0"],
        ["--client-secret", "x"],
    ] {
        let mut arguments = vec!["push", "out"];
        arguments.extend(wrong);
        let run = world.run(&arguments).await;
        assert_eq!(run.code, 2, "{wrong:?}: {}", run.complaints);
    }
    assert!(arrived(&world.server, RECEIVE).await.is_empty());
    assert!(!Path::new(&world.folder.path().join("state")).exists());
}
