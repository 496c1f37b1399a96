//! Security controls, each test named after the id of what it proves (docs/security.md).

mod an_enrolment;
mod an_guessing;
mod an_passkeys;
mod an_passwords;
mod an_sign_in;
mod au_patient;
mod au_retention;
mod au_sealing;
mod az;
mod az_consent;
mod az_emergency;
mod az_grounds;
mod az_programs;
mod az_races;
mod az_scope;
mod az_tenants;
mod re_incident;
mod se_devices;
mod se_life;
mod se_proof;
mod se_sessions;
mod se_step_up;
mod se_streams;
