use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Json, Path},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::csv::{Encoding, csv};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::{
        record_exports::{kind_ja, vitals_ja},
        timeline::{self, Which},
    },
    spine::{audit::Entry, clock::japanese_time, input::Query, page::Page},
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_own_entries).service(export_own_entries);
}

/// Most entries of a span; who has more chooses a shorter one.
const MOST: usize = 2000;
/// Posts that are read at a time.
const PAGE: i64 = 200;

/// Something that the caller wrote, as a line of a record kept elsewhere.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OwnEntryView {
    /// The post.
    pub(super) post_id: Uuid,
    /// Day on which it was seen or done, in Japan (年月日).
    pub(super) on: NaiveDate,
    /// Time, such as `09:05` (時刻).
    pub(super) time: String,
    /// Kind of entry in Japanese (項目).
    pub(super) item: String,
    /// What it says, with vital signs in words (内容).
    pub(super) text: String,
}

/// Which days.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListOwnEntries {
    /// First day; a month ago when left out.
    from: Option<NaiveDate>,
    /// Last day; today when left out.
    to: Option<NaiveDate>,
}

/// Which days, and how they are written.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExportOwnEntries {
    /// First day; a month ago when left out.
    from: Option<NaiveDate>,
    /// Last day; today when left out.
    to: Option<NaiveDate>,
    /// `utf8` (with a byte order mark) or `shift_jis`, for older programs; `utf8` when left out.
    #[param(inline)]
    encoding: Option<Written>,
}

/// How characters are written.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Written {
    /// UTF-8 with a byte order mark
    Utf8,
    /// シフトJIS
    ShiftJis,
}

/// The caller's entries of these days, oldest first.
async fn entries(
    tx: &Tx<'_>,
    patient_id: Uuid,
    (from, to): (Option<NaiveDate>, Option<NaiveDate>),
) -> Result<Vec<OwnEntryView>> {
    let to = to.unwrap_or_else(|| tx.today());
    let from = from
        .or_else(|| to.checked_sub_months(Months::new(1)))
        .unwrap_or(to);
    if from > to {
        return Err(Error::invalid("from", "out_of_range", "not after `to`"));
    }
    let (access, scope) = timeline::open_for_copy(tx, patient_id).await?;
    let which = Which {
        author: Some(tx.actor.ids().0),
        ..Which::of_days((Some(from), Some(to)))
    };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = (after, PAGE);
        let (posts, next) = timeline::copy_page(tx, &access, &scope, &which, page).await?;
        found.extend(posts.iter().filter_map(entry));
        if found.len() > MOST {
            return Err(Error::invalid(
                "from",
                "out_of_range",
                "too many entries: a shorter span",
            ));
        }
        after = next;
        if after.is_none() {
            break;
        }
    }
    found.sort_by_key(|(at, _)| *at);
    Ok(found.into_iter().map(|(_, entry)| entry).collect())
}

/// A post as an entry; nothing for one that was taken back, or that the server added in the caller's name.
fn entry(post: &Value) -> Option<(DateTime<Utc>, OwnEntryView)> {
    let field = |name: &str| post.get(name).filter(|value| !value.is_null());
    let text = |name: &str| field(name).and_then(Value::as_str);
    if field("retraction").is_some() || field("automatic").and_then(Value::as_bool) == Some(true) {
        return None;
    }
    let at: DateTime<Utc> = text("observed_at")?.parse().ok()?;
    let local = japanese_time(at);
    let signs = field("vitals").and_then(|signs| serde_json::from_value(signs.clone()).ok());
    let parts = [
        signs.as_ref().map(vitals_ja),
        text("body").map(str::to_owned),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let entry = OwnEntryView {
        post_id: text("id")?.parse().ok()?,
        on: local.date(),
        time: local.format("%H:%M").to_string(),
        item: kind_ja(text("kind")?).to_owned(),
        text: parts.join("\n"),
    };
    Some((at, entry))
}

/// List what the caller wrote about a patient on some days, oldest first: for copying into a record kept elsewhere, such
/// as 第5表「居宅介護支援経過」. At most 2,000 entries.
#[utoipa::path(
    tag = "own_entries",
    params(ListOwnEntries),
    responses((status = 200, body = Page<OwnEntryView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/own-entries")]
async fn list_own_entries(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ListOwnEntries>,
) -> Result<Json<Page<OwnEntryView>>> {
    let ListOwnEntries { from, to } = query.0;
    let items = ctx.read(async |tx| {
        let items = entries(tx, *patient_id, (from, to)).await?;
        tx.record(
            Entry::new("own_entries.list")
                .of_patient(*patient_id)
                .listing(items.len()),
        );
        Ok(items)
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Get the same as a spreadsheet (CSV): 年月日, 時刻, 項目, 内容. In Shift_JIS, characters that it does not have become 〓.
#[utoipa::path(
    tag = "own_entries",
    params(ExportOwnEntries),
    responses(
        (status = 200, content_type = "text/csv", body = String),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/patients/{patient_id}/own-entries.csv")]
async fn export_own_entries(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    query: Query<ExportOwnEntries>,
) -> Result<HttpResponse> {
    let ExportOwnEntries { from, to, encoding } = query.0;
    let (encoding, charset) = match encoding {
        Some(Written::ShiftJis) => (Encoding::ShiftJis, "shift_jis"),
        Some(Written::Utf8) | None => (Encoding::Utf8, "utf-8"),
    };
    let bytes = ctx
        .read(async |tx| {
            let items = entries(tx, *patient_id, (from, to)).await?;
            tx.record(
                Entry::new("own_entries.export")
                    .of_patient(*patient_id)
                    .listing(items.len()),
            );
            csv(&items, encoding)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .content_type(format!("text/csv; charset={charset}"))
        .insert_header((
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"shien-keika.csv\"",
        ))
        .body(bytes))
}
