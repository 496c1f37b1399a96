use utoipa_actix_web::service_config::ServiceConfig;

use super::{read, write};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(read::list_patient_appointments)
        .service(read::list_own_appointments)
        .service(read::find_appointment_overlaps)
        .service(read::find_appointment)
        .service(read::list_appointment_versions)
        .service(write::create_appointment)
        .service(write::amend_appointment)
        .service(write::cancel_appointment);
}
