use std::cell::RefCell;

use actix_web::{HttpRequest, HttpResponse, post};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::Enrolment,
    queries,
    routes::{check_lengths, within},
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    error::{FieldError, Problem},
    features::{
        devices, passkeys,
        second_factors::{self, RecoveryCodes},
        sessions::{self, Known, Opened, Opening, SessionView, Transport},
    },
    spine::{
        audit::Entry,
        input::{Check, Input},
        text,
    },
};

/// The end of an enrolment: a password with the first code of an authenticator app, or a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FinishEnrolment {
    /// The secret of the enrolment.
    enrolment: String,
    /// The password chosen before.
    password: Option<String>,
    /// The first code of the authenticator app. The field code for one that is not right is `wrong_code`.
    code: Option<String>,
    /// The challenge that a passkey has answered.
    challenge_id: Option<Uuid>,
    /// What `navigator.credentials.create` gave.
    #[schema(value_type = Option<Object>)]
    credential: Option<Value>,
    /// Name of the passkey, up to 100 characters.
    name: Option<String>,
    /// Keep the cookie when the browser is closed.
    #[serde(default)]
    remember: bool,
    /// Where the refresh token goes.
    #[serde(default)]
    transport: Transport,
}

/// The factors that an account gets.
enum Factors<'a> {
    PasswordAndCode(&'a str, &'a str),
    Passkey(Uuid, &'a Value, &'a str),
}

impl FinishEnrolment {
    fn factors(&self) -> Option<Factors<'_>> {
        match (
            &self.password,
            &self.code,
            self.challenge_id,
            &self.credential,
            &self.name,
        ) {
            (Some(password), Some(code), None, None, None) => {
                Some(Factors::PasswordAndCode(password, code))
            }
            (None, None, Some(id), Some(credential), Some(name)) => {
                Some(Factors::Passkey(id, credential, name))
            }
            _ => None,
        }
    }
}

impl Check for FinishEnrolment {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_lengths(
            &self.enrolment,
            self.password.as_deref().unwrap_or_default(),
            errors,
        );
        text::check_optional("name", self.name.as_deref(), 100, errors);
        if self.code.as_ref().is_some_and(|code| code.len() > 40) {
            errors.push(FieldError::new("code", "too_long", "six digits"));
        }
        if self.factors().is_none() {
            errors.push(FieldError::new(
                "",
                "required",
                "password and code, or challenge_id, credential and name",
            ));
        }
    }
}

/// An enrolment that is finished.
#[derive(Serialize, ToSchema)]
struct EnrolledView {
    /// The first session with the new factors.
    session: SessionView,
    /// Ten codes for the day when the authenticator app is lost, each good once. Shown this once; none with a passkey.
    recovery_codes: Vec<String>,
}

/// Finish an enrolment with a password and an authenticator app, or with a passkey. Whatever the account had before,
/// factors and sessions, is over.
#[utoipa::path(
    tag = "enrolments",
    security(()),
    request_body = FinishEnrolment,
    responses((status = 201, body = EnrolledView), (status = "4XX", body = Problem)),
)]
#[post("/v1/enrolments/finish")]
pub(super) async fn finish_enrolment(
    door: Door,
    request: HttpRequest,
    input: Input<FinishEnrolment>,
) -> Result<HttpResponse> {
    let new = &input.value;
    let factors = new.factors().ok_or(Error::MalformedJson)?;
    let _place = door.app.gate.enter().await?;
    let phc = match factors {
        Factors::PasswordAndCode(password, code) => Some(hash(&door, new, password, code).await?),
        Factors::Passkey(..) => None,
    };
    let ended = RefCell::new(Vec::new());
    let (opened, recovery_codes) = within(&door, &new.enrolment, async |tx| {
        let found = queries::find(tx, &new.enrolment).await?;
        ended.replace(queries::complete(tx, &found).await?);
        let account_id = found.invitation.account_id;
        let (amr, codes) = match (&factors, &phc) {
            (Factors::PasswordAndCode(_, code), Some(phc)) => {
                let codes = hold_codes(tx, &found, phc, code).await?;
                (["pwd", "otp"].as_slice(), codes.show())
            }
            (Factors::Passkey(id, credential, name), _) => {
                passkeys::register(tx, account_id, *id, credential, name).await?;
                (["swk", "user"].as_slice(), Vec::new())
            }
            (Factors::PasswordAndCode(..), None) => {
                return Err(Error::internal("a password was not hashed"));
            }
        };
        Ok((open(tx, account_id, amr).await?, codes))
    })
    .await?;
    for session in ended.take() {
        door.app.hub.end_session(session);
    }
    let (known, account_id) = (Known::of(&request, &door.app.seal), opened.account_id());
    let (session, cookie) = opened.show(&door.app, new.transport, new.remember)?;
    let mut answer = HttpResponse::Created();
    if let Some(cookie) = cookie {
        answer.cookie(cookie);
    }
    let mut answer = answer.json(EnrolledView {
        session,
        recovery_codes,
    });
    known.remember(account_id, &door.app.seal, new.transport, &mut answer)?;
    Ok(answer)
}

/// Hashing takes its time, and no connection meanwhile; nobody gets it for nothing, so that all is checked before.
async fn hash(door: &Door, new: &FinishEnrolment, password: &str, code: &str) -> Result<String> {
    within(door, &new.enrolment, async |tx| {
        let found = queries::find(tx, &new.enrolment).await?;
        let account_id = found.invitation.account_id;
        second_factors::check_password(tx, account_id, "password", password).await?;
        step(tx, &found, code)?;
        tx.record(Entry::new("enrolment.check").on("account", account_id));
        Ok(())
    })
    .await?;
    door.app.passwords.hash(password.to_owned()).await
}

/// The step of the first code, if it is right.
fn step(tx: &Tx<'_>, found: &Enrolment, code: &str) -> Result<i64> {
    found
        .seed
        .step_of(&text::fold(code), tx.now)
        .ok_or_else(|| Error::invalid("code", "wrong_code", "not the code of this moment"))
}

/// Sets password, seed and recovery codes.
async fn hold_codes(
    tx: &Tx<'_>,
    found: &Enrolment,
    phc: &str,
    code: &str,
) -> Result<RecoveryCodes> {
    let account_id = found.invitation.account_id;
    let step = step(tx, found, code)?;
    let seal = &tx.app().seal;
    let sealed = second_factors::seal_seed(seal, tx.tenant_id, account_id, &found.seed)?;
    let codes = RecoveryCodes::new()?;
    second_factors::hold_password(tx, account_id, phc).await?;
    second_factors::hold_totp(tx, account_id, &sealed, step).await?;
    second_factors::hold_recovery_codes(tx, account_id, &codes.digests()).await?;
    Ok(codes)
}

/// Opens the first session.
async fn open(tx: &Tx<'_>, account_id: Uuid, amr: &'static [&'static str]) -> Result<Opened> {
    tx.record(Entry::new("enrolment.finish").on("account", account_id));
    let opening = Opening {
        account_id,
        amr,
        authenticated_at: tx.now,
        device: devices::of_request(tx, tx.request()).await?,
        label: tx.request().user_agent.clone(),
        cache_key: None,
        not_after: None,
        staff_member_id: None,
        temporary_code_id: None,
        action: "session.create",
    };
    sessions::open(tx, opening).await
}
