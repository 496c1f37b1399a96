//! Every address of the interface, one line per feature: the table of contents.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::features;

/// Registers every operation; what is registered is what is published.
pub fn configure(config: &mut ServiceConfig<'_>) {
    // Who is asking
    features::sessions::configure(config);
    features::clients::configure(config);
    // The network
    features::facilities::configure(config);
    features::staff_members::configure(config);
    // The patient
    features::patients::configure(config);
    features::consents::configure(config);
    features::care_team::configure(config);
    // The story
    features::timeline::configure(config);
    features::documents::configure(config);
    features::events::configure(config);
    // The proof
    features::access_log::configure(config);
    // The server itself
    features::health::configure(config);
}
