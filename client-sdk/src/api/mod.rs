//! The calls, one file per group.

mod access_log;
mod access_overrides;
mod accesses;
mod accounts;
mod acknowledgements;
mod announcements;
mod appointments;
mod attachments;
mod audit_reports;
mod bundles;
mod calendar_feeds;
mod care_team;
mod checkpoints;
mod clients;
mod consents;
mod devices;
mod documents;
mod duty_contacts;
mod emergency_access;
mod enrolments;
mod events;
mod explanations;
mod facilities;
mod factors;
mod facts;
mod findings;
mod health;
mod incident_reports;
mod invitations;
mod legal_holds;
mod licences;
mod mailbox;
mod messages;
mod notices;
mod own_entries;
mod passkeys;
mod patients;
mod people;
mod post_templates;
mod posts;
mod professions;
mod provisions;
mod record_exports;
mod registration_cards;
mod relatives;
mod rooms;
mod search;
mod session_life;
mod sessions;
mod settings;
mod sse;
mod staff_members;
mod substitutions;
mod timeline;
mod tokens;
mod vitals;
mod withholdings;
mod witnessed_logs;
mod witnesses;
mod work;

pub use access_log::AccessLog;
pub use access_overrides::AccessOverrides;
pub use accesses::Accesses;
pub use accounts::Accounts;
pub use acknowledgements::Acknowledgements;
pub use announcements::Announcements;
pub use appointments::Appointments;
pub use attachments::Attachments;
pub use audit_reports::AuditReports;
pub use bundles::Bundles;
pub use calendar_feeds::CalendarFeeds;
pub use care_team::CareTeam;
pub use checkpoints::Checkpoints;
pub use clients::Clients;
pub use consents::Consents;
pub use devices::Devices;
pub use documents::Documents;
pub use duty_contacts::DutyContacts;
pub use emergency_access::EmergencyAccesses;
pub use enrolments::Enrolments;
pub use events::{EventStream, Events};
pub use explanations::Explanations;
pub use facilities::Facilities;
pub use factors::OwnFactors;
pub use facts::Facts;
pub use findings::Findings;
pub use health::HealthChecks;
pub use incident_reports::IncidentReports;
pub use invitations::Invitations;
pub use legal_holds::LegalHolds;
pub use licences::Licences;
pub use mailbox::Mailbox;
pub use messages::Messages;
pub use notices::Notices;
pub use own_entries::OwnEntries;
pub use passkeys::Passkeys;
pub use patients::Patients;
pub use post_templates::PostTemplates;
pub use professions::Professions;
pub use provisions::Provisions;
pub use record_exports::RecordExports;
pub use registration_cards::RegistrationCards;
pub use relatives::Relatives;
pub use rooms::Rooms;
pub use search::Search;
pub use sessions::Sessions;
pub use settings::Settings;
pub use staff_members::StaffMembers;
pub use substitutions::Substitutions;
pub use timeline::Timeline;
pub use tokens::Tokens;
pub use vitals::Vitals;
pub use withholdings::Withholdings;
pub use witnessed_logs::WitnessedLogs;
pub use witnesses::Witnesses;
pub use work::Work;

