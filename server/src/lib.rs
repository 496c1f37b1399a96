//! The Tsumugi server: one patient's story, shared by everyone who looks after them, and by nobody else.
//!
//! Start at [`routes`], the table of contents of the interface, and at [`ctx`], the only door to the database.
//! `features` is what the product does, one folder each and all alike; `spine` is what every feature stands on.

pub mod routes;

pub mod app;
pub mod commands;
pub mod config;
pub mod ctx;
pub mod error;
pub mod openapi;
pub mod serve;
pub mod setup;
pub mod worker;

pub mod features;
pub mod spine;

pub mod demo;
pub mod fhir;
pub mod ledger;
pub mod print;

pub use error::{Error, Result};
