//! Holding the system's clock against a time server and against the database's (security.md AU-11).
//!
//! Up to a second off the clock counts as checked, beyond that entries of the access log say that it is off, and the
//! administrators are told; beyond a minute nothing may be made final ([`crate::spine::access::Verb::FINAL`]). A clock that was
//! found to be off stays so until a time server says otherwise: whoever silences it gains nothing. The database's clock
//! alone cannot say which of the two is wrong, so it never stops anything.

mod queries;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rsntp::{AsyncSntpClient, Config};
use uuid::Uuid;

use crate::{
    Result,
    ctx::{Door, Tx},
    spine::{
        auth::Actor,
        clock::{Found, Quality, japanese_time, system_now},
        mail::{self, Mail},
    },
};

/// How far off the clock may be and count as right.
const TOLERATED: TimeDelta = TimeDelta::seconds(1);
/// How far off it may be before nothing is made final.
const USABLE: TimeDelta = TimeDelta::seconds(60);
/// How long it counts as checked without another answer.
const REMEMBERED: TimeDelta = TimeDelta::minutes(30);
/// Longest wait for a time server.
const PATIENCE: Duration = Duration::from_secs(3);
/// Questions to a time server, when the first answer says that the clock is off: one late packet proves nothing.
const QUESTIONS: usize = 3;

/// Looks at the clock, and remembers how good it is.
pub async fn check(door: &Door) -> Result<Quality> {
    let app = &door.app;
    let database = door
        .within(Uuid::nil(), Actor::Worker, async |tx| {
            database_offset(tx).await
        })
        .await?;
    let now = system_now();
    let before = app.clock.found();
    let found = match &app.config.witnessing.time_server {
        Some(server) => match ask(server).await {
            Some(offset) => Found {
                offset: Some(offset),
                checked_at: Some(now),
                database: Some(database),
            },
            None => Found {
                database: Some(database),
                ..before
            },
        },
        None => Found {
            database: Some(database),
            ..Found::default()
        },
    };
    let quality = judge(&found, now);
    app.clock.set_found(found, quality);
    tell(&found, quality);
    Ok(quality)
}

/// How good the clock is, by what was found.
fn judge(found: &Found, now: DateTime<Utc>) -> Quality {
    let recent = found
        .checked_at
        .is_some_and(|at| (now - at).abs() < REMEMBERED);
    match found.offset.map(|offset| offset.abs()) {
        Some(offset) if offset > USABLE => Quality::Wrong,
        Some(offset) if offset > TOLERATED => Quality::Off,
        Some(_) if recent => Quality::Checked,
        _ if found
            .database
            .is_some_and(|offset| offset.abs() > TOLERATED) =>
        {
            Quality::Off
        }
        _ => Quality::Unchecked,
    }
}

/// How far a time server is ahead of the system's clock; nothing when it does not answer.
async fn ask(server: &str) -> Option<TimeDelta> {
    let mut offsets = Vec::new();
    for _ in 0..QUESTIONS {
        match ask_once(server).await {
            Some(offset) if offset.abs() <= TOLERATED => return Some(offset),
            Some(offset) => offsets.push(offset),
            None => break,
        }
    }
    offsets.sort_unstable();
    offsets.get(offsets.len() / 2).copied()
}

async fn ask_once(server: &str) -> Option<TimeDelta> {
    let client = AsyncSntpClient::with_config(Config::default().timeout(PATIENCE));
    // The name of the server is resolved as well, which may take longer.
    let asked = tokio::time::timeout(PATIENCE * 2, client.synchronize(server)).await;
    match asked {
        Ok(Ok(result)) => {
            let seconds = result.clock_offset().as_secs_f64();
            let offset = Duration::try_from_secs_f64(seconds.abs()).ok()?;
            let offset = TimeDelta::from_std(offset).ok()?;
            Some(if seconds < 0.0 { -offset } else { offset })
        }
        Ok(Err(error)) => {
            tracing::warn!(%error, "the time server does not say what time it is");
            None
        }
        Err(_) => {
            tracing::warn!("the time server does not answer");
            None
        }
    }
}

/// How far the database's clock is ahead of the system's.
async fn database_offset(tx: &Tx<'_>) -> Result<TimeDelta> {
    let before = system_now();
    let there = queries::clock(tx).await?;
    let after = system_now();
    Ok(there - (before + (after - before) / 2))
}

