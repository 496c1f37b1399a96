use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, post, web::Json};
use chrono::TimeDelta;
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    list, lock,
    open::{COOKIE, Opened, Opening, SessionView, Transport, cookie, open},
    post,
    queries::{self, AccountKey},
    step_up,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Door, Tx},
    error::{FieldError, Problem},
    features::{
        devices,
        staff_members::{self, StaffMemberView},
    },
    spine::{
        access::{self, Permit, Verb},
        audit::Entry,
        auth::{
            self, Actor, Person, Role,
            token::{Caller, RefreshToken},
        },
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// How long a spent refresh token still gets its successor, for an answer that was lost on the way (SE-04).
const GRACE: TimeDelta = TimeDelta::seconds(10);

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_session)
        .service(refresh_session)
        .service(delete_session)
        .service(lock::lock_session)
        .service(post::change_post)
        .service(step_up::create_step_up_challenge)
        .service(step_up::step_up_session)
        .service(list::list_own_sessions)
        .service(list::end_own_session)
        .service(list::end_other_sessions)
        .service(find_me);
}

/// What everybody may do with the own session.
pub(super) struct Own;
impl Verb for Own {
    const ACTION: &'static str = "session.own";
}

/// A sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateSession {
    /// `name@network`.
    login: String,
    /// The password.
    password: String,
    /// Keep the cookie when the browser is closed.
    #[serde(default)]
    remember: bool,
    /// Where the refresh token goes.
    #[serde(default)]
    transport: Transport,
}

impl Check for CreateSession {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.login.is_empty() || self.login.len() > 200 {
            errors.push(FieldError::new("login", "required", "name@network"));
        }
        if self.password.is_empty() || self.password.len() > 1024 {
            errors.push(FieldError::new("password", "required", "1 to 1024 bytes"));
        }
    }
}

/// A renewal. Without a token, the cookie is used.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshSession {
    /// The refresh token; left out when it is in the cookie.
    #[serde(default)]
    refresh_token: Option<String>,
}

