//! What a device does by itself: taking its secret, saying what it is.

use actix_web::{
    HttpResponse,
    cookie::{Cookie, SameSite, time::Duration as CookieAge},
    get, post,
    web::Json,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{model::Token, queries, routes::DeviceView};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    error::{FieldError, Problem},
    features::{
        facilities::FacilityRef,
        sessions::{OnDevice, Transport},
    },
    spine::{
        audit::{Denial, Entry},
        auth::{Actor, queries::tenant_by_slug},
        http::{DEVICE_COOKIE, RequestInfo},
        ids,
        input::{Check, Input},
    },
};

/// For how long a browser keeps the secret: as long as browsers keep anything.
const KEPT_DAYS: i64 = 400;

/// The registered device that a request comes from, if it is one of this network and in use. For signing in: notes that
/// somebody does.
pub async fn of_request(tx: &Tx<'_>, request: &RequestInfo) -> Result<Option<OnDevice>> {
    let shown = request.device_token.as_deref().and_then(Token::parse);
    let Some(token) = shown.filter(|token| token.tenant_id == tx.tenant_id) else {
        return Ok(None);
    };
    let Some((id, kind)) = queries::find_by_token(tx, &token).await? else {
        return Ok(None);
    };
    queries::note_seen(tx, id).await?;
    Ok(Some(OnDevice {
        id,
        shared: kind == "shared",
    }))
}

/// The secret that a request shows, if it is that of a device in use.
pub(super) async fn shown(door: &Door) -> Result<Option<Token>> {
    let shown = door.request.device_token.as_deref().and_then(Token::parse);
    let Some(token) = shown else {
        return Ok(None);
    };
    let known = async |tx: &Tx<'_>| queries::find_by_token(tx, &token).await;
    let known = door.look_up(token.tenant_id, known).await?;
    Ok(known.map(|_| token))
}

/// A device that takes its secret.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EnrolDevice {
    /// Short name of the network: what follows the @ of a sign-in name.
    network: String,
    /// The code that the administrator read out.
    code: String,
    /// Where the secret goes.
    #[serde(default)]
    transport: Transport,
}

impl Check for EnrolDevice {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.network.is_empty() || self.network.len() > 100 {
            errors.push(FieldError::new("network", "required", "the network's name"));
        }
        if self.code.is_empty() || self.code.len() > 40 {
            errors.push(FieldError::new(
                "code",
                "required",
                "eight letters and digits",
            ));
        }
    }
}

/// A device that was enrolled.
#[derive(Serialize, ToSchema)]
struct EnrolledDeviceView {
    /// The device.
    device: DeviceView,
    /// The secret, for the header `Tsumugi-Device`; null when it went into a cookie. Shown this once.
    device_token: Option<String>,
}

/// Enrol this device with the code that an administrator got for it. A code that is wrong, used or too old is answered as
/// if there were nothing here.
#[utoipa::path(
    tag = "devices",
    security(()),
    request_body = EnrolDevice,
    responses((status = 201, body = EnrolledDeviceView), (status = "4XX", body = Problem)),
)]
#[post("/v1/devices/enrol")]
pub(super) async fn enrol_device(door: Door, input: Input<EnrolDevice>) -> Result<HttpResponse> {
    let given = input.value;
    let slug = given.network.to_ascii_lowercase();
    let find = async |tx: &Tx<'_>| tenant_by_slug(tx, &slug).await;
    let Some(tenant_id) = door.look_up(Uuid::nil(), find).await? else {
        return Err(Error::NotFound);
    };
    let digest = ids::digest(ids::as_given_out(&given.code).as_bytes());
    let (device, token) = door
        .within(tenant_id, Actor::Anonymous, async |tx| {
            let waiting = queries::find_waiting(tx, &digest).await?;
            let id =
                waiting.ok_or_else(|| Error::Denied(Box::new(Denial::hidden("device.enrol"))))?;
            let token = Token::new(tenant_id, id)?;
            queries::enrol(tx, &token).await?;
            tx.record(Entry::new("device.enrol").on("device", id));
            let found = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
            Ok((found, token))
        })
        .await?;
    let text = token.into_text();
    let mut answer = HttpResponse::Created();
    let device_token = match given.transport {
        Transport::Body => Some(text),
        Transport::Cookie => {
            answer.cookie(cookie(text));
            None
        }
    };
    Ok(answer.json(EnrolledDeviceView {
        device: device.into(),
        device_token,
    }))
}

/// A cookie that scripts cannot read and other sites cannot send.
fn cookie(value: String) -> Cookie<'static> {
    let mut cookie = Cookie::build(DEVICE_COOKIE, value)
        .path("/v1")
        .http_only(true)
        .secure(true)
        .max_age(CookieAge::days(KEPT_DAYS))
        .finish();
    cookie.set_same_site(SameSite::Strict);
    cookie
}

/// This device, and who has begun a shift on it.
#[derive(Serialize, ToSchema)]
struct CurrentDeviceView {
    /// Identifier.
    id: Uuid,
    /// Name shown to people.
    name: String,
    /// `shared` or `personal`.
    kind: String,
    /// The facility that it belongs to.
    facility: FacilityRef,
    /// The network that it belongs to.
    network: NetworkView,
    /// Who has a shift on it now, by kana; empty on a personal device.
    people: Vec<OnShiftView>,
}

/// A network, as a device shows it.
#[derive(Serialize, ToSchema)]
struct NetworkView {
    /// Short name.
    slug: String,
    /// Name.
    name: String,
}

/// Somebody who has begun a shift.
#[derive(Serialize, ToSchema)]
struct OnShiftView {
    /// The account, for changing places.
    account_id: Uuid,
    /// Name in kanji.
    name: String,
    /// Name in katakana.
    kana: String,
    /// Code of the profession.
    profession: String,
    /// Whether there is a PIN; without one the way back is a full sign-in.
    pin_set: bool,
    /// When the shift ends.
    expires_at: DateTime<Utc>,
}

/// What is this device? Asks for the secret of the device only, no session; 404 for a device that is not registered.
#[utoipa::path(
    tag = "devices",
    security(()),
    params(("Tsumugi-Device" = Option<String>, Header, description = "The secret, when it is not in the cookie")),
    responses((status = 200, body = CurrentDeviceView), (status = "4XX", body = Problem)),
)]
#[get("/v1/devices/current")]
pub(super) async fn find_current_device(door: Door) -> Result<Json<CurrentDeviceView>> {
    let token = shown(&door).await?.ok_or(Error::NotFound)?;
    let view = door.within(token.tenant_id, Actor::Anonymous, async |tx| {
        let found = queries::find(tx, token.device_id).await?;
        let (device, facility) = found.ok_or(Error::NotFound)?;
        let people = queries::list_on_shift(tx, device.id).await?;
        let (slug, name) = queries::network(tx).await?;
        tx.record(Entry::new("device.find").on("device", device.id));
        Ok(CurrentDeviceView {
            id: device.id,
            name: device.name,
            kind: device.kind,
            facility,
            network: NetworkView { slug, name },
            people: people.into_iter().map(OnShiftView::from).collect(),
        })
    });
    Ok(Json(view.await?))
}

impl From<queries::OnShift> for OnShiftView {
    fn from((account_id, name, kana, profession, pin_set, expires_at): queries::OnShift) -> Self {
        Self {
            account_id,
            name,
            kana,
            profession,
            pin_set,
            expires_at,
        }
    }
}
