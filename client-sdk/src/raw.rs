//! Requests of any shape, for what the typed calls cannot or must not express.

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, Result, decode};
use crate::request::{Answer, read};

/// An answer as it came.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    /// HTTP status.
    pub status: u16,
    /// Headers; names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Bytes,
}

impl RawAnswer {
    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as JSON. Fails with [`Error::Decode`].
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        decode("send_raw", self.status, &self.body)
    }

    /// The body as text, with replacement characters where it is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The error this answer stands for, or `None` for a success.
    pub fn error(&self) -> Option<Error> {
        let status = reqwest::StatusCode::from_u16(self.status).ok()?;
        let headers = self
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)))
            .collect::<HeaderMap<HeaderValue>>();
        (!status.is_success()).then(|| {
            Error::refused(&Answer {
                status,
                headers,
                body: self.body.clone(),
            })
        })
    }
}

impl Client {
    /// Sends exactly this, once, and returns whatever comes back.
    ///
    /// Adds the client's credentials, purpose of use and device, each unless `headers` hold their
    /// own, and nothing else: no Idempotency-Key, no content type, no repetition, no renewal after
    /// a 401.
    /// A refusal is an answer here, not an error.
    pub async fn send_raw(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes> + Send,
    ) -> Result<RawAnswer> {
        let refused = |what: &str| Error::Configuration(format!("{what} cannot be sent"));
        let method = Method::from_bytes(method.as_bytes()).map_err(|_| refused("this method"))?;
        let url = format!("{}{path}", self.transport.base);
        let mut sent = HeaderMap::new();
        for (name, value) in headers {
            sent.append(
                HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused("this header"))?,
                HeaderValue::from_bytes(value.as_bytes()).map_err(|_| refused("this header"))?,
            );
        }
        if !sent.contains_key(AUTHORIZATION)
            && let Some(token) = self.access_token().await?
        {
            self.authorize(&mut sent, &method, &url, &token)?;
        }
        self.manner.dress(&mut sent)?;
        let body = body.into();
        let mut sending = self
            .transport
            .http
            .request(method, url)
            .headers(sent)
            .timeout(self.transport.timeout);
        if !body.is_empty() {
            sending = sending.body(body);
        }
        let answer = read(sending.send().await?).await?;
        Ok(RawAnswer {
            status: answer.status.as_u16(),
            headers: answer
                .headers
                .iter()
                .map(|(name, value)| {
                    let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
                    (name.as_str().to_owned(), value)
                })
                .collect(),
            body: answer.body,
        })
    }
}
