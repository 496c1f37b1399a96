//! One test for each security control, named after its id (docs/security.md).

mod az_consent;
