//! What is to be looked at in the access log (点検), and how it is reviewed.
//!
//! Rules look through the sealed log for what deserves a second look: a namesake, the own family, nobody of the team,
//! many patients at night. What they find is a finding, with its evidence; auditors give it to one of them, ask the person
//! concerned why, and close it with a conclusion. Owns `finding_rules`, `findings`, `finding_evidence`, `finding_steps`,
//! `justification_requests`, `watched_patients` and `finding_progress`.
//!
//! What always holds: finding the same again changes nothing; a finding is never removed, and one that was closed stays
//! closed; every step stays on record; nobody reviews what is about oneself; the person concerned sees the question and
//! what was looked at, and nothing of the rules. Looking at new entries as they are sealed gives the same as looking at
//! everything anew.

mod compute;
mod keep;
mod known;
mod model;
mod policy;
mod review;
mod routes;
mod rules;
mod tuning;
mod watched;

pub use compute::look_through;
pub use model::unfinished;
pub use routes::configure;
pub use rules::rule_names;
