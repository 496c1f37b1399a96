//! What requests say of themselves: purpose of use, device, and whether anybody asked.

use futures_util::StreamExt;
use serde_json::{Value, json};
use tsumugi_client::models::{CreateSession, Purpose, StepUp};
use tsumugi_client::{Client, Error};
use wiremock::{MockServer, ResponseTemplate};

use crate::support::{answer, arrived, client, header, json_answer, me, problem, session};

const PURPOSE: &str = "tsumugi-purpose";
const DEVICE: &str = "tsumugi-device";
const UNATTENDED: &str = "tsumugi-unattended";

async fn server() -> MockServer {
    let server = MockServer::start().await;
    answer(&server, "GET", "/v1/me", [json_answer(200, me())]).await;
    server
}

/// A session of an account with this role; the server may name purposes, the usual one first.
fn session_of(role: &str, purposes: &[&str]) -> Value {
    let mut session = session(1, 300);
    session["me"]["role"] = json!(role);
    session["me"]["purposes"] = json!(purposes);
    session
}

async fn sign_in(anyone: &Client) -> Client {
    let request = CreateSession::new("sato@kita", "secret");
    let session = anyone.sessions().create(&request).await.unwrap();
    anyone.with_session(&session)
}

/// The header of the last request for `/v1/me`.
async fn last(server: &MockServer, name: &str) -> Option<String> {
    let requests = arrived(server, "/v1/me").await;
    header(requests.last().unwrap(), name).map(str::to_owned)
}

#[tokio::test]
async fn purpose_follows_the_role_of_whoever_signs_in() {
    for (role, purposes, expected) in [
        ("staff", &[][..], "TREAT"),
        ("network_administrator", &[], "HSYSADMIN"),
        ("support", &[], "HSYSADMIN"),
        ("auditor", &[], "HCOMPL"),
        ("patient", &[], "PATRQT"),
        ("family", &[], "FAMRQT"),
        ("a_new_role", &[], "TREAT"),
        ("staff", &["CAREMGT", "TREAT"], "CAREMGT"),
    ] {
        let server = server().await;
        let answers = [json_answer(201, session_of(role, purposes))];
        answer(&server, "POST", "/v1/sessions", answers).await;

        sign_in(&client(&server))
            .await
            .sessions()
            .me()
            .await
            .unwrap();

        assert_eq!(last(&server, PURPOSE).await.unwrap(), expected, "{role}");
        let sign_in = arrived(&server, "/v1/sessions").await;
        assert_eq!(header(&sign_in[0], PURPOSE), None, "{role}");
    }
}

#[tokio::test]
async fn purpose_of_a_bare_token_is_treatment_and_can_be_chosen() {
    let server = server().await;
    let nurse = client(&server).with_token("t");
    let emergency = nurse.with_purpose(Purpose::EmergencyTreatment);
    let built = Client::builder(server.uri())
        .token("t")
        .purpose(Purpose::CareManagement)
        .build()
        .unwrap();
    for (client, expected) in [
        (&nurse, Some("TREAT")),
        (&emergency, Some("ETREAT")),
        (&nurse, Some("TREAT")),
        (&built, Some("CAREMGT")),
        (&built.without_purpose(), None),
    ] {
        client.sessions().me().await.unwrap();
        assert_eq!(last(&server, PURPOSE).await.as_deref(), expected);
    }
}

#[tokio::test]
async fn chosen_purpose_outlives_signing_in_and_stepping_up() {
    let server = server().await;
    let fresh = json_answer(200, session_of("staff", &["TREAT"]));
    answer(&server, "POST", "/v1/sessions", [fresh.clone()]).await;
    answer(&server, "POST", "/v1/sessions/current/step-up", [fresh]).await;
    let anyone = Client::builder(server.uri())
        .purpose(Purpose::CareManagement)
        .build()
        .unwrap();

    let manager = sign_in(&anyone).await;
    let proof = StepUp::with_password("secret", "123456");
    let manager = manager.step_up(&proof).await.unwrap();
    manager.sessions().me().await.unwrap();

    assert_eq!(last(&server, PURPOSE).await.unwrap(), "CAREMGT");
}

