//! Signing in with a passkey: no name is typed, the authenticator says whose it is.

use actix_web::{HttpResponse, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::ceremony::{self, Assertion};
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    error::{FieldError, Problem},
    features::{
        devices,
        sessions::{self, Opening, SessionView, Transport},
    },
    spine::{
        audit::Entry,
        auth::{Actor, queries::tenant_by_slug},
        input::{Check, Input},
        text,
    },
};

/// For which network somebody wants to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreatePasskeyChallenge {
    /// Short name of the network: what follows the @ of a sign-in name.
    network: String,
}

impl Check for CreatePasskeyChallenge {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_network(&self.network, errors);
    }
}

fn check_network(network: &str, errors: &mut Vec<FieldError>) {
    if network.is_empty() || network.len() > 100 {
        errors.push(FieldError::new("network", "required", "the network's name"));
    }
}

/// What a browser is asked.
#[derive(Serialize, ToSchema)]
pub(super) struct ChallengeView {
    /// To be sent with the answer. Good once, for five minutes.
    pub(super) challenge_id: Uuid,
    /// What goes to `navigator.credentials`, with bytes in base64url: `{"publicKey": {…}}`.
    #[schema(value_type = Object)]
    pub(super) options: serde_json::Value,
}

/// A sign-in with a passkey.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateSessionWithPasskey {
    /// Short name of the network.
    network: String,
    /// The challenge that was answered.
    challenge_id: Uuid,
    /// What `navigator.credentials.get` gave (`PublicKeyCredential`, with bytes in base64url).
    #[schema(value_type = Object)]
    credential: serde_json::Value,
    /// Keep the cookie when the browser is closed.
    #[serde(default)]
    remember: bool,
    /// Where the refresh token goes.
    #[serde(default)]
    transport: Transport,
    /// Name of the device or program, for the list of one's sessions.
    device_name: Option<String>,
}

impl Check for CreateSessionWithPasskey {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_network(&self.network, errors);
        text::check_optional("device_name", self.device_name.as_deref(), 100, errors);
    }
}

async fn tenant(door: &Door, network: &str) -> Result<Option<Uuid>> {
    let slug = network.to_ascii_lowercase();
    door.look_up(Uuid::nil(), async |tx| tenant_by_slug(tx, &slug).await)
        .await
}

/// Begin to sign in with a passkey. A network that does not exist gets a challenge that nothing answers.
#[utoipa::path(
    tag = "passkeys",
    security(()),
    request_body = CreatePasskeyChallenge,
    responses((status = 201, body = ChallengeView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions/passkey-challenge")]
pub(super) async fn create_passkey_challenge(
    door: Door,
    input: Input<CreatePasskeyChallenge>,
) -> Result<HttpResponse> {
    let (challenge_id, options) = match tenant(&door, &input.value.network).await? {
        Some(tenant_id) => {
            let begin = async |tx: &Tx<'_>| {
                tx.record(Entry::new("passkey_challenge.create"));
                ceremony::sign_in_challenge(tx).await
            };
            door.within(tenant_id, Actor::Anonymous, begin).await?
        }
        None => ceremony::empty_challenge(&door.app)?,
    };
    Ok(HttpResponse::Created().json(ChallengeView {
        challenge_id,
        options,
    }))
}

/// Sign in with a passkey.
#[utoipa::path(
    tag = "passkeys",
    security(()),
    request_body = CreateSessionWithPasskey,
    responses((status = 201, body = SessionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/sessions/passkey")]
pub(super) async fn create_session_with_passkey(
    door: Door,
    input: Input<CreateSessionWithPasskey>,
) -> Result<HttpResponse> {
    let given = input.value;
    let Some(tenant_id) = tenant(&door, &given.network).await? else {
        return Err(Error::InvalidCredentials(None));
    };
    let assertion =
        Assertion::of_sign_in(&door, tenant_id, given.challenge_id, &given.credential).await?;
    let label = given
        .device_name
        .unwrap_or_else(|| door.request.user_agent.clone());
    let opened = door
        .within(tenant_id, Actor::Anonymous, async |tx| {
            let account_id = assertion
                .account_id(tx)
                .ok_or(Error::InvalidCredentials(None))?;
            let opening = Opening {
                account_id,
                amr: assertion.verify(tx, account_id).await?,
                authenticated_at: tx.now,
                device: devices::of_request(tx, tx.request()).await?,
                label: label.clone(),
                cache_key: None,
                not_after: None,
                staff_member_id: None,
                temporary_code_id: None,
                action: "session.create",
            };
            sessions::open(tx, opening).await
        })
        .await;
    if opened.is_err() {
        assertion.tell_of_copy(&door, tenant_id).await?;
    }
    opened?.answer(
        &door.app,
        HttpResponse::Created(),
        given.transport,
        given.remember,
    )
}
