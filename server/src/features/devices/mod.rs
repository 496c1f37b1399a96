//! Devices that administrators register, and shifts on shared tablets. Owns `devices` and `shift_entries`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
