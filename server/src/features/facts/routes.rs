use utoipa_actix_web::service_config::ServiceConfig;

use super::{read, write};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list_facts)
        .service(read::find_fact)
        .service(read::list_fact_versions)
        .service(write::create_fact)
        .service(write::change_fact)
        .service(write::confirm_fact)
        .service(write::end_fact);
}
