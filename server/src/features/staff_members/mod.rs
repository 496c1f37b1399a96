//! Staff members (職員): a person's post at a facility, in one profession, with the account that signs in for it. Kept by
//! the network administrator, seen by every participant. Owns `staff_members`; writes `accounts` when one is made.

mod model;
mod policy;
mod queries;
mod routes;

pub use model::{StaffMember, StaffMemberView};
pub use queries::{exists, find, posts_of};
pub use routes::configure;
