//! Enrolment: how an invited person sets up factors. Reads and spends `invitations`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
