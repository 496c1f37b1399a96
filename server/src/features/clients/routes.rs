use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    post,
    web::{self, Json},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{policy, queries};
use crate::{
    Error, Result,
    ctx::{Ctx, Door},
    error::{FieldError, Problem},
    features::facilities::FacilityRef,
    spine::{
        audit::Entry,
        auth::{
            Actor, System,
            token::{ACCESS_LIFETIME, Caller},
        },
        ids,
        input::{Check, Input},
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(create_token)
        .service(list_clients)
        .service(create_client);
}

/// A client.
#[derive(Debug, Serialize, ToSchema)]
struct ClientView {
    /// Identifier.
    id: Uuid,
    /// Public name for the token operation: `id@network`.
    client_id: String,
    /// Name shown on what it sends.
    name: String,
    /// The facility that it acts for.
    facility: FacilityRef,
}

/// A client just made, with its secret.
#[derive(Debug, Serialize, ToSchema)]
struct NewClientView {
    /// The client.
    #[serde(flatten)]
    client: ClientView,
    /// The secret. Shown this once; only a digest is kept.
    client_secret: String,
}

/// A client to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateClient {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// The facility that it acts for.
    pub(super) facility_id: Uuid,
    /// Name shown on what it sends, up to 100 characters.
    pub(super) name: String,
}

impl Check for CreateClient {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
    }
}

/// List the systems of the network. Network administrators only.
#[utoipa::path(tag = "clients", responses((status = 200, body = Page<ClientView>), (status = "4XX", body = Problem)))]
#[get("/v1/clients")]
async fn list_clients(ctx: Ctx) -> Result<Json<Page<ClientView>>> {
    let items = ctx
        .read(async |tx| {
            let rows = queries::list(tx, policy::may_list(tx)?).await?;
            let slug = queries::slug(tx).await?;
            tx.record(Entry::new("clients.list").listing(rows.len()));
            Ok(rows.into_iter().map(|row| view(row, &slug)).collect())
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}

/// Register a facility's system and get its secret, once. Network administrators only.
#[utoipa::path(
    tag = "clients",
    request_body = CreateClient,
    responses((status = 201, body = NewClientView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/clients")]
async fn create_client(ctx: Ctx, input: Input<CreateClient>) -> Result<Answer> {
    let new = &input.value;
    let secret = ids::secret()?;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_create(tx)?;
        let facility = queries::find_facility(tx, new.facility_id).await?;
        let facility = facility
            .ok_or_else(|| Error::invalid("facility_id", "not_allowed", "no such facility"))?;
        let client_secret = ids::to_base64(&secret);
        let (by, _) = tx.actor.ids();
        queries::insert(tx, permit, new, &ids::digest(client_secret.as_bytes()), by).await?;
        tx.record(Entry::new("client.create").on("client", new.id));
        let client = view(
            (new.id, new.name.clone(), facility),
            &queries::slug(tx).await?,
        );
        Ok(Reply::created(NewClientView {
            client,
            client_secret,
        })
        .once())
    })
    .await
}

fn view((id, name, facility): queries::Client, slug: &str) -> ClientView {
    ClientView {
        id,
        client_id: format!("{id}@{slug}"),
        name,
        facility,
    }
}

/// A request for a token (RFC 6749 §4.4.2). The client identifies itself with HTTP Basic or in the form.
#[derive(Deserialize, ToSchema)]
struct TokenRequest {
    /// `client_credentials`.
    grant_type: String,
    /// The client, when not in the header.
    client_id: Option<String>,
    /// Its secret, when not in the header.
    client_secret: Option<String>,
    /// Ignored: a client always gets everything that it may do.
    #[serde(rename = "scope")]
    _scope: Option<String>,
}

/// A token (RFC 6749 §5.1).
#[derive(Debug, Serialize, ToSchema)]
struct TokenView {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds for which it is good.
    expires_in: i64,
    /// What it is good for.
    scope: &'static str,
}

/// Why there is no token (RFC 6749 §5.2).
#[derive(Debug, Serialize, ToSchema)]
struct TokenRefusal {
    /// `invalid_request`, `invalid_client` or `unsupported_grant_type`.
    error: &'static str,
    /// In English.
    error_description: &'static str,
}

/// Get an access token for a facility's system (OAuth 2 client credentials).
#[utoipa::path(
    tag = "clients",
    security(()),
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, body = TokenView), (status = "4XX", body = TokenRefusal)),
)]
#[post("/oauth/token")]
async fn create_token(
    door: Door,
    request: HttpRequest,
    form: actix_web::Result<web::Form<TokenRequest>>,
) -> Result<HttpResponse> {
    let Ok(web::Form(form)) = form else {
        return Ok(refuse(
            "invalid_request",
            "a form with grant_type is expected",
        ));
    };
    if form.grant_type != "client_credentials" {
        return Ok(refuse("unsupported_grant_type", "only client_credentials"));
    }
    let given = basic(&request).or_else(|| form.client_id.clone().zip(form.client_secret.clone()));
    let Some((client_id, secret)) = given else {
        return Ok(refuse(
            "invalid_client",
            "the client is not known or the secret is wrong",
        ));
    };
    let Some(system) = authenticate(&door, &client_id, &secret).await? else {
        return Ok(refuse(
            "invalid_client",
            "the client is not known or the secret is wrong",
        ));
    };
    let caller = Caller::Client {
        tenant: system.tenant_id,
        client: system.client_id,
    };
    let client_id = system.client_id;
    door.within(system.tenant_id, Actor::System(system), async |tx| {
        tx.record(Entry::new("token.create").on("client", client_id));
        Ok(())
    })
    .await?;
    Ok(HttpResponse::Ok().json(TokenView {
        access_token: door.app.tokens.issue(caller, door.app.clock.now())?,
        token_type: "Bearer",
        expires_in: ACCESS_LIFETIME.num_seconds(),
        scope: "system/Bundle.c",
    }))
}

