//! One call: credentials, attempts, waits, and the answer under a size limit.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::{Bytes, BytesMut};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::{Error, Result, decode};
use crate::retry::parse_retry_after;
use crate::secret::Secret;

const PROOF: HeaderName = HeaderName::from_static("dpop");

/// No answer of the interface comes near this; one that does is not read to its end.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// A request that can be sent more than once.
pub(crate) struct Request {
    operation: &'static str,
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Bytes,
    anonymous: bool,
    repeatable: bool,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        parse_retry_after(self.header("retry-after")?, SystemTime::now())
    }

    /// Whether the server gave the stored answer to an earlier request with the same key.
    pub(crate) fn is_replayed(&self) -> bool {
        self.header("idempotency-replayed") == Some("true")
    }
}

impl Request {
    fn new(operation: &'static str, method: Method, path: String) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            operation,
            repeatable: method.is_safe(),
            method,
            path,
            headers,
            body: Bytes::new(),
            anonymous: false,
        }
    }

    pub(crate) fn get(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::GET, path.into())
    }

    pub(crate) fn head(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::HEAD, path.into())
    }

    pub(crate) fn options(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::OPTIONS, path.into())
    }

    pub(crate) fn patch(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::PATCH, path.into())
    }

    pub(crate) fn delete(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::DELETE, path.into())
    }

    pub(crate) fn post(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::POST, path.into()).keyed()
    }

    pub(crate) fn put(operation: &'static str, path: impl Into<String>) -> Self {
        Self::new(operation, Method::PUT, path.into()).keyed()
    }

    /// Gives the request a key of its own, which it keeps over all attempts.
    fn keyed(self) -> Self {
        let key = crate::new_id().to_string();
        self.header("idempotency-key", &key)
    }

    /// Sets a header; a value no header can hold is left out.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.repeatable |= name == "idempotency-key";
            self.headers.insert(HeaderName::from_static(name), value);
        }
        self
    }

    /// The version the caller saw, for amendments.
    pub(crate) fn if_match(self, version: i64) -> Self {
        self.header("if-match", &format!("\"{version}\""))
    }

    /// Sends no credentials.
    pub(crate) fn anonymous(mut self) -> Self {
        self.anonymous = true;
        self
    }

    /// Sends no Idempotency-Key: the answer is a secret, which the server must not keep for a
    /// repetition.
    pub(crate) fn unkeyed(mut self) -> Self {
        self.headers.remove("idempotency-key");
        self.repeatable = false;
        self
    }

    /// Allows repetition where doing it twice harms nobody.
    pub(crate) fn harmless(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// HTTP Basic credentials, kept out of every log.
    pub(crate) fn basic(mut self, name: &str, secret: &Secret) -> Result<Self> {
        let refused = || Error::Configuration("the client id must not hold a colon".to_owned());
        if name.contains(':') {
            return Err(refused());
        }
        let pair = STANDARD.encode(format!("{name}:{}", secret.expose()));
        let mut value = HeaderValue::from_str(&format!("Basic {pair}")).map_err(|_| refused())?;
        value.set_sensitive(true);
        self.headers.insert(AUTHORIZATION, value);
        Ok(self)
    }

    /// The proof of possession that goes with the request.
    pub(crate) fn proof(mut self, proof: HeaderValue) -> Self {
        self.headers.insert(PROOF, proof);
        self
    }

    /// Appends the query; unset fields are left out.
    pub(crate) fn query<Q: Serialize>(mut self, query: &Q) -> Result<Self> {
        let text = serde_urlencoded::to_string(query)
            .map_err(|error| Error::Configuration(format!("query: {error}")))?;
        if !text.is_empty() {
            self.path = format!("{}?{text}", self.path);
        }
        Ok(self)
    }

    pub(crate) fn json<B: Serialize>(self, body: &B) -> Result<Self> {
        let bytes = serde_json::to_vec(body)
            .map_err(|error| Error::Configuration(format!("request body: {error}")))?;
        Ok(self.body("application/json", bytes))
    }

    pub(crate) fn body(mut self, content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        self.body = bytes.into();
        self
    }
}

