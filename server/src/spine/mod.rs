//! What every feature stands on. Nothing here knows a feature; changes here are reviewed twice.

pub mod access;
pub mod address;
pub mod archive;
pub mod audit;
pub mod auth;
pub mod clock;
pub mod copies;
pub mod files;
pub mod http;
pub mod idempotency;
pub mod ids;
pub mod input;
pub mod mail;
pub mod outbox;
pub mod outward;
pub mod page;
pub mod professions;
pub mod rate;
pub mod reply;
pub mod seal;
pub mod sealing;
pub mod settings;
pub mod text;
pub mod time_check;
pub mod tls;
