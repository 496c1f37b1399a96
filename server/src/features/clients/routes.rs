use actix_web::{get, post, web::Json};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{policy, queries, token::create_token};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::facilities::FacilityRef,
    spine::{
        audit::Entry,
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
    /// Whether it gets tokens that are bound to a key only (RFC 9449).
    proof_required: bool,
    /// Whether it may act for people of its facility, with their rights (RFC 8693).
    acts_for_people: bool,
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
    /// Whether it gets tokens that are bound to a key only (RFC 9449): for programs that can keep one.
    #[serde(default)]
    pub(super) proof_required: bool,
    /// Whether it may act for people of its facility, with their rights and never with more (RFC 8693).
    #[serde(default)]
    pub(super) acts_for_people: bool,
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
        let client = queries::Client {
            id: new.id,
            name: new.name.clone(),
            proof_required: new.proof_required,
            acts_for_people: new.acts_for_people,
            facility,
        };
        let client = view(client, &queries::slug(tx).await?);
        Ok(Reply::created(NewClientView {
            client,
            client_secret,
        })
        .once())
    })
    .await
}

fn view(client: queries::Client, slug: &str) -> ClientView {
    let id = client.id;
    ClientView {
        id,
        client_id: format!("{id}@{slug}"),
        name: client.name,
        facility: client.facility,
        proof_required: client.proof_required,
        acts_for_people: client.acts_for_people,
    }
}
