//! The current state (いまの状態): what is so with a patient, beside the stream of what happened. Owns `facts` and
//! `fact_versions`.
//!
//! Read by everyone who sees the patient, each the kinds of information of the own profession; written by whoever writes
//! that kind. The kinds, their fields and choices are `schema/facts.json`. Invariants: nothing is changed or removed:
//! what is so now is said by a new version, and every version stays with its source, author and time; what has ended gets
//! no further version; of two who change the same at once, one hears that it is stale; what holds follows from the
//! versions alone; facts that contradict each other stand side by side until somebody ends one; a fact stays on the
//! channel on which it was first written, and one made of a post is for no more people than the post.

mod catalogue;
mod checks;
mod copy;
mod exchanges;
mod model;
mod policy;
mod queries;
mod read;
mod routes;
mod value;
mod view;
mod write;

#[cfg(test)]
mod model_tests;
#[cfg(test)]
mod value_tests;

pub use catalogue::{Kind, find as find_kind};
pub use copy::{CopiedFact, copy};
pub use exchanges::{DueExchange, due_exchanges, patients_with_exchanges};
pub use routes::configure;
pub use value::{Said, next_on};
