//! Who has looked (誰が見たか): what of the access log a patient and, as far as they may, the family see of their own
//! record, in plain words, each line with its proof. Owns no table; reads `audit_events`.
//!
//! A line stands for each entry that is about the patient or whose answer named the patient, refused ones too, and for
//! nothing else. Left out are only: what the system did by itself and what the patient and the family did, unless asked
//! for; and what is withheld by a recorded law (`withholdings`). Staff do not see this list: what colleagues look at is for
//! auditors, and the patient decides whom to show it to.

mod copy;
mod policy;
mod proof;
mod queries;
mod routes;
mod view;
mod words;

use utoipa_actix_web::service_config::ServiceConfig;

pub use copy::copy_page;
pub use words::{Concern, Subject, concern, subject};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    routes::configure(config);
    proof::configure(config);
}
