//! Findings as auditors see and review them, and the questions to the people concerned.

mod asking;
mod list;
mod queries;
mod steps;
mod view;

pub(super) use asking::*;
pub(super) use list::*;
pub(super) use steps::*;