#[tokio::test]
async fn programs_of_facilities_and_nobody_state_no_purpose() {
    let server = server().await;
    let token = json!({"access_token": "a", "token_type": "Bearer", "expires_in": 300});
    answer(&server, "POST", "/oauth/token", [json_answer(200, token)]).await;
    let anyone = client(&server);

    let hospital = anyone.with_client_credentials("hospital", "secret");
    for client in [&hospital, &anyone, &anyone.with_purpose(Purpose::Treatment)] {
        let me = client.sessions().me().await;
        assert!(me.is_ok());
        let stated = last(&server, PURPOSE).await;
        assert_eq!(stated, None);
    }
    let tokens = arrived(&server, "/oauth/token").await;
    assert_eq!(header(&tokens[0], PURPOSE), None);
}

#[tokio::test]
async fn device_goes_with_every_request_from_signing_in_on() {
    let server = server().await;
    let answers = [json_answer(201, session(1, 0))];
    answer(&server, "POST", "/v1/sessions", answers).await;
    let answers = [json_answer(200, session(2, 300))];
    answer(&server, "POST", "/v1/sessions/refresh", answers).await;

    let tablet = client(&server).with_device("device-secret");
    let nurse = sign_in(&tablet).await;
    nurse.sessions().me().await.unwrap();

    for path in ["/v1/sessions", "/v1/sessions/refresh", "/v1/me"] {
        let requests = arrived(&server, path).await;
        assert_eq!(
            header(&requests[0], DEVICE),
            Some("device-secret"),
            "{path}"
        );
    }
    assert!(!format!("{nurse:?}").contains("device-secret"));
    client(&server)
        .with_token("t")
        .sessions()
        .me()
        .await
        .unwrap();
    assert_eq!(last(&server, DEVICE).await, None);
}

#[tokio::test]
async fn device_token_that_no_header_can_hold_is_refused_before_it_is_sent() {
    let server = server().await;

    let tablet = client(&server).with_token("t").with_device("a\nb");
    let error = tablet.sessions().me().await.unwrap_err();

    assert!(matches!(error, Error::Configuration(_)), "{error}");
    assert!(!error.to_string().contains("a\nb"));
    assert!(arrived(&server, "/v1/me").await.is_empty());
}

#[tokio::test]
async fn what_a_program_asks_by_itself_says_so() {
    let server = server().await;
    let nurse = client(&server).with_token("t");

    nurse.sessions().me().await.unwrap();
    assert_eq!(last(&server, UNATTENDED).await, None);
    nurse.unattended().sessions().me().await.unwrap();
    assert_eq!(last(&server, UNATTENDED).await.unwrap(), "true");
}

#[tokio::test]
async fn stream_of_events_that_comes_back_by_itself_says_so() {
    let server = MockServer::start().await;
    let brief = ResponseTemplate::new(200).set_body_raw(": hello\n\n", "text/event-stream");
    let answers = [brief, problem(401, "session_ended")];
    answer(&server, "GET", "/v1/events", answers).await;

    let nurse = client(&server).with_token("t");
    let mut events = nurse.events().stream(None).await.unwrap();
    assert!(events.next().await.unwrap().is_err());

    let requests = arrived(&server, "/v1/events").await;
    assert_eq!(header(&requests[0], PURPOSE), Some("TREAT"));
    assert_eq!(header(&requests[0], UNATTENDED), None);
    assert_eq!(header(&requests[1], UNATTENDED), Some("true"));
}

#[tokio::test]
async fn raw_request_says_the_same_unless_it_says_something_itself() {
    let server = server().await;
    let tablet = client(&server)
        .with_token("t")
        .with_device("d")
        .unattended();

    tablet.send_raw("GET", "/v1/me", &[], "").await.unwrap();
    assert_eq!(last(&server, PURPOSE).await.unwrap(), "TREAT");
    assert_eq!(last(&server, DEVICE).await.unwrap(), "d");
    assert_eq!(last(&server, UNATTENDED).await.unwrap(), "true");

    let own = [
        (PURPOSE, "ETREAT"),
        (DEVICE, "other"),
        (UNATTENDED, "false"),
    ];
    tablet.send_raw("GET", "/v1/me", &own, "").await.unwrap();
    let requests = arrived(&server, "/v1/me").await;
    for (name, value) in own {
        let sent: Vec<_> = requests[1].headers.get_all(name).iter().collect();
        assert_eq!(sent, [value], "{name}");
    }

    let silent = tablet.without_purpose();
    silent.send_raw("GET", "/v1/me", &[], "").await.unwrap();
    assert_eq!(last(&server, PURPOSE).await, None);
}
