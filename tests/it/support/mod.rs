//! What tests stand on: a database of their own, a server in their own process, and people.

pub mod db;
pub mod people;
pub mod smtp;
pub mod team;
pub mod world;

pub use people::{Invited, Person, refused};
pub use team::Team;
pub use world::World;
