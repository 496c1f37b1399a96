//! My work (自分の仕事): what waits for the caller over all patients, and the numbers beside it. Owns nothing; puts
//! together what other features know.

mod routes;

pub use routes::configure;
