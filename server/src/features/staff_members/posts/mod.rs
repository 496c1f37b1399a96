//! Posts over time: people who move (異動) and leave (退職).
//!
//! Both are one act with a date. The old post gets a last day; memberships of care teams end with it, or go on with
//! somebody else from the next day; the account acts for another post of the person as soon as there is no longer the
//! old one. What lies in the future happens by the calendar: posts and memberships are read with their days, and the
//! worker gives accounts their new post on the morning of the day.

mod closing;
mod leaving;
mod moving;
mod queries;

pub(super) use leaving::*;
pub(super) use moving::*;
pub use queries::{
    NewLogin, NewPost, add_account, add_person, add_post, apply_moves, close_account, end_post,
};
