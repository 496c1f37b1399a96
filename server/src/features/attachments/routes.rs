use utoipa_actix_web::service_config::ServiceConfig;

use super::{link, read, upload};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(upload::find_attachment_rules)
        .service(upload::create_attachment)
        .service(upload::create_room_attachment)
        .service(upload::find_upload)
        .service(upload::append_upload)
        .service(upload::end_upload)
        .service(read::find_attachment)
        .service(link::create_attachment_links)
        .service(link::find_attachment_content);
}
