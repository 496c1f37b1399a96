//! Who stands in for whom (副主治医・当番医・休暇の代行), from a moment to a moment: the substitute has the ground of the
//! absent member of the care team, with the rights of the substitute's own profession. Owns `substitutions`.

mod policy;
mod queries;
mod routes;

pub use routes::configure;
