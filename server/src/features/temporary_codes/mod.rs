//! Codes for whoever lost a device, for a short time. Owns `temporary_codes`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
