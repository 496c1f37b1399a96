//! The secret of an address, and the calendar behind it. No database.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use icalendar::{Calendar, Class, Component, Event, EventLike};
use uuid::Uuid;

use crate::{
    features::appointments::{Deadline, Span, Taken},
    spine::ids,
};

/// How far back and ahead a feed shows.
pub(super) const BACK: TimeDelta = TimeDelta::days(31);
/// See [`BACK`].
pub(super) const AHEAD: TimeDelta = TimeDelta::days(186);
/// Most events of one feed.
const MOST: usize = 2_000;
/// How often a program should look.
const TTL: TimeDelta = TimeDelta::minutes(30);

/// What an address ends with.
pub(super) struct Token {
    tenant_id: Uuid,
    secret: String,
}

impl Token {
    /// A new one.
    pub(super) fn new(tenant_id: Uuid) -> crate::Result<Self> {
        Ok(Self {
            tenant_id,
            secret: ids::to_base64(&ids::secret()?),
        })
    }

    /// Reads what an address ended with.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (tenant, secret) = text.split_once('.')?;
        (secret.len() == 43).then_some(())?;
        Some(Self {
            tenant_id: tenant.parse().ok()?,
            secret: secret.to_owned(),
        })
    }

    pub(super) fn tenant_id(&self) -> Uuid {
        self.tenant_id
    }

    /// What is kept of it.
    pub(super) fn digest(&self) -> [u8; 32] {
        ids::digest(self.secret.as_bytes())
    }

    /// The whole address.
    pub(super) fn address(&self, public_url: &str) -> String {
        let (server, tenant) = (public_url.trim_end_matches('/'), self.tenant_id.simple());
        format!("{server}/v1/calendar-feeds/{tenant}.{}.ics", self.secret)
    }
}

/// Everything that somebody has.
pub(super) struct Shown {
    /// Appointments.
    pub(super) taken: Vec<Taken>,
    /// What else is due.
    pub(super) due: Vec<Deadline>,
}

/// The calendar: kind and time of everything that somebody has, and nothing else. The same always gives the same text.
pub(super) fn calendar(of: Uuid, shown: &Shown, japanese: bool) -> String {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//Tsumugi//Tsumugi//JA"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .name(if japanese {
            "つむぎの予定"
        } else {
            "Tsumugi"
        })
        .timezone("Asia/Tokyo")
        .ttl(&TTL);
    let taken = shown.taken.iter().map(|one| event(of, one, japanese));
    let due = shown.due.iter().map(|one| deadline(of, one, japanese));
    for event in taken.chain(due).take(MOST) {
        calendar.push(event);
    }
    calendar.done().to_string()
}

fn event(of: Uuid, one: &Taken, japanese: bool) -> Event {
    let mut event = Event::new();
    event
        .uid(&format!("{}@tsumugi", uid(of, one)))
        .timestamp(one.written_at)
        .last_modified(one.written_at)
        .sequence(u32::try_from(one.version).unwrap_or(0))
        .summary(one.occurrence.plan.kind.word(japanese))
        .class(Class::Private);
    put(&mut event, one.occurrence.span);
    event.done()
}

fn deadline(of: Uuid, one: &Deadline, japanese: bool) -> Event {
    let mut event = Event::new();
    event
        .uid(&format!("{}@tsumugi", uid_of_due(of, one)))
        .timestamp(one.written_at)
        .last_modified(one.written_at)
        .sequence(u32::try_from(one.version).unwrap_or(0))
        .summary(match (one.span, japanese) {
            (Span::Days(..), true) => "医療機器の交換",
            (Span::Days(..), false) => "Exchange of a device",
            (Span::Timed(..), true) => "確認・返信の期限",
            (Span::Timed(..), false) => "Deadline to acknowledge or answer",
        })
        .class(Class::Private);
    put(&mut event, one.span);
    event.done()
}

/// Says when an event is.
fn put(event: &mut Event, span: Span) {
    match span {
        Span::Timed(from, to) => {
            event.starts(from);
            if to > from {
                event.ends(to);
            }
        }
        Span::Days(from, to) => {
            event.starts(from).ends(day_after(to));
        }
    }
}

/// The end of whole days is the day after the last.
fn day_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(day)
}

/// Stays the same for the same time of the same appointment, and leads back to nothing.
fn uid(of: Uuid, one: &Taken) -> Uuid {
    let day = one.occurrence.on.to_string();
    ids::derived_id(&[of.as_bytes(), one.appointment_id.as_bytes(), day.as_bytes()].concat())
}

/// The same for what is due: a device has one next exchange, whenever it is; a post may have several deadlines.
fn uid_of_due(of: Uuid, one: &Deadline) -> Uuid {
    let at = match one.span {
        Span::Timed(at, _) => at.to_rfc3339(),
        Span::Days(..) => String::new(),
    };
    ids::derived_id(&[of.as_bytes(), one.id.as_bytes(), at.as_bytes()].concat())
}

/// When any of it was last changed.
pub(super) fn changed_at(shown: &Shown) -> Option<DateTime<Utc>> {
    let taken = shown.taken.iter().map(|one| one.written_at);
    let due = shown.due.iter().map(|one| one.written_at);
    taken.chain(due).max()
}
