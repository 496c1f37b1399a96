//! Somebody at the wire: exactly the headers and bodies that a test wants, with the tokens of one session.

use serde_json::{Value, json};
use tsumugi_client::Client;

use super::{Person, world::PASSWORD};

/// A session, or nobody, on some device.
#[derive(Clone)]
pub struct Wire {
    /// The way to the server.
    pub anyone: Client,
    /// Access token.
    pub token: Option<String>,
    /// Refresh token.
    pub refresh: Option<String>,
    /// Secret of a registered device.
    pub device: Option<String>,
    /// Whether the requests are the app's own.
    pub unattended: bool,
    /// Number of the requests: the same for all, so that answers can be compared.
    pub request_id: String,
    /// What the sign-in answered.
    pub session: Value,
}

impl Wire {
    /// Nobody in particular.
    pub fn nobody(anyone: &Client) -> Self {
        Self {
            anyone: anyone.clone(),
            token: None,
            refresh: None,
            device: None,
            unattended: false,
            request_id: "wire".to_owned(),
            session: Value::Null,
        }
    }

    /// Signs in, from nowhere in particular.
    pub async fn sign_in(person: &Person) -> Self {
        Self::nobody(&person.client.anonymous())
            .signed_in(person)
            .await
    }

    /// Signs in from this device.
    pub async fn signed_in(&self, person: &Person) -> Self {
        let (status, session) = self.try_sign_in(person).await;
        assert_eq!(status, 201, "{session}");
        self.with_session(session)
    }

    /// The same, with whatever is answered.
    pub async fn try_sign_in(&self, person: &Person) -> (u16, Value) {
        let code = person.code();
        let body = json!({
            "login": person.login,
            "password": PASSWORD,
            "code": code.expose(),
        });
        self.post("/v1/sessions", body).await
    }

    /// The same device with a session that was answered.
    pub fn with_session(&self, session: Value) -> Self {
        let text = |name: &str| session[name].as_str().map(str::to_owned);
        Self {
            token: text("access_token"),
            refresh: text("refresh_token"),
            session,
            ..self.clone()
        }
    }

    /// The same, as the app's own requests.
    pub fn unattended(&self) -> Self {
        Self {
            unattended: true,
            ..self.clone()
        }
    }

    /// The same, with another number for the requests.
    pub fn numbered(&self, request_id: &str) -> Self {
        Self {
            request_id: request_id.to_owned(),
            ..self.clone()
        }
    }

    /// The account.
    pub fn account(&self) -> String {
        self.session["me"]["account_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// Renews the session.
    pub async fn renew(&mut self) {
        let (status, session) = self.try_renew().await;
        assert_eq!(status, 200, "{session}");
        *self = self.with_session(session);
    }

    /// The same, with whatever is answered.
    pub async fn try_renew(&self) -> (u16, Value) {
        let body = json!({ "refresh_token": self.refresh });
        self.post("/v1/sessions/refresh", body).await
    }

    /// Whether the session still opens anything: status and code.
    pub async fn look(&self) -> (u16, String) {
        let (status, body) = self.get("/v1/me").await;
        (status, code(&body))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.send("GET", path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.send("POST", path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> (u16, Value) {
        self.send("PUT", path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> (u16, Value) {
        self.send("DELETE", path, None).await
    }

    /// Sends and insists on a success.
    #[track_caller]
    pub fn done((status, body): (u16, Value)) -> Value {
        assert!((200..300).contains(&status), "{status} {body}");
        body
    }

    pub async fn send(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let body = body.map(|body| body.to_string());
        self.send_as(method, path, "application/json", body).await
    }

    pub async fn send_as(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: Option<String>,
    ) -> (u16, Value) {
        let bearer = self.token.as_ref().map(|token| format!("Bearer {token}"));
        let role = self.session["me"]["role"].as_str().unwrap_or_default();
        let purpose = match role {
            "network_administrator" => "HSYSADMIN",
            "auditor" => "HCOMPL",
            _ => "TREAT",
        };
        let mut headers = vec![
            ("content-type", content_type),
            ("tsumugi-purpose", purpose),
            ("x-request-id", self.request_id.as_str()),
        ];
        if let Some(bearer) = &bearer {
            headers.push(("authorization", bearer));
        }
        if let Some(device) = &self.device {
            headers.push(("tsumugi-device", device));
        }
        if self.unattended {
            headers.push(("tsumugi-unattended", "true"));
        }
        let answer = self
            .anyone
            .send_raw(method, path, &headers, body.unwrap_or_default())
            .await
            .unwrap();
        (answer.status, answer.json().unwrap_or(Value::Null))
    }
}

/// The code of a refusal; empty for a success.
pub fn code(body: &Value) -> String {
    body["code"].as_str().unwrap_or_default().to_owned()
}

/// Insists on a refusal with this status and code.
#[track_caller]
pub fn refused((status, body): &(u16, Value), expected: u16, expected_code: &str) {
    assert_eq!(
        (*status, code(body).as_str()),
        (expected, expected_code),
        "{body}"
    );
}
