use actix_web::{get, post, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{enrol, model::DeviceKind, policy, queries, shift};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::facilities::FacilityRef,
    spine::{
        audit::Entry,
        ids,
        input::{Check, Input, Nothing},
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// How long an enrolment code is good.
const CODE_LIFETIME: TimeDelta = TimeDelta::minutes(15);
/// Letters of an enrolment code: forty bits, for a quarter of an hour.
const CODE_LETTERS: usize = 8;

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(enrol::find_current_device)
        .service(enrol::enrol_device)
        .service(shift::set_pin)
        .service(shift::switch_session)
        .service(list_devices)
        .service(create_device)
        .service(revoke_device)
        .service(renew_device_code);
}

/// A registered device.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeviceView {
    /// Identifier.
    id: Uuid,
    /// Name shown to people.
    name: String,
    /// `shared` or `personal`.
    kind: String,
    /// The facility that it belongs to.
    facility: FacilityRef,
    /// When it was registered.
    created_at: DateTime<Utc>,
    /// Until when its enrolment code is good; null when there is none.
    enrolment_expires_at: Option<DateTime<Utc>>,
    /// When the device took its secret.
    enrolled_at: Option<DateTime<Utc>>,
    /// When somebody last signed in on it.
    last_seen_at: Option<DateTime<Utc>>,
    /// Since when it is out of use.
    revoked_at: Option<DateTime<Utc>>,
}

impl From<queries::Found> for DeviceView {
    fn from((row, facility): queries::Found) -> Self {
        Self {
            id: row.id,
            name: row.name,
            kind: row.kind,
            facility,
            created_at: row.created_at,
            enrolment_expires_at: row.enrolment_expires_at,
            enrolled_at: row.enrolled_at,
            last_seen_at: row.last_seen_at,
            revoked_at: row.revoked_at,
        }
    }
}

/// A device with the code by which it is enrolled.
#[derive(Debug, Serialize, ToSchema)]
struct DeviceCodeView {
    /// The device.
    device: DeviceView,
    /// Eight letters and digits, to be typed on the device within a quarter of an hour. Shown this once.
    enrolment_code: String,
}

/// A device to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateDevice {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// Name shown to people, up to 100 characters, such as 訪問用タブレット1.
    pub(super) name: String,
    /// Who uses it.
    pub(super) kind: DeviceKind,
    /// The facility that it belongs to.
    pub(super) facility_id: Uuid,
}

impl Check for CreateDevice {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
    }
}

/// List the registered devices, by name. Network administrators only.
#[utoipa::path(tag = "devices", responses((status = 200, body = Page<DeviceView>), (status = "4XX", body = Problem)))]
#[get("/v1/devices")]
async fn list_devices(ctx: Ctx) -> Result<web::Json<Page<DeviceView>>> {
    let items = ctx
        .read(async |tx| {
            let rows = queries::list(tx, policy::may_list(tx)?).await?;
            tx.record(Entry::new("devices.list").listing(rows.len()));
            Ok(rows.into_iter().map(DeviceView::from).collect())
        })
        .await?;
    Ok(web::Json(Page { items, next: None }))
}

/// Register a device and get the code by which it is enrolled, once. Network administrators only.
#[utoipa::path(
    tag = "devices",
    request_body = CreateDevice,
    responses((status = 201, body = DeviceCodeView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/devices")]
async fn create_device(ctx: Ctx, input: Input<CreateDevice>) -> Result<Answer> {
    let new = &input.value;
    let code = ids::letters(CODE_LETTERS)?;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        if !queries::facility_exists(tx, new.facility_id).await? {
            return Err(Error::invalid(
                "facility_id",
                "not_allowed",
                "no such facility",
            ));
        }
        let digest = ids::digest(code.as_bytes());
        queries::insert(tx, permit, new, (&digest, tx.now + CODE_LIFETIME)).await?;
        tx.record(Entry::new("device.create").on("device", new.id));
        Ok(Reply::created(DeviceCodeView {
            device: view(tx, new.id).await?,
            enrolment_code: code.clone(),
        })
        .once())
    })
    .await
}

/// Get another code for a device that is to be enrolled again. What was enrolled before works until the code is used.
/// Network administrators only.
#[utoipa::path(
    tag = "devices",
    request_body = Nothing,
    responses((status = 201, body = DeviceCodeView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/devices/{device_id}/enrolment-code")]
async fn renew_device_code(
    ctx: Ctx,
    path: web::Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let device_id = path.into_inner();
    let code = ids::letters(CODE_LETTERS)?;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        let (device, _) = queries::find(tx, device_id).await?.ok_or(Error::NotFound)?;
        if device.revoked_at.is_some() {
            return Err(Error::Conflict(
                "device_revoked",
                "the device is out of use",
            ));
        }
        let digest = ids::digest(code.as_bytes());
        queries::renew_code(tx, permit, device_id, (&digest, tx.now + CODE_LIFETIME)).await?;
        tx.record(Entry::new("device.renew_code").on("device", device_id));
        Ok(Reply::created(DeviceCodeView {
            device: view(tx, device_id).await?,
            enrolment_code: code.clone(),
        })
        .once())
    })
    .await
}

/// Take a device out of use: its sessions are refused with the next request, its shifts are over. Network administrators
/// only.
#[utoipa::path(
    tag = "devices",
    request_body = Nothing,
    responses((status = 200, body = DeviceView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/devices/{device_id}/revoke")]
async fn revoke_device(ctx: Ctx, path: web::Path<Uuid>, input: Input<Nothing>) -> Result<Answer> {
    let device_id = path.into_inner();
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        queries::find(tx, device_id).await?.ok_or(Error::NotFound)?;
        queries::revoke(tx, permit, device_id).await?;
        tx.record(Entry::new("device.revoke").on("device", device_id));
        Ok(Reply::ok(view(tx, device_id).await?))
    })
    .await
}

async fn view(tx: &Tx<'_>, id: Uuid) -> Result<DeviceView> {
    let found = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
    Ok(found.into())
}
