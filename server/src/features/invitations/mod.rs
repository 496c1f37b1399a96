//! Invitations to enrol: a link that is mailed, and a code that whoever invites hands over after looking at the person.
//! Both are needed, so that neither the mailbox nor the code alone opens an account. An account has one open invitation
//! at most; five wrong codes end it. Owns `invitations`, which `enrolments` spends.

mod model;
mod policy;
mod queries;
mod routes;

pub use model::{Drawn, NewInvitation, Purpose, tenant_of};
pub use queries::{Invitation, Key, fail, find_open, is_known, spend};
pub use routes::{configure, invite};
