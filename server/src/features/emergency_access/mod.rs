//! Access in an emergency (緊急時アクセス), and its review. Owns `emergency_accesses`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
