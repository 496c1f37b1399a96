//! How often a source may ask where nobody signs in: so many requests a minute, counted by each node for itself.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Error, Result};

/// How long requests are counted together.
const SPAN: TimeDelta = TimeDelta::minutes(1);
/// Sources that are remembered: beyond that all others are one.
const SOURCES: usize = 10_000;

/// Counts requests.
#[derive(Debug)]
pub struct Rate {
    most: u32,
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    began: Option<DateTime<Utc>>,
    sources: HashMap<Vec<u8>, u32>,
}

impl Rate {
    /// So many a minute for each source.
    pub fn new(most: u32) -> Self {
        Self {
            most,
            counted: Mutex::default(),
        }
    }

    /// Counts a request from an address, or the network of 64 bits that it is of. Refuses with the seconds to wait.
    pub fn count(&self, address: Option<&str>, now: DateTime<Utc>) -> Result<()> {
        // Nothing that holds the lock can leave half of anything.
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let began = match counted.began {
            Some(began) if began <= now && now - began < SPAN => began,
            _ => {
                counted.sources.clear();
                counted.began = Some(now);
                now
            }
        };
        let mut source = source(address);
        if counted.sources.len() >= SOURCES && !counted.sources.contains_key(&source) {
            source.clear();
        }
        let count = counted.sources.entry(source).or_default();
        *count += 1;
        if *count <= self.most {
            return Ok(());
        }
        let left = (began + SPAN - now).num_seconds().clamp(0, 60) + 1;
        Err(Error::TooManyAttempts(u32::try_from(left).unwrap_or(60)))
    }
}

fn source(address: Option<&str>) -> Vec<u8> {
    match address.and_then(|text| text.parse().ok()) {
        Some(IpAddr::V4(v4)) => v4.octets().to_vec(),
        Some(IpAddr::V6(v6)) => v6.octets().iter().take(8).copied().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_waits_for_the_next_minute_and_no_other_waits_for_it() {
        let rate = Rate::new(2);
        let start = DateTime::UNIX_EPOCH;
        let ask = |address: &str, seconds| {
            let now = start + TimeDelta::seconds(seconds);
            match rate.count(Some(address), now) {
                Ok(()) => 0,
                Err(Error::TooManyAttempts(seconds)) => seconds,
                Err(other) => panic!("{other}"),
            }
        };
        assert_eq!(
            [
                ask("192.0.2.1", 0),
                ask("192.0.2.1", 20),
                ask("192.0.2.1", 20)
            ],
            [0, 0, 41]
        );
        assert_eq!(ask("192.0.2.2", 20), 0);
        assert_eq!((ask("2001:db8::1", 21), ask("2001:db8::2", 21)), (0, 0));
        assert!(ask("2001:db8::3", 21) > 0);
        assert_eq!(ask("192.0.2.1", 60), 0);
        for n in 1..SOURCES {
            let address = format!("10.{}.{}.{}", n >> 16, (n >> 8) & 255, n & 255);
            assert_eq!(ask(&address, 61), 0);
        }
        // All that come now are one, so that nobody fills the memory.
        assert_eq!((ask("11.0.0.1", 62), ask("11.0.0.2", 62)), (0, 0));
        assert!(ask("11.0.0.3", 62) > 0);
    }
}
