//! Refusals of callers whom nobody knows, counted by network, source, code and minute, so that whoever floods the server
//! does not flood the log: the first is an entry at once, the others of the same minute are one entry together.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Sources that are told apart within a minute; what is beyond is counted together.
const SOURCES: usize = 10_000;

/// Whether a refusal is the first of its kind within the minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// It is, and is to be recorded.
    First,
    /// It is not, and has been counted.
    Before,
}

/// So many refusals within one minute, besides the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    /// The network that they were about.
    pub(crate) network: Uuid,
    /// Where they came from; nothing for all that could not be told apart.
    pub(crate) source: Option<String>,
    /// With which code.
    pub(crate) code: &'static str,
    /// How many.
    pub(crate) count: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    minute: i64,
    network: Uuid,
    source: Option<String>,
    code: &'static str,
}

/// What one node has counted.
#[derive(Debug, Default)]
pub(crate) struct Tally(Mutex<HashMap<Key, usize>>);

impl Tally {
    /// Counts a refusal.
    pub(crate) fn count(
        &self,
        network: Uuid,
        ip: Option<&str>,
        code: &'static str,
        now: DateTime<Utc>,
    ) -> Seen {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Key {
            minute: minute(now),
            network,
            source: ip.map(household),
            code,
        };
        if counts.len() >= SOURCES && !counts.contains_key(&key) {
            key.source = None;
        }
        let count = counts.entry(key).or_default();
        *count += 1;
        if *count == 1 {
            Seen::First
        } else {
            Seen::Before
        }
    }

    /// Takes out what was counted in minutes that are over, or in all, as far as more than the first came.
    pub(crate) fn take(&self, now: DateTime<Utc>, all: bool) -> Vec<Counted> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |key: &Key| all || key.minute < minute(now);
        let mut taken = Vec::new();
        counts.retain(|key, count| {
            if !over(key) {
                return true;
            }
            if *count > 1 {
                taken.push(Counted {
                    network: key.network,
                    source: key.source.clone(),
                    code: key.code,
                    count: *count - 1,
                });
            }
            false
        });
        taken
    }
}

fn minute(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(60)
}

/// An address, or of IPv6 the network of 64 bits that a household has.
fn household(ip: &str) -> String {
    match ip.parse() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => ip.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_is_told_at_once_and_the_others_together() {
        let tally = Tally::default();
        let now: DateTime<Utc> = "2026-11-30T02:33:12Z".parse().unwrap();
        let count = |ip: &str, code| tally.count(Uuid::nil(), Some(ip), code, now);
        assert_eq!(count("192.0.2.1", "token_expired"), Seen::First);
        assert_eq!(count("192.0.2.1", "token_expired"), Seen::Before);
        assert_eq!(count("192.0.2.1", "token_expired"), Seen::Before);
        assert_eq!(count("192.0.2.1", "invalid_proof"), Seen::First);
        assert_eq!(count("2001:db8::1", "token_expired"), Seen::First);
        assert_eq!(count("2001:db8::2:1", "token_expired"), Seen::Before);
        assert_eq!(tally.take(now, false), []);
        let mut taken = tally.take(now + chrono::TimeDelta::minutes(1), false);
        taken.sort_by_key(|counted| counted.count);
        let counts = taken.iter().map(|one| (one.source.as_deref(), one.count));
        let counts: Vec<_> = counts.collect();
        assert_eq!(
            counts,
            [(Some("2001:db8:0:0::/64"), 1), (Some("192.0.2.1"), 2)]
        );
        assert_eq!(tally.take(now, true), []);
        assert_eq!(count("192.0.2.1", "token_expired"), Seen::First);
    }

    #[test]
    fn no_flood_of_sources_makes_it_grow_for_ever() {
        let tally = Tally::default();
        let now: DateTime<Utc> = "2026-11-30T02:33:12Z".parse().unwrap();
        for n in 0..20_000 {
            let ip = format!("10.{}.{}.1", n / 256, n % 256);
            tally.count(Uuid::nil(), Some(&ip), "token_expired", now);
        }
        assert!(tally.0.lock().unwrap().len() <= SOURCES + 1);
        let taken = tally.take(now, true);
        assert_eq!(taken.len(), 1);
        assert_eq!((taken[0].source.clone(), taken[0].count), (None, 9_999));
    }
}
