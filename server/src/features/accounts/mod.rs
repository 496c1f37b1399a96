//! Accounts, as administrators see them: who can sign in, since when nobody has, and with which licence. Accounts of
//! patients and their families are not shown here: who is a patient is not for administrators to know.

mod list;

pub use list::{AccountView, configure, find};
