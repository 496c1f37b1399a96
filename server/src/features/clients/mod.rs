//! Clients: the systems of facilities and vendors, and the tokens that they get for themselves (OAuth 2 client
//! credentials, RFC 6749 §4.4). Kept by the network administrator. Owns `clients`.

mod policy;
mod queries;
mod routes;

pub use routes::configure;
