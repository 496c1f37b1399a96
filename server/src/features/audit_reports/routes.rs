use actix_web::{HttpResponse, get, http::header, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    model::Period,
    policy,
    report::{self, Made},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    print::{self, Document, Sheet},
    spine::{audit, clock::month_of_input},
};

/// What the report is called.
const TITLE: &str = "監査月次報告書";

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(export_audit_report);
}

/// Make the monthly report of the access log (監査月次報告書) as PDF: accesses by facility and profession, purpose, kind of act,
/// weekday and hour; whether the entries agree with the signed checkpoint, which is on the paper as a QR code; witnesses,
/// emergency accesses, findings, maintenance and legal holds. `month` is a month in Japan such as `2026-11`; that of today
/// gives an interim report that says so. 410 when the month has gone into an archive file. Auditors only.
#[utoipa::path(
    tag = "audit_reports",
    extensions(("x-step-up" = json!(true))),
    responses(
        (status = 200, content((Vec<u8> = "application/pdf"))),
        (status = "4XX", body = Problem),
        (status = 503, body = Problem),
    ),
)]
#[get("/v1/access-log/reports/{month}")]
async fn export_audit_report(ctx: Ctx, month: Path<String>) -> Result<HttpResponse> {
    let first = month_of_input(&month)?;
    let made = ctx
        .read_log(async |tx| {
            let permit = policy::may_read(tx)?;
            let period = Period::of(first, tx.now)?;
            if let Some(file) = audit::archived(tx, first, None).await? {
                return Err(Error::Archived(file));
            }
            report::make(tx, &permit, &period).await
        })
        .await?;
    let Made {
        report,
        at,
        network,
        slug,
        pictures,
    } = made;
    let code = print::fingerprint("AR", &report)?;
    let sheet = Sheet {
        title: TITLE,
        network: &network,
        code: &code,
        date: at,
        pictures,
    };
    let printer = &ctx.app().printer;
    let pdf = printer.pdf(Document::AuditReport, &sheet, &report);
    let name = format!("audit-report-{slug}-{}.pdf", first.format("%Y-%m"));
    Ok(HttpResponse::Ok()
        .content_type("application/pdf")
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(pdf.await?))
}
