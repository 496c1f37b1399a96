use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::{Category, EmergencyAccessView, Finding},
    notice,
    policy::{List, ListOwn, Open, Review, Search},
    queries::{self, Filter},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access::{self, Permit, Verb},
        audit::{Denial, Entry},
        input::{Check, Input, Query},
        page::{self, Page, TimeKey},
        reply::{Answer, Reply},
        text,
    },
};

/// Shortest reason, in characters: a word is not one.
const SHORTEST_REASON: usize = 10;

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(search_emergency_patient)
        .service(create_emergency_access)
        .service(list_emergency_accesses)
        .service(end_emergency_access)
        .service(review_emergency_access);
}

/// Whom somebody looks for in an emergency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SearchEmergencyPatient {
    /// The whole name in kanji, or in kana, of any width.
    name_or_kana: String,
    /// Date of birth.
    birth_date: NaiveDate,
}

impl Check for SearchEmergencyPatient {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name_or_kana", &self.name_or_kana, 100, false, errors);
    }
}

/// A patient found in an emergency: as little as it takes to know that it is the right one.
#[derive(Debug, Serialize, ToSchema)]
struct EmergencyPatientView {
    /// Identifier.
    id: Uuid,
    /// Name in kanji.
    name: String,
    /// Name in katakana.
    kana: String,
    /// Date of birth.
    birth_date: NaiveDate,
    /// Sex.
    sex: String,
}

/// An emergency access to be begun.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateEmergencyAccess {
    /// Identifier, chosen by the caller.
    id: Uuid,
    /// Why, 10 to 500 characters.
    reason: String,
    /// Why, in the word that the patient is told; `other` when left out.
    #[serde(default)]
    category: Category,
}

impl Check for CreateEmergencyAccess {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 500, true, errors);
        if self.reason.trim().chars().count() < SHORTEST_REASON {
            let message = "at least 10 characters";
            errors.push(FieldError::new("reason", "too_short", message));
        }
    }
}

/// A review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewEmergencyAccess {
    /// What was found.
    finding: Finding,
    /// Remarks, up to 1,000 characters.
    note: String,
}

impl Check for ReviewEmergencyAccess {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("note", &self.note, 1000, true, errors);
    }
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndEmergencyAccess {}

impl Check for EndEmergencyAccess {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Which to list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    /// Those that run.
    Open,
    /// Those without a review.
    Unreviewed,
    /// All of them.
    #[default]
    All,
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListEmergencyAccesses {
    /// Which.
    #[serde(default)]
    #[param(inline)]
    state: State,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// Find a patient in an emergency: only by the whole name and the date of birth, at most three.
#[utoipa::path(
    tag = "emergency_access",
    extensions(("x-step-up" = json!(true))),
    request_body = SearchEmergencyPatient,
    responses((status = 200, body = Page<EmergencyPatientView>), (status = "4XX", body = Problem)),
)]
#[post("/v1/emergency-access/search")]
async fn search_emergency_patient(
    ctx: Ctx,
    input: Input<SearchEmergencyPatient>,
) -> Result<Answer> {
    let SearchEmergencyPatient {
        name_or_kana,
        birth_date,
    } = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit: Permit<Search> = access::on_network(tx)?;
        let found = queries::search(tx, permit, name_or_kana, *birth_date).await?;
        tx.record(
            Entry::new("emergency_access.search")
                .searching(name_or_kana)
                .listing(found.len())
                .naming(found.iter().map(|(id, ..)| *id)),
        );
        let items =
            found
                .into_iter()
                .map(|(id, name, kana, birth_date, sex)| EmergencyPatientView {
                    id,
                    name,
                    kana,
                    birth_date,
                    sex,
                });
        Ok(Reply::ok(Page {
            items: items.collect(),
            next: None,
        }))
    })
    .await
}

/// Begin emergency access to one patient, for at most an hour. Administrators and auditors are told at once; a review
/// follows.
#[utoipa::path(
    tag = "emergency_access",
    extensions(("x-step-up" = json!(true))),
    request_body = CreateEmergencyAccess,
    responses((status = 201, body = EmergencyAccessView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/emergency-access")]
async fn create_emergency_access(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreateEmergencyAccess>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = tx.open::<Open>(*patient_id).await?;
        if queries::find_running(tx, *patient_id).await?.is_some() {
            return Err(Error::Conflict(
                "emergency_access_runs",
                "emergency access to this patient runs already",
            ));
        }
        let why = (new.category, &*new.reason);
        queries::insert(tx, permit, (new.id, *patient_id), why).await?;
        tx.record(
            Entry::new("emergency_access.start")
                .of_patient(*patient_id)
                .on("emergency_access", new.id),
        );
        let view = view(tx, new.id).await?;
        let text = format!(
            "{}の{}が緊急時アクセスを開始しました。事後の確認（評価）が必要です。",
            view.facility, view.staff_member
        );
        notice::tell(tx, "つむぎ 緊急時アクセスが開始されました", &text).await?;
        Ok(Reply::created(view))
    })
    .await
}

