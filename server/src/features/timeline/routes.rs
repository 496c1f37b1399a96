use utoipa_actix_web::service_config::ServiceConfig;

use super::{acknowledge, approvals, pins, reactions, read, threads, wounds, write};

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
        .service(read::list_vitals)
        .service(threads::list_post_thread)
        .service(reactions::set_post_reaction)
        .service(reactions::remove_post_reaction)
        .service(pins::list_post_pins)
        .service(pins::set_post_pin)
        .service(pins::remove_post_pin)
        .service(approvals::list_approvals)
        .service(approvals::approve_post)
        .service(approvals::return_post)
        .service(wounds::list_wounds)
        .service(wounds::list_wound_posts);
}
