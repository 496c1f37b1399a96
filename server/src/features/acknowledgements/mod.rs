//! Acknowledgement as responsibility (確認の依頼): who is asked to take note of a post or to answer it, by when, and what
//! becomes of it. Owns `acknowledgement_asks`, `acknowledgement_requests`, `acknowledgement_steps`; reads and writes
//! nothing of the post itself.
//!
//! A request goes to a person, to a profession or to a facility: to any one of them, or to each, which makes one request
//! for each person. Whoever is asked may read the post. With a deadline, people are reminded before it; who is silent
//! then is followed by the deputy and after that by the duty contact of the facility. Each step is a row that everybody
//! who may read the post sees, and an entry of the access log. Steps are taken by the worker from rows that say when the
//! next is due, so that none is taken twice and none is forgotten while a server is down. What is closed stays closed.
//! A reading mark is no acknowledgement.

mod answer;
mod ask;
mod due;
mod list;
mod model;
#[cfg(test)]
mod model_tests;
mod policy;
mod queries;
mod routes;
mod tend;
mod view;

pub use answer::{acknowledged, replied, withdraw_all};
pub use ask::{Asked, ask};
pub use due::{DueAnswer, due_of_caller, due_of_patient};
pub use list::{Duty, DutyView, PostLine, count_open, duties, post_lines, readable_posts};
pub use model::NewAsk;
pub use routes::configure;
pub use tend::{put_off, tend};
pub use view::{AskView, asks_of};
