//! How many wrong codes somebody may try. No database, no clock.

use chrono::{DateTime, TimeDelta, Utc};

/// Wrong codes after which nothing is looked up any more.
const MISSES: i32 = 10;
/// The time in which they are counted, and for which the trying is over.
const WINDOW: TimeDelta = TimeDelta::minutes(10);

/// Wrong codes of one account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Misses {
    /// How many since counting began.
    pub(super) attempts: i32,
    /// When counting began.
    pub(super) began_at: DateTime<Utc>,
    /// Until when nothing is looked up.
    pub(super) blocked_until: DateTime<Utc>,
}

impl Misses {
    /// Seconds to wait, when nothing may be tried.
    pub(super) fn wait(&self, now: DateTime<Utc>) -> Option<u32> {
        let left = (self.blocked_until - now).num_milliseconds();
        (left > 0).then(|| u32::try_from(left / 1000 + 1).unwrap_or(u32::MAX))
    }

    /// One more.
    pub(super) fn with_another(earlier: Option<Self>, now: DateTime<Utc>) -> Self {
        let running = earlier.filter(|misses| now - misses.began_at < WINDOW);
        let (attempts, began_at) = running.map_or((1, now), |misses| {
            (misses.attempts.saturating_add(1), misses.began_at)
        });
        Self {
            attempts,
            began_at,
            blocked_until: if attempts >= MISSES {
                now + WINDOW
            } else {
                now
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn the_tenth_wrong_code_in_ten_minutes_is_the_last() {
        let mut misses = None;
        for n in 0..10 {
            assert_eq!(misses.and_then(|m: Misses| m.wait(at(n))), None, "{n}");
            misses = Some(Misses::with_another(misses, at(n)));
        }
        assert_eq!(misses.unwrap().wait(at(9)), Some(601));
        assert_eq!(misses.unwrap().wait(at(9 + 600)), None);
        // Then counting begins anew.
        assert_eq!(Misses::with_another(misses, at(700)).attempts, 1);
    }

    #[test]
    fn slow_mistakes_are_forgotten() {
        let mut misses = None;
        for n in 0..100 {
            misses = Some(Misses::with_another(misses, at(n * 90)));
            assert_eq!(misses.unwrap().wait(at(n * 90)), None, "{n}");
        }
    }
}
