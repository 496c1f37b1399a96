//! Invitations to enrol, by mail and a code that is handed over. Owns `invitations`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
