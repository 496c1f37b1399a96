//! What tests stand on: a database of their own, a server in their own process, and people.

pub mod archives;
pub mod bad_files;
pub mod calls;
pub mod calls_accesses;
pub mod calls_appointments;
pub mod calls_attachments;
pub mod calls_copies;
pub mod calls_findings;
pub mod calls_identity;
pub mod calls_log;
pub mod calls_notices;
pub mod calls_posts;
pub mod calls_rooms;
pub mod calls_witnesses;
pub mod db;
pub mod json;
pub mod log;
pub mod people;
pub mod proofs;
pub mod questions;
pub mod rows;
pub mod smtp;
pub mod stub;
pub mod team;
pub mod time_server;
pub mod wire;
pub mod witnessing;
pub mod world;

pub use people::{Authenticator, Invited, Person, refused};
pub use team::Team;
pub use wire::Wire;
pub use world::World;
