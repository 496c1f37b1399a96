use utoipa_actix_web::service_config::ServiceConfig;

use super::{acknowledge, read, write};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list_timeline)
        .service(write::create_post)
        .service(read::find_post)
        .service(write::amend_post)
        .service(write::retract_post)
        .service(acknowledge::acknowledge_post)
        .service(read::list_post_versions)
        .service(acknowledge::update_read_mark)
        .service(read::list_vitals);
}