impl Client {
    /// Sends a request and reads its answer as JSON.
    pub(crate) async fn call<T: DeserializeOwned>(&self, request: Request) -> Result<T> {
        let operation = request.operation;
        let answer = self.execute(request).await?;
        decode(operation, answer.status.as_u16(), &answer.body)
    }

    /// Sends a request, again where that is safe and may help, until it succeeds or is refused.
    pub(crate) async fn execute(&self, mut request: Request) -> Result<Answer> {
        if let Some(key) = &self.idempotency_key
            && request.headers.contains_key("idempotency-key")
        {
            request = request.header("idempotency-key", key);
        }
        if let Some(id) = &self.request_id {
            request = request.header("x-request-id", id);
        }
        let mut made = 0;
        loop {
            let response = self.open(&request, Some(self.transport.timeout)).await?;
            let error = match read_whole(response).await {
                Ok(answer) if answer.status.is_success() => return Ok(answer),
                Ok(answer) => Error::refused(&answer),
                Err(error) => error,
            };
            made += 1;
            match self.transport.retry.wait_after(made, &error) {
                Some(wait) if request.repeatable => tokio::time::sleep(wait).await,
                _ => return Err(error),
            }
        }
    }

    /// Sends a request with the current token, and with another if that one is refused.
    ///
    /// The outer error is one of the token's renewal, which has made its own attempts; the inner
    /// one is of this attempt. `limit` is for the whole answer.
    pub(crate) async fn open(
        &self,
        request: &Request,
        limit: Option<Duration>,
    ) -> Result<Result<reqwest::Response>> {
        if request.anonymous {
            return Ok(self.send(request, None, limit).await);
        }
        let anonymous = self.anonymous();
        let token = self.auth.current(&anonymous).await?;
        let first = self.send(request, token.as_ref(), limit).await;
        if let (Ok(response), Some(refused)) = (&first, &token)
            && response.status() == StatusCode::UNAUTHORIZED
            && let Some(other) = self.auth.after_refusal(&anonymous, refused).await?
        {
            return Ok(self.send(request, Some(&other), limit).await);
        }
        Ok(first)
    }

    /// Adds the token, and the proof that goes with it.
    pub(crate) fn authorize(
        &self,
        headers: &mut HeaderMap,
        method: &Method,
        url: &str,
        token: &Secret,
    ) -> Result<()> {
        let key = self.auth.key();
        if let Some(key) = key {
            headers.insert(PROOF, key.sign(method, url, Some(token))?);
        }
        let scheme = if key.is_some() { "DPoP" } else { "Bearer" };
        headers.insert(AUTHORIZATION, credentials(scheme, token)?);
        Ok(())
    }

    async fn send(
        &self,
        request: &Request,
        token: Option<&Secret>,
        limit: Option<Duration>,
    ) -> Result<reqwest::Response> {
        let url = format!("{}{}", self.transport.base, request.path);
        let mut headers = request.headers.clone();
        if let Some(token) = token {
            self.authorize(&mut headers, &request.method, &url, token)?;
        }
        self.manner.dress(&mut headers)?;
        let mut sending = self
            .transport
            .http
            .request(request.method.clone(), url)
            .headers(headers);
        if let Some(limit) = limit {
            sending = sending.timeout(limit);
        }
        if !request.body.is_empty() {
            sending = sending.body(request.body.clone());
        }
        Ok(sending.send().await?)
    }
}

async fn read_whole(response: Result<reqwest::Response>) -> Result<Answer> {
    read(response?).await
}

/// The header that carries a token, kept out of every log.
fn credentials(scheme: &str, token: &Secret) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("{scheme} {}", token.expose()))
        .map_err(|_| Error::Configuration("the token holds characters no header can".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Reads an answer to its end, unless it is absurdly large.
pub(crate) async fn read(mut response: reqwest::Response) -> Result<Answer> {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(Error::Transport {
                message: "the answer is too large".to_owned(),
                temporary: false,
                source: None,
            });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer {
        status,
        headers,
        body: body.freeze(),
    })
}
