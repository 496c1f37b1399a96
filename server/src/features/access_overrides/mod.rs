//! Narrowing by a network: rights that it takes away from a profession by agreement (運用規程). A network can only narrow;
//! nothing here gives a right. Owns `access_overrides`.

mod policy;
mod queries;
mod routes;

pub use routes::configure;
