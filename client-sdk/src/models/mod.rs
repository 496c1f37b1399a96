//! What is sent and what comes back, one file per feature.
//!
//! Answers may gain fields and enumerations may gain values without breaking a program that
//! uses this library: unknown fields are ignored, unknown values are kept as text.
//! Times are UTC. Ids of new things are chosen by the caller, see [`crate::new_id`].

pub(crate) mod access_log;
pub(crate) mod bundle;
pub(crate) mod care_team;
pub(crate) mod consent;
pub(crate) mod document;
pub(crate) mod event;
pub(crate) mod facility;
pub(crate) mod health;
pub(crate) mod open_enum;
pub(crate) mod page;
pub(crate) mod patient;
pub(crate) mod provision;
pub(crate) mod registration_card;
pub(crate) mod session;
pub(crate) mod staff_member;
pub(crate) mod system_client;
pub(crate) mod timeline;
pub(crate) mod vitals;

pub use access_log::*;
pub use bundle::{Receipt, ReceiptOutcome};
pub use care_team::*;
pub use consent::*;
pub use document::*;
pub use event::*;
pub use facility::*;
pub use health::*;
pub use page::Page;
pub use patient::*;
pub use provision::*;
pub use registration_card::*;
pub use session::*;
pub use staff_member::*;
pub use system_client::*;
pub use timeline::*;
pub use vitals::*;
