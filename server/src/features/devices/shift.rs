//! Changing places on a shared device (SE-11).

use actix_web::{HttpResponse, post, put};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    enrol,
    model::{Token, is_easy, is_pin},
    policy,
    queries::{self, Shift, TRIES},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Door, Tx},
    error::{FieldError, Problem},
    features::sessions::{self, OnDevice, Opened, Opening, SessionView, Transport},
    spine::{
        audit::Entry,
        auth::Actor,
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// A PIN for this shift.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPin {
    /// Six digits; not one digit six times, a run, a pattern or a date.
    pin: String,
}

impl Check for SetPin {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if !is_pin(&self.pin) {
            errors.push(FieldError::new("pin", "not_allowed", "six digits"));
        } else if is_easy(&self.pin) {
            errors.push(FieldError::new("pin", "blocked", "too easy to guess"));
        }
    }
}

/// Set the PIN by which one comes back on this shared device during this shift. In a session that was opened here with
/// two factors, not with a PIN.
#[utoipa::path(
    tag = "devices",
    request_body = SetPin,
    responses((status = 204, description = "Set"), (status = "4XX", body = Problem)),
)]
#[put("/v1/sessions/current/pin")]
pub(super) async fn set_pin(ctx: Ctx, input: Input<SetPin>) -> Result<Answer> {
    // Hashing takes a while: not in a transaction.
    let phc = ctx.app().passwords.hash(input.value.pin.clone()).await?;
    ctx.write(&input.digest, async |tx| {
        let (person, permit) = policy::may_set_pin(tx)?;
        let not_here = Error::Conflict("no_shift", "there is no shift here to set a PIN for");
        let Some(device_id) = person.device_id else {
            return Err(not_here);
        };
        let amr = queries::amr_of(tx, person.session_id).await?;
        if amr.iter().any(|factor| factor == "pin") {
            return Err(Error::StepUpRequired);
        }
        if !queries::set_pin(tx, permit, (device_id, person.account_id), &phc).await? {
            return Err(not_here);
        }
        tx.record(Entry::new("session.set_pin").on("device", device_id));
        Ok(Reply::done(()))
    })
    .await
}

/// Somebody comes back to a shared device.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SwitchSession {
    /// Who.
    account_id: Uuid,
    /// The PIN that was set in this shift.
    pin: String,
    /// Where the refresh token goes.
    #[serde(default)]
    transport: Transport,
}

impl Check for SwitchSession {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if !is_pin(&self.pin) {
            errors.push(FieldError::new("pin", "not_allowed", "six digits"));
        }
    }
}

/// Come back to a shared device by PIN: ends the session that lasts there. Needs the secret of the device. When the PIN
/// opens nothing here — another device, no shift, the fifth wrong PIN — the answer is `full_sign_in_required`.
#[utoipa::path(
    tag = "devices",
    security(()),
    params(("Tsumugi-Device" = Option<String>, Header, description = "The secret, when it is not in the cookie")),
    request_body = SwitchSession,
    responses((status = 200, body = SessionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions/switch")]
pub(super) async fn switch_session(
    door: Door,
    input: Input<SwitchSession>,
) -> Result<HttpResponse> {
    let SwitchSession {
        account_id,
        pin,
        transport,
    } = input.value;
    let token = enrol::shown(&door).await?;
    // Without a device there is no network to record it in.
    let token = token.ok_or(Error::FullSignInRequired)?;
    // On behalf of the server, and committed before the PIN is looked at: what comes of it is recorded below.
    let counted = door.within(token.tenant_id, Actor::Worker, async |tx| {
        queries::count_try(tx, token.device_id, account_id).await
    });
    let Some(shift) = counted.await? else {
        return Err(refuse(&door, &token, account_id, "session.switch_refused").await);
    };
    let phc = shift.pin_phc.clone();
    if !door.app.passwords.verify(phc, pin).await?.is_right() {
        return Err(wrong(&door, &token, account_id, &shift).await);
    }
    let opened = door
        .within(token.tenant_id, Actor::Anonymous, async |tx| {
            come_back(tx, &token, account_id, &shift).await
        })
        .await?;
    opened.answer(&door.app, HttpResponse::Ok(), transport, true)
}

async fn come_back(tx: &Tx<'_>, token: &Token, account_id: Uuid, shift: &Shift) -> Result<Opened> {
    let device_id = token.device_id;
    let phc = shift.pin_phc.as_deref();
    if !queries::forget_tries(tx, device_id, account_id, phc).await? {
        return Err(Error::FullSignInRequired);
    }
    queries::end_sessions_on(tx, device_id).await?;
    queries::note_seen(tx, device_id).await?;
    let opening = Opening {
        account_id,
        amr: &["swk", "pin"],
        // The PIN is not a fresh factor: what was shown last was shown when the shift began.
        authenticated_at: shift.opened_at,
        device: Some(OnDevice {
            id: device_id,
            shared: true,
        }),
        label: tx.request().user_agent.clone(),
        cache_key: Some(shift.cache_key.clone()),
        not_after: Some(shift.expires_at),
        staff_member_id: None,
        temporary_code_id: None,
        action: "session.switch",
    };
    sessions::open(tx, opening).await
}

/// A wrong PIN: the last one that is allowed ends the shift.
async fn wrong(door: &Door, token: &Token, account_id: Uuid, shift: &Shift) -> Error {
    if shift.failures < TRIES {
        let refused = door.within(token.tenant_id, Actor::Anonymous, async |_| {
            Err::<(), _>(Error::InvalidCredentials(Some(account_id)))
        });
        return match refused.await {
            Ok(()) => Error::InvalidCredentials(Some(account_id)),
            Err(error) => error,
        };
    }
    refuse(door, token, account_id, "shift.close").await
}

/// The refusal that asks for a full sign-in, recorded; whatever shift there is is over.
async fn refuse(door: &Door, token: &Token, account_id: Uuid, action: &'static str) -> Error {
    let recorded = door.within(token.tenant_id, Actor::Anonymous, async |tx| {
        tx.record(Entry::new(action).on("account", account_id));
        if action == "shift.close" {
            queries::close_shift(tx, token.device_id, account_id).await?;
        }
        Ok(())
    });
    match recorded.await {
        Ok(()) => Error::FullSignInRequired,
        Err(error) => error,
    }
}
