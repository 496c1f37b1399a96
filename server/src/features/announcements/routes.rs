use utoipa_actix_web::service_config::ServiceConfig;

use super::{read, write};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list_announcements)
        .service(write::create_announcement)
        .service(read::find_announcement)
        .service(write::confirm_announcement)
        .service(write::remind_announcement)
        .service(write::withdraw_announcement)
        .service(read::list_announcement_recipients)
        .service(read::export_announcement);
}
