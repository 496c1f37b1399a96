//! Clients: the systems of facilities and vendors, and the tokens that they get: for themselves (OAuth 2 client
//! credentials, RFC 6749 §4.4) or for a person of their facility (token exchange, RFC 8693), bound to a key where they
//! show a proof (RFC 9449). Kept by the network administrator. Owns `clients`.

mod policy;
mod queries;
mod routes;
mod token;

pub use routes::configure;
