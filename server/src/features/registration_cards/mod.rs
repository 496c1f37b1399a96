//! Registration cards (利用者カード): what a patient carries, so that a facility can enter the number by which it knows the
//! patient without anybody typing a name. Owns `registration_cards`.
//!
//! The code on a card is kept as a digest only, and is told once, to be printed. A patient has one card: a new one ends
//! the one before. Whoever holds a card learns no more than name, kana, birth date and sex, and only while a consent of
//! the patient stands. Every reading is in the access log; wrong codes are counted, and too many of them end the trying.

mod guard;
mod model;
mod policy;
mod queries;
mod read;
mod routes;

pub use routes::configure;
