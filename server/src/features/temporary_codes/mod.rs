//! Temporary codes: what an administrator gives to somebody whose device is lost or broken, in place of the second factor,
//! for a short time (AN-14). Given when things have gone wrong, they all end with one word when things are right again
//! (AZ-18): codes, and the sessions that were opened with them. Owns `temporary_codes`; `second_factors` spends them.

mod policy;
mod queries;
mod routes;

pub use routes::configure;
