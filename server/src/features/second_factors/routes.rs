use std::cell::RefCell;

use actix_web::{delete, get, post, put, web::Json};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    Change, RecoveryCodes, check_password, notify,
    policy::{self, ChangeFactors},
    queries::{self, Held},
    seeds::seal_seed,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::sessions,
    spine::{
        access::Permit,
        audit::Entry,
        auth::{Person, totp::Seed},
        ids,
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// How long a seed waits for its first code.
const PATIENCE: TimeDelta = TimeDelta::minutes(15);
const PURPOSE: &str = "seed to be confirmed";

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(find_factors)
        .service(change_password)
        .service(start_totp)
        .service(confirm_totp)
        .service(remove_totp)
        .service(create_recovery_codes);
}

/// One's own factors.
#[derive(Debug, Serialize, ToSchema)]
struct FactorsView {
    /// The password.
    password: PasswordView,
    /// Whether an authenticator app is registered.
    totp: bool,
    /// Passkeys, the oldest first.
    passkeys: Vec<PasskeyRef>,
    /// How many recovery codes have not been used.
    recovery_codes_left: i64,
}

/// Whether there is a password.
#[derive(Debug, Serialize, ToSchema)]
struct PasswordView {
    /// Whether one is set.
    set: bool,
    /// Since when.
    changed_at: Option<DateTime<Utc>>,
}

/// A passkey, as its owner knows it.
#[derive(Debug, Serialize, ToSchema)]
struct PasskeyRef {
    /// Identifier.
    id: Uuid,
    /// Name given by the owner.
    name: String,
    /// When it was registered.
    created_at: DateTime<Utc>,
    /// When it was last used.
    last_used_at: Option<DateTime<Utc>>,
}

impl From<Held> for FactorsView {
    fn from(held: Held) -> Self {
        Self {
            password: PasswordView {
                set: held.password_phc.is_some(),
                changed_at: held.password_changed_at,
            },
            totp: held.totp_sealed.is_some(),
            passkeys: held
                .passkeys
                .into_iter()
                .map(|(id, name, created_at, last_used_at)| PasskeyRef {
                    id,
                    name,
                    created_at,
                    last_used_at,
                })
                .collect(),
            recovery_codes_left: held.recovery_codes,
        }
    }
}

/// A new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The password until now; may be left out, because factors were shown lately.
    #[serde(default)]
    current_password: Option<String>,
    /// The new one: 15 to 128 characters. Refused with the field codes `too_short`, `too_long`, `blocked`,
    /// `composition` or `same_as_before`.
    new_password: String,
}

impl Check for ChangePassword {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let too_long = |text: &String| text.len() > 1024;
        if self.current_password.as_ref().is_some_and(too_long) {
            errors.push(FieldError::new(
                "current_password",
                "too_long",
                "1024 bytes",
            ));
        }
        if too_long(&self.new_password) {
            errors.push(FieldError::new(
                "new_password",
                "too_long",
                "at most 128 characters",
            ));
        }
    }
}

/// A seed to be typed into an authenticator app.
#[derive(Debug, Serialize, ToSchema)]
struct TotpView {
    /// Names the seed when its first code is shown.
    challenge_id: Uuid,
    /// The seed in base32.
    secret: String,
    /// The same as an address that apps read from a picture.
    otpauth_url: String,
}

/// The first code of a seed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConfirmTotp {
    /// The seed.
    challenge_id: Uuid,
    /// Six digits.
    code: String,
}

impl Check for ConfirmTotp {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.code.len() > 40 {
            errors.push(FieldError::new("code", "too_long", "six digits"));
        }
    }
}

/// Codes for the day when the second factor is lost. Shown this once.
#[derive(Debug, Serialize, ToSchema)]
struct RecoveryCodesView {
    /// Ten codes, each good once.
    codes: Vec<String>,
}

async fn held(tx: &Tx<'_>, person: &Person) -> Result<Held> {
    queries::held(tx, person.account_id)
        .await?
        .ok_or(Error::NotFound)
}

/// What factors have I?
#[utoipa::path(tag = "second_factors", responses((status = 200, body = FactorsView), (status = "4XX", body = Problem)))]
#[get("/v1/me/factors")]
async fn find_factors(ctx: Ctx) -> Result<Json<FactorsView>> {
    let view = ctx.read(async |tx| {
        let (person, _permit) = policy::may_see(tx)?;
        tx.record(Entry::new("factors.find"));
        Ok(FactorsView::from(held(tx, person).await?))
    });
    Ok(Json(view.await?))
}

