//! Guessing is slowed down (security.md AN-09): after some failures each further attempt waits longer, and nobody gets
//! more than a hundred attempts at an account in a day.
//!
//! What is counted is kept in the database, so that it is the same for all servers and outlives them. An attempt at an
//! account is counted before it is evaluated, so that many at once gain nothing, and taken back when it ends well. Names
//! that do not exist are counted like those that do. A device on which somebody has signed in before counts by itself,
//! so that a stranger who guesses cannot lock the owner out. Sources are counted by their failures, with room for a
//! whole hospital behind one address.

use std::{net::IpAddr, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tokio::sync::{Semaphore, SemaphorePermit};
use tsumugi_schema::tables::sign_in_guards as guards;
use uuid::Uuid;

use crate::{Error, Result, ctx::Tx, spine::ids};

/// After how long counting begins anew.
const WINDOW: TimeDelta = TimeDelta::hours(24);
/// Seconds without evaluation after the first, second … attempt that did not end well; the last holds for all others.
/// At the end there are three in an hour, so that no day has more than a hundred, wherever it begins.
const WAITS: [i64; 12] = [0, 0, 0, 1, 3, 5, 10, 30, 60, 300, 900, 1200];
/// Attempts at an account in a window.
const LIMIT: i32 = 100;
/// Failures of a source that cost nothing, and those that cost little.
const SOURCE_FREE: i32 = 100;
const SOURCE_CHEAP: i32 = 300;
/// Failures of a source in a window.
const SOURCE_LIMIT: i32 = 2000;
/// What does not block is this long past, so that transactions that began before it was written see that as well.
const PAST: TimeDelta = TimeDelta::minutes(1);
/// Wait for a place before the door, in the middle. Rather long: who waits costs nothing, who is turned away comes back.
const PATIENCE: Duration = Duration::from_secs(8);

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Account,
    Device,
    Source,
}

impl Kind {
    fn code(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Device => "device",
            Self::Source => "source",
        }
    }

    /// How long nothing is evaluated after so many attempts.
    fn wait(self, attempts: i32) -> TimeDelta {
        let seconds = match self {
            Self::Source if attempts <= SOURCE_FREE => 0,
            Self::Source if attempts <= SOURCE_CHEAP => 5,
            Self::Source => 60,
            Self::Account | Self::Device => {
                let place = usize::try_from(attempts - 1).unwrap_or_default();
                WAITS
                    .get(place)
                    .or(WAITS.last())
                    .copied()
                    .unwrap_or_default()
            }
        };
        TimeDelta::seconds(seconds)
    }

    fn limit(self) -> i32 {
        match self {
            Self::Source => SOURCE_LIMIT,
            Self::Account | Self::Device => LIMIT,
        }
    }
}

/// Somebody or something whose attempts are counted together.
#[derive(Debug, Clone)]
pub struct Subject {
    kind: Kind,
    digest: [u8; 32],
}

impl Subject {
    fn new(kind: Kind, parts: &[&[u8]]) -> Self {
        let mut bytes = kind.code().as_bytes().to_vec();
        for part in parts {
            bytes.push(0);
            bytes.extend_from_slice(part);
        }
        Self {
            kind,
            digest: ids::digest(&bytes),
        }
    }

    /// An account, by what was given as its sign-in name, whether there is one or not.
    pub fn account(login: &str) -> Self {
        Self::new(Kind::Account, &[login.as_bytes()])
    }

    /// An account on a device on which its owner has signed in before.
    pub fn device(login: &str, device_id: Uuid) -> Self {
        Self::new(Kind::Device, &[login.as_bytes(), device_id.as_bytes()])
    }

    /// An account whose owner has signed in, or somebody with the owner's session.
    pub fn session_of(account_id: Uuid) -> Self {
        Self::new(Kind::Account, &[account_id.as_bytes()])
    }

    /// Where attempts come from: an address, or the network of 64 bits that a household has.
    pub fn source(address: Option<&str>) -> Self {
        let address: Option<IpAddr> = address.and_then(|text| text.parse().ok());
        let bytes = match address {
            Some(IpAddr::V4(v4)) => v4.octets().to_vec(),
            Some(IpAddr::V6(v6)) => v6.octets().iter().take(8).copied().collect(),
            None => Vec::new(),
        };
        Self::new(Kind::Source, &[&bytes])
    }
}