impl Check for RefreshSession {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Who one is.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeView {
    /// The account.
    account_id: Uuid,
    /// `name@network`.
    login: String,
    /// What the account is for.
    role: Role,
    /// Name.
    name: String,
    /// The network.
    tenant: TenantView,
    /// The post that the account acts for.
    staff_member: Option<StaffMemberView>,
    /// `ja` or `en`.
    language: String,
}

/// A regional network.
#[derive(Debug, Serialize, ToSchema)]
pub struct TenantView {
    /// Identifier.
    id: Uuid,
    /// Short name.
    slug: String,
    /// Name.
    name: String,
}

/// Sign in.
#[utoipa::path(
    tag = "sessions",
    security(()),
    request_body = CreateSession,
    responses((status = 201, body = SessionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions")]
async fn create_session(door: Door, input: Input<CreateSession>) -> Result<HttpResponse> {
    let CreateSession {
        login,
        password,
        remember,
        transport,
    } = input.value;
    let (name, slug) = login.rsplit_once('@').unwrap_or((&login, ""));
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
    let known = account
        .as_ref()
        .and_then(|account| account.password_phc.clone());
    let matches = door.app.passwords.verify(known, password).await?;
    let refused = Error::InvalidCredentials(account.as_ref().map(|account| account.id));
    let (Some(tenant_id), Some(account), true) = (tenant_id, account, matches) else {
        // Recorded where there is a network to record it in.
        return match tenant_id {
            Some(tenant_id) => {
                door.within(tenant_id, Actor::Anonymous, async |_| Err(again(&refused)))
                    .await
            }
            None => Err(refused),
        };
    };
    let label = door.request.user_agent.clone();
    let opened = door
        .within(tenant_id, Actor::Anonymous, async |tx| {
            let opening = Opening {
                account_id: account.id,
                amr: &["pwd"],
                authenticated_at: tx.now,
                device: devices::of_request(tx, tx.request()).await?,
                label: label.clone(),
                cache_key: None,
                not_after: None,
                staff_member_id: None,
                temporary_code_id: None,
                action: "session.create",
            };
            open(tx, opening).await
        })
        .await?;
    opened.answer(&door.app, HttpResponse::Created(), transport, remember)
}

/// Renew a session with its refresh token, which is then spent.
#[utoipa::path(
    tag = "sessions",
    security(()),
    request_body = RefreshSession,
    responses((status = 200, body = SessionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions/refresh")]
async fn refresh_session(door: Door, spent: Spent) -> Result<HttpResponse> {
    let Spent {
        token: spent,
        transport,
    } = spent;
    let next = door.app.tokens.successor(&spent);
    let known = async |tx: &Tx<'_>| queries::exists(tx, spent.session_id).await;
    if !door.look_up(spent.tenant_id, known).await? {
        // There is no network to record it in, or no session to tell of.
        return Err(Error::SessionEnded);
    }
    let renew = async |tx: &Tx<'_>| {
        tx.record(Entry::new("session.refresh").on("session", spent.session_id));
        let session = queries::find_for_update(tx, spent.session_id).await?;
        let session = session.ok_or(Error::SessionEnded)?;
        if session.revoked_at.is_some() {
            return Err(Error::SessionEnded);
        }
        // A session that ran out is not one that was taken away: devices keep what has not been sent yet.
        if session.expires_at <= tx.now {
            return Err(Error::TokenExpired);
        }
        if session.refresh_digest == spent.digest() {
            queries::renew(tx, spent.session_id, &next.digest()).await?;
        } else if session.refresh_digest != next.digest() || tx.now - session.refreshed_at > GRACE {
            // Spent before: one of two holders is not the owner. The session ends for both.
            queries::revoke(tx, spent.session_id).await?;
            tx.record(Entry::new("session.replayed").on("session", spent.session_id));
            list::alert_replay(tx, session.account_id).await?;
            return Ok(None);
        }
        let caller = Caller::Session {
            tenant: tx.tenant_id,
            account: session.account_id,
            session: spent.session_id,
        };
        let Actor::Person(person) = auth::queries::actor(tx, caller).await? else {
            return Err(Error::SessionEnded);
        };
        tx.acts_as(Actor::Person(person.clone()));
        let me = me(tx, &person).await?;
        Ok(Some(Opened {
            person,
            token: next.clone(),
            cache_key: session.cache_key,
            me,
        }))
    };
    let renewed = door
        .within(spent.tenant_id, Actor::Anonymous, renew)
        .await?;
    let Some(opened) = renewed else {
        door.app.hub.end_session(spent.session_id);
        return Err(Error::SessionEnded);
    };
    opened.answer(&door.app, HttpResponse::Ok(), transport, true)
}

/// Sign out: the session ends on the server at once.
#[utoipa::path(
    tag = "sessions",
    responses((status = 204, description = "Signed out"), (status = "4XX", body = Problem)),
)]
#[delete("/v1/sessions/current")]
async fn delete_session(ctx: Ctx) -> Result<HttpResponse> {
    let Caller::Session { session, .. } = ctx.caller() else {
        return Err(Error::Unauthenticated);
    };
    let done: Answer = ctx
        .write(&[], async |tx| {
            let _permit: Permit<Own> = access::on_network(tx)?;
            queries::revoke(tx, session).await?;
            devices::close_own_shift(tx).await?;
            tx.record(Entry::new("session.delete").on("session", session));
            Ok(Reply::done(()))
        })
        .await?;
    ctx.app().hub.end_session(session);
    drop(done);
    let mut cookie = cookie(String::new(), false);
    cookie.make_removal();
    Ok(HttpResponse::NoContent().cookie(cookie).finish())
}

/// Who am I?
#[utoipa::path(tag = "sessions", responses((status = 200, body = MeView), (status = "4XX", body = Problem)))]
#[get("/v1/me")]
async fn find_me(ctx: Ctx) -> Result<Json<MeView>> {
    let view = ctx.read(async |tx| {
        let _permit: Permit<Own> = access::on_network(tx)?;
        let Actor::Person(person) = tx.actor else {
            return Err(Error::NotFound);
        };
        tx.record(Entry::new("me.find"));
        me(tx, person).await
    });
    Ok(Json(view.await?))
}

pub(super) async fn me(tx: &Tx<'_>, person: &Person) -> Result<MeView> {
    let me = queries::find_me(tx, person).await?;
    let staff_member = staff_members::find(tx, person.staff_member_id)
        .await?
        .map(StaffMemberView::from);
    let (slug, name) = me.tenant;
    Ok(MeView {
        account_id: person.account_id,
        login: format!("{}@{slug}", me.login_name),
        role: person.role,
        name: staff_member
            .as_ref()
            .map(|staff| staff.name.clone())
            .unwrap_or_default(),
        tenant: TenantView {
            id: tx.tenant_id,
            slug,
            name,
        },
        staff_member,
        language: me.language,
    })
}

/// Errors do not copy; this one can.
fn again(error: &Error) -> Error {
    match error {
        Error::InvalidCredentials(account) => Error::InvalidCredentials(*account),
        _ => Error::Unauthenticated,
    }
}

/// The refresh token that is to be exchanged, from the body or the cookie.
struct Spent {
    token: RefreshToken,
    transport: Transport,
}

impl FromRequest for Spent {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut actix_web::dev::Payload) -> Self::Future {
        let cookie = request
            .cookie(COOKIE)
            .map(|cookie| cookie.value().to_owned());
        let body = Input::<RefreshSession>::from_request(request, payload);
        Box::pin(async move {
            let given = body.await?.value.refresh_token;
            let transport = if given.is_some() {
                Transport::Body
            } else {
                Transport::Cookie
            };
            let text = given.or(cookie).ok_or(Error::Unauthenticated)?;
            let token = RefreshToken::parse(&text).ok_or(Error::Unauthenticated)?;
            Ok(Self { token, transport })
        })
    }
}