/// Change my password. All other sessions end.
#[utoipa::path(
    tag = "second_factors",
    request_body = ChangePassword,
    responses((status = 204, description = "Changed"), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[put("/v1/me/password")]
async fn change_password(ctx: Ctx, input: Input<ChangePassword>) -> Result<Answer> {
    let new = &input.value;
    // Hashing takes its time, and no connection meanwhile.
    let before = ctx
        .read(async |tx| {
            let (person, _permit) = policy::may_change(tx)?;
            check_password(tx, person.account_id, "new_password", &new.new_password).await?;
            tx.record(Entry::new("password.check"));
            Ok(held(tx, person).await?.password_phc)
        })
        .await?;
    let passwords = &ctx.app().passwords;
    if let Some(given) = &new.current_password {
        let verdict = passwords.verify(before.clone(), given.clone()).await?;
        if !verdict.is_right() {
            return Err(Error::invalid(
                "current_password",
                "wrong",
                "not the password",
            ));
        }
    }
    if before.is_some() {
        let same = passwords.verify(before, new.new_password.clone()).await?;
        if same.is_right() {
            return Err(Error::invalid(
                "new_password",
                "same_as_before",
                "must be another",
            ));
        }
    }
    let phc = passwords.hash(new.new_password.clone()).await?;
    let ended = RefCell::new(Vec::new());
    let answer = ctx
        .write(&input.digest, async |tx| {
            let (person, _permit) = policy::may_change(tx)?;
            queries::hold_password(tx, person.account_id, &phc).await?;
            let others = sessions::end_all(tx, person.account_id, Some(person.session_id));
            ended.replace(others.await?);
            notify(tx, person.account_id, Change::Password).await?;
            tx.record(Entry::new("password.change").on("account", person.account_id));
            Ok(Reply::done(()))
        })
        .await?;
    for session in ended.take() {
        ctx.app().hub.end_session(session);
    }
    Ok(answer)
}

/// Begin to register an authenticator app. It counts once its first code is confirmed.
#[utoipa::path(
    tag = "second_factors",
    responses((status = 201, body = TotpView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/me/totp")]
async fn start_totp(ctx: Ctx) -> Result<Answer> {
    ctx.write(&[], async |tx| {
        let (person, permit) = policy::may_change(tx)?;
        let (id, seed) = (ids::new_id(), Seed::new()?);
        let rows = [tx.tenant_id, id];
        let state = tx.app().seal.seal(PURPOSE, &rows, seed.as_bytes())?;
        let until = tx.now + PATIENCE;
        queries::insert_challenge(tx, permit, id, person.account_id, &state, until).await?;
        let (login, _, slug, _) = queries::context(tx, person.account_id).await?;
        tx.record(Entry::new("totp.start").on("account", person.account_id));
        Ok(Reply::created(TotpView {
            challenge_id: id,
            secret: seed.to_base32(),
            otpauth_url: seed.url(&format!("{login}@{slug}"))?,
        })
        .once())
    })
    .await
}

/// Show the first code of the new authenticator app, which then takes the place of the old one. The field code for a
/// code that is not right is `wrong_code`.
#[utoipa::path(
    tag = "second_factors",
    request_body = ConfirmTotp,
    responses((status = 204, description = "Registered"), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/me/totp/confirm")]
async fn confirm_totp(ctx: Ctx, input: Input<ConfirmTotp>) -> Result<Answer> {
    let ConfirmTotp { challenge_id, code } = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (person, _permit): (_, Permit<ChangeFactors>) = policy::may_change(tx)?;
        let account_id = person.account_id;
        let state = queries::find_challenge(tx, *challenge_id, account_id).await?;
        let rows = [tx.tenant_id, *challenge_id];
        let seed = state.and_then(|state| tx.app().seal.open(PURPOSE, &rows, &state));
        let seed = Seed::of_bytes(&seed.ok_or(Error::NotFound)?)?;
        let step = seed
            .step_of(code.trim(), tx.now)
            .ok_or_else(|| Error::invalid("code", "wrong_code", "not the code of this moment"))?;
        let sealed = seal_seed(&tx.app().seal, tx.tenant_id, account_id, &seed)?;
        queries::hold_totp(tx, account_id, &sealed, step).await?;
        queries::close_challenge(tx, *challenge_id).await?;
        notify(tx, account_id, Change::OneTimeCodes).await?;
        tx.record(Entry::new("totp.confirm").on("account", account_id));
        Ok(Reply::done(()))
    })
    .await
}

/// Remove my authenticator app. Refused with `last_factor` when no passkey is left.
#[utoipa::path(
    tag = "second_factors",
    responses((status = 204, description = "Removed"), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[delete("/v1/me/totp")]
async fn remove_totp(ctx: Ctx) -> Result<Answer> {
    ctx.write(&[], async |tx| {
        let (person, permit) = policy::may_change(tx)?;
        let held = held(tx, person).await?;
        if held.totp_sealed.is_none() {
            return Err(Error::NotFound);
        }
        if held.passkeys.is_empty() {
            return Err(Error::Conflict(
                "last_factor",
                "without it nobody could sign in; register another first",
            ));
        }
        queries::drop_totp(tx, permit, person.account_id).await?;
        notify(tx, person.account_id, Change::OneTimeCodesRemoved).await?;
        tx.record(Entry::new("totp.remove").on("account", person.account_id));
        Ok(Reply::done(()))
    })
    .await
}

/// Get new recovery codes; the old ones are good no more.
#[utoipa::path(
    tag = "second_factors",
    responses((status = 201, body = RecoveryCodesView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/me/recovery-codes")]
async fn create_recovery_codes(ctx: Ctx) -> Result<Answer> {
    ctx.write(&[], async |tx| {
        let (person, _permit) = policy::may_change(tx)?;
        let codes = RecoveryCodes::new()?;
        queries::hold_recovery_codes(tx, person.account_id, &codes.digests()).await?;
        notify(tx, person.account_id, Change::RecoveryCodes).await?;
        tx.record(Entry::new("recovery_codes.create").on("account", person.account_id));
        Ok(Reply::created(RecoveryCodesView {
            codes: codes.show(),
        })
        .once())
    })
    .await
}
