//! When to try again, and how long to wait before.

use std::time::{Duration, SystemTime};

use chrono::DateTime;

use crate::error::Error;

/// How often and how patiently a request is repeated.
///
/// Only requests that cannot do a thing twice are repeated: safe methods, and requests that carry
/// an Idempotency-Key. Waits grow exponentially and are spread by full jitter, so that many
/// clients that lost the same server do not return in the same moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    pub(crate) attempts: u32,
    pub(crate) first_wait: Duration,
    pub(crate) longest_wait: Duration,
    pub(crate) longest_retry_after: Duration,
}

impl Default for RetryPolicy {
    /// Four attempts, waits up to 0.2, 0.4 and 0.8 seconds; a `Retry-After` up to 30 seconds is kept.
    fn default() -> Self {
        Self {
            attempts: 4,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(10),
            longest_retry_after: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// One attempt only.
    pub fn none() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// How many attempts are made in all, at least one.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Upper limit of the first wait; every further one doubles.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// Upper limit of every wait.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// A server that asks to wait longer than this gets no further attempt: the caller hears it.
    pub fn longest_retry_after(mut self, wait: Duration) -> Self {
        self.longest_retry_after = wait;
        self
    }

    /// The wait before the attempt after attempt number `made` (from 1), or `None` to give up.
    pub(crate) fn wait_after(&self, made: u32, error: &Error) -> Option<Duration> {
        if made >= self.attempts || !error.is_temporary() {
            return None;
        }
        match error.retry_after() {
            Some(asked) if asked > self.longest_retry_after => None,
            Some(asked) => Some(asked + jitter(self.first_wait)),
            None => Some(self.back_off(made)),
        }
    }

    /// A random wait below the limit of this attempt.
    pub(crate) fn back_off(&self, made: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(made.saturating_sub(1));
        jitter(
            self.first_wait
                .saturating_mul(doubled)
                .min(self.longest_wait),
        )
    }
}

fn jitter(limit: Duration) -> Duration {
    limit.mul_f64(fastrand::f64())
}

/// Reads a `Retry-After` header: seconds, or a date.
pub(crate) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = SystemTime::from(DateTime::parse_from_rfc2822(value).ok()?);
    Some(until.duration_since(now).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_limit() {
        let policy = RetryPolicy::default()
            .attempts(100)
            .longest_wait(Duration::from_secs(1));
        for made in 1..100 {
            let limit = Duration::from_millis(200 * 2_u64.pow(made.min(4) - 1));
            assert!(policy.back_off(made) <= limit.min(Duration::from_secs(1)));
        }
    }

    #[test]
    fn server_that_asks_for_too_long_gets_no_further_attempt() {
        let error = Error::Api {
            status: 429,
            code: "rate_limited".to_owned(),
            message: String::new(),
            request_id: None,
            fields: Vec::new(),
            retry_after: Some(Duration::from_hours(1)),
        };
        assert_eq!(RetryPolicy::default().wait_after(1, &error), None);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = SystemTime::from(DateTime::parse_from_rfc3339("2026-11-21T03:04:05Z").unwrap());
        let parse = |text| parse_retry_after(text, now);
        assert_eq!(parse("120"), Some(Duration::from_mins(2)));
        assert_eq!(
            parse("Sat, 21 Nov 2026 03:04:35 GMT"),
            Some(Duration::from_secs(30))
        );
        assert_eq!(parse("Sat, 21 Nov 2020 03:04:35 GMT"), Some(Duration::ZERO));
        assert_eq!(parse("soon"), None);
        assert_eq!(parse("-1"), None);
    }
}
