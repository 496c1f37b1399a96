//! What a caller sends: bodies and queries, read strictly. Unknown fields are refused, so that nothing that somebody
//! meant is silently dropped; a wrong field is named.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web::Bytes};
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;

use super::ids;
use crate::{Error, Result, error::FieldError};

/// Largest JSON body, in bytes.
pub const LARGEST_BODY: usize = 256 * 1024;

/// A JSON body, with the digest that ties it to an `Idempotency-Key`.
#[derive(Debug)]
pub struct Input<T> {
    /// What was sent.
    pub value: T,
    /// SHA-256 of the bytes.
    pub digest: [u8; 32],
}

impl<T: DeserializeOwned + Check + 'static> FromRequest for Input<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = limited(request, payload, &["application/json"], LARGEST_BODY);
        Box::pin(async move {
            let bytes = bytes.await?;
            let value: T = from_json(&bytes)?;
            let mut errors = Vec::new();
            value.check(&mut errors);
            if errors.is_empty() {
                Ok(Self {
                    value,
                    digest: ids::digest(&bytes),
                })
            } else {
                Err(Error::Invalid(errors))
            }
        })
    }
}

/// What a body must hold beyond its types.
pub trait Check {
    /// Adds everything that is wrong.
    fn check(&self, errors: &mut Vec<FieldError>);
}

/// A request without content: `{}`.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Check for Nothing {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Reads a body of one of `types`, or of any where none is named, up to `largest` bytes.
pub fn limited(
    request: &HttpRequest,
    payload: &mut Payload,
    types: &[&str],
    largest: usize,
) -> LocalBoxFuture<'static, Result<Bytes>> {
    let declared = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let essence = declared
        .split(';')
        .next()
        .unwrap_or("")
        .trim()
        .to_ascii_lowercase();
    if !types.is_empty() && !types.contains(&essence.as_str()) {
        return Box::pin(std::future::ready(Err(Error::UnsupportedMediaType)));
    }
    let mut payload = payload.take();
    Box::pin(async move {
        use futures_util::StreamExt;
        let mut body = actix_web::web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            // A connection that breaks off in the middle of a body.
            let chunk = chunk.map_err(|_| Error::MalformedJson)?;
            if body.len() + chunk.len() > largest {
                return Err(Error::TooLarge(largest));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    })
}

/// Reads JSON, telling what is not JSON from what is not as expected.
pub fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let inner = error.inner();
        if !inner.is_data() {
            return Error::MalformedJson;
        }
        Error::Invalid(vec![explain(
            if path == "." { "" } else { &path },
            &inner.to_string(),
        )])
    })?;
    reader.end().map_err(|_| Error::MalformedJson)?;
    Ok(value)
}

/// A finding from what serde says. The message names fields and types, never the content.
fn explain(path: &str, said: &str) -> FieldError {
    let named = |prefix: &str| {
        said.strip_prefix(prefix)
            .and_then(|rest| rest.split('`').next())
            .map(|name| match path {
                "" => name.to_owned(),
                // The path of an unknown field already ends with its name.
                path if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
                path => format!("{path}.{name}"),
            })
    };
    if let Some(field) = named("unknown field `") {
        return FieldError::new(field, "unknown_field", "this field does not exist");
    }
    if let Some(field) = named("missing field `") {
        return FieldError::new(field, "required", "this field is required");
    }
    if said.starts_with("unknown variant") {
        let expected = said
            .split(", expected ")
            .nth(1)
            .and_then(|rest| rest.split(" at line").next())
            .unwrap_or("");
        return FieldError::new(path, "not_allowed", format!("expected {expected}"));
    }
    let expected = said
        .split("expected ")
        .nth(1)
        .and_then(|rest| rest.split(" at line").next())
        .unwrap_or("another type");
    FieldError::new(path, "wrong_type", format!("expected {expected}"))
}

/// The query of an address, read as strictly as a body.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let read = actix_web::web::Query::<T>::from_query(request.query_string());
        std::future::ready(match read {
            Ok(query) => Ok(Self(query.into_inner())),
            Err(error) => Err(Error::Invalid(vec![explain("", &inner(&error))])),
        })
    }
}

fn inner(error: &actix_web::error::QueryPayloadError) -> String {
    let text = error.to_string();
    text.strip_prefix("Query deserialize error: ")
        .unwrap_or(&text)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Sample {
        name: String,
        inner: Option<Inner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        number: i32,
    }

    fn field(json: &str) -> (String, &'static str) {
        match from_json::<Sample>(json.as_bytes()) {
            Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert_eq!(
            field(r#"{"name":"a","nmae":1}"#),
            ("nmae".into(), "unknown_field")
        );
        assert_eq!(field("{}"), ("name".into(), "required"));
        assert_eq!(field(r#"{"name":1}"#), ("name".into(), "wrong_type"));
        assert_eq!(
            field(r#"{"name":"a","inner":{"number":"x"}}"#),
            ("inner.number".into(), "wrong_type")
        );
        assert_eq!(
            field(r#"{"name":"a","inner":{"number":1,"x":2}}"#),
            ("inner.x".into(), "unknown_field")
        );
    }

    #[test]
    fn what_is_not_json_is_told_apart() {
        let deep = "[".repeat(5000);
        for text in [
            &b"{"[..],
            b"",
            b"{\"name\":\"\xff\"}",
            b"{\"name\":\"a\"} x",
            deep.as_bytes(),
        ] {
            assert!(matches!(
                from_json::<serde_json::Value>(text),
                Err(Error::MalformedJson)
            ));
        }
    }
}
