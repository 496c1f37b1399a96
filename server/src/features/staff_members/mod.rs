//! Staff members (職員): a person's post at a facility, in one profession, with the account that signs in for it. Kept by
//! the network administrator, seen by every participant. Owns `staff_members` and `persons`; writes `accounts` when one
//! is made, and care teams when somebody moves or leaves.
//!
//! A person may hold several posts. A post is never changed but for its last day: whoever moves ends one and begins
//! another, so that everything written stays with the post that it was written in. Accounts of patients and families
//! stand on a post as well, which no list of colleagues shows.

mod home;
mod import;
mod model;
mod policy;
mod posts;
mod queries;
mod routes;

pub use model::{StaffMember, StaffMemberView, check_login_name, check_support_period, role_of};
pub use posts::{
    NewLogin, NewPost, add_account, add_person, add_post, apply_moves, close_account, end_post,
};
pub use queries::{exists, find, find_person, names, posts_of};
pub use routes::configure;
