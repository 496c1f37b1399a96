//! Licences (免許・資格) of people, as somebody verified them. Owns `licences`.
//!
//! A licence belongs to a person and a profession of the register; whether it counts today is [`status`]. A row is never
//! changed: a renewal is a new row, which replaces an earlier one of the same number; what was wrong is revoked. One
//! number stands for one person (a unique index).

mod model;
mod policy;
mod queries;
mod routes;

pub use model::{EXPIRING_WITHIN, LicenceStatus, Method, NewLicence, number};
pub use queries::{add, holders, status, statuses};
pub use routes::configure;
