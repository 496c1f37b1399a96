//! AU-09: no text of people, no secret and no token in the access log or in what the server says of itself. AU-10: whatever
//! is sent, what the server says of itself stays one JSON object on each line.
//!
//! The server that is looked at is a process of its own: this program once more, with the server in it that writes its
//! lines as in production.

use std::{
    env,
    fs::{self, File},
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use actix_web::web::Data;
use serde_json::{Value, json};
use tsumugi_client::{Client, RetryPolicy, models::CreateSystemClient};
use tsumugi_server::{
    app::App,
    commands,
    config::{Config, Secret},
    serve,
};

use crate::support::{
    Team, World,
    calls::{self, Things},
    world::PASSWORD,
};

/// The variable that tells the other process what to serve.
const SETTINGS: &str = "TSUMUGI_TEST_NODE";
const SERVER: &str = "controls::au_09_no_text::au_09_a_server_that_is_looked_at_from_outside";

/// The server of the tests below. By itself it does nothing.
#[actix_web::test]
async fn au_09_a_server_that_is_looked_at_from_outside() {
    let Ok(settings) = env::var(SETTINGS) else {
        return;
    };
    let settings: Value = serde_json::from_str(&settings).unwrap();
    let text = |name: &str| settings[name].as_str().unwrap().to_owned();
    commands::log_to_stderr("tsumugi_server=trace,info").unwrap();
    let folder = text("data_dir");
    let config = Config {
        database_url: Secret(text("database_url")),
        log_database_url: Secret(text("log_database_url")),
        database_connections: 8,
        http_addr: Some("127.0.0.1:0".parse().unwrap()),
        https_addr: None,
        metrics_addr: None,
        tls: None,
        data_dir: folder.clone().into(),
        log_signer: None,
        witnessing: tsumugi_server::config::Witnessing::default(),
        files: tsumugi_server::config::Files::in_folder(Path::new(&folder).join("files")),
        web_dir: Path::new(&folder).join("no-web-app"),
        font_dirs: Vec::new(),
        demo_file: None,
        public_url: "http://localhost".to_owned(),
        smtp_url: None,
        mail_from: "つむぎ <no-reply@localhost>".to_owned(),
        mailbox: true,
        password_memory_kib: 64,
        workers: 1,
        ports_file: None,
    };
    let running = serve::start(Data::new(App::new(config).unwrap())).unwrap();
    let port = running.http.unwrap().port();
    let file = Path::new(&folder).join("port");
    fs::write(file.with_extension("part"), port.to_string()).unwrap();
    fs::rename(file.with_extension("part"), file).unwrap();
    running.run().await.unwrap();
}

/// Another node of a world, in a process of its own. Ends with the test.
struct Node {
    process: Child,
    port: u16,
    said: std::path::PathBuf,
}

impl Node {
    #[expect(
        clippy::zombie_processes,
        reason = "it is waited for when it is dropped"
    )]
    fn start(world: &World) -> Self {
        let config = &world.app.config;
        let settings = json!({
            "database_url": config.database_url.0,
            "log_database_url": config.log_database_url.0,
            "data_dir": config.data_dir,
        });
        let said = config.data_dir.join("said");
        let process = Command::new(env::current_exe().unwrap())
            .args(["--exact", SERVER, "--nocapture"])
            .env(SETTINGS, settings.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&said).unwrap())
            .spawn()
            .unwrap();
        let file = config.data_dir.join("port");
        for _ in 0..200 {
            if let Ok(port) = fs::read_to_string(&file) {
                let port = port.parse().unwrap();
                return Self {
                    process,
                    port,
                    said,
                };
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!(
            "the server does not start: {}",
            fs::read_to_string(&said).unwrap()
        );
    }

    fn client(&self) -> Client {
        Client::builder(format!("http://127.0.0.1:{}", self.port))
            .retry(RetryPolicy::none())
            .build()
            .unwrap()
    }

    /// Everything that it has said of itself, line by line.
    fn lines(&self) -> Vec<String> {
        let said = fs::read(&self.said).unwrap();
        let said = String::from_utf8(said).expect("what it says is UTF-8");
        said.lines().map(str::to_owned).collect()
    }

    /// Sends exactly these bytes, and reads what comes.
    fn send(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(5)))
            .unwrap();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        drop(stream.read_to_end(&mut answer));
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Insists that every line is one JSON object of the server's.
fn objects(lines: &[String]) -> Vec<Value> {
    let read = |line: &String| -> Value {
        let value: Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("{line:?}"));
        assert!(
            value["timestamp"].is_string() && value["level"].is_string(),
            "{line}"
        );
        assert!(!line.contains(|c: char| c.is_control()), "{line:?}");
        value
    };
    lines.iter().map(read).collect()
}