/// What is kept of a subject.
#[derive(Debug, Clone, Copy, Queryable)]
struct Counted {
    attempts: i32,
    refused: i64,
    window_began_at: DateTime<Utc>,
    blocked_until: DateTime<Utc>,
}

impl Counted {
    /// For how many seconds nothing is evaluated, if for any.
    fn blocked(&self, now: DateTime<Utc>) -> Option<u32> {
        let left = self.blocked_until - now;
        (left > TimeDelta::zero()).then(|| {
            u32::try_from(left.num_milliseconds().div_euclid(1000) + 1).unwrap_or(u32::MAX)
        })
    }

    /// One more attempt that did not end well, or has not ended yet.
    fn count(&mut self, kind: Kind, now: DateTime<Utc>) {
        self.attempts += 1;
        let wait = kind.wait(self.attempts);
        self.blocked_until = if self.attempts >= kind.limit() {
            self.window_began_at + WINDOW
        } else if wait.is_zero() {
            now - PAST
        } else {
            now + wait
        };
    }
}

/// Counts an attempt before it is evaluated. Refuses with the seconds to wait when it is not to be.
pub async fn reserve(tx: &Tx<'_>, subject: &Subject) -> Result<Option<u32>> {
    let mut counted = lock(tx, subject).await?;
    let blocked = counted.blocked(tx.now);
    if blocked.is_some() {
        counted.refused += 1;
    } else {
        counted.count(subject.kind, tx.now);
    }
    save(tx, subject, counted).await?;
    Ok(blocked)
}

/// The seconds for which a subject is not evaluated, without counting anything.
pub async fn blocked(tx: &Tx<'_>, subject: &Subject) -> Result<Option<u32>> {
    Ok(find(tx, subject)
        .await?
        .and_then(|counted| counted.blocked(tx.now)))
}

/// Counts a failure of a subject that was not reserved.
pub async fn fail(tx: &Tx<'_>, subject: &Subject) -> Result<()> {
    let mut counted = lock(tx, subject).await?;
    counted.count(subject.kind, tx.now);
    save(tx, subject, counted).await
}

/// Takes a reservation back: the attempt told neither that somebody guesses nor that it is the owner.
pub async fn give_back(tx: &Tx<'_>, subject: &Subject) -> Result<()> {
    let mut counted = lock(tx, subject).await?;
    counted.attempts = (counted.attempts - 1).max(0);
    counted.blocked_until = tx.now - PAST;
    save(tx, subject, counted).await
}

