//! One's own factors: password, one-time codes, recovery codes. Owns `recovery_codes`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