/// The client, if name and secret are right. A wrong secret of a client that exists is recorded.
async fn authenticate(door: &Door, public_name: &str, secret: &str) -> Result<Option<System>> {
    let Some((id, slug)) = public_name.split_once('@') else {
        return Ok(None);
    };
    let Ok(client_id) = id.parse::<Uuid>() else {
        return Ok(None);
    };
    let tenant = door
        .look_up(Uuid::nil(), async |tx| queries::find_tenant(tx, slug).await)
        .await?;
    let Some(tenant_id) = tenant else {
        return Ok(None);
    };
    let Some((digest, facility_id)) = door
        .look_up(tenant_id, async |tx| {
            queries::find_secret(tx, client_id).await
        })
        .await?
    else {
        return Ok(None);
    };
    // Both sides are digests of 256 random bits: comparing them tells nothing about the secret.
    if ids::digest(secret.as_bytes()).as_slice() == digest {
        return Ok(Some(System {
            tenant_id,
            client_id,
            facility_id,
        }));
    }
    let recorded: Result<()> = door
        .within(tenant_id, Actor::Anonymous, async |_| {
            let denial =
                crate::spine::audit::Denial::hidden("token.create").on("client", client_id);
            Err(Error::Denied(Box::new(denial)))
        })
        .await;
    match recorded {
        Err(Error::Unavailable(cause)) => Err(Error::Unavailable(cause)),
        _ => Ok(None),
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

fn refuse(error: &'static str, error_description: &'static str) -> HttpResponse {
    let mut answer = if error == "invalid_client" {
        HttpResponse::Unauthorized()
    } else {
        HttpResponse::BadRequest()
    };
    if error == "invalid_client" {
        answer.insert_header((header::WWW_AUTHENTICATE, "Basic realm=\"tsumugi\""));
    }
    answer.json(TokenRefusal {
        error,
        error_description,
    })
}
