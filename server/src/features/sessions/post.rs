//! Acting for another of one's posts.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    me::me,
    open::{Opened, SessionView, Transport},
    queries::{self, AccountKey},
    routes::Own,
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    spine::{
        access::{self, Permit},
        audit::Entry,
        auth::{Actor, Person, token::RefreshToken},
        input::{Check, Input},
    },
};

/// For which post to act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePost {
    /// One of the own posts.
    staff_member_id: Uuid,
    /// Where the refresh token goes.
    #[serde(default)]
    transport: Transport,
}

impl Check for ChangePost {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Act for another of one's posts in this session. The refresh token is replaced.
#[utoipa::path(
    tag = "sessions",
    request_body = ChangePost,
    responses((status = 200, body = SessionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions/current/post")]
pub(super) async fn change_post(ctx: Ctx, input: Input<ChangePost>) -> Result<HttpResponse> {
    let ChangePost {
        staff_member_id,
        transport,
    } = input.value;
    let opened = ctx
        .act(async |tx| {
            let _permit: Permit<Own> = access::on_network(tx)?;
            let Actor::Person(person) = tx.actor else {
                return Err(Error::NotFound);
            };
            let key = AccountKey::Post(person.account_id, staff_member_id);
            let account = queries::find_account(tx, key).await?.ok_or_else(|| {
                Error::invalid("staff_member_id", "not_allowed", "not one of the own posts")
            })?;
            let handed = queries::find_handed(tx, person.session_id).await?;
            let token = RefreshToken::new(tx.tenant_id, person.session_id)?;
            queries::change_post(tx, person.session_id, staff_member_id, &token.digest()).await?;
            let person = Person {
                staff_member_id,
                facility_id: account.facility_id,
                profession: account.profession,
                ..person.clone()
            };
            tx.acts_as(Actor::Person(person.clone()));
            tx.record(Entry::new("session.change_post").on("staff_member", staff_member_id));
            Ok(Opened {
                me: me(tx, &person).await?,
                cache_key: handed.cache_key,
                token,
                person,
            })
        })
        .await?;
    opened.answer(ctx.app(), HttpResponse::Ok(), transport, true)
}
