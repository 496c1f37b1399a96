use actix_web::{HttpResponse, get, http::header};
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    export,
    model::{Asked, Source},
    policy,
    report::{self, IncidentReportView},
};
use crate::{Error, Result, ctx::Ctx, error::Problem, spine::input::Query};

/// Longest time that is looked at, in months.
const LONGEST: u32 = 240;

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(export_incident_report);
}

/// In which form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// Everything, for programs.
    #[default]
    Json,
    /// The affected persons, for spreadsheets.
    Csv,
}

/// What is asked. Exactly one source.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExportIncidentReport {
    /// The system, or the program through which people act, whose key leaked.
    client_id: Option<Uuid>,
    /// The account that was misused.
    account_id: Option<Uuid>,
    /// The session that was misused.
    session_id: Option<Uuid>,
    /// The registered device that was lost.
    device_id: Option<Uuid>,
    /// The address of the network that was used.
    source_ip: Option<String>,
    /// From.
    from: DateTime<Utc>,
    /// Until, not including; at most twenty years after.
    to: DateTime<Utc>,
    /// Day on which the leak became known: the report then says by when it has to be made.
    known_on: Option<NaiveDate>,
    /// `json` (when left out) or `csv`.
    #[serde(default)]
    #[param(inline)]
    format: Format,
}

impl ExportIncidentReport {
    fn asked(self) -> Result<Asked> {
        let sources: Vec<Source> = [
            self.client_id.map(Source::Client),
            self.account_id.map(Source::Account),
            self.session_id.map(Source::Session),
            self.device_id.map(Source::Device),
            self.source_ip.map(Source::SourceIp),
        ]
        .into_iter()
        .flatten()
        .collect();
        let Ok([source]) = <[Source; 1]>::try_from(sources) else {
            let message = "exactly one of client_id, account_id, session_id, device_id, source_ip";
            return Err(Error::invalid("", "required", message));
        };
        let latest = self.from.checked_add_months(Months::new(LONGEST));
        if self.to <= self.from || latest.is_none_or(|latest| self.to > latest) {
            let message = "after from, at most twenty years";
            return Err(Error::invalid("to", "out_of_range", message));
        }
        Ok(Asked {
            source,
            from: self.from,
            to: self.to,
            known_on: self.known_on,
        })
    }
}

/// List the persons affected by a leak of one key, account, session, device or address, with the kinds of information,
/// the times, the records of provisions, what it takes to tell them, and the items of the official report (漏えい等報告).
/// Auditors only.
#[utoipa::path(
    tag = "incident_reports",
    extensions(("x-step-up" = json!(true))),
    params(ExportIncidentReport),
    responses(
        (status = 200, body = IncidentReportView),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/access-log/incident-report")]
async fn export_incident_report(
    ctx: Ctx,
    query: Query<ExportIncidentReport>,
) -> Result<HttpResponse> {
    let format = query.0.format;
    let asked = query.0.asked()?;
    let report = ctx
        .read_log(async |tx| {
            let _permit = policy::may_read(tx)?;
            report::make(tx, &asked).await
        })
        .await?;
    Ok(match format {
        Format::Json => HttpResponse::Ok().json(report),
        Format::Csv => HttpResponse::Ok()
            .content_type("text/csv; charset=utf-8")
            .insert_header((
                header::CONTENT_DISPOSITION,
                "attachment; filename=\"incident-report.csv\"",
            ))
            .body(export::csv(&report)?),
    })
}
