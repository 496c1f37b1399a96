use std::time::Duration;

use actix_web::{
    HttpResponse, get,
    web::{Data, Json},
};
use serde::Serialize;
use utoipa::{ToSchema, openapi::OpenApi};
use utoipa_actix_web::service_config::ServiceConfig;

use super::queries;
use crate::{app::App, commands};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(find_health)
        .service(find_readiness)
        .service(find_openapi);
}

/// Whether the process lives.
#[derive(Debug, Serialize, ToSchema)]
struct HealthView {
    /// `ok`.
    status: &'static str,
}

/// Whether the server can serve.
#[derive(Debug, Serialize, ToSchema)]
struct ReadinessView {
    /// `ready` or `not_ready`.
    status: &'static str,
    /// Whether the database answers.
    database: bool,
    /// Whether it has every migration of this program.
    migrations: bool,
}

/// Does the process live?
#[utoipa::path(tag = "health", security(()), responses((status = 200, body = HealthView)))]
#[get("/healthz")]
async fn find_health() -> Json<HealthView> {
    Json(HealthView { status: "ok" })
}

/// Can the server serve? Asks the database, and whether it has every migration.
#[utoipa::path(
    tag = "health",
    security(()),
    responses((status = 200, body = ReadinessView), (status = 503, body = ReadinessView)),
)]
#[get("/readyz")]
async fn find_readiness(app: Data<App>) -> HttpResponse {
    let asked = tokio::time::timeout(Duration::from_secs(2), queries::list_migrations(&app)).await;
    let known = asked.ok().and_then(Result::ok);
    let migrations = known.as_ref().is_some_and(|known| {
        commands::migration_names()
            .iter()
            .all(|name| known.contains(name))
    });
    let database = known.is_some();
    let status = if migrations { "ready" } else { "not_ready" };
    let mut answer = if migrations {
        HttpResponse::Ok()
    } else {
        HttpResponse::ServiceUnavailable()
    };
    answer.json(ReadinessView {
        status,
        database,
        migrations,
    })
}

/// The published interface.
#[utoipa::path(
    tag = "health",
    security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)),
)]
#[get("/v1/openapi.json")]
async fn find_openapi(document: Data<OpenApi>) -> Json<OpenApi> {
    Json(document.get_ref().clone())
}
