use utoipa_actix_web::service_config::ServiceConfig;

use super::{acknowledge, read, relocate, write};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list_messages)
        .service(write::create_message)
        .service(read::find_message)
        .service(read::list_message_versions)
        .service(write::amend_message)
        .service(write::retract_message)
        .service(acknowledge::acknowledge_message)
        .service(acknowledge::list_message_acknowledgements)
        .service(relocate::move_message);
}
