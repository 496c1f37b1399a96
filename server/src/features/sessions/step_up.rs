//! Showing one's factors again before dangerous acts (SE-09): a new session takes the place of the old one, with the same
//! key of the device's store and the same end.

use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    open::{OnDevice, Opening, SessionView, Transport, open},
    queries::{self, AccountKey, Handed},
    routes::Own,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        passkeys,
        second_factors::{self, Spending},
    },
    spine::{
        access::{self, Permit},
        audit::Entry,
        auth::{
            Actor, Person,
            guard::{self, Subject},
            token::Caller,
        },
        input::{Check, Input, Nothing},
        reply::{Answer, Reply},
    },
};

/// What a browser is asked.
#[derive(Serialize, ToSchema)]
struct StepUpChallengeView {
    /// To be sent with the answer. Good once, for five minutes.
    challenge_id: Uuid,
    /// What goes to `navigator.credentials.get`, with bytes in base64url: `{"publicKey": {…}}`.
    #[schema(value_type = Object)]
    options: serde_json::Value,
}

/// Factors, shown again: password and code, or a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepUpSession {
    /// The password.
    password: Option<String>,
    /// A one-time code, a recovery code or a temporary code.
    code: Option<String>,
    /// The challenge that a passkey has answered.
    challenge_id: Option<Uuid>,
    /// What `navigator.credentials.get` gave.
    #[schema(value_type = Option<Object>)]
    credential: Option<serde_json::Value>,
    /// Where the refresh token goes.
    #[serde(default)]
    transport: Transport,
}

/// Two factors of different kinds.
enum Factors<'a> {
    PasswordAndCode(&'a str, &'a str),
    Passkey(Uuid, &'a serde_json::Value),
}

impl StepUpSession {
    fn factors(&self) -> Option<Factors<'_>> {
        match self {
            Self {
                password: Some(password),
                code: Some(code),
                challenge_id: None,
                credential: None,
                ..
            } if password.len() <= 1024 && code.len() <= 100 => {
                Some(Factors::PasswordAndCode(password, code))
            }
            Self {
                password: None,
                code: None,
                challenge_id: Some(id),
                credential: Some(credential),
                ..
            } => Some(Factors::Passkey(*id, credential)),
            _ => None,
        }
    }
}

impl Check for StepUpSession {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.factors().is_none() {
            errors.push(FieldError::new(
                "",
                "required",
                "password and code, or challenge_id and credential",
            ));
        }
    }
}

/// Begin to show one's passkey again.
#[utoipa::path(
    tag = "sessions",
    request_body = Nothing,
    responses((status = 201, body = StepUpChallengeView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions/current/step-up-challenge")]
pub(super) async fn create_step_up_challenge(ctx: Ctx, input: Input<Nothing>) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let person = own(tx)?;
        let (challenge_id, options) = passkeys::own_challenge(tx, person.account_id).await?;
        tx.record(Entry::new("session.step_up_challenge"));
        Ok(Reply::created(StepUpChallengeView {
            challenge_id,
            options,
        })
        .once())
    })
    .await
}

/// Show one's factors again: a new session takes the place of this one.
#[utoipa::path(
    tag = "sessions",
    request_body = StepUpSession,
    responses((status = 200, body = SessionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions/current/step-up")]
pub(super) async fn step_up_session(ctx: Ctx, input: Input<StepUpSession>) -> Result<HttpResponse> {
    let opened = match input.value.factors().ok_or(Error::MalformedJson)? {
        Factors::PasswordAndCode(password, code) => by_code(&ctx, password, code).await,
        Factors::Passkey(id, credential) => by_passkey(&ctx, id, credential).await,
    }?;
    opened.answer(ctx.app(), HttpResponse::Ok(), input.value.transport, true)
}

async fn by_passkey(
    ctx: &Ctx,
    challenge_id: Uuid,
    credential: &serde_json::Value,
) -> Result<super::Opened> {
    let tenant_id = ctx.caller().tenant_id();
    let assertion =
        passkeys::Assertion::of_step_up(ctx.door(), tenant_id, challenge_id, credential).await?;
    let opened = ctx
        .act(async |tx| {
            let person = own(tx)?;
            let amr = assertion.verify(tx, person.account_id).await?;
            replace(tx, &person, amr, None).await
        })
        .await;
    if opened.is_err() {
        assertion.tell_of_copy(ctx.door(), tenant_id).await?;
    }
    opened
}

fn own(tx: &Tx<'_>) -> Result<Person> {
    let _permit: Permit<Own> = access::on_network(tx)?;
    match tx.actor {
        Actor::Person(person) => Ok(person.clone()),
        _ => Err(Error::NotFound),
    }
}

/// Opens the session that takes the place of the caller's, and ends that one.
async fn replace(
    tx: &Tx<'_>,
    person: &Person,
    amr: &'static [&'static str],
    temporary_code_id: Option<Uuid>,
) -> Result<super::Opened> {
    let Handed {
        cache_key,
        label,
        expires_at,
        device,
        ..
    } = queries::find_handed(tx, person.session_id).await?;
    queries::revoke(tx, person.session_id).await?;
    let device = match device {
        (Some(id), kind) => Some(OnDevice {
            id,
            shared: kind.as_deref() == Some("shared"),
        }),
        _ => None,
    };
    let opening = Opening {
        account_id: person.account_id,
        amr,
        authenticated_at: tx.now,
        device,
        label,
        cache_key: Some(cache_key),
        not_after: Some(expires_at),
        staff_member_id: Some(person.staff_member_id),
        temporary_code_id,
        action: "session.step_up",
    };
    open(tx, opening).await
}

async fn by_code(ctx: &Ctx, password: &str, code: &str) -> Result<super::Opened> {
    let Caller::Session {
        tenant, account, ..
    } = ctx.caller()
    else {
        return Err(Error::Unauthenticated);
    };
    let _place = ctx.app().gate.enter().await?;
    // Counted before it is evaluated: whoever holds a session does not get to guess the factors either (AN-09).
    let subject = Subject::session_of(account);
    let reserved = ctx.door().within(tenant, Actor::Worker, async |tx| {
        guard::reserve(tx, &subject).await
    });
    if let Some(seconds) = reserved.await? {
        return Err(Error::TooManyAttempts(seconds));
    }
    // Hashing takes a while: not in a transaction.
    let known = async |tx: &Tx<'_>| queries::find_account(tx, AccountKey::Id(account)).await;
    let phc = ctx.door().look_up(tenant, known).await?;
    let phc = phc.and_then(|account| account.password_phc);
    let matches = ctx
        .app()
        .passwords
        .verify(phc.clone(), password.to_owned())
        .await?;
    ctx.act(async |tx| {
        let person = own(tx)?;
        let refused = || Error::InvalidCredentials(Some(person.account_id));
        let handed = queries::find_handed(tx, person.session_id).await?;
        if !matches.is_right() || handed.password_phc != phc {
            return Err(refused());
        }
        match second_factors::spend(tx, person.account_id, code).await? {
            Spending::Good(temporary_code_id) => {
                guard::clear(tx, &subject).await?;
                replace(tx, &person, &["pwd", "otp"], temporary_code_id).await
            }
            Spending::Used => Err(Error::CodeUsed),
            Spending::Wrong => Err(refused()),
        }
    })
    .await
}
