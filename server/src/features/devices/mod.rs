//! Registered devices and the shifts on shared ones. Owns `devices` and `shift_entries`.
//!
//! An administrator registers a device and reads a code to whoever holds it; the device takes its secret with that code,
//! once. Sessions that are opened on it belong to it, and stop with the next request when it is taken out of use (SE-10).
//!
//! A shared device knows who has begun a shift on it today: with two factors, for twelve hours at most. They change places
//! by PIN (SE-11). A PIN is good on this device only and during this shift only; every try is counted before it is
//! looked at, and the fifth wrong one ends the shift. The device and the PIN are two factors, but not fresh ones: dangerous
//! acts ask for more. On a shared device one session lasts at a time.

mod enrol;
mod model;
mod policy;
mod queries;
mod routes;
mod shift;

pub use enrol::of_request;
pub use queries::{begin_shift, close_own_shift, close_shifts_of};
pub use routes::configure;
