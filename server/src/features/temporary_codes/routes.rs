use std::cell::RefCell;

use actix_web::{post, web};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy,
    queries::{self, NewCode},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::{accounts, devices},
    spine::{
        audit::Entry,
        ids,
        input::{Check, Input, Nothing},
        reply::{Answer, Reply},
        text,
    },
};

/// Letters of a code: eighty bits.
const LETTERS: usize = 16;
/// Longer than any shift that a code can have begun.
const LONGEST_SHIFT: TimeDelta = TimeDelta::hours(12);

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_temporary_code)
        .service(end_temporary_codes);
}

/// A code to be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateTemporaryCode {
    /// Identifier, chosen by the caller.
    id: Uuid,
    /// Why it is given, up to 200 characters, such as 認証端末の故障.
    reason: String,
    /// For how long it is good, and the session that is opened with it: 5 to 1440 minutes.
    minutes: i64,
}

impl Check for CreateTemporaryCode {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 200, false, errors);
        if !(5..=1440).contains(&self.minutes) {
            errors.push(FieldError::new("minutes", "out_of_range", "5 to 1440"));
        }
    }
}

/// A code that was given.
#[derive(Serialize, ToSchema)]
struct TemporaryCodeView {
    /// The code, such as `T-K7QM-3XWP-…`. Shown this once; it stands in for the second factor, once.
    code: String,
    /// Until when it is good.
    expires_at: DateTime<Utc>,
}

/// What was ended.
#[derive(Serialize, ToSchema)]
struct EndedCodesView {
    /// How many codes could still have been used, or had been.
    ended_codes: usize,
    /// How many sessions had been opened with one.
    ended_sessions: usize,
}

/// Give somebody a temporary code in place of the second factor. Network administrators only; the owner of the account
/// is told by mail, without the code.
#[utoipa::path(
    tag = "temporary_codes",
    request_body = CreateTemporaryCode,
    responses((status = 201, body = TemporaryCodeView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/accounts/{account_id}/temporary-code")]
async fn create_temporary_code(
    ctx: Ctx,
    path: web::Path<Uuid>,
    input: Input<CreateTemporaryCode>,
) -> Result<Answer> {
    let (account_id, new) = (path.into_inner(), &input.value);
    let code = code()?;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        if !queries::account_exists(tx, account_id).await? {
            return Err(Error::NotFound);
        }
        let (issued_by, _) = tx.actor.ids();
        let expires_at = tx.now + TimeDelta::minutes(new.minutes);
        let row = NewCode {
            tenant_id: tx.tenant_id,
            id: new.id,
            account_id,
            digest: ids::digest(ids::as_given_out(&code).as_bytes()).to_vec(),
            reason: &new.reason,
            issued_at: tx.now,
            issued_by,
            expires_at,
        };
        queries::insert(tx, permit, &row).await?;
        tx.record(Entry::new("temporary_code.create").on("account", account_id));
        accounts::notify(
            tx,
            account_id,
            "つむぎ 一時コードの発行のお知らせ",
            "認証アプリやパスキーの代わりに使う一時コードを、管理者が発行しました。\n\
             お心当たりのない場合は、すぐに管理者へ連絡してください。",
        )
        .await?;
        Ok(Reply::created(TemporaryCodeView {
            code: code.clone(),
            expires_at,
        })
        .once())
    })
    .await
}

/// Things are right again (復旧完了): end every temporary code of the network, and the sessions and shifts that were opened
/// with one. Network administrators only.
#[utoipa::path(
    tag = "temporary_codes",
    request_body = Nothing,
    responses((status = 200, body = EndedCodesView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/temporary-codes/end-all")]
async fn end_temporary_codes(ctx: Ctx, input: Input<Nothing>) -> Result<Answer> {
    let ended = RefCell::new(Vec::new());
    let answer = ctx
        .write(&input.digest, async |tx| {
            let permit = policy::may_keep(tx)?;
            for account in queries::list_users(tx, tx.now - LONGEST_SHIFT).await? {
                devices::close_shifts_of(tx, account).await?;
            }
            let ended_codes = queries::revoke_all(tx, permit).await?;
            let sessions = queries::revoke_sessions(tx).await?;
            tx.record(Entry::new("temporary_codes.end").listing(ended_codes));
            let ended_sessions = sessions.len();
            ended.replace(sessions);
            Ok(Reply::ok(EndedCodesView {
                ended_codes,
                ended_sessions,
            }))
        })
        .await?;
    for (session, _) in ended.take() {
        ctx.app().hub.end_session(session);
    }
    Ok(answer)
}

/// A new code, in groups of four.
fn code() -> Result<String> {
    let letters = ids::letters(LETTERS)?;
    let groups: Vec<String> = letters
        .as_bytes()
        .chunks(4)
        .map(|group| String::from_utf8_lossy(group).into_owned())
        .collect();
    Ok(format!("T-{}", groups.join("-")))
}
