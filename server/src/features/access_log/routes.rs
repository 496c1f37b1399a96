use actix_web::{get, web::Json};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    audit_events, counts, export,
    filter::{Filter, log_query},
    maintenance, policy, proof, queries,
    view::{self, AccessLogEntryView},
};
use crate::{
    Result,
    ctx::Ctx,
    error::Problem,
    spine::{
        audit::Entry,
        input::Query,
        page::{self, Page, TimeKey},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_access_log)
        .service(counts::find_access_log_summary)
        .service(counts::find_access_log_heat_map)
        .service(export::export_access_log)
        .service(proof::find_access_log_proof)
        .service(maintenance::list_maintenance)
        .service(audit_events::search_audit_events);
}

log_query! {
    /// What to list.
    ListAccessLog {
        /// `next` of the page before.
        cursor: Option<String>,
        /// 1 to 100; 50 when left out.
        limit: Option<i64>,
    }
}

/// Read the access log, newest first: all of it, or the history of one patient or one person. Auditors only; reading it is
/// recorded too.
#[utoipa::path(
    tag = "access_log",
    params(ListAccessLog),
    responses((status = 200, body = Page<AccessLogEntryView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/access-log")]
async fn list_access_log(
    ctx: Ctx,
    query: Query<ListAccessLog>,
) -> Result<Json<Page<AccessLogEntryView>>> {
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let filter = query.0.filter()?;
    let page = ctx.read_log(async |tx| {
        let mut rows = queries::page(tx, policy::may_list(tx)?, &filter, before, limit).await?;
        let next = page::cut(&mut rows, limit, |row| TimeKey(row.event.at, row.event.id));
        let names = queries::names(tx, &rows).await?;
        tx.record(looking(
            &filter,
            Entry::new("access_log.list").listing(rows.len()),
        ));
        Ok(Page {
            items: view::entries(tx.app(), rows, &names),
            next,
        })
    });
    Ok(Json(page.await?))
}

/// An entry that says about which patient the log was read. What an auditor asks about searches is not a search.
pub(super) fn looking(filter: &Filter, entry: Entry) -> Entry {
    match filter.patient_id {
        Some(patient_id) => entry.of_patient(patient_id),
        None => entry,
    }
}