/// Forgets what was counted: it was the owner.
pub async fn clear(tx: &Tx<'_>, subject: &Subject) -> Result<()> {
    diesel::delete(guards::table.find((tx.tenant_id, subject.digest.as_slice())))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Until when strangers are not evaluated at these sign-in names (`name@network`), where they are not.
pub async fn locked(tx: &Tx<'_>, logins: &[String]) -> Result<Vec<Option<DateTime<Utc>>>> {
    let digests: Vec<Vec<u8>> = logins
        .iter()
        .map(|login| Subject::account(login).digest.to_vec())
        .collect();
    let found: Vec<(Vec<u8>, DateTime<Utc>)> = guards::table
        .filter(guards::tenant_id.eq(tx.tenant_id))
        .filter(guards::subject.eq_any(&digests))
        .filter(guards::blocked_until.gt(tx.now))
        .select((guards::subject, guards::blocked_until))
        .load(&mut tx.conn())
        .await?;
    let until = |digest: &Vec<u8>| {
        let row = found.iter().find(|(subject, _)| subject == digest);
        row.map(|(_, until)| *until)
    };
    Ok(digests.iter().map(until).collect())
}

/// Forgets what counts no more.
pub async fn forget_old(tx: &Tx<'_>) -> Result<()> {
    diesel::delete(
        guards::table
            .filter(guards::tenant_id.eq(tx.tenant_id))
            .filter(guards::window_began_at.lt(tx.now - WINDOW))
            .filter(guards::blocked_until.lt(tx.now)),
    )
    .execute(&mut tx.conn())
    .await?;
    Ok(())
}

async fn find(tx: &Tx<'_>, subject: &Subject) -> Result<Option<Counted>> {
    Ok(guards::table
        .find((tx.tenant_id, subject.digest.as_slice()))
        .select((
            guards::attempts,
            guards::refused,
            guards::window_began_at,
            guards::blocked_until,
        ))
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The row of a subject, made if there is none, locked until the transaction ends: attempts at once wait for each other.
async fn lock(tx: &Tx<'_>, subject: &Subject) -> Result<Counted> {
    diesel::insert_into(guards::table)
        .values((
            guards::tenant_id.eq(tx.tenant_id),
            guards::subject.eq(subject.digest.as_slice()),
            guards::kind.eq(subject.kind.code()),
            guards::attempts.eq(0),
            guards::refused.eq(0_i64),
            guards::window_began_at.eq(tx.now),
            guards::blocked_until.eq(tx.now - PAST),
        ))
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    let found: Option<Counted> = guards::table
        .find((tx.tenant_id, subject.digest.as_slice()))
        .select((
            guards::attempts,
            guards::refused,
            guards::window_began_at,
            guards::blocked_until,
        ))
        .for_update()
        .first(&mut tx.conn())
        .await
        .optional()?;
    // Cleared by somebody else between the two statements.
    let counted = found.ok_or(Error::Retry)?;
    Ok(if counted.window_began_at + WINDOW <= tx.now {
        Counted {
            attempts: 0,
            refused: 0,
            window_began_at: tx.now,
            blocked_until: tx.now - PAST,
        }
    } else {
        counted
    })
}

async fn save(tx: &Tx<'_>, subject: &Subject, counted: Counted) -> Result<()> {
    diesel::update(guards::table.find((tx.tenant_id, subject.digest.as_slice())))
        .set((
            guards::attempts.eq(counted.attempts),
            guards::refused.eq(counted.refused),
            guards::window_began_at.eq(counted.window_began_at),
            guards::blocked_until.eq(counted.blocked_until),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// The gate before signing in: only so many are let to the database and the hashing at once that requests of whoever has
/// signed in always find a connection. Whoever waits too long is asked to come back.
#[derive(Debug)]
pub struct Gate(Semaphore);

impl Gate {
    /// A gate for a pool of so many connections.
    pub fn new(connections: usize) -> Self {
        Self(Semaphore::new((connections / 2).max(1)))
    }

    /// A place inside, until it is dropped.
    pub async fn enter(&self) -> Result<SemaphorePermit<'_>> {
        // Half of it to one and a half: many who came together are not turned away together, in the way of all others.
        let [chance, ..] = ids::secret()?;
        let patience = PATIENCE / 2 + PATIENCE * u32::from(chance) / u32::from(u8::MAX);
        tokio::time::timeout(patience, self.0.acquire())
            .await
            .map_err(Error::unavailable)?
            .map_err(Error::internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_no_day_has_more_than_a_hundred_attempts() {
        let waits: Vec<i64> = (1..=12)
            .map(|n| Kind::Account.wait(n).num_seconds())
            .collect();
        assert_eq!(waits, WAITS);
        assert!(waits.is_sorted());
        assert_eq!(Kind::Account.wait(99).num_seconds(), 1200);
        // The worst day: a window that ends in the middle of it, and the next that begins at full speed.
        let (start, mut evaluated) = (DateTime::UNIX_EPOCH, Vec::new());
        let fresh = |now| Counted {
            attempts: 0,
            refused: 0,
            window_began_at: now,
            blocked_until: now,
        };
        let (mut now, mut counted) = (start, fresh(start));
        while now < start + WINDOW * 3 {
            if counted.window_began_at + WINDOW <= now {
                counted = fresh(now);
            }
            if counted.blocked(now).is_none() {
                counted.count(Kind::Account, now);
                evaluated.push(now);
            }
            now += TimeDelta::milliseconds(500);
        }
        let most = evaluated
            .iter()
            .map(|from| {
                let within = |at: &&DateTime<Utc>| **at >= *from && **at < *from + WINDOW;
                evaluated.iter().filter(within).count()
            })
            .max();
        assert!(most.is_some_and(|most| most <= 100), "{most:?}");
    }

    #[test]
    fn a_household_is_one_source_and_a_hospital_has_room() {
        let digest = |address: &str| Subject::source(Some(address)).digest;
        assert_eq!(digest("2001:db8::1"), digest("2001:db8::ffff:2"));
        assert_ne!(digest("2001:db8::1"), digest("2001:db8:0:1::1"));
        assert_ne!(digest("192.0.2.1"), digest("192.0.2.2"));
        assert_eq!(Kind::Source.wait(100).num_seconds(), 0);
        assert_eq!(Kind::Source.wait(101).num_seconds(), 5);
        let (login, device) = ("sato@kita", ids::new_id());
        assert_ne!(
            Subject::account(login).digest,
            Subject::device(login, device).digest
        );
    }
}
