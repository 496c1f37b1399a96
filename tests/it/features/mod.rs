//! One file per feature, of the same name, and the main job from end to end.

mod access_log;
mod access_log_console;
mod access_log_proof;
mod accounts;
mod acknowledgement;
mod audit_reports;
mod care_team;
mod checkpoints;
mod consents;
mod documents;
mod events;
pub mod findings;
mod findings_of_rules;
mod import;
mod input;
mod licences;
mod mail;
mod main_job;
mod movers;
mod patients;
mod provisions;
mod registration_cards;
mod relatives;
mod sessions;
mod timeline;
mod witnessed_logs;
mod witnesses;
