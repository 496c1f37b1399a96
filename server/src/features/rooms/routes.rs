use utoipa_actix_web::service_config::ServiceConfig;

use super::{members, read, write};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list_rooms)
        .service(write::create_room)
        .service(read::find_room)
        .service(write::update_room)
        .service(write::close_room)
        .service(write::reopen_room)
        .service(write::update_room_read_mark)
        .service(members::create_room_member)
        .service(members::end_room_member)
        .service(members::assign_room)
        .service(members::leave_room)
        .service(members::create_room_rule)
        .service(members::end_room_rule);
}
