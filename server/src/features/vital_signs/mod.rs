//! Vital signs and observations: what can be measured, what it scores together (NEWS2), and outside which limits somebody
//! is told (連絡の基準). Owns `vital_limits`; the measurements themselves are posts of the timeline.
//!
//! Limits are set by the professions that write diagnoses and seen by everyone who sees vital signs. Whoever records a
//! value outside them adds a post about it (`timeline`), which asks the people named in them for an answer. Every version
//! of the limits stays, because an alert of last month followed last month's limits.

mod limits;
mod model;
mod news2;
mod policy;
mod queries;
mod routes;

pub use limits::{Crossing, Limits};
pub use model::VitalSigns;
pub use news2::{News2View, news2};
pub use policy::may_set_limits;
pub use queries::{has_second_scale, limits_of};
pub use routes::configure;
