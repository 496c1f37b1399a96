//! Accounts of patients and their families. Owns `patient_relations`.

use utoipa_actix_web::service_config::ServiceConfig;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}
