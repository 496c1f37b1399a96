//! The calls, one file per group.

mod access_log;
mod bundles;
mod care_team;
mod clients;
mod consents;
mod documents;
mod events;
mod facilities;
mod health;
mod patients;
mod provisions;
mod registration_cards;
mod sessions;
mod sse;
mod staff_members;
mod timeline;
mod tokens;
mod vitals;

pub use access_log::AccessLog;
pub use bundles::Bundles;
pub use care_team::CareTeam;
pub use clients::Clients;
pub use consents::Consents;
pub use documents::Documents;
pub use events::{EventStream, Events};
pub use facilities::Facilities;
pub use health::HealthChecks;
pub use patients::Patients;
pub use provisions::Provisions;
pub use registration_cards::RegistrationCards;
pub use sessions::Sessions;
pub use staff_members::StaffMembers;
pub use timeline::Timeline;
pub use tokens::Tokens;
pub use vitals::Vitals;

/// Every operation this library can call, by its `operationId` in the published interface.
pub const OPERATIONS: &[&str] = &[
    "acknowledge_post",
    "amend_post",
    "create_care_team_member",
    "create_client",
    "create_consent",
    "create_consent_evidence",
    "create_facility",
    "create_patient",
    "create_patient_identifier",
    "create_post",
    "create_registration_card",
    "create_session",
    "create_staff_member",
    "create_token",
    "delete_session",
    "end_care_team_member",
    "export_provisions",
    "find_consent_evidence",
    "find_document",
    "find_document_original",
    "find_health",
    "find_me",
    "find_openapi",
    "find_patient",
    "find_post",
    "find_readiness",
    "link_incoming_document",
    "link_registration_card",
    "list_access_log",
    "list_care_team",
    "list_clients",
    "list_consents",
    "list_facilities",
    "list_incoming_documents",
    "list_patients",
    "list_post_versions",
    "list_provisions",
    "list_registration_cards",
    "list_staff_members",
    "list_timeline",
    "list_vitals",
    "read_registration_card",
    "receive_bundle",
    "refresh_session",
    "retract_post",
    "revoke_registration_card",
    "stream_events",
    "update_read_mark",
    "withdraw_consent",
];
