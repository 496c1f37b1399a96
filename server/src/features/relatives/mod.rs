//! Accounts of patients and their families (本人・家族・代理人). Owns `patient_relations`.
//!
//! Each account is for one patient. It stands on a post of its own, of the profession `patient` or `family` at the
//! facility of whoever registered it, which no list of colleagues shows; post, relation and invitation are made in one
//! act and end in one. A patient has one account of their own. The mail that invites names nobody: who is looked after
//! in a network is not for mail servers to know.

mod model;
mod policy;
mod queries;
mod routes;

pub use routes::configure;
