//! The list of sessions, and ending them (SE-08).

use actix_web::{delete, get, post, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    me::DeviceRef,
    queries::{self, Listed},
    routes::Own,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::{accounts, devices},
    spine::{
        access::{self, Permit},
        audit::Entry,
        auth::{Actor, Person},
        input::{Input, Nothing},
        page::Page,
        reply::{Answer, Reply},
    },
};

/// A session that lasts.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionItemView {
    /// Identifier.
    id: Uuid,
    /// Name of the device or program.
    label: String,
    /// Where the sign-in came from.
    source_ip: Option<String>,
    /// The registered device, when it is one.
    device: Option<DeviceRef>,
    /// Factors that were shown (RFC 8176).
    amr: Vec<String>,
    /// When it began.
    created_at: DateTime<Utc>,
    /// When somebody last did something in it, to the minute.
    last_seen_at: DateTime<Utc>,
    /// When it ends in any case.
    expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    current: bool,
}

/// How many sessions were ended.
#[derive(Debug, Serialize, ToSchema)]
struct EndedView {
    /// How many.
    ended: usize,
}

/// The sessions of an account that last, newest first.
pub async fn list_of(tx: &Tx<'_>, account_id: Uuid) -> Result<Vec<SessionItemView>> {
    let current = match tx.actor {
        Actor::Person(person) => Some(person.session_id),
        _ => None,
    };
    let lasts =
        |row: &Listed| tx.now - row.last_seen_at < TimeDelta::minutes(row.idle_minutes.into());
    let rows = queries::list(tx, account_id).await?;
    Ok(rows
        .into_iter()
        .filter(lasts)
        .map(|row| view(row, current))
        .collect())
}

fn view(row: Listed, current: Option<Uuid>) -> SessionItemView {
    let device = match row.device {
        (Some(id), Some(name), Some(kind)) => Some(DeviceRef { id, name, kind }),
        _ => None,
    };
    SessionItemView {
        id: row.id,
        label: row.label,
        source_ip: row.source_ip,
        device,
        amr: row.amr,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        current: Some(row.id) == current,
    }
}

/// Ends every session of an account but one, and its shifts on shared devices; answers with the sessions that were open.
/// Their streams close within two seconds, at every node.
pub async fn end_all(tx: &Tx<'_>, account_id: Uuid, spared: Option<Uuid>) -> Result<Vec<Uuid>> {
    devices::close_shifts_of(tx, account_id).await?;
    queries::revoke_all(tx, account_id, spared).await
}

/// Tells the owner that a spent refresh token came again: somebody else may have it (SE-04).
pub async fn alert_replay(tx: &Tx<'_>, account_id: Uuid) -> Result<()> {
    accounts::notify(
        tx,
        account_id,
        "つむぎ サインインについての警告",
        "使用済みの認証情報がもう一度使われたため、そのサインインを終了しました。\n\
         端末や通信が第三者に利用された可能性があります。\n\
         お心当たりのない場合は、パスワードを変更し、管理者へ連絡してください。",
    )
    .await
}

fn own(tx: &Tx<'_>) -> Result<Person> {
    let _permit: Permit<Own> = access::on_network(tx)?;
    match tx.actor {
        Actor::Person(person) => Ok(person.clone()),
        _ => Err(Error::NotFound),
    }
}

/// List one's own sessions, newest first.
#[utoipa::path(
    tag = "sessions",
    responses((status = 200, body = Page<SessionItemView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/me/sessions")]
pub(super) async fn list_own_sessions(ctx: Ctx) -> Result<web::Json<Page<SessionItemView>>> {
    let items = ctx
        .read(async |tx| {
            let items = list_of(tx, own(tx)?.account_id).await?;
            tx.record(Entry::new("sessions.list").listing(items.len()));
            Ok(items)
        })
        .await?;
    Ok(web::Json(Page { items, next: None }))
}

/// End one of one's own sessions at once.
#[utoipa::path(
    tag = "sessions",
    responses((status = 204, description = "Ended"), (status = "4XX", body = Problem)),
)]
#[delete("/v1/me/sessions/{session_id}")]
pub(super) async fn end_own_session(ctx: Ctx, path: web::Path<Uuid>) -> Result<Answer> {
    let session_id = path.into_inner();
    let done = ctx
        .write(&[], async |tx| {
            if !queries::revoke_of(tx, own(tx)?.account_id, session_id).await? {
                return Err(Error::NotFound);
            }
            tx.record(Entry::new("session.end").on("session", session_id));
            Ok(Reply::done(()))
        })
        .await?;
    ctx.app().hub.end_session(session_id);
    Ok(done)
}

/// End all of one's own sessions but this one, and one's shifts on shared devices.
#[utoipa::path(
    tag = "sessions",
    request_body = Nothing,
    responses((status = 200, body = EndedView), (status = "4XX", body = Problem)),
)]
#[post("/v1/me/sessions/end-others")]
pub(super) async fn end_other_sessions(ctx: Ctx, input: Input<Nothing>) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let person = own(tx)?;
        let ended = end_all(tx, person.account_id, Some(person.session_id)).await?;
        let ended = ended.len();
        tx.record(Entry::new("session.end_others").listing(ended));
        Ok(Reply::ok(EndedView { ended }))
    })
    .await
}
