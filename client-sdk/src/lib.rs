//! Client library of Tsumugi's published interface.
//!
//! ```no_run
//! use tsumugi_client::{Client, models::{Channel, CreatePost, ListPatients}};
//!
//! # async fn example() -> tsumugi_client::Result<()> {
//! let server = Client::builder("https://tsumugi.example").build()?;
//! let nurse = server.sign_in("sato@kita", "password", "123456").await?;
//! let found = nurse.patients().list(&ListPatients::matching("やまだ")).await?;
//! if let Some(patient) = found.items.first() {
//!     let note = CreatePost::note(Channel::Team, "訪問しました。お変わりありません。");
//!     nurse.timeline().create_post(patient.id, &note).await?;
//! }
//! # Ok(())
//! # }
//! ```
//!
//! * Calls are grouped as the interface groups them: `client.timeline().create_post(…)`.
//! * Every write carries an Idempotency-Key, so that it can be repeated when a connection breaks
//!   without happening twice; see [`RetryPolicy`].
//! * Access tokens are renewed before they expire, once for all concurrent calls.
//! * Requests with a session state for what purpose they are made: what the role usually asks for,
//!   or what [`Client::with_purpose`] says.
//! * Dangerous calls need factors that were shown lately (`step_up_required`): [`Client::step_up`].
//! * A refusal is [`Error::Api`], or [`Error::Outcome`] from the FHIR endpoint; decide by its code.
//! * Needs a Tokio runtime.

#![deny(missing_docs)]

mod api;
mod auth;
mod builder;
mod client;
mod error;
mod ids;
mod manner;
pub mod models;
mod paging;
mod parts;
mod proof;
mod raw;
mod request;
mod retry;
mod secret;
mod tls;
pub mod totp;

/// The groups of calls; got from the methods of [`Client`].
pub mod groups {
    pub use crate::api::{
        AccessLog, AccessOverrides, Accesses, Accounts, Acknowledgements, Announcements,
        Appointments, Attachments, AuditReports, Bundles, CalendarFeeds, CareTeam, Checkpoints,
        Clients, Consents, Devices, Documents, DutyContacts, EmergencyAccesses, Enrolments,
        EventStream, Events, Explanations, Facilities, Facts, Findings, HealthChecks,
        IncidentReports, Invitations, LegalHolds, Licences, Mailbox, Messages, Notices, OwnEntries,
        OwnFactors, Passkeys, Patients, PostTemplates, Professions, Provisions, RecordExports,
        RegistrationCards, Relatives, Rooms, Search, Sessions, Settings, StaffMembers,
        Substitutions, Timeline, Tokens, Vitals, Withholdings, WitnessedLogs, Witnesses, Work,
    };
}

pub use api::OPERATIONS;
pub use builder::ClientBuilder;
pub use client::Client;
pub use error::{BoxedError, Error, FieldError, Issue, Result};
pub use ids::new_id;
pub use paging::Rows;
pub use raw::RawAnswer;
pub use retry::RetryPolicy;
pub use secret::Secret;
