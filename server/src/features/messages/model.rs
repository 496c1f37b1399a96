//! Rows of messages, and the rules that need nothing but the rows.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use uuid::Uuid;

use crate::{Error, error::FieldError, features::attachments, spine::text};

/// A message with its newest version.
#[derive(Debug, Clone, Queryable)]
pub(super) struct Message {
    pub(super) id: Uuid,
    pub(super) room_id: Uuid,
    pub(super) seq: i64,
    pub(super) author_id: Uuid,
    pub(super) reply_to: Option<Uuid>,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) version: i32,
    pub(super) state: String,
    pub(super) acknowledge_by: Option<DateTime<Utc>>,
    pub(super) asks: bool,
    pub(super) body: Option<String>,
    pub(super) mentions: Vec<Uuid>,
    pub(super) mentions_everyone: bool,
    pub(super) reason: Option<String>,
    pub(super) written_by: Uuid,
    pub(super) written_at: DateTime<Utc>,
}

/// What a version of a message says.
#[derive(Debug, Clone, Default)]
pub(super) struct Content<'a> {
    pub(super) body: Option<&'a str>,
    pub(super) mentions: &'a [Uuid],
    pub(super) mentions_everyone: bool,
    /// Files; those of the version before when nothing is said.
    pub(super) attachment_ids: Option<&'a [Uuid]>,
}

/// What is kept as the text: nothing when files say it all.
pub(super) fn said(body: &str) -> Option<&str> {
    (!body.is_empty()).then_some(body)
}

/// Adds what is wrong with a text, the people whom it mentions and the files that it shows.
pub(super) fn check(
    body: &str,
    mentions: &[Uuid],
    attachment_ids: &[Uuid],
    errors: &mut Vec<FieldError>,
) {
    // A photo may say it all.
    if !body.is_empty() || attachment_ids.is_empty() {
        text::check("body", body, 10_000, true, errors);
    }
    attachments::check_ids(attachment_ids, errors);
    if mentions.len() > 50 {
        errors.push(FieldError::new(
            "mentions",
            "out_of_range",
            "up to 50 people",
        ));
    }
}

/// Why a message cannot get a new version.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Somebody wrote a version meanwhile.
    Stale,
    /// It was taken back.
    Retracted,
    /// It was moved to a timeline.
    Moved,
}

/// The number of the next version of a message in this state.
pub(super) fn next_version(current: i32, state: &str, expected: i32) -> Result<i32, Refused> {
    // Whoever has not seen the newest version learns that first: it may be the retraction.
    match state {
        _ if expected != current => Err(Refused::Stale),
        "kept" => Ok(current + 1),
        "moved" => Err(Refused::Moved),
        _ => Err(Refused::Retracted),
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Stale => Self::Stale,
            Refused::Retracted => {
                Self::Conflict("message_retracted", "the message has been taken back")
            }
            Refused::Moved => {
                Self::Conflict("message_moved", "the message has been moved to a timeline")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_message_that_is_kept_gets_a_version() {
        assert_eq!(next_version(1, "kept", 1), Ok(2));
        assert_eq!(next_version(2, "kept", 1), Err(Refused::Stale));
        assert_eq!(next_version(2, "moved", 2), Err(Refused::Moved));
        assert_eq!(next_version(2, "retracted", 2), Err(Refused::Retracted));
        assert_eq!(next_version(2, "retracted", 1), Err(Refused::Stale));
    }
}