/// Says it to whoever watches the measurements and the log.
fn tell(found: &Found, quality: Quality) {
    let seconds = |offset: TimeDelta| offset.as_seconds_f64();
    if let Some(offset) = found.offset {
        metrics::gauge!("tsumugi_clock_offset_seconds").set(seconds(offset));
    }
    if let Some(offset) = found.database {
        metrics::gauge!("tsumugi_clock_database_offset_seconds").set(seconds(offset));
        if offset.abs() > TOLERATED {
            let seconds = seconds(offset);
            tracing::warn!(seconds, "the database's clock differs from this machine's");
        }
    }
    metrics::gauge!("tsumugi_clock_quality").set(match quality {
        Quality::Unchecked => 0.0,
        Quality::Checked => 1.0,
        Quality::Off => 2.0,
        Quality::Wrong => 3.0,
    });
    if matches!(quality, Quality::Off | Quality::Wrong) {
        let seconds = found.offset.map(seconds);
        tracing::warn!(seconds, ?quality, "the clock is off");
    }
}

/// Tells the administrators of a network that the clock is off, once a day.
pub async fn alarm(tx: &Tx<'_>) -> Result<()> {
    let clock = &tx.app().clock;
    let quality = clock.quality();
    if !matches!(quality, Quality::Off | Quality::Wrong) || !queries::begin_alarm(tx).await? {
        return Ok(());
    }
    let body = letter(quality, clock.found(), tx.now);
    for (account_id, email) in queries::list_administrators(tx).await? {
        let Some(recipient) = email else { continue };
        let mail = Mail {
            account_id: Some(account_id),
            recipient: &recipient,
            subject: "つむぎ サーバーの時計がずれています",
            body: &body,
        };
        mail::enqueue(tx, &mail).await?;
    }
    Ok(())
}

fn letter(quality: Quality, found: Found, now: DateTime<Utc>) -> String {
    let at = japanese_time(now).format("%Y年%-m月%-d日 %-H時%-M分");
    let off = found.offset.or(found.database).unwrap_or_default();
    let seconds = off.abs().as_seconds_f64().round();
    let direction = if off > TimeDelta::zero() {
        "遅れて"
    } else {
        "進んで"
    };
    let against = if found.offset.is_some() {
        "時刻サーバー"
    } else {
        "データベースの時計"
    };
    let effect = if quality == Quality::Wrong {
        "ずれが60秒を超えているため、投稿・訂正・同意の記録・文書の受信など、記録を確定する操作を止めています。\
         入力した内容は端末に残り、時計が直ると自動で送られます。"
    } else {
        "記録の操作は続けられますが、アクセスログには「時計がずれている」ことが記されます。"
    };
    format!(
        "ネットワーク管理者 様\n\n{at}現在、つむぎのサーバーの時計が、{against}と比べて約{seconds}秒{direction}います。\n\n\
         {effect}\n\nサーバーの運用担当者に、時刻同期（NTP）の確認を依頼してください。\n\
         このお知らせは、ずれが続く間、1日に1回お送りします。\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn au_11_the_clock_is_as_good_as_the_time_server_says() {
        let now = DateTime::UNIX_EPOCH + TimeDelta::days(20_000);
        let quality = |offset: Option<i64>, minutes: i64, database: i64| {
            let found = Found {
                offset: offset.map(TimeDelta::milliseconds),
                checked_at: offset.map(|_| now - TimeDelta::minutes(minutes)),
                database: Some(TimeDelta::milliseconds(database)),
            };
            judge(&found, now)
        };
        for (offset, expected) in [
            (0, Quality::Checked),
            (1000, Quality::Checked),
            (-1000, Quality::Checked),
            (1001, Quality::Off),
            (-2000, Quality::Off),
            (60_000, Quality::Off),
            (60_001, Quality::Wrong),
            (-90_000, Quality::Wrong),
        ] {
            assert_eq!(quality(Some(offset), 0, 0), expected, "{offset}");
        }
        // Without an answer for long it is not known any more; what was wrong stays so.
        assert_eq!(quality(Some(100), 31, 0), Quality::Unchecked);
        assert_eq!(quality(Some(2000), 3000, 0), Quality::Off);
        assert_eq!(quality(Some(90_000), 3000, 0), Quality::Wrong);
        // The database shows that one of two clocks is off, and stops nothing.
        assert_eq!(quality(None, 0, 500), Quality::Unchecked);
        assert_eq!(quality(None, 0, 90_000), Quality::Off);
        assert_eq!(quality(Some(100), 0, 90_000), Quality::Checked);
    }

    #[test]
    fn the_letter_says_by_how_much_and_what_follows() {
        let found = Found {
            offset: Some(TimeDelta::seconds(-92)),
            ..Found::default()
        };
        let text = letter(Quality::Wrong, found, DateTime::UNIX_EPOCH);
        assert!(
            text.contains("約92秒進んで") && text.contains("止めています"),
            "{text}"
        );
        let found = Found {
            offset: None,
            database: Some(TimeDelta::seconds(5)),
            ..found
        };
        let text = letter(Quality::Off, found, DateTime::UNIX_EPOCH);
        assert!(
            text.contains("データベースの時計と比べて約5秒遅れて"),
            "{text}"
        );
    }
}
