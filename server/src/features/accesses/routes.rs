use std::collections::HashMap;

use actix_web::{
    get,
    web::{Json, Path},
};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy::{self, Read},
    queries::{self, Shown},
    view::{self, AccessView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::withholdings,
    spine::{
        access::Permit,
        audit::{self, Entry},
        clock::{day_begins, month_after, month_of_input},
        input::Query,
        page::{self, Page, TimeKey},
    },
};

/// Registers the operations.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_accesses);
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListAccesses {
    /// Only this month in Japan, such as `2026-11`.
    month: Option<String>,
    /// Whether what the patient and the family did themselves is shown; not when left out.
    #[serde(default)]
    own: bool,
    /// Whether what the system did by itself is shown; not when left out.
    #[serde(default)]
    routine: bool,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// What somebody who may see the list is shown of it.
pub(super) struct Opened {
    pub(super) permit: Permit<Read>,
    pub(super) shown: Shown,
    /// Everybody with an account for the patient.
    pub(super) family: HashMap<Uuid, String>,
}

/// Opens the list of a patient for whoever may see it.
pub(super) async fn open(
    tx: &Tx<'_>,
    patient_id: Uuid,
    month: Option<NaiveDate>,
    (own, routine): (bool, bool),
) -> Result<Opened> {
    let (access, permit) = policy::may_read(tx, patient_id).await?;
    let family = queries::family(tx, patient_id).await?;
    let withheld = withholdings::in_force(tx, patient_id, access.ground().family).await?;
    let between = month.map(|first| (day_begins(first), day_begins(month_after(first))));
    let without = if own {
        Vec::new()
    } else {
        family.keys().copied().collect()
    };
    let shown = Shown {
        patient_id,
        between,
        withheld,
        without,
        routine,
        only: None,
    };
    Ok(Opened {
        permit,
        shown,
        family,
    })
}

/// See who has looked at one's record (誰が見たか), newest first: who saw or changed what, when and why, in plain words,
/// and who tried to. For the patient, and for family and proxies for whom the consent says so in a word of its own.
#[utoipa::path(
    tag = "accesses",
    params(ListAccesses),
    responses((status = 200, body = Page<AccessView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/accesses")]
async fn list_accesses(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ListAccesses>,
) -> Result<Json<Page<AccessView>>> {
    let patient_id = *patient_id;
    let before: Option<TimeKey> = page::parse(query.0.cursor.as_deref())?;
    let limit = page::limit(query.0.limit)?;
    let month = query.0.month.as_deref().map(month_of_input).transpose()?;
    let page = ctx.read_log(async |tx| {
        let with = (query.0.own, query.0.routine);
        let opened = open(tx, patient_id, month, with).await?;
        let mut rows = queries::page(tx, &opened.permit, &opened.shown, before, limit).await?;
        if let Some(month) = month.filter(|_| rows.is_empty())
            && let Some(file) = audit::archived(tx, month, None).await?
        {
            return Err(Error::Archived(file));
        }
        let next = page::cut(&mut rows, limit, |row| TimeKey(row.at, row.id));
        tx.record(
            Entry::new("accesses.list")
                .of_patient(patient_id)
                .listing(rows.len()),
        );
        let items = view::lines(tx, patient_id, opened.family, rows).await?;
        Ok(Page { items, next })
    });
    Ok(Json(page.await?))
}
