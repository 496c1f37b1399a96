//! Looking through the log: new entries as they are sealed, everything when the rules have changed. Both look at pages of
//! entries in the same way, so that both find the same, in memory that does not grow with the log.
//!
//! Every page is one short transaction that remembers how far it came, under a lock: whoever is killed is followed by
//! another, and two never do the same.

mod queries;

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use uuid::Uuid;

use self::queries::{PAGE, Progress, Within};
use super::{
    keep::{self, Scope},
    known,
    rules::{FindingRules, Found, Seen, Windows, each},
    tuning,
};
use crate::{
    Result,
    ctx::{Door, Tx},
    spine::{audit, auth::Actor, sealing},
};

/// What changes reach back to everything: the rules, and who is watched.
pub(super) use queries::want_everything;

/// How a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// Somebody else is at it, or there is nothing more to do.
    Rest,
    /// There may be more.
    More,
}

/// Looks through everything of a network that has not been looked at. Run by the worker after sealing.
pub async fn look_through(door: &Door, tenant_id: Uuid) -> Result<()> {
    loop {
        let step = async |tx: &Tx<'_>| step(tx).await;
        if door.within_log(tenant_id, Actor::Worker, step).await? == Step::Rest {
            return Ok(());
        }
    }
}

async fn step(tx: &Tx<'_>) -> Result<Step> {
    let Some(head) = sealing::current(tx).await? else {
        return Ok(Step::Rest);
    };
    queries::insert_progress(tx, head.tree).await?;
    let Some(mut progress) = queries::lock_progress(tx).await? else {
        return Ok(Step::Rest);
    };
    let size = head.size.cast_signed();
    if progress.tree != head.tree {
        // A new tree holds everything once more.
        progress.tree = head.tree;
        progress.next_index = 0;
    }
    let step = if progress.wanted == progress.done {
        newest(tx, &mut progress, size).await?
    } else {
        everything(tx, &mut progress, size).await?
    };
    queries::update_progress(tx, &progress).await?;
    Ok(step)
}

/// The next page of what was sealed since.
async fn newest(tx: &Tx<'_>, progress: &mut Progress, size: i64) -> Result<Step> {
    let rules = tuning::rules(tx, progress.rule_version).await?;
    let since = first_moment(tx, &rules);
    let scope = progress.scope(progress.done, since);
    if progress.next_index >= size {
        keep::watch_emergencies(tx, &scope, &rules).await?;
        keep::remind(tx).await?;
        return Ok(Step::Rest);
    }
    let end = size.min(progress.next_index + PAGE);
    let page = queries::page_by_place(tx, progress.tree, progress.next_index, end).await?;
    let within = Within {
        tree: progress.tree,
        below: end,
    };
    look_at(tx, page, within, &scope, &rules).await?;
    progress.next_index = end;
    Ok(Step::More)
}

/// The next page of everything, in the order of time.
async fn everything(tx: &Tx<'_>, progress: &mut Progress, size: i64) -> Result<Step> {
    if progress.running != Some(progress.wanted) {
        let (version, rules) = tuning::newest(tx).await?;
        progress.begin(version, first_moment(tx, &rules), size);
    }
    let rules = tuning::rules(tx, progress.rule_version).await?;
    let (since, after, below) = progress.place();
    let scope = progress.scope(progress.wanted, since);
    let within = Within {
        tree: progress.tree,
        below,
    };
    let page = queries::page_by_time(tx, within, after).await?;
    let last = page.last().map(Seen::place);
    let is_last = i64::try_from(page.len()).unwrap_or(PAGE) < PAGE;
    look_at(tx, page, within, &scope, &rules).await?;
    if is_last {
        keep::watch_emergencies(tx, &scope, &rules).await?;
        keep::supersede(tx, &scope).await?;
        progress.finish(below);
    } else {
        progress.go_on(last);
    }
    Ok(Step::More)
}

/// Midnight in Japan of the first day that is looked at: findings are about days, and a day is looked at whole.
fn first_moment(tx: &Tx<'_>, rules: &FindingRules) -> DateTime<Utc> {
    let back = u64::try_from(rules.look_back_days).unwrap_or(0);
    let first = tx.today().checked_sub_days(Days::new(back));
    let midnight = first.unwrap_or_default().and_time(NaiveTime::MIN).and_utc();
    midnight - TimeDelta::hours(9)
}

/// Looks at a page, with the entries around it that its windows need, and keeps what is found.
async fn look_at(
    tx: &Tx<'_>,
    mut page: Vec<Seen>,
    within: Within,
    scope: &Scope,
    rules: &FindingRules,
) -> Result<()> {
    if page.is_empty() {
        return Ok(());
    }
    name_searched(tx, &mut page).await?;
    let facts = known::facts(tx, &page).await?;
    let mut found = Found::default();
    for seen in &page {
        each(seen, &facts, rules, &mut found);
    }
    let posts: Vec<Uuid> = facts.posts.keys().copied().collect();
    let others = page.iter().any(|seen| seen.post.is_none());
    let longest = Windows::longest(rules);
    let times = || page.iter().map(|seen| seen.at);
    let first = times().min().unwrap_or(tx.now) - longest;
    let last = times().max().unwrap_or(tx.now) + longest;
    let mut windows = Windows::new(rules);
    let mut after = (first, Uuid::nil());
    loop {
        let around = queries::page_around(tx, within, (after, last), &posts, others).await?;
        for seen in &around {
            windows.push(seen, &facts, &mut found);
        }
        match around.last() {
            Some(seen) if i64::try_from(around.len()).unwrap_or(PAGE) >= PAGE => {
                after = seen.place();
            }
            _ => break,
        }
    }
    found.0.retain(|key, _| key.day >= scope.first_day());
    keep::save(tx, found, scope).await
}

/// Adds the patients that searches named.
async fn name_searched(tx: &Tx<'_>, page: &mut [Seen]) -> Result<()> {
    let searches: Vec<_> = page
        .iter()
        .filter(|seen| super::rules::SEARCHES.contains(&seen.action.as_str()))
        .map(|seen| (seen.id, seen.at))
        .collect();
    let mut named: HashMap<Uuid, Vec<Uuid>> = audit::patients_of(tx, &searches).await?;
    for seen in page {
        seen.named = named.remove(&seen.id).unwrap_or_default();
    }
    Ok(())
}
