//! Sending what is due: pushes with no transaction open, mail into the post of the network.

use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;
use futures_util::{StreamExt, stream};
use serde::Serialize;
use uuid::Uuid;

use super::{
    model::Kind,
    push::{self, Subscription},
    queries::{self, DueRow},
    words::{self, Counts},
};
use crate::{
    Error, Result,
    app::App,
    ctx::{Door, Tx},
    spine::{
        auth::Actor,
        mail::{self, Mail},
        outward::{Pushed, Unanswered},
    },
};

/// How long a claimed notice waits for its next attempt.
const WAIT: TimeDelta = TimeDelta::minutes(2);
/// How often a notice is tried.
const ATTEMPTS: i16 = 5;
/// How many pushes are under way at once.
const AT_ONCE: usize = 16;
/// What seals addresses and keys of browsers.
pub(super) const PURPOSE: &str = "push subscription";

/// What one person is told.
struct Letter {
    /// The notices.
    notices: Vec<Uuid>,
    /// The largest number of attempts.
    attempts: i16,
    /// How many of each kind.
    counts: Counts,
    /// Language of the account.
    language: String,
    /// The person's browsers.
    browsers: Vec<(Uuid, Subscription)>,
}

/// What a browser shows.
#[derive(Serialize)]
struct Message<'a> {
    title: &'a str,
    body: &'a str,
    link: &'static str,
}

/// What became of one push.
enum Outcome {
    Taken,
    Gone(Uuid),
    Failed,
}

/// Pushes everything that is due in one network; answers how many the push services took.
pub async fn send_due(door: &Door, tenant_id: Uuid) -> Result<usize> {
    let mut sent = 0;
    loop {
        let letters = door
            .within(tenant_id, Actor::Worker, async |tx| claim(tx).await)
            .await?;
        if letters.is_empty() {
            return Ok(sent);
        }
        for (account, letter) in letters {
            let outcomes = send(&door.app, &letter).await;
            let (mut taken, mut failed, mut gone) = (0, 0, Vec::new());
            for outcome in outcomes {
                match outcome {
                    Outcome::Taken => taken += 1,
                    Outcome::Failed => failed += 1,
                    Outcome::Gone(id) => gone.push(id),
                }
            }
            sent += taken;
            metrics::counter!("tsumugi_push_failures_total").increment(failed);
            // Whoever was told on one device is told; nobody is told twice for the sake of another.
            let settled = taken > 0 || failed == 0 || letter.attempts + 1 >= ATTEMPTS;
            door.within(tenant_id, Actor::Worker, async |tx| {
                queries::delete_subscriptions(tx, account, &gone).await?;
                if settled {
                    queries::settle_pushes(tx, &letter.notices).await?;
                }
                Ok(())
            })
            .await?;
        }
    }
}

/// Claims what is due, by account; what belongs to accounts that cannot be told is settled at once.
async fn claim(tx: &Tx<'_>) -> Result<BTreeMap<Uuid, Letter>> {
    let due = queries::claim_pushes(tx, WAIT).await?;
    let accounts: Vec<Uuid> = due.iter().map(|(_, account, ..)| *account).collect();
    if accounts.is_empty() {
        return Ok(BTreeMap::new());
    }
    let known = queries::list_accounts(tx, &accounts).await?;
    let mut letters: BTreeMap<Uuid, Letter> = BTreeMap::new();
    for (id, account, sealed) in queries::list_subscriptions(tx, &accounts).await? {
        let Some((_, language, _)) = known.iter().find(|(known, ..)| *known == account) else {
            continue;
        };
        let opened = tx.app().seal.open(PURPOSE, &[id], &sealed);
        let browser = opened.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let letter = letters.entry(account).or_insert_with(|| Letter {
            notices: Vec::new(),
            attempts: 0,
            counts: Counts::new(),
            language: language.clone(),
            browsers: Vec::new(),
        });
        letter.browsers.extend(browser.map(|browser| (id, browser)));
    }
    let mut nobody = Vec::new();
    for row in due {
        match letters.get_mut(&row.1) {
            Some(letter) => letter.add(row),
            None => nobody.push(row.0),
        }
    }
    queries::settle_pushes(tx, &nobody).await?;
    Ok(letters)
}

impl Letter {
    fn add(&mut self, (id, _, kind, attempts): DueRow) {
        self.notices.push(id);
        self.attempts = self.attempts.max(attempts);
        if let Some(kind) = Kind::parse(&kind) {
            *self.counts.entry(kind).or_default() += 1;
        }
    }

    fn is_urgent(&self) -> bool {
        let urgent = [Kind::Escalation, Kind::UrgentPost, Kind::Reminder];
        urgent.iter().any(|kind| self.counts.contains_key(kind))
    }
}

async fn send(app: &App, letter: &Letter) -> Vec<Outcome> {
    let words = words::push(&letter.counts, &letter.language);
    let message = Message {
        title: &words.title,
        body: &words.body,
        link: "/work",
    };
    let message = serde_json::to_vec(&message).unwrap_or_default();
    let message = message.as_slice();
    stream::iter(&letter.browsers)
        .map(|(id, browser)| async move {
            match send_one(app, browser, message, letter.is_urgent()).await {
                Ok(200..=299) => Outcome::Taken,
                // The browser has gone, or the address leads where nobody may be sent.
                Ok(404 | 410) | Err(Error::NotFound) => Outcome::Gone(*id),
                Ok(status) => {
                    tracing::warn!(status, "a push was refused");
                    Outcome::Failed
                }
                Err(error) => {
                    tracing::warn!(%error, "a push could not be sent");
                    Outcome::Failed
                }
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

async fn send_one(app: &App, browser: &Subscription, message: &[u8], urgent: bool) -> Result<u16> {
    let Some(url) = app.push.push_address(&browser.endpoint) else {
        return Err(Error::NotFound);
    };
    let now = app.clock.now();
    let pushed = Pushed {
        authorization: push::authorization(&app.seal, &url, &app.config.public_url, now)?,
        urgent,
        body: push::encrypt(browser, message)?,
    };
    let taken = app.push.push(url, pushed).await;
    taken.map_err(|error| match error {
        // The name leads inside, whatever it did when it was given.
        Unanswered::Forbidden => Error::NotFound,
        other => Error::unavailable(other),
    })
}

/// Writes the mail that is due: one for each person.
pub async fn mail_due(tx: &Tx<'_>) -> Result<usize> {
    let due = queries::take_mails(tx).await?;
    let mut by_account: BTreeMap<Uuid, Counts> = BTreeMap::new();
    for (_, account, kind, _) in due {
        if let Some(kind) = Kind::parse(&kind) {
            *by_account
                .entry(account)
                .or_default()
                .entry(kind)
                .or_default() += 1;
        }
    }
    let accounts: Vec<Uuid> = by_account.keys().copied().collect();
    if accounts.is_empty() {
        return Ok(0);
    }
    let link = tx.app().config.public_url.trim_end_matches('/');
    let link = format!("{link}/work");
    let mut told = HashSet::new();
    for (account, language, email) in queries::list_accounts(tx, &accounts).await? {
        let (Some(recipient), Some(counts)) = (email, by_account.get(&account)) else {
            continue;
        };
        let words = words::mail(counts, &language, &link);
        let mail = Mail {
            account_id: Some(account),
            recipient: &recipient,
            subject: &words.title,
            body: &words.body,
        };
        mail::enqueue(tx, &mail).await?;
        told.insert(account);
    }
    Ok(told.len())
}

/// Forgets what was done long ago.
pub async fn forget_old(tx: &Tx<'_>) -> Result<()> {
    queries::delete_old(tx).await
}
