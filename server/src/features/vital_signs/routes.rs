use std::collections::BTreeMap;

use actix_web::{HttpResponse, get, http::header, put, web::Path};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    limits::{Limits, Range, check_ranges},
    policy::{Read, Write},
    queries::{self, LimitsRow},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access,
        audit::Entry,
        input::{Check, Input},
        reply::{Answer, Reply, etag},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(find_vital_limits)
        .service(update_vital_limits);
}

/// Limits of vital signs to be set; all of them, as they are from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateVitalLimits {
    /// Lowest and highest value by vital sign; a sign that is left out has no limits.
    limits: BTreeMap<String, Range>,
    /// 1 or 2: which SpO₂ scale NEWS2 uses; 2 is for a target of 88 to 92 % that a physician has set.
    #[serde(default = "first_scale")]
    spo2_scale: u8,
    /// The NEWS2 score from which somebody is told, 1 to 20.
    #[serde(default)]
    news2_from: Option<u8>,
    /// At most 20 members of the care team who are asked for an answer.
    #[serde(default)]
    notify: Vec<Uuid>,
    /// Until when they are asked to answer, 5 minutes to 7 days.
    #[serde(default)]
    answer_within_minutes: Option<i32>,
    /// What to do, up to 500 characters; the post repeats it.
    #[serde(default)]
    instruction: Option<String>,
}

fn first_scale() -> u8 {
    1
}

impl Check for UpdateVitalLimits {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_ranges(&self.limits, errors);
        let mut within = |field: &str, fits: bool, message: &str| {
            if !fits {
                errors.push(FieldError::new(field, "out_of_range", message));
            }
        };
        within("spo2_scale", (1..=2).contains(&self.spo2_scale), "1 or 2");
        let score = |from: u8| (1..=20).contains(&from);
        within("news2_from", self.news2_from.is_none_or(score), "1 to 20");
        let minutes = |minutes: i32| (5..=7 * 24 * 60).contains(&minutes);
        let answer = self.answer_within_minutes.is_none_or(minutes);
        within("answer_within_minutes", answer, "5 to 10080");
        let mut distinct = self.notify.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let different = distinct.len() == self.notify.len() && distinct.len() <= 20;
        within("notify", different, "at most 20 different people");
        if let Some(instruction) = &self.instruction {
            text::check("instruction", instruction, 500, true, errors);
        }
    }
}

/// The limits of a patient's vital signs.
#[derive(Debug, Serialize, ToSchema)]
struct VitalLimitsView {
    /// Number of the newest version, for `If-Match`; 0 when none was set.
    version: i32,
    /// Lowest and highest value by vital sign.
    limits: BTreeMap<String, Range>,
    /// Which SpO₂ scale NEWS2 uses.
    spo2_scale: i16,
    /// The NEWS2 score from which somebody is told.
    news2_from: Option<i16>,
    /// Who is asked for an answer.
    notify: Vec<Uuid>,
    /// Until when they are asked to answer.
    answer_within_minutes: Option<i32>,
    /// What to do.
    instruction: Option<String>,
    /// Who set them.
    set_by_name: Option<String>,
    /// When.
    set_at: Option<DateTime<Utc>>,
}

impl VitalLimitsView {
    fn new(row: Option<LimitsRow>) -> Result<Self> {
        let Some(row) = row else {
            return Ok(Self {
                version: 0,
                limits: BTreeMap::new(),
                spo2_scale: 1,
                news2_from: None,
                notify: Vec::new(),
                answer_within_minutes: None,
                instruction: None,
                set_by_name: None,
                set_at: None,
            });
        };
        Ok(Self {
            version: row.version,
            limits: serde_json::from_value(row.ranges).map_err(Error::internal)?,
            spo2_scale: row.spo2_scale,
            news2_from: row.news2_from,
            notify: row.notify,
            answer_within_minutes: row.answer_within_minutes,
            instruction: row.instruction,
            set_by_name: Some(row.set_by_name),
            set_at: Some(row.set_at),
        })
    }
}

/// Read outside which vital signs of a patient somebody is told.
#[utoipa::path(
    tag = "vital_signs",
    responses((status = 200, body = VitalLimitsView), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/vital-limits")]
async fn find_vital_limits(ctx: Ctx, patient_id: Path<Uuid>) -> Result<HttpResponse> {
    let view = ctx
        .read(async |tx| {
            let (_, _permit) = tx.open::<Read>(*patient_id).await?;
            tx.record(Entry::new("vital_limits.read").of_patient(*patient_id));
            VitalLimitsView::new(queries::find(tx, *patient_id).await?)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, etag(view.version)))
        .json(view))
}

/// Set outside which vital signs of a patient somebody is told. What was recorded before is not judged again.
#[utoipa::path(
    tag = "vital_signs",
    params(("If-Match" = String, Header, description = "The version that the caller has seen; 0 when there was none")),
    request_body = UpdateVitalLimits,
    responses((status = 200, body = VitalLimitsView), (status = "4XX", body = Problem)),
)]
#[put("/v1/patients/{patient_id}/vital-limits")]
async fn update_vital_limits(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<UpdateVitalLimits>,
) -> Result<Answer> {
    let patient_id = *patient_id;
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = tx.open::<Write>(patient_id).await?;
        let current = queries::find(tx, patient_id)
            .await?
            .map_or(0, |row| row.version);
        if tx.expected_version()? != current {
            return Err(Error::Stale);
        }
        let new = &input.value;
        check_people(tx, patient_id, &new.notify).await?;
        let version = current + 1;
        let limits = Limits {
            ranges: new.limits.clone(),
            second_scale: new.spo2_scale == 2,
            news2_from: new.news2_from,
            notify: new.notify.clone(),
            answer_within_minutes: new.answer_within_minutes,
            instruction: new.instruction.clone(),
        };
        queries::insert(tx, permit, patient_id, version, &limits).await?;
        tx.record(
            Entry::new("vital_limits.update")
                .of_patient(patient_id)
                .version(version),
        );
        let view = VitalLimitsView::new(queries::find(tx, patient_id).await?)?;
        Ok(Reply::ok(view).version(version).of_patient(patient_id))
    })
    .await
}

/// Whoever is asked for an answer has to do with the patient.
async fn check_people(tx: &Tx<'_>, patient_id: Uuid, people: &[Uuid]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let readers = access::readers(tx, patient_id).await?;
    let known: Vec<Uuid> = readers
        .iter()
        .map(access::Reader::staff_member_id)
        .collect();
    if people.iter().all(|id| known.contains(id)) {
        return Ok(());
    }
    Err(Error::invalid(
        "notify",
        "not_allowed",
        "not on the care team",
    ))
}