/// Every operation this library can call, by its `operationId` in the published interface.
pub const OPERATIONS: &[&str] = &[
    "acknowledge_message",
    "acknowledge_post",
    "amend_appointment",
    "amend_message",
    "amend_post",
    "answer_justification_request",
    "append_upload",
    "approve_post",
    "ask_acknowledgement",
    "ask_finding",
    "assign_finding",
    "assign_room",
    "cancel_appointment",
    "change_fact",
    "change_password",
    "change_post",
    "close_finding",
    "close_room",
    "confirm_announcement",
    "confirm_fact",
    "confirm_totp",
    "cosign_checkpoint",
    "create_access_override",
    "create_announcement",
    "create_appointment",
    "create_attachment",
    "create_attachment_links",
    "create_calendar_feed",
    "create_care_team_member",
    "create_client",
    "create_consent",
    "create_consent_evidence",
    "create_device",
    "create_emergency_access",
    "create_enrolment",
    "create_facility",
    "create_fact",
    "create_finding",
    "create_invitation",
    "create_legal_hold",
    "create_licence",
    "create_message",
    "create_passkey",
    "create_passkey_challenge",
    "create_patient",
    "create_patient_identifier",
    "create_post",
    "create_post_template",
    "create_profession",
    "create_push_subscription",
    "create_record_export",
    "create_record_export_link",
    "create_recovery_codes",
    "create_registration_card",
    "create_relative",
    "create_room",
    "create_room_attachment",
    "create_room_member",
    "create_room_rule",
    "create_session",
    "create_session_with_passkey",
    "create_staff_member",
    "create_step_up_challenge",
    "create_substitution",
    "create_temporary_code",
    "create_token",
    "create_watched_patient",
    "create_withholding",
    "create_witness",
    "create_witnessed_log",
    "delete_passkey",
    "delete_push_subscription",
    "delete_session",
    "end_account_sessions",
    "end_care_team_member",
    "end_emergency_access",
    "end_fact",
    "end_other_sessions",
    "end_own_session",
    "end_relative",
    "end_room_member",
    "end_room_rule",
    "end_substitution",
    "end_temporary_codes",
    "end_upload",
    "end_watched_patient",
    "end_withholding",
    "end_witness",
    "end_witnessed_log",
    "enrol_device",
    "explain_access",
    "explain_access_log_entry",
    "export_access_log",
    "export_accesses",
    "export_announcement",
    "export_audit_report",
    "export_incident_report",
    "export_own_entries",
    "export_provisions",
    "export_record_file",
    "find_access_log_heat_map",
    "find_access_log_proof",
    "find_access_log_summary",
    "find_access_proof",
    "find_announcement",
    "find_appointment",
    "find_appointment_overlaps",
    "find_attachment",
    "find_attachment_content",
    "find_attachment_rules",
    "find_checkpoint",
    "find_consent_evidence",
    "find_consistency_proof",
    "find_cosigned_checkpoint",
    "find_current_device",
    "find_document",
    "find_document_original",
    "find_fact",
    "find_factors",
    "find_finding",
    "find_finding_rules",
    "find_finding_summary",
    "find_health",
    "find_me",
    "find_message",
    "find_notice_settings",
    "find_openapi",
    "find_patient",
    "find_post",
    "find_readiness",
    "find_room",
    "find_settings",
    "find_upload",
    "find_vital_limits",
    "find_work",
    "find_work_counts",
    "finish_enrolment",
    "finish_notice",
    "import_staff_members",
    "leave_room",
    "leave_staff_member",
    "link_incoming_document",
    "link_registration_card",
    "list_access_log",
    "list_access_overrides",
    "list_accesses",
    "list_account_sessions",
    "list_accounts",
    "list_acknowledgements",
    "list_announcement_recipients",
    "list_announcements",
    "list_appointment_versions",
    "list_approvals",
    "list_calendar_feeds",
    "list_care_team",
    "list_checkpoints",
    "list_clients",
    "list_consents",
    "list_devices",
    "list_duty_contacts",
    "list_emergency_accesses",
    "list_facilities",
    "list_fact_versions",
    "list_facts",
    "list_finding_rule_versions",
    "list_findings",
    "list_incoming_documents",
    "list_invitations",
    "list_justification_requests",
    "list_legal_holds",
    "list_licences",
    "list_mails",
    "list_maintenance",
    "list_message_acknowledgements",
    "list_message_versions",
    "list_messages",
    "list_own_appointments",
    "list_own_entries",
    "list_own_sessions",
    "list_patient_appointments",
    "list_patients",
    "list_post_pins",
    "list_post_templates",
    "list_post_thread",
    "list_post_versions",
    "list_professions",
    "list_provisions",
    "list_record_exports",
    "list_registration_cards",
    "list_relatives",
    "list_rooms",
    "list_staff_members",
    "list_substitutions",
    "list_timeline",
    "list_vitals",
    "list_watched_patients",
    "list_withholdings",
    "list_witnessed_logs",
    "list_witnesses",
    "list_wound_posts",
    "list_wounds",
    "lock_session",
    "move_message",
    "move_staff_member",
    "read_calendar_feed",
    "read_registration_card",
    "receive_bundle",
    "refresh_session",
    "release_legal_hold",
    "remind_announcement",
    "remove_access_override",
    "remove_post_pin",
    "remove_post_reaction",
    "remove_post_template",
    "remove_totp",
    "renew_device_code",
    "reopen_finding",
    "reopen_room",
    "reset_account",
    "resume_account",
    "retract_message",
    "retract_post",
    "return_post",
    "review_emergency_access",
    "revoke_calendar_feed",
    "revoke_device",
    "revoke_invitation",
    "revoke_licence",
    "revoke_registration_card",
    "search_audit_events",
    "search_emergency_patient",
    "search_entries",
    "set_duty_contacts",
    "set_pin",
    "set_post_pin",
    "set_post_reaction",
    "start_enrolment_passkey",
    "start_enrolment_totp",
    "start_passkey",
    "start_totp",
    "step_up_session",
    "stream_events",
    "suspend_account",
    "switch_session",
    "update_finding_rules",
    "update_home_address",
    "update_notice_settings",
    "update_post_template",
    "update_read_mark",
    "update_room",
    "update_room_read_mark",
    "update_settings",
    "update_vital_limits",
    "withdraw_acknowledgement",
    "withdraw_announcement",
    "withdraw_consent",
];
