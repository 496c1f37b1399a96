use std::cell::RefCell;

use actix_web::{get, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    list::{self, AccountView},
    notify, policy, queries,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        invitations::{self, NewInvitation, Purpose},
        second_factors::{self, Change},
        sessions::{self, SessionItemView},
    },
    spine::{
        audit::Entry,
        input::{Check, Input, Nothing},
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(suspend_account)
        .service(resume_account)
        .service(reset_account)
        .service(list_account_sessions)
        .service(end_account_sessions);
}

/// Why something is done to an account. The owner is told.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Because {
    /// Up to 200 characters, such as 端末を紛失したため. The owner of the account is told by mail.
    reason: String,
}

impl Check for Because {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 200, false, errors);
    }
}

/// How many sessions were ended.
#[derive(Debug, Serialize, ToSchema)]
struct EndedSessionsView {
    /// How many.
    ended: usize,
}

async fn view(tx: &Tx<'_>, id: Uuid) -> Result<AccountView> {
    list::find(tx, id).await?.ok_or(Error::NotFound)
}

/// Closes what streams these sessions have at this node at once; the other nodes see by themselves.
fn close(ctx: &Ctx, ended: &RefCell<Vec<Uuid>>) {
    for session in ended.take() {
        ctx.app().hub.end_session(session);
    }
}

/// Suspend an account: its sessions end at once, and nobody signs in with it. Network administrators only, not for
/// themselves.
#[utoipa::path(
    tag = "accounts",
    request_body = Because,
    responses((status = 200, body = AccountView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/accounts/{account_id}/suspend")]
async fn suspend_account(ctx: Ctx, path: web::Path<Uuid>, input: Input<Because>) -> Result<Answer> {
    let account_id = path.into_inner();
    let ended = RefCell::new(Vec::new());
    let answer = ctx
        .write(&input.digest, async |tx| {
            let permit = policy::may_keep_other(tx, account_id)?;
            let owner = queries::find_owner(tx, account_id).await?;
            if owner.ok_or(Error::NotFound)?.suspended_at.is_none() {
                queries::suspend(tx, permit, account_id, Some(tx.now)).await?;
                let text = format!(
                    "管理者がアカウントの利用を停止しました。\n理由：{}",
                    input.value.reason
                );
                notify(tx, account_id, "つむぎ アカウント停止のお知らせ", &text).await?;
            }
            ended.replace(sessions::end_all(tx, account_id, None).await?);
            tx.record(Entry::new("account.suspend").on("account", account_id));
            Ok(Reply::ok(view(tx, account_id).await?))
        })
        .await?;
    close(&ctx, &ended);
    Ok(answer)
}

/// Let a suspended account be used again; one signs in anew. Network administrators only, not for themselves.
#[utoipa::path(
    tag = "accounts",
    request_body = Nothing,
    responses((status = 200, body = AccountView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/accounts/{account_id}/resume")]
async fn resume_account(ctx: Ctx, path: web::Path<Uuid>, input: Input<Nothing>) -> Result<Answer> {
    let account_id = path.into_inner();
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep_other(tx, account_id)?;
        let owner = queries::find_owner(tx, account_id).await?;
        if owner.ok_or(Error::NotFound)?.suspended_at.is_some() {
            queries::suspend(tx, permit, account_id, None).await?;
            let text = "管理者がアカウントの利用停止を解除しました。";
            notify(tx, account_id, "つむぎ アカウント再開のお知らせ", text).await?;
        }
        tx.record(Entry::new("account.resume").on("account", account_id));
        Ok(Reply::ok(view(tx, account_id).await?))
    })
    .await
}

/// Let somebody begin anew who has lost the factors: all of them are good no more, all sessions end, and an invitation is
/// mailed. Its code is to be handed over after making sure who it is, as at the first time. Network administrators
/// only, not for themselves.
#[utoipa::path(
    tag = "accounts",
    request_body = Because,
    responses((status = 201, body = NewInvitation), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/accounts/{account_id}/reset")]
async fn reset_account(ctx: Ctx, path: web::Path<Uuid>, input: Input<Because>) -> Result<Answer> {
    let account_id = path.into_inner();
    let ended = RefCell::new(Vec::new());
    let answer = ctx
        .write(&input.digest, async |tx| {
            let _permit = policy::may_keep_other(tx, account_id)?;
            let owner = queries::find_owner(tx, account_id).await?;
            let owner = owner.ok_or(Error::NotFound)?;
            let email = owner.email.ok_or(Error::Conflict(
                "email_missing",
                "the account has no address to mail an invitation to",
            ))?;
            second_factors::drop_all(tx, account_id).await?;
            ended.replace(sessions::end_all(tx, account_id, None).await?);
            second_factors::notify(tx, account_id, Change::Reset).await?;
            let reason = format!("認証方法のリセットの理由：{}", input.value.reason);
            notify(tx, account_id, "つむぎ 認証方法のリセットについて", &reason).await?;
            let invitation =
                invitations::invite(tx, account_id, &owner.name, &email, Purpose::Recovery).await?;
            tx.record(Entry::new("account.reset").on("account", account_id));
            Ok(Reply::created(invitation).once())
        })
        .await?;
    close(&ctx, &ended);
    Ok(answer)
}

/// List the sessions of an account that last, newest first. Network administrators only.
#[utoipa::path(
    tag = "accounts",
    responses((status = 200, body = Page<SessionItemView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/accounts/{account_id}/sessions")]
async fn list_account_sessions(
    ctx: Ctx,
    path: web::Path<Uuid>,
) -> Result<web::Json<Page<SessionItemView>>> {
    let account_id = path.into_inner();
    let items = ctx
        .read(async |tx| {
            let _permit = policy::may_read(tx)?;
            let owner = queries::find_owner(tx, account_id).await?;
            owner.ok_or(Error::NotFound)?;
            let items = sessions::list_of(tx, account_id).await?;
            let entry = Entry::new("account.list_sessions").on("account", account_id);
            tx.record(entry.listing(items.len()));
            Ok(items)
        })
        .await?;
    Ok(web::Json(Page { items, next: None }))
}

/// End all sessions of an account, and its shifts on shared devices, at once. Network administrators only.
#[utoipa::path(
    tag = "accounts",
    request_body = Nothing,
    responses((status = 200, body = EndedSessionsView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/accounts/{account_id}/end-sessions")]
async fn end_account_sessions(
    ctx: Ctx,
    path: web::Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let account_id = path.into_inner();
    let ended = RefCell::new(Vec::new());
    let answer = ctx
        .write(&input.digest, async |tx| {
            let _permit = policy::may_keep(tx)?;
            let owner = queries::find_owner(tx, account_id).await?;
            owner.ok_or(Error::NotFound)?;
            let sessions = sessions::end_all(tx, account_id, None).await?;
            tx.record(Entry::new("account.end_sessions").on("account", account_id));
            let count = sessions.len();
            ended.replace(sessions);
            Ok(Reply::ok(EndedSessionsView { ended: count }))
        })
        .await?;
    close(&ctx, &ended);
    Ok(answer)
}