/// Everything that must not stand anywhere: names, text, searches, secrets and tokens.
struct Canaries(Vec<String>);

impl Canaries {
    fn new() -> Self {
        let words = [
            "CANARY",
            "出雲",
            "和子",
            "イズモ",
            "訂正",
            "申し出",
            "北部市一丁目",
            "1943-05-12",
            "0012345",
            "新任",
            "意識不明",
            "搬送記録",
            PASSWORD,
            "482915",
        ];
        Self(words.map(str::to_owned).to_vec())
    }

    fn add(&mut self, secret: impl Into<String>) {
        let secret = secret.into();
        assert!(secret.len() > 5, "{secret}");
        self.0.push(secret);
    }

    fn none_in(&self, text: &str) {
        for canary in &self.0 {
            assert!(!text.contains(canary.as_str()), "{canary} in {text}");
        }
    }
}

/// Every text of every entry, with what stands beside it.
async fn entries(world: &World) -> Vec<String> {
    let sql = "SELECT row_to_json(e)::text FROM audit_events e
               UNION ALL SELECT row_to_json(n)::text FROM audit_event_patients n
               UNION ALL SELECT row_to_json(t)::text FROM audit_trees t";
    let rows = world.db.admin.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[actix_web::test]
async fn au_09_no_text_secret_or_token_is_in_the_log_or_in_what_the_server_says() {
    let team = Team::new().await;
    let things = Things::of(&team).await;
    let node = Node::start(&team.world);
    let mut canaries = Canaries::new();
    let people = [
        &team.nurse,
        &team.care_manager,
        &team.hospital_nurse,
        &team.world.administrator,
        &team.auditor,
        &team.outsider,
    ];
    let mut made = 0;
    for person in people {
        canaries.add(person.authenticator.secret.expose());
        for code in &person.recovery_codes {
            canaries.add(code.expose());
        }
        let session = person.session().await;
        canaries.add(session.access_token.expose());
        canaries.add(
            session
                .refresh_token
                .as_ref()
                .map_or("no token", |token| token.expose()),
        );
        let client = node.client().with_session(&session);
        for call in calls::all(&team, &things) {
            drop(calls::make(&client, &call).await);
            made += 1;
        }
        let searched = format!("/v1/patients?query={}", "%E5%87%BA%E9%9B%B2%20CANARY");
        client.send_raw("GET", &searched, &[], "").await.unwrap();
    }
    // A system with its secret, and somebody who signs in wrongly and rightly.
    let me = team
        .nurse
        .anew()
        .await
        .client
        .sessions()
        .me()
        .await
        .unwrap();
    let facility = me.staff_member.unwrap().facility.id;
    let keeper = team.world.administrator.anew().await;
    let new = CreateSystemClient::new(facility, "CANARY 連携");
    let made_system = keeper.client.clients().create(&new).await.unwrap();
    canaries.add(made_system.client_secret.expose());
    let system = node.client();
    let system = system.with_client_credentials(made_system.client_id, made_system.client_secret);
    let summary = include_str!("../../fixtures/fhir/discharge-summary-01.json");
    system.bundles().receive(summary).await.unwrap();
    canaries.add(system.access_token().await.unwrap().unwrap().expose());
    for password in ["CANARY wrong", PASSWORD] {
        let code = team.nurse.code();
        let body =
            json!({ "login": team.nurse.login, "password": password, "code": code.expose() });
        let headers = [("content-type", "application/json")];
        let sent = node
            .client()
            .send_raw("POST", "/v1/sessions", &headers, body.to_string())
            .await;
        let answer: Value = sent.unwrap().json().unwrap();
        if let Some(token) = answer["access_token"].as_str() {
            canaries.add(token);
        }
    }
    assert!(made > 600, "{made} calls");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let lines = node.lines();
    let requests = objects(&lines)
        .iter()
        .filter(|line| line["fields"]["message"] == "request")
        .count();
    assert!(
        requests > 600,
        "{requests} requests in {} lines",
        lines.len()
    );
    canaries.none_in(&lines.join("\n"));
    let entries = entries(&team.world).await;
    assert!(entries.len() > 700, "{} entries", entries.len());
    canaries.none_in(&entries.join("\n"));
}

#[actix_web::test]
async fn au_10_whatever_is_sent_the_server_says_one_object_on_each_line() {
    let team = Team::new().await;
    let node = Node::start(&team.world);
    let session = team.nurse.session().await;
    let token = session.access_token.expose();
    let odd = [
        "\u{1b}[31mred\u{1b}[0m",
        "\"},{\"level\":\"ERROR\",\"x\":\"",
        "a\\n{\\\"level\\\":\\\"ERROR\\\"}",
        "\u{7f}\u{85}",
        "%0d%0a{}",
        "出雲\u{202e}和子",
        "\\u000a\\",
        "${jndi:ldap://x}",
    ];
    let mut sent = 0;
    for (number, text) in odd.iter().enumerate() {
        // In headers as they are, line breaks as well as a header can carry them.
        for header in [
            "user-agent",
            "x-request-id",
            "tsumugi-purpose",
            "idempotency-key",
            "if-match",
        ] {
            for text in [(*text).to_owned(), format!("one\r\n two{text}")] {
                let request = format!(
                    "GET /v1/patients?query=x HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                     authorization: Bearer {token}\r\ntsumugi-purpose: TREAT\r\n{header}: {text}\r\n\r\n"
                );
                node.send(request.as_bytes());
                sent += 1;
            }
        }
        // In an address, in a search, in a sign-in name, in a name.
        let escaped: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let escaped = escaped.concat();
        for path in [
            format!("/v1/patients?query={escaped}%0A%1B"),
            format!("/v1/{escaped}"),
        ] {
            let request = format!(
                "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\
                 authorization: Bearer {token}\r\ntsumugi-purpose: TREAT\r\n\r\n"
            );
            node.send(request.as_bytes());
            sent += 1;
        }
        let client = node.client().with_session(&session);
        let json_type = [("content-type", "application/json")];
        let login =
            json!({ "login": format!("{text}\n{{\"level\":\"ERROR\"}}@kita"), "password": text });
        let patient = json!({ "id": number, "name": format!("{text}\n\u{1b}[2J"), "kana": text });
        for (path, body) in [("/v1/sessions", login), ("/v1/patients", patient)] {
            let answer = client
                .send_raw("POST", path, &json_type, body.to_string())
                .await
                .unwrap();
            assert!(answer.status < 500, "{path}: {}", answer.text());
            sent += 1;
        }
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let lines = node.lines();
    let said = objects(&lines);
    let requests = said
        .iter()
        .filter(|line| line["fields"]["message"] == "request")
        .count();
    // What is no HTTP at all is refused before it is a request.
    assert!(
        requests >= sent / 2 && requests <= sent,
        "{requests} of {sent}"
    );
    // The framework says of itself that something was no HTTP.
    let framework = "actix_http::h1::dispatcher";
    assert!(
        said.iter()
            .all(|line| line["level"] != "ERROR" || line["target"] == framework),
        "{lines:#?}"
    );
    let injected = |line: &&Value| line["x"].is_string() || line.get("fields").is_none();
    assert_eq!(said.iter().find(injected), None);
    // In the access log it is one value as well: visible ASCII, or a number of our own.
    let sql = "SELECT count(*) FROM audit_events WHERE request_id !~ '^[!-~]{1,64}$'";
    assert_eq!(team.world.db.one::<i64>(sql).await, 0);
}
