//! The calls, one file per group.

mod access_log;
mod bundles;
mod care_team;
mod clients;
mod consents;
mod documents;
mod enrolments;
mod events;
mod facilities;
mod factors;
mod health;
mod invitations;
mod patients;
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
pub use enrolments::Enrolments;
pub use events::{EventStream, Events};
pub use facilities::Facilities;
pub use factors::OwnFactors;
pub use health::HealthChecks;
pub use invitations::Invitations;
pub use patients::Patients;
pub use sessions::Sessions;
pub use staff_members::StaffMembers;
pub use timeline::Timeline;
pub use tokens::Tokens;
pub use vitals::Vitals;

/// Every operation this library can call, by its `operationId` in the published interface.
pub const OPERATIONS: &[&str] = &[
    "acknowledge_post",
    "amend_post",
    "change_password",
    "confirm_totp",
    "create_care_team_member",
    "create_client",
    "create_consent",
    "create_enrolment",
    "create_facility",
    "create_invitation",
    "create_patient",
    "create_patient_identifier",
    "create_post",
    "create_recovery_codes",
    "create_session",
    "create_staff_member",
    "create_token",
    "delete_session",
    "end_care_team_member",
    "find_document",
    "find_document_original",
    "find_factors",
    "find_health",
    "find_me",
    "find_openapi",
    "find_patient",
    "find_post",
    "find_readiness",
    "finish_enrolment",
    "link_incoming_document",
    "list_access_log",
    "list_care_team",
    "list_clients",
    "list_consents",
    "list_facilities",
    "list_incoming_documents",
    "list_invitations",
    "list_patients",
    "list_post_versions",
    "list_staff_members",
    "list_timeline",
    "list_vitals",
    "receive_bundle",
    "refresh_session",
    "remove_totp",
    "retract_post",
    "revoke_invitation",
    "start_enrolment_totp",
    "start_totp",
    "stream_events",
    "update_read_mark",
    "withdraw_consent",
];
