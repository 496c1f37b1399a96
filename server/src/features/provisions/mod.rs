//! What was given to other facilities (第三者提供記録, 個人情報保護法29条・30条): who showed whose information to whom, on
//! which day and on what ground. Owns `provisions`.
//!
//! A facility gives information when somebody who works elsewhere is shown what it recorded. Whatever shows it calls
//! [`note`], in the transaction of the data, so that nothing is given without its record. One row stands for a day, a
//! giver, a receiver, a kind of information and a ground; it names whoever was the first of that day. Rows are never
//! changed. The patient is not a third party, and neither is the own facility.

mod export;
mod model;
mod policy;
mod queries;
mod routes;

pub use model::{Basis, kind_ja};
pub use queries::{note, note_all};
pub use routes::configure;
