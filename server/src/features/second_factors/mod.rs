//! One's own factors: password, one-time codes, recovery codes. Owns `recovery_codes` and the columns of `accounts` that
//! hold factors; spends `temporary_codes`.
//!
//! A code is good once, whichever kind it is and however many ask at once. Whenever the factors of an account change,
//! its owner is told by mail. Seeds are sealed; codes are kept as digests.

mod check;
mod model;
mod notice;
mod policy;
mod queries;
mod routes;
mod seeds;
mod spend;

pub use check::check_password;
pub use model::{Change, RecoveryCodes, digest_of};
pub use notice::notify;
pub use queries::{drop_all, hold_password, hold_recovery_codes, hold_totp};
pub use routes::configure;
pub use seeds::seal_seed;
pub use spend::{Spending, has_second_factor, spend};
