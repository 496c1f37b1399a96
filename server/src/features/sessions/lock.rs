//! Leaving a shared device for a while.

use actix_web::post;

use super::{queries, routes::Own};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::Problem,
    spine::{
        access::{self, Permit},
        audit::Entry,
        auth::token::Caller,
        input::{Input, Nothing},
        reply::{Answer, Reply},
    },
};

/// End this session and keep the shift on the shared device open: one comes back by PIN.
#[utoipa::path(
    tag = "sessions",
    request_body = Nothing,
    responses((status = 204, description = "Locked"), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions/current/lock")]
pub(super) async fn lock_session(ctx: Ctx, input: Input<Nothing>) -> Result<Answer> {
    let Caller::Session { session, .. } = ctx.caller() else {
        return Err(Error::Unauthenticated);
    };
    let done = ctx
        .write(&input.digest, async |tx| {
            let _permit: Permit<Own> = access::on_network(tx)?;
            queries::revoke(tx, session).await?;
            tx.record(Entry::new("session.lock").on("session", session));
            Ok(Reply::done(()))
        })
        .await?;
    ctx.app().hub.end_session(session);
    Ok(done)
}
