use actix_web::{HttpResponse, post, web::Json};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    finish::finish_enrolment,
    model::{PATIENCE, State, Token},
    queries,
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    error::{FieldError, Problem},
    features::{
        invitations::{self, Key, Purpose},
        passkeys, second_factors,
    },
    spine::{
        audit::Entry,
        auth::{
            Actor,
            guard::{self, Subject},
            password_rules,
        },
        input::{Check, Input},
        settings,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_enrolment)
        .service(start_enrolment_totp)
        .service(start_enrolment_passkey)
        .service(finish_enrolment);
}

/// Both halves of an invitation.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateEnrolment {
    /// What follows the # in the link that was mailed.
    token: String,
    /// The code that was handed over. Small letters and a missing hyphen are forgiven.
    code: String,
}

impl Check for CreateEnrolment {
    fn check(&self, errors: &mut Vec<FieldError>) {
        for (field, text) in [("token", &self.token), ("code", &self.code)] {
            if text.len() > 200 {
                errors.push(FieldError::new(field, "too_long", "at most 200 bytes"));
            }
        }
    }
}

/// An enrolment that has begun.
#[derive(Debug, Serialize, ToSchema)]
struct EnrolmentView {
    /// Secret to be shown with every further step.
    enrolment: String,
    /// `name@network`, to sign in with later.
    login: String,
    /// Name of the person.
    name: String,
    /// Name of the network.
    network: String,
    /// `first` or `recovery`.
    purpose: Purpose,
    /// What a password has to be.
    password_rules: PasswordRules,
    /// Until when it has to be finished.
    expires_at: DateTime<Utc>,
}

/// What a password has to be, besides not being one that is tried first.
#[derive(Debug, Serialize, ToSchema)]
struct PasswordRules {
    /// Fewest characters.
    min: usize,
    /// Whether letters, digits and signs are all needed.
    composition: bool,
}

/// Take up an invitation. Whatever is wrong with it, the answer is `invitation_not_found`; five wrong codes end it.
/// `enrolment_too_early` before the first day of the post.
#[utoipa::path(
    tag = "enrolments",
    security(()),
    request_body = CreateEnrolment,
    responses((status = 201, body = EnrolmentView), (status = "4XX", body = Problem)),
)]
#[post("/v1/enrolments")]
async fn create_enrolment(door: Door, input: Input<CreateEnrolment>) -> Result<HttpResponse> {
    let CreateEnrolment { token, code } = &input.value;
    let tenant_id = invitations::tenant_of(token).ok_or(Error::InvitationNotFound)?;
    refuse_guessing(&door).await?;
    let known = async |tx: &Tx<'_>| invitations::is_known(tx, token).await;
    if !door.look_up(tenant_id, known).await? {
        // There is nothing to record it with.
        return Err(not_found(&door).await);
    }
    let begun = door
        .within(tenant_id, Actor::Anonymous, async |tx| {
            let Some(found) = invitations::find_open(tx, Key::Token(token)).await? else {
                tx.record(Entry::new("enrolment.refuse"));
                return Ok(None);
            };
            if !found.has_code(&second_factors::digest_of(code)) {
                invitations::fail(tx, found.id).await?;
                tx.record(Entry::new("enrolment.refuse").on("invitation", found.id));
                return Ok(None);
            }
            if found.starts_on > tx.today() {
                return Err(Error::Conflict(
                    "enrolment_too_early",
                    "the post begins on a later day; enrol then",
                ));
            }
            let secret = Token::new(tenant_id)?;
            let state = State::new(found.id)?;
            queries::insert(tx, &secret, found.account_id, &state).await?;
            let (slug, network) = queries::network(tx).await?;
            tx.record(Entry::new("enrolment.create").on("account", found.account_id));
            Ok(Some(EnrolmentView {
                enrolment: secret.encode(),
                login: format!("{}@{slug}", found.login_name),
                purpose: found.purpose(),
                name: found.name,
                network,
                password_rules: PasswordRules {
                    min: password_rules::SHORTEST,
                    composition: settings::of_network(tx).await?.password_composition,
                },
                expires_at: tx.now + PATIENCE,
            }))
        })
        .await?;
    match begun {
        Some(begun) => Ok(HttpResponse::Created().json(begun)),
        None => Err(not_found(&door).await),
    }
}

/// Turns a source away that has failed too often.
async fn refuse_guessing(door: &Door) -> Result<()> {
    let source = Subject::source(door.request.ip.as_deref());
    let blocked = door.look_up(Uuid::nil(), async |tx| guard::blocked(tx, &source).await);
    match blocked.await? {
        Some(seconds) => Err(Error::TooManyAttempts(seconds)),
        None => Ok(()),
    }
}

