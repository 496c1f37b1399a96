//! `GET /fhir/r4/AuditEvent`.

use actix_web::{FromRequest, HttpRequest, HttpResponse, dev::Payload, get, web};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Home, entry, event};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    features::access_log::{
        filter::{Filter, Moment},
        policy, queries,
        routes::looking,
    },
    spine::{
        audit::Entry,
        page::{self, TimeKey},
    },
};

/// What to search for.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(in super::super) struct SearchAuditEvents {
    /// Only about this patient: the id, or `Patient/` and the id.
    #[param(value_type = Option<String>)]
    patient: Option<Uuid>,
    /// When: a day in Japan or a time, with `ge`, `gt`, `le`, `lt` or nothing before it. May come twice.
    #[param(value_type = Option<String>)]
    date: Vec<(String, Moment)>,
    /// Entries of the log on a page, 1 to 100; 50 when left out. An entry about several patients has an AuditEvent for
    /// each.
    #[param(rename = "_count")]
    count: Option<i64>,
    /// Where the page begins: as the link `next` of the page before says.
    #[param(rename = "_cursor")]
    cursor: Option<String>,
}

impl FromRequest for SearchAuditEvents {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Self::read(request.query_string()))
    }
}

impl SearchAuditEvents {
    fn read(query: &str) -> Result<Self> {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query);
        let pairs = pairs.map_err(|_| Error::invalid("", "wrong_type", "not a query"))?;
        let mut read = Self::default();
        for (name, value) in pairs.into_inner() {
            let wrong = |message| Error::invalid(name.clone(), "not_allowed", message);
            match name.as_str() {
                "patient" => {
                    let id = value.strip_prefix("Patient/").unwrap_or(&value).parse();
                    read.patient = Some(id.map_err(|_| wrong("the id of a patient"))?);
                }
                "date" => {
                    let date = date(&value).ok_or_else(|| wrong("a day or a time"))?;
                    read.date.push(date);
                }
                "_count" => {
                    read.count = Some(value.parse().map_err(|_| wrong("a number"))?);
                }
                "_cursor" => read.cursor = Some(value),
                _ => return Err(Error::invalid(name, "unknown_field", "no such parameter")),
            }
        }
        Ok(read)
    }

    fn filter(&self) -> Result<Filter> {
        let mut filter = Filter {
            patient_id: self.patient,
            ..Filter::default()
        };
        for (comparison, moment) in &self.date {
            let (begins, is_over) = (moment.begins(), moment.is_over());
            let (from, until) = match comparison.as_str() {
                "ge" => (begins, None),
                "gt" => (is_over, None),
                "le" => (None, is_over),
                "lt" => (None, begins),
                _ => (begins, is_over),
            };
            filter.from = filter.from.max(from);
            filter.until = earlier(filter.until, until);
        }
        filter.checked()
    }
}

/// A comparison and a moment.
fn date(text: &str) -> Option<(String, Moment)> {
    for comparison in ["ge", "gt", "le", "lt", "eq"] {
        if let Some(rest) = text.strip_prefix(comparison) {
            return Some((comparison.to_owned(), Moment::parse(rest)?));
        }
    }
    Some(("eq".to_owned(), Moment::parse(text)?))
}

fn earlier(one: Option<DateTime<Utc>>, other: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Search the access log as AuditEvents (FHIR R4, profiles of IHE BALP), newest first. Auditors only.
#[utoipa::path(
    tag = "access_log",
    params(SearchAuditEvents),
    responses(
        (status = 200, content_type = "application/fhir+json", body = serde_json::Value),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/fhir/r4/AuditEvent")]
pub(in super::super) async fn search_audit_events(
    ctx: Ctx,
    request: HttpRequest,
    asked: SearchAuditEvents,
) -> Result<HttpResponse> {
    let before: Option<TimeKey> = page::parse(asked.cursor.as_deref())?;
    let limit = page::limit(asked.count)?;
    let filter = asked.filter()?;
    let (home, resources, next) = ctx
        .read_log(async |tx| {
            let mut rows = queries::page(tx, policy::may_list(tx)?, &filter, before, limit).await?;
            let next = page::cut(&mut rows, limit, |row| TimeKey(row.event.at, row.event.id));
            let names = queries::names(tx, &rows).await?;
            tx.record(looking(
                &filter,
                Entry::new("access_log.list").listing(rows.len()),
            ));
            let home = Home::of(tx).await?;
            let resources: Vec<Value> = rows
                .iter()
                .flat_map(|row| event::of(row, &names, &home, filter.patient_id))
                .collect();
            Ok((home, resources, next))
        })
        .await?;
    let bundle = searchset(&home, request.query_string(), resources, next.as_deref());
    Ok(HttpResponse::Ok()
        .content_type("application/fhir+json")
        .json(bundle))
}

fn searchset(home: &Home, query: &str, resources: Vec<Value>, next: Option<&str>) -> Value {
    let address = |query: &str| format!("{}/fhir/r4/AuditEvent?{query}", home.address);
    let mut links = vec![json!({ "relation": "self", "url": address(query) })];
    if let Some(next) = next {
        let kept = query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.starts_with("_cursor="));
        let cursor = format!("_cursor={next}");
        let pairs: Vec<&str> = kept.chain([cursor.as_str()]).collect();
        links.push(json!({ "relation": "next", "url": address(&pairs.join("&")) }));
    }
    let found = resources.into_iter().map(|resource| {
        let mut entry = entry(home, resource);
        if let Some(entry) = entry.as_object_mut() {
            entry.insert("search".to_owned(), json!({ "mode": "match" }));
        }
        entry
    });
    let entries: Vec<Value> = found.collect();
    let mut bundle = json!({ "resourceType": "Bundle", "type": "searchset", "link": links });
    if let (Some(bundle), false) = (bundle.as_object_mut(), entries.is_empty()) {
        bundle.insert("entry".to_owned(), Value::Array(entries));
    }
    bundle
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(query: &str) -> (Option<String>, Option<String>) {
        let filter = SearchAuditEvents::read(query).unwrap().filter().unwrap();
        let text = |time: Option<DateTime<Utc>>| time.map(|time| time.to_rfc3339());
        (text(filter.from), text(filter.until))
    }

    #[test]
    fn dates_are_read_as_fhir_writes_them() {
        let (from, until) = span("date=ge2026-11-01&date=lt2026-11-03");
        assert_eq!(from.as_deref(), Some("2026-10-31T15:00:00+00:00"));
        assert_eq!(until.as_deref(), Some("2026-11-02T15:00:00+00:00"));
        assert_eq!(
            span("date=2026-11-01"),
            span("date=ge2026-11-01&date=le2026-11-01")
        );
        assert_eq!(span(""), (None, None));
        for wrong in [
            "date=ge",
            "patient=x",
            "date=soon",
            "agent=x",
            "_count=many",
        ] {
            assert!(SearchAuditEvents::read(wrong).is_err(), "{wrong}");
        }
        let id = "0190a000-0000-7000-8000-000000000001";
        let read = SearchAuditEvents::read(&format!("patient=Patient/{id}")).unwrap();
        assert_eq!(read.patient, id.parse().ok());
    }
}
