use actix_web::{delete, post};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    ceremony::{self, PasskeyView},
    policy, queries,
    sign_in::{self, ChallengeView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::second_factors::{Change, notify},
    spine::{
        audit::Entry,
        input::{Check, Input, Nothing},
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(sign_in::create_passkey_challenge)
        .service(sign_in::create_session_with_passkey)
        .service(start_passkey)
        .service(create_passkey)
        .service(delete_passkey);
}

/// A passkey to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreatePasskey {
    /// The challenge that was answered.
    challenge_id: Uuid,
    /// What `navigator.credentials.create` gave (`PublicKeyCredential`, with bytes in base64url).
    #[schema(value_type = Object)]
    credential: serde_json::Value,
    /// A name by which the owner knows it again, up to 100 characters.
    name: String,
}

impl Check for CreatePasskey {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
    }
}

/// Begin to register a passkey of one's own.
#[utoipa::path(
    tag = "passkeys",
    request_body = Nothing,
    responses((status = 201, body = ChallengeView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/me/passkeys/challenge")]
async fn start_passkey(ctx: Ctx, input: Input<Nothing>) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (person, _permit) = policy::may_keep_own(tx)?;
        let (challenge_id, options) = ceremony::registration_options(tx, person.account_id).await?;
        tx.record(Entry::new("passkey.start").on("account", person.account_id));
        Ok(Reply::created(ChallengeView {
            challenge_id,
            options,
        })
        .once())
    })
    .await
}

/// Register a passkey of one's own. The owner is told by mail.
#[utoipa::path(
    tag = "passkeys",
    request_body = CreatePasskey,
    responses((status = 201, body = PasskeyView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/me/passkeys")]
async fn create_passkey(ctx: Ctx, input: Input<CreatePasskey>) -> Result<Answer> {
    let CreatePasskey {
        challenge_id,
        credential,
        name,
    } = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (person, _permit) = policy::may_keep_own(tx)?;
        let passkey =
            ceremony::register(tx, person.account_id, *challenge_id, credential, name).await?;
        tx.record(Entry::new("passkey.create").on("passkey", passkey.id));
        notify(tx, person.account_id, Change::PasskeyAdded).await?;
        Ok(Reply::created(passkey))
    })
    .await
}

/// Take a passkey of one's own out of use. The owner is told by mail.
#[utoipa::path(
    tag = "passkeys",
    responses((status = 204, description = "Gone"), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[delete("/v1/me/passkeys/{passkey_id}")]
async fn delete_passkey(ctx: Ctx, path: actix_web::web::Path<Uuid>) -> Result<Answer> {
    let passkey_id = path.into_inner();
    ctx.write(&[], async |tx| {
        let (person, permit) = policy::may_keep_own(tx)?;
        let other_way = queries::has_password_and_codes(tx, person.account_id).await?;
        if !queries::revoke(tx, permit, person.account_id, passkey_id).await? {
            return Err(Error::NotFound);
        }
        if !other_way && ceremony::list_of(tx, person.account_id).await?.is_empty() {
            return Err(Error::Conflict(
                "last_factor",
                "nothing else would be left to sign in with",
            ));
        }
        tx.record(Entry::new("passkey.delete").on("passkey", passkey_id));
        notify(tx, person.account_id, Change::PasskeyRemoved).await?;
        Ok(Reply::done(()))
    })
    .await
}