/// List emergency accesses, newest first: administrators and auditors all, everybody else one's own.
#[utoipa::path(
    tag = "emergency_access",
    params(ListEmergencyAccesses),
    responses((status = 200, body = Page<EmergencyAccessView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/emergency-accesses")]
async fn list_emergency_accesses(
    ctx: Ctx,
    query: Query<ListEmergencyAccesses>,
) -> Result<Json<Page<EmergencyAccessView>>> {
    let ListEmergencyAccesses {
        state,
        cursor,
        limit,
    } = query.0;
    let before: Option<TimeKey> = page::parse(cursor.as_deref())?;
    let limit = page::limit(limit)?;
    let page = ctx.read(async |tx| {
        let of = if access::offers_on_network::<List>(tx) {
            let _permit: Permit<List> = access::on_network(tx)?;
            None
        } else {
            let _permit: Permit<ListOwn> = access::on_network(tx)?;
            Some(tx.actor.ids().0)
        };
        let filter = Filter {
            of,
            running: state == State::Open,
            unreviewed: state == State::Unreviewed,
            before,
            limit,
        };
        let mut rows = queries::list(tx, filter).await?;
        let next = page::cut(&mut rows, limit, |(row, ..)| {
            TimeKey(row.started_at, row.id)
        });
        tx.record(Entry::new("emergency_accesses.list").listing(rows.len()));
        let items = rows
            .into_iter()
            .map(|row| EmergencyAccessView::of(row, tx.now));
        Ok(Page {
            items: items.collect(),
            next,
        })
    });
    Ok(Json(page.await?))
}

/// End one's own emergency access. It cannot be taken up again.
#[utoipa::path(
    tag = "emergency_access",
    request_body = EndEmergencyAccess,
    responses((status = 200, body = EmergencyAccessView), (status = "4XX", body = Problem)),
)]
#[post("/v1/emergency-accesses/{emergency_access_id}/end")]
async fn end_emergency_access(
    ctx: Ctx,
    emergency_access_id: Path<Uuid>,
    input: Input<EndEmergencyAccess>,
) -> Result<Answer> {
    let id = *emergency_access_id;
    ctx.write(&input.digest, async |tx| {
        let _permit: Permit<ListOwn> = access::on_network(tx)?;
        let (row, ..) = queries::find(tx, id)
            .await?
            .filter(|(row, ..)| row.staff_member_id == tx.actor.ids().0)
            .ok_or_else(|| hidden::<ListOwn>(id))?;
        if !queries::end(tx, id).await? {
            return Err(Error::Conflict(
                "emergency_access_ended",
                "the emergency access has ended",
            ));
        }
        tx.record(
            Entry::new("emergency_access.end")
                .of_patient(row.patient_id)
                .on("emergency_access", id),
        );
        Ok(Reply::ok(view(tx, id).await?))
    })
    .await
}

/// Review an emergency access. Nobody reviews one's own.
#[utoipa::path(
    tag = "emergency_access",
    extensions(("x-step-up" = json!(true))),
    request_body = ReviewEmergencyAccess,
    responses((status = 200, body = EmergencyAccessView), (status = "4XX", body = Problem)),
)]
#[post("/v1/emergency-accesses/{emergency_access_id}/review")]
async fn review_emergency_access(
    ctx: Ctx,
    emergency_access_id: Path<Uuid>,
    input: Input<ReviewEmergencyAccess>,
) -> Result<Answer> {
    let id = *emergency_access_id;
    let ReviewEmergencyAccess { finding, note } = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit: Permit<Review> = access::on_network(tx)?;
        let (row, ..) = queries::find(tx, id)
            .await?
            .ok_or_else(|| hidden::<Review>(id))?;
        if row.ended_at.is_none() && row.expires_at > tx.now {
            return Err(Error::Conflict(
                "emergency_access_runs",
                "the emergency access still runs",
            ));
        }
        if !queries::review(tx, permit, id, *finding, note).await? {
            return Err(Error::Conflict(
                "emergency_access_reviewed",
                "the emergency access has been reviewed",
            ));
        }
        tx.record(
            Entry::new("emergency_access.review")
                .of_patient(row.patient_id)
                .on("emergency_access", id),
        );
        Ok(Reply::ok(view(tx, id).await?))
    })
    .await
}

fn hidden<V: Verb>(id: Uuid) -> Error {
    Error::Denied(Box::new(
        Denial::hidden(V::ACTION).on("emergency_access", id),
    ))
}

async fn view(tx: &Tx<'_>, id: Uuid) -> Result<EmergencyAccessView> {
    let row = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
    Ok(EmergencyAccessView::of(row, tx.now))
}
