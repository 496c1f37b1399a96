use utoipa_actix_web::service_config::ServiceConfig;

use super::{review, tuning, watched};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(review::list_findings)
        // Before the address with an id.
        .service(review::find_finding_summary)
        .service(review::create_finding)
        .service(review::find_finding)
        .service(review::assign_finding)
        .service(review::ask_finding)
        .service(review::close_finding)
        .service(review::reopen_finding)
        .service(review::list_justification_requests)
        .service(review::answer_justification_request)
        .service(watched::list_watched_patients)
        .service(watched::create_watched_patient)
        .service(watched::end_watched_patient)
        .service(tuning::find_finding_rules)
        .service(tuning::update_finding_rules)
        .service(tuning::list_finding_rule_versions);
}
