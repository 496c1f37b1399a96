//! What tests stand on: a database of their own, a server in their own process, and people.

pub mod db;
pub mod people;
pub mod world;

pub use people::Person;
pub use world::World;
