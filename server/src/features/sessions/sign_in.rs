use actix_web::{HttpRequest, HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    known::Known,
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
        auth::{
            Actor,
            guard::{self, Subject},
            password::Verdict,
        },
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
    /// The network; nil when there is none of this name.
    tenant_id: Uuid,
    account: Option<Account>,
    /// What the attempt is counted for.
    subject: Subject,
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
    request: HttpRequest,
    input: Input<CreateSession>,
) -> Result<HttpResponse> {
    let new = input.value;
    let known = Known::of(&request, &door.app.seal);
    let _place = door.app.gate.enter().await?;
    let found = find(&door, &new.login, &known).await?;
    let phc = found
        .account
        .as_ref()
        .and_then(|account| account.password_phc.clone());
    let verified = door.app.passwords.verify(phc.clone(), new.password);
    let verdict = match verified.await {
        Ok(verdict) => verdict,
        Err(error) => {
            // Nothing was evaluated: nobody is to wait for that.
            give_back(&door, &found).await?;
            return Err(error);
        }
    };
    let account_id = match &found.account {
        Some(account) if verdict.is_right() => account.id,
        _ => return Err(refuse(&door, &found).await),
    };
    let label = new
        .device_name
        .unwrap_or_else(|| door.request.user_agent.clone());
    let shown = door
        .within(found.tenant_id, Actor::Anonymous, async |tx| {
            if let (Verdict::RightButOld(better), Some(old)) = (&verdict, &phc) {
                queries::rehash(tx, account_id, old, better).await?;
            }
            let shown = show(tx, account_id, new.code.as_deref(), &label).await?;
            match &shown {
                Shown::Opened(_) => guard::clear(tx, &found.subject).await?,
                Shown::NothingYet => guard::give_back(tx, &found.subject).await?,
                Shown::Used => {}
            }
            Ok(shown)
        })
        .await;
    match shown {
        Ok(Shown::Opened(opened)) => {
            let builder = HttpResponse::Created();
            let mut answer = opened.answer(&door.app, builder, new.transport, new.remember)?;
            known.remember(account_id, &door.app.seal, new.transport, &mut answer)?;
            Ok(answer)
        }
        Ok(Shown::NothingYet) => Err(Error::MfaRequired),
        Ok(Shown::Used) => Err(Error::CodeUsed),
        Err(error @ Error::InvalidCredentials(_)) => {
            blame_source(&door).await?;
            Err(error)
        }
        Err(error) => Err(error),
    }
}

/// Looks up what the sign-in name leads to, and counts the attempt before anything is evaluated. Names that lead
/// nowhere are counted like others.
async fn find(door: &Door, login: &str, known: &Known) -> Result<Found> {
    let (name, slug) = login.rsplit_once('@').unwrap_or((login, ""));
    let (name, slug) = (name.to_ascii_lowercase(), slug.to_ascii_lowercase());
    let source = Subject::source(door.request.ip.as_deref());
    let (tenant_id, blocked) = door
        .look_up(Uuid::nil(), async |tx| {
            let tenant_id = queries::find_tenant(tx, &slug).await?;
            Ok((tenant_id, guard::blocked(tx, &source).await?))
        })
        .await?;
    if let Some(seconds) = blocked {
        return Err(Error::TooManyAttempts(seconds));
    }
    let tenant_id = tenant_id.unwrap_or(Uuid::nil());
    let login = format!("{name}@{slug}");
    let (found, blocked) = door
        .within(tenant_id, Actor::Worker, async |tx| {
            let account = queries::find_account(tx, AccountKey::LoginName(&name)).await?;
            let device = account
                .as_ref()
                .and_then(|account| known.device_of(account.id));
            let subject = match device {
                Some(device_id) => Subject::device(&login, device_id),
                None => Subject::account(&login),
            };
            let blocked = guard::reserve(tx, &subject).await?;
            let found = Found {
                tenant_id,
                account,
                subject,
            };
            Ok((found, blocked))
        })
        .await?;
    match blocked {
        Some(seconds) => Err(Error::TooManyAttempts(seconds)),
        None => Ok(found),
    }
}

async fn give_back(door: &Door, found: &Found) -> Result<()> {
    door.within(found.tenant_id, Actor::Worker, async |tx| {
        guard::give_back(tx, &found.subject).await
    })
    .await
}

async fn blame_source(door: &Door) -> Result<()> {
    let source = Subject::source(door.request.ip.as_deref());
    door.within(Uuid::nil(), Actor::Worker, async |tx| {
        guard::fail(tx, &source).await
    })
    .await
}

/// The one refusal, recorded where there is a network to record it in.
async fn refuse(door: &Door, found: &Found) -> Error {
    let account_id = found.account.as_ref().map(|account| account.id);
    if let Err(error) = blame_source(door).await {
        return error;
    }
    if found.tenant_id.is_nil() {
        return Error::InvalidCredentials(None);
    }
    let refused = door.within(found.tenant_id, Actor::Anonymous, async |_| {
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
