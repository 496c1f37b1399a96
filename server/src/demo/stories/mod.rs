//! The stories, as tables of text. See [`super::plot`] for their vocabulary and [`super::text`] for
//! the marks in the lines.

mod cancer;
pub(super) mod common;
mod copd;
mod couple;
mod dementia;
mod diabetes;
pub(super) mod everyday;
mod fracture;
mod heart;
pub(super) mod main;
mod parkinson;
mod pneumonia;
mod sore;
mod steady;
mod stroke;

use super::plot::Story;

/// Stories of the other patients, in the order in which they are dealt out.
pub(super) const ALL: &[&Story] = &[
    &heart::STORY,
    &dementia::STORY,
    &stroke::STORY,
    &steady::STORY,
    &diabetes::STORY,
    &copd::STORY,
    &couple::STORY,
    &fracture::STORY,
    &sore::STORY,
    &parkinson::STORY,
    &pneumonia::STORY,
    &steady::STORY,
    &cancer::STORY,
];
