//! What is sent and what comes back, one file per feature.
//!
//! Answers may gain fields and enumerations may gain values without breaking a program that
//! uses this library: unknown fields are ignored, unknown values are kept as text.
//! Times are UTC. Ids of new things are chosen by the caller, see [`crate::new_id`].

pub(crate) mod access_log;
pub(crate) mod access_override;
pub(crate) mod account;
pub(crate) mod bundle;
pub(crate) mod care_team;
pub(crate) mod consent;
pub(crate) mod device;
pub(crate) mod document;
pub(crate) mod emergency_access;
pub(crate) mod event;
pub(crate) mod explanation;
pub(crate) mod facility;
pub(crate) mod factor;
pub(crate) mod health;
pub(crate) mod information;
pub(crate) mod licence;
pub(crate) mod mail;
pub(crate) mod me;
pub(crate) mod open_enum;
pub(crate) mod page;
pub(crate) mod passkey;
pub(crate) mod patient;
pub(crate) mod people;
pub(crate) mod profession;
pub(crate) mod provision;
pub(crate) mod purpose;
pub(crate) mod registration_card;
pub(crate) mod relative;
pub(crate) mod session;
pub(crate) mod session_life;
pub(crate) mod settings;
pub(crate) mod staff_member;
pub(crate) mod substitution;
pub(crate) mod system_client;
pub(crate) mod timeline;
pub(crate) mod vitals;

pub use access_log::*;
pub use access_override::*;
pub use account::*;
pub use bundle::{Receipt, ReceiptOutcome};
pub use care_team::*;
pub use consent::*;
pub use device::*;
pub use document::*;
pub use emergency_access::*;
pub use event::*;
pub use explanation::*;
pub use facility::*;
pub use factor::*;
pub use health::*;
pub use information::*;
pub use licence::*;
pub use mail::*;
pub use me::*;
pub use page::Page;
pub use passkey::*;
pub use patient::*;
pub use people::*;
pub use profession::*;
pub use provision::*;
pub use purpose::*;
pub use registration_card::*;
pub use relative::*;
pub use session::*;
pub use session_life::*;
pub use settings::*;
pub use staff_member::*;
pub use substitution::*;
pub use system_client::*;
pub use timeline::*;
pub use vitals::*;
