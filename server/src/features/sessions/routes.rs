use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, post};
use chrono::TimeDelta;
use futures_util::future::LocalBoxFuture;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    list, lock,
    me::{find_me, me},
    open::{COOKIE, Opened, SessionView, Transport, cookie},
    post, queries,
    sign_in::create_session,
    step_up,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Door, Tx},
    error::{FieldError, Problem},
    features::devices,
    spine::{
        access::{self, Permit, Verb},
        audit::Entry,
        auth::{
            self, Actor,
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
            via: None,
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
