//! Why a decision was made, or would be: from the rules that decided and what was found, in Japanese and English, with
//! what would change it.

mod policy;
mod queries;
mod routes;

pub use routes::configure;
