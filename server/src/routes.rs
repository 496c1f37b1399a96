//! Every address of the interface, one line per feature: the table of contents.

use utoipa_actix_web::service_config::ServiceConfig;

use crate::features;

/// Registers every operation; what is registered is what is published.
pub fn configure(config: &mut ServiceConfig<'_>) {
    // Who is asking
    features::sessions::configure(config);
    features::passkeys::configure(config);
    features::second_factors::configure(config);
    features::enrolments::configure(config);
    features::accounts::configure(config);
    features::devices::configure(config);
    features::temporary_codes::configure(config);
    features::clients::configure(config);
    // The network
    features::facilities::configure(config);
    features::staff_members::configure(config);
    features::accounts::configure(config);
    features::invitations::configure(config);
    features::licences::configure(config);
    features::professions::configure(config);
    features::settings::configure(config);
    features::access_overrides::configure(config);
    // The patient
    features::patients::configure(config);
    features::consents::configure(config);
    features::registration_cards::configure(config);
    features::provisions::configure(config);
    features::relatives::configure(config);
    features::care_team::configure(config);
    features::substitutions::configure(config);
    features::duty_contacts::configure(config);
    features::emergency_access::configure(config);
    // The story
    features::timeline::configure(config);
    features::attachments::configure(config);
    features::facts::configure(config);
    features::acknowledgements::configure(config);
    features::work::configure(config);
    features::notices::configure(config);
    features::post_templates::configure(config);
    features::vital_signs::configure(config);
    features::appointments::configure(config);
    features::calendar_feeds::configure(config);
    features::documents::configure(config);
    features::search::configure(config);
    features::record_exports::configure(config);
    features::own_entries::configure(config);
    features::events::configure(config);
    // What is about no patient
    features::rooms::configure(config);
    features::messages::configure(config);
    features::announcements::configure(config);
    // The proof
    features::access_log::configure(config);
    features::checkpoints::configure(config);
    features::witnesses::configure(config);
    features::witnessed_logs::configure(config);
    features::findings::configure(config);
    features::explanations::configure(config);
    features::accesses::configure(config);
    features::withholdings::configure(config);
    features::legal_holds::configure(config);
    features::incident_reports::configure(config);
    features::audit_reports::configure(config);
    features::mailbox::configure(config);
    // The server itself
    features::health::configure(config);
}
