//! The mailbox of the demonstration, where mail can be read instead of being sent.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
