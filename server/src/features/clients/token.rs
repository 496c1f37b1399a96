//! Access tokens for programs: as the facility's system itself, or for a person with the person's rights.

use actix_web::{HttpRequest, HttpResponse, http::header, post, web};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::{
    Error, Result,
    ctx::Door,
    spine::{
        audit::{Denial, Entry},
        auth::{
            self, Actor, System,
            proof::Proof,
            token::{ACCESS_LIFETIME, Caller},
        },
        http::RefusedAs,
        ids,
    },
};

const CREDENTIALS: &str = "client_credentials";
const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A request for a token (RFC 6749 §4.4.2, RFC 8693 §2.1). The client identifies itself with HTTP Basic or in the form.
/// With a proof in the header `DPoP` (RFC 9449) the token is bound to the key of the proof.
#[derive(Deserialize, ToSchema)]
struct TokenRequest {
    /// `client_credentials`, or `urn:ietf:params:oauth:grant-type:token-exchange` to act for a person.
    grant_type: String,
    /// The client, when not in the header.
    client_id: Option<String>,
    /// Its secret, when not in the header.
    client_secret: Option<String>,
    /// To act for a person: the access token of the person's session.
    subject_token: Option<String>,
    /// To act for a person: `urn:ietf:params:oauth:token-type:access_token`.
    subject_token_type: Option<String>,
    /// Ignored: a client always gets everything that it may do.
    #[serde(rename = "scope")]
    _scope: Option<String>,
}

/// A token (RFC 6749 §5.1).
#[derive(Debug, Serialize, ToSchema)]
struct TokenView {
    /// For `Authorization`, after its type.
    access_token: String,
    /// `Bearer`, or `DPoP` for one that is bound to a key.
    token_type: &'static str,
    /// Seconds for which it is good.
    expires_in: i64,
    /// What it is good for: sending documents, or what the person may do.
    scope: &'static str,
    /// What it is, where one was exchanged (RFC 8693 §2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
}

/// Why there is no token (RFC 6749 §5.2).
#[derive(Debug, Serialize, ToSchema)]
struct TokenRefusal {
    /// `invalid_request`, `invalid_client`, `unauthorized_client`, `unsupported_grant_type` or `invalid_dpop_proof`.
    error: &'static str,
    /// In English.
    error_description: &'static str,
}

/// Why there is no token: code and words.
type Refused = (&'static str, &'static str);

const UNKNOWN_CLIENT: Refused = (
    "invalid_client",
    "the client is not known or the secret is wrong",
);
const BAD_PROOF: Refused = (
    "invalid_dpop_proof",
    "a proof of possession for this request is needed",
);
const BAD_SUBJECT: Refused = (
    "invalid_request",
    "subject_token must be the access token of a running session of somebody of the client's facility",
);

/// Get an access token for a facility's system (OAuth 2 client credentials), or for acting for a person of the facility
/// (token exchange).
#[utoipa::path(
    tag = "clients",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenView), (status = "4XX", body = TokenRefusal)),
)]
#[post("/oauth/token")]
pub(super) async fn create_token(
    mut door: Door,
    request: HttpRequest,
    form: actix_web::Result<web::Form<TokenRequest>>,
) -> Result<HttpResponse> {
    let Ok(web::Form(form)) = form else {
        return Ok(refuse((
            "invalid_request",
            "a form with grant_type is expected",
        )));
    };
    let given = basic(&request).or_else(|| form.client_id.clone().zip(form.client_secret.clone()));
    let Ok(proof) = Proof::of(&request, None, door.app.clock.now()) else {
        return Ok(refuse(BAD_PROOF));
    };
    door.request.proof = proof;
    let issued = match (form.grant_type.as_str(), given) {
        (CREDENTIALS | EXCHANGE, None) => Err(UNKNOWN_CLIENT),
        (CREDENTIALS, Some(given)) => as_system(&door, &given).await?,
        (EXCHANGE, Some(given)) => for_person(&door, &given, &form).await?,
        _ => Err((
            "unsupported_grant_type",
            "client_credentials or token exchange",
        )),
    };
    Ok(match issued {
        Ok(token) => HttpResponse::Ok().json(token),
        Err(refused) => refuse(refused),
    })
}

/// A token for the system itself.
async fn as_system(door: &Door, given: &(String, String)) -> Result<Result<TokenView, Refused>> {
    let (system, _) = match authenticate(door, given).await? {
        Ok(known) => known,
        Err(refused) => return Ok(Err(refused)),
    };
    let caller = Caller::Client {
        tenant: system.tenant_id,
        client: system.client_id,
    };
    let client_id = system.client_id;
    let recorded = door.within(system.tenant_id, Actor::System(system), async |tx| {
        if let Some(proof) = &tx.request().proof {
            auth::queries::spend_proof(tx, proof).await?;
        }
        tx.record(Entry::new("token.create").on("client", client_id));
        Ok(())
    });
    match recorded.await {
        Err(Error::InvalidProof) => Ok(Err(BAD_PROOF)),
        Err(other) => Err(other),
        Ok(()) => Ok(Ok(issue(door, caller, "system/Bundle.c", None)?)),
    }
}

