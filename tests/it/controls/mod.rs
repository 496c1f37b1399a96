//! Security controls, each test named after the id of what it proves (docs/security.md).

mod an_enrolment;
mod an_guessing;
mod an_passkeys;
mod an_passwords;
mod an_sign_in;
mod az_consent;
mod se_devices;
mod se_life;
mod se_sessions;
mod se_step_up;
mod se_streams;
