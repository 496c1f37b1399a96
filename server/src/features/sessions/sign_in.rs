use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    open::{Opened, Opening, SessionView, Transport, open},
    queries::{self, Account, AccountKey},
};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    error::{FieldError, Problem},
    features::{
        devices,
        second_factors::{self, Spending},
    },
    spine::{
        audit::Entry,
        auth::{Actor, password::Verdict},
        input::{Check, Input},
    },
};

/// A sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateSession {
    /// `name@network`.
    login: String,
    /// The password.
    password: String,
    /// The second factor: six digits of an authenticator app, a recovery code, or a temporary code (`T-…`). Without one
    /// the answer to a right password is `mfa_required`.
    #[serde(default)]
    code: Option<String>,
    /// Keep the cookie when the browser is closed.
    #[serde(default)]
    remember: bool,
    /// Where the refresh token goes.
    #[serde(default)]
    transport: Transport,
    /// Name of the device or program for the list of one's sessions; `User-Agent` when left out.
    #[serde(default)]
    device_name: Option<String>,
}

impl Check for CreateSession {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.login.is_empty() || self.login.len() > 200 {
            errors.push(FieldError::new("login", "required", "name@network"));
        }
        if self.password.is_empty() || self.password.len() > 1024 {
            errors.push(FieldError::new("password", "required", "1 to 1024 bytes"));
        }
        if self.code.as_ref().is_some_and(|code| code.len() > 200) {
            errors.push(FieldError::new("code", "too_long", "at most 200 bytes"));
        }
        let name = self.device_name.as_deref();
        crate::spine::text::check_optional("device_name", name, 100, errors);
    }
}

/// What a sign-in name leads to. Every part may be missing, and nobody hears which.
struct Found {
    tenant_id: Option<Uuid>,
    account: Option<Account>,
}

/// How showing the second factor ended, when it did not end in a refusal that takes everything back.
enum Shown {
    Opened(Box<Opened>),
    NothingYet,
    Used,
}

/// Sign in with a password and a second factor.
#[utoipa::path(
    tag = "sessions",
    security(()),
    request_body = CreateSession,
    responses((status = 201, body = SessionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions")]
pub(super) async fn create_session(
    door: Door,
    input: Input<CreateSession>,
) -> Result<HttpResponse> {
    let new = input.value;
    let found = find(&door, &new.login).await?;
    let known = found
        .account
        .as_ref()
        .and_then(|account| account.password_phc.clone());
    let verdict = door
        .app
        .passwords
        .verify(known.clone(), new.password)
        .await?;
    let (Some(tenant_id), Some(account), true) =
        (found.tenant_id, &found.account, verdict.is_right())
    else {
        return Err(refuse(&door, found).await);
    };
    let label = new
        .device_name
        .unwrap_or_else(|| door.request.user_agent.clone());
    let shown = door
        .within(tenant_id, Actor::Anonymous, async |tx| {
            if let (Verdict::RightButOld(phc), Some(old)) = (&verdict, &known) {
                queries::rehash(tx, account.id, old, phc).await?;
            }
            show(tx, account.id, new.code.as_deref(), &label).await
        })
        .await?;
    match shown {
        Shown::Opened(opened) => opened.answer(
            &door.app,
            HttpResponse::Created(),
            new.transport,
            new.remember,
        ),
        Shown::NothingYet => Err(Error::MfaRequired),
        Shown::Used => Err(Error::CodeUsed),
    }
}

async fn find(door: &Door, login: &str) -> Result<Found> {
    let (name, slug) = login.rsplit_once('@').unwrap_or((login, ""));
    let (name, slug) = (name.to_ascii_lowercase(), slug.to_ascii_lowercase());
    let tenant_id = door
        .look_up(Uuid::nil(), async |tx| {
            queries::find_tenant(tx, &slug).await
        })
        .await?;
    let account = match tenant_id {
        None => None,
        Some(tenant_id) => {
            door.look_up(tenant_id, async |tx| {
                queries::find_account(tx, AccountKey::LoginName(&name)).await
            })
            .await?
        }
    };
    Ok(Found { tenant_id, account })
}

/// The one refusal, recorded where there is a network to record it in.
async fn refuse(door: &Door, found: Found) -> Error {
    let account_id = found.account.map(|account| account.id);
    let Some(tenant_id) = found.tenant_id else {
        return Error::InvalidCredentials(None);
    };
    let refused = door.within(tenant_id, Actor::Anonymous, async |_| {
        Err::<(), _>(Error::InvalidCredentials(account_id))
    });
    match refused.await {
        Ok(()) => Error::InvalidCredentials(account_id),
        Err(error) => error,
    }
}

/// Looks at the second factor of whoever has shown the password, and opens the session in the transaction that spends
/// the code.
async fn show(tx: &Tx<'_>, account_id: Uuid, code: Option<&str>, label: &str) -> Result<Shown> {
    if !second_factors::has_second_factor(tx, account_id).await? {
        // One factor opens nothing (AN-01), and says nothing.
        return Err(Error::InvalidCredentials(Some(account_id)));
    }
    let Some(code) = code else {
        tx.record(Entry::new("session.ask_second_factor").on("account", account_id));
        return Ok(Shown::NothingYet);
    };
    let temporary_code_id = match second_factors::spend(tx, account_id, code).await? {
        Spending::Good(temporary_code_id) => temporary_code_id,
        Spending::Used => {
            tx.record(Entry::new("session.code_replayed").on("account", account_id));
            return Ok(Shown::Used);
        }
        Spending::Wrong => return Err(Error::InvalidCredentials(Some(account_id))),
    };
    let opening = Opening {
        account_id,
        amr: &["pwd", "otp"],
        authenticated_at: tx.now,
        device: devices::of_request(tx, tx.request()).await?,
        label: label.to_owned(),
        cache_key: None,
        not_after: None,
        staff_member_id: None,
        temporary_code_id,
        action: "session.create",
    };
    Ok(Shown::Opened(Box::new(open(tx, opening).await?)))
}
