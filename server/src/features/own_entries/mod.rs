//! What somebody has written about a patient, to be copied into a record kept elsewhere: 第5表「居宅介護支援経過」 of care
//! managers, and the records of facilities. Owns no table; reads the timeline.
//!
//! Only one's own posts that one may still read, as they stand: what was taken back is left out, what was amended is in
//! its newest words.

mod csv;
mod routes;

pub use routes::configure;
