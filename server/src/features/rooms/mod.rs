//! Rooms (ルーム): places to talk that are about no patient, of a facility, a committee, the region, free, or between two
//! people (個別). Owns `rooms`, `room_members`, `room_rules` and `room_read_marks`.
//!
//! Used by staff instead of the telephone and the fax. Invariants: whoever is not in a room hears that there is none;
//! membership by post is derived from the posts that are held today and never copied, so that whoever leaves a facility
//! is out at that moment and has nothing of the room any more; a room that has members has somebody who looks after it
//! (when the last of them is gone, whoever has been in it longest); patients and families are in no room; what was said
//! before one joined is readable where the room says so, and is never counted as unread; a reading mark only moves
//! forward; between two people there is one room, whoever opened it.

mod members;
mod model;
mod people;
mod policy;
mod queries;
mod read;
mod routes;
mod view;
mod write;

pub use people::{RoomPersonView, named};
pub use policy::{Entered, enter, entered, readable, readers};
pub use queries::advance;
pub use routes::configure;
