//! Passkeys: registering, signing in, step-up. Owns `passkeys`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
