//! Security controls, each test named after the id of what it proves (docs/security.md).

mod an_enrolment;
mod an_guessing;
mod an_passwords;
mod an_sign_in;