/// A token with the rights of the person whose token is shown, and with no others.
async fn for_person(
    door: &Door,
    given: &(String, String),
    form: &TokenRequest,
) -> Result<Result<TokenView, Refused>> {
    let (system, acts_for_people) = match authenticate(door, given).await? {
        Ok(known) => known,
        Err(refused) => return Ok(Err(refused)),
    };
    if !acts_for_people {
        return Ok(Err((
            "unauthorized_client",
            "the client may not act for people",
        )));
    }
    let subject = form.subject_token.as_deref().unwrap_or_default();
    let subject = door.app.tokens.read(subject, door.app.clock.now());
    let caller = match subject.map(|subject| subject.caller) {
        Ok(Caller::Session {
            tenant,
            account,
            session,
            via: None,
        }) if tenant == system.tenant_id
            && form.subject_token_type.as_deref() == Some(ACCESS_TOKEN) =>
        {
            Caller::Session {
                tenant,
                account,
                session,
                via: Some(system.client_id),
            }
        }
        _ => return Ok(Err(BAD_SUBJECT)),
    };
    let client_id = system.client_id;
    let recorded = door.within(system.tenant_id, Actor::System(system), async |tx| {
        // Looks at the rows of session and client, and spends the proof.
        let Actor::Person(person) = auth::queries::actor(tx, caller).await? else {
            return Err(Error::SessionEnded);
        };
        tx.acts_as(Actor::Person(person));
        tx.record(Entry::new("token.exchange").on("client", client_id));
        Ok(())
    });
    match recorded.await {
        Err(Error::InvalidProof) => Ok(Err(BAD_PROOF)),
        Err(
            Error::SessionEnded
            | Error::TokenExpired
            | Error::DeviceRequired
            | Error::PasswordChangeRequired,
        ) => Ok(Err(BAD_SUBJECT)),
        Err(other) => Err(other),
        Ok(()) => Ok(Ok(issue(door, caller, "person", Some(ACCESS_TOKEN))?)),
    }
}

fn issue(
    door: &Door,
    caller: Caller,
    scope: &'static str,
    issued_token_type: Option<&'static str>,
) -> Result<TokenView> {
    let key = door.request.proof.as_ref().map(|proof| proof.key.as_str());
    Ok(TokenView {
        access_token: door
            .app
            .tokens
            .issue_bound(caller, key, door.app.clock.now())?,
        token_type: if key.is_some() { "DPoP" } else { "Bearer" },
        expires_in: ACCESS_LIFETIME.num_seconds(),
        scope,
        issued_token_type,
    })
}

/// The client and whether it may act for people, if name and secret are right and it shows a proof where it has to. A
/// wrong secret of a client that exists is recorded.
async fn authenticate(
    door: &Door,
    (public_name, secret): &(String, String),
) -> Result<Result<(System, bool), Refused>> {
    let named = public_name.split_once('@');
    let Some((Ok(client_id), slug)) = named.map(|(id, slug)| (id.parse::<Uuid>(), slug)) else {
        return Ok(Err(UNKNOWN_CLIENT));
    };
    let tenant = door
        .look_up(Uuid::nil(), async |tx| queries::find_tenant(tx, slug).await)
        .await?;
    let Some(tenant_id) = tenant else {
        return Ok(Err(UNKNOWN_CLIENT));
    };
    door.request.trail.note_network(tenant_id);
    let known = door
        .look_up(tenant_id, async |tx| queries::find(tx, client_id).await)
        .await?;
    let Some(known) = known else {
        return Ok(Err(UNKNOWN_CLIENT));
    };
    // Both sides are digests of 256 random bits: comparing them tells nothing about the secret.
    if ids::digest(secret.as_bytes()).as_slice() == known.secret_digest {
        if known.proof_required && door.request.proof.is_none() {
            return Ok(Err(BAD_PROOF));
        }
        let system = System {
            tenant_id,
            client_id,
            facility_id: known.facility_id,
        };
        return Ok(Ok((system, known.acts_for_people)));
    }
    let recorded: Result<()> = door
        .within(tenant_id, Actor::Anonymous, async |_| {
            let denial = Denial::hidden("token.create").on("client", client_id);
            Err(Error::Denied(Box::new(denial)))
        })
        .await;
    match recorded {
        Err(Error::Unavailable(cause)) => Err(Error::Unavailable(cause)),
        _ => Ok(Err(UNKNOWN_CLIENT)),
    }
}

/// Name and secret from HTTP Basic.
fn basic(request: &HttpRequest) -> Option<(String, String)> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let decoded = STANDARD.decode(value.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    // RFC 6749 §2.3.1 has both form-encoded first; a UUID, an @ and base64url survive either way.
    Some((id.replace("%40", "@"), secret.to_owned()))
}

fn refuse((error, error_description): Refused) -> HttpResponse {
    let mut answer = if error == "invalid_client" {
        HttpResponse::Unauthorized()
    } else {
        HttpResponse::BadRequest()
    };
    if error == "invalid_client" {
        answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"tsumugi\""));
    }
    let mut answer = answer.json(TokenRefusal {
        error,
        error_description,
    });
    answer.extensions_mut().insert(RefusedAs(error));
    answer
}
