use std::cell::RefCell;

use actix_web::{HttpResponse, post, web::Json};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    model::{Enrolment, PATIENCE, State, Token},
    queries,
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    error::{FieldError, Problem},
    features::{
        invitations::{self, Key, Purpose},
        second_factors::{self, RecoveryCodes},
        sessions::{self, Opened, Opening, SessionView, Transport},
    },
    spine::{
        audit::Entry,
        auth::{Actor, password_rules},
        input::{Check, Input},
        settings,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_enrolment)
        .service(start_enrolment_totp)
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
    let known = async |tx: &Tx<'_>| invitations::is_known(tx, token).await;
    if !door.look_up(tenant_id, known).await? {
        // There is nothing to record it with.
        return Err(Error::InvitationNotFound);
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
    let begun = begun.ok_or(Error::InvitationNotFound)?;
    Ok(HttpResponse::Created().json(begun))
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

fn check_lengths(enrolment: &str, password: &str, errors: &mut Vec<FieldError>) {
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

/// Runs `f` in the network of an enrolment, if there is such a network.
async fn within<T>(
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

/// The end of an enrolment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FinishEnrolment {
    /// The secret of the enrolment.
    enrolment: String,
    /// The password chosen before.
    password: String,
    /// The first code of the authenticator app. The field code for one that is not right is `wrong_code`.
    code: String,
    /// Keep the cookie when the browser is closed.
    #[serde(default)]
    remember: bool,
    /// Where the refresh token goes.
    #[serde(default)]
    transport: Transport,
}

impl Check for FinishEnrolment {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_lengths(&self.enrolment, &self.password, errors);
        if self.code.len() > 40 {
            errors.push(FieldError::new("code", "too_long", "six digits"));
        }
    }
}

/// An enrolment that is finished.
#[derive(Serialize, ToSchema)]
struct EnrolledView {
    /// The first session with the new factors.
    session: SessionView,
    /// Ten codes for the day when the authenticator app is lost, each good once. Shown this once.
    recovery_codes: Vec<String>,
}

/// Finish an enrolment with a password and an authenticator app. Whatever the account had before, factors and sessions,
/// is over.
#[utoipa::path(
    tag = "enrolments",
    security(()),
    request_body = FinishEnrolment,
    responses((status = 201, body = EnrolledView), (status = "4XX", body = Problem)),
)]
#[post("/v1/enrolments/finish")]
async fn finish_enrolment(door: Door, input: Input<FinishEnrolment>) -> Result<HttpResponse> {
    let new = input.value;
    // Hashing takes its time, and no connection meanwhile; nobody gets it for nothing.
    within(&door, &new.enrolment, async |tx| {
        let found = queries::find(tx, &new.enrolment).await?;
        let account_id = found.invitation.account_id;
        second_factors::check_password(tx, account_id, "password", &new.password).await?;
        step(tx, &found, &new.code)?;
        tx.record(Entry::new("enrolment.check").on("account", account_id));
        Ok(())
    })
    .await?;
    let phc = door.app.passwords.hash(new.password.clone()).await?;
    let ended = RefCell::new(Vec::new());
    let (opened, codes) = within(&door, &new.enrolment, async |tx| {
        let found = queries::find(tx, &new.enrolment).await?;
        let step = step(tx, &found, &new.code)?;
        ended.replace(queries::complete(tx, &found).await?);
        enrol(tx, &found, &phc, step).await
    })
    .await?;
    for session in ended.take() {
        door.app.hub.end_session(session);
    }
    let (session, cookie) = opened.show(&door.app, new.transport, new.remember)?;
    let mut answer = HttpResponse::Created();
    if let Some(cookie) = cookie {
        answer.cookie(cookie);
    }
    Ok(answer.json(EnrolledView {
        session,
        recovery_codes: codes.show(),
    }))
}

/// The step of the first code, if it is right.
fn step(tx: &Tx<'_>, found: &Enrolment, code: &str) -> Result<i64> {
    found
        .seed
        .step_of(code.trim(), tx.now)
        .ok_or_else(|| Error::invalid("code", "wrong_code", "not the code of this moment"))
}

/// Sets password, seed and recovery codes, and opens the first session.
async fn enrol(
    tx: &Tx<'_>,
    found: &Enrolment,
    phc: &str,
    step: i64,
) -> Result<(Opened, RecoveryCodes)> {
    let account_id = found.invitation.account_id;
    let seal = &tx.app().seal;
    let sealed = second_factors::seal_seed(seal, tx.tenant_id, account_id, &found.seed)?;
    let codes = RecoveryCodes::new()?;
    second_factors::hold_password(tx, account_id, phc).await?;
    second_factors::hold_totp(tx, account_id, &sealed, step).await?;
    second_factors::hold_recovery_codes(tx, account_id, &codes.digests()).await?;
    tx.record(Entry::new("enrolment.finish").on("account", account_id));
    let opening = Opening {
        account_id,
        amr: &["pwd", "otp"],
        authenticated_at: tx.now,
        device: None,
        label: tx.user_agent().to_owned(),
        cache_key: None,
        not_after: None,
        staff_member_id: None,
        temporary_code_id: None,
        action: "session.create",
    };
    Ok((sessions::open(tx, opening).await?, codes))
}
