//! Narrowing by a network: rights that it takes away from a profession. Owns `access_overrides`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