/// The one refusal, which is held against the source.
async fn not_found(door: &Door) -> Error {
    let source = Subject::source(door.request.ip.as_deref());
    let failed = door.within(Uuid::nil(), Actor::Worker, async |tx| {
        guard::fail(tx, &source).await
    });
    match failed.await {
        Ok(()) => Error::InvitationNotFound,
        Err(error) => error,
    }
}

/// A password for an enrolment under way.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartEnrolmentTotp {
    /// The secret of the enrolment.
    enrolment: String,
    /// The password to be. Refused with the field codes `too_short`, `too_long`, `blocked` or `composition`.
    password: String,
}

impl Check for StartEnrolmentTotp {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_lengths(&self.enrolment, &self.password, errors);
    }
}

pub(super) fn check_lengths(enrolment: &str, password: &str, errors: &mut Vec<FieldError>) {
    if enrolment.len() > 200 {
        errors.push(FieldError::new(
            "enrolment",
            "too_long",
            "at most 200 bytes",
        ));
    }
    if password.len() > 1024 {
        errors.push(FieldError::new(
            "password",
            "too_long",
            "at most 128 characters",
        ));
    }
}

/// A seed to be typed into an authenticator app.
#[derive(Debug, Serialize, ToSchema)]
struct EnrolmentTotpView {
    /// The seed in base32.
    secret: String,
    /// The same as an address that apps read from a picture.
    otpauth_url: String,
}

/// Choose a password, and get the seed for an authenticator app. The same again gives the same seed.
#[utoipa::path(
    tag = "enrolments",
    security(()),
    request_body = StartEnrolmentTotp,
    responses((status = 200, body = EnrolmentTotpView), (status = "4XX", body = Problem)),
)]
#[post("/v1/enrolments/totp")]
async fn start_enrolment_totp(
    door: Door,
    input: Input<StartEnrolmentTotp>,
) -> Result<Json<EnrolmentTotpView>> {
    let StartEnrolmentTotp {
        enrolment,
        password,
    } = &input.value;
    let view = within(&door, enrolment, async |tx| {
        let found = queries::find(tx, enrolment).await?;
        let account_id = found.invitation.account_id;
        second_factors::check_password(tx, account_id, "password", password).await?;
        let (slug, _) = queries::network(tx).await?;
        let login = format!("{}@{slug}", found.invitation.login_name);
        tx.record(Entry::new("enrolment.start_totp").on("account", account_id));
        Ok(EnrolmentTotpView {
            secret: found.seed.to_base32(),
            otpauth_url: found.seed.url(&login)?,
        })
    });
    Ok(Json(view.await?))
}

/// The secret of an enrolment under way.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct StartEnrolmentPasskey {
    /// The secret of the enrolment.
    enrolment: String,
}

impl Check for StartEnrolmentPasskey {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_lengths(&self.enrolment, "", errors);
    }
}

/// What a browser is asked.
#[derive(Debug, Serialize, ToSchema)]
struct EnrolmentPasskeyView {
    /// To be sent with the answer. Good once, for five minutes.
    challenge_id: Uuid,
    /// What goes to `navigator.credentials.create`, with bytes in base64url: `{"publicKey": {…}}`.
    #[schema(value_type = Object)]
    options: serde_json::Value,
}

/// Begin to make a passkey in place of a password and an authenticator app.
#[utoipa::path(
    tag = "enrolments",
    security(()),
    request_body = StartEnrolmentPasskey,
    responses((status = 200, body = EnrolmentPasskeyView), (status = "4XX", body = Problem)),
)]
#[post("/v1/enrolments/passkey-challenge")]
async fn start_enrolment_passkey(
    door: Door,
    input: Input<StartEnrolmentPasskey>,
) -> Result<Json<EnrolmentPasskeyView>> {
    let enrolment = &input.value.enrolment;
    let view = within(&door, enrolment, async |tx| {
        let found = queries::find(tx, enrolment).await?;
        let account_id = found.invitation.account_id;
        let (challenge_id, options) = passkeys::registration_options(tx, account_id).await?;
        tx.record(Entry::new("enrolment.start_passkey").on("account", account_id));
        Ok(EnrolmentPasskeyView {
            challenge_id,
            options,
        })
    });
    Ok(Json(view.await?))
}

/// Runs `f` in the network of an enrolment, if there is such a network.
pub(super) async fn within<T>(
    door: &Door,
    enrolment: &str,
    f: impl AsyncFn(&Tx<'_>) -> Result<T>,
) -> Result<T> {
    let tenant_id = Token::parse(enrolment)?.tenant_id;
    let exists = async |tx: &Tx<'_>| queries::network_exists(tx).await;
    if !door.look_up(tenant_id, exists).await? {
        return Err(Error::InvitationNotFound);
    }
    door.within(tenant_id, Actor::Anonymous, f).await
}
