//! The worker: carries out what transactions put into the outbox, and passes events on to open streams.
//!
//! A commit nudges the worker of its own process; an event nudges every node (`LISTEN/NOTIFY`). The rows are the truth:
//! whatever a nudge missed is found by a look at every network now and then. Each piece of work is one transaction: done
//! and gone, or put off and tried again. Mail has a task of its own, so that a slow mail server holds nothing else up.

mod noticing;
mod witnessing;

use std::{
    cell::RefCell,
    time::{Duration, Instant},
};

use actix_web::{rt, web::Data};
use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::{StreamExt, stream};
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, NoTls};
use tsumugi_schema::tables::tenants;
use uuid::Uuid;

use crate::{
    Error, Result,
    app::App,
    ctx::{Door, Tx},
    features::{
        announcements, attachments, emergency_access, events, findings, notices, passkeys,
        record_exports, search, staff_members,
    },
    spine::{
        auth::{Actor, guard, queries},
        clock::japanese_day,
        http::RequestInfo,
        idempotency,
        mail::{self, Settled, Undelivered},
        outbox::{self, Job},
        sealing,
    },
};

pub use noticing::{tell, tend};
pub use witnessing::{check_clock, look_after};

/// How often every network is looked at without a nudge.
const ROUND: Duration = Duration::from_secs(20);
/// How often the sessions behind open streams are looked at: they close within two seconds (SE-12).
const SWEEP: Duration = Duration::from_secs(1);
/// How often what is old is forgotten.
const TIDY: Duration = Duration::from_hours(1);
/// How often it is looked whether there are posts that nobody can find yet: after a migration, and in new networks.
const CATCH_UP: Duration = Duration::from_mins(10);
/// How long nudges about mail are gathered: a transaction that enqueued anything is one.
const GATHER: Duration = Duration::from_secs(1);
/// How long entries of the access log are gathered before they are sealed.
const GATHER_ENTRIES: Duration = Duration::from_millis(500);
/// How long sealed entries are gathered before they are looked through: each look takes the last hour along.
const GATHER_SEALED: Duration = Duration::from_secs(5);

/// How often what was counted of refused requests is recorded: soon after each minute.
const TALLY: Duration = Duration::from_secs(2);

/// A worker that runs.
pub struct Running {
    app: Data<App>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Stops it. A piece of work under way is taken back by the database and done by the next worker.
    pub async fn stop(self) {
        for task in self.tasks {
            task.abort();
            if let Err(error) = task.await
                && error.is_panic()
            {
                tracing::error!("the worker panicked");
            }
        }
        door(&self.app).record_tally(true).await;
    }
}

/// Starts the worker in this process.
pub fn start(app: Data<App>) -> Result<Running> {
    let tasks = vec![
        rt::spawn(listen_for_ever(app.clone())),
        rt::spawn(sweep_for_ever(app.clone())),
        rt::spawn(work_for_ever(app.clone())),
        rt::spawn(deliver_for_ever(app.clone())),
        rt::spawn(seal_for_ever(app.clone())),
        rt::spawn(tally_for_ever(app.clone())),
        rt::spawn(witnessing::go_on_for_ever(app.clone())),
        rt::spawn(look_for_ever(app.clone())),
        rt::spawn(catch_up_for_ever(app.clone())),
        rt::spawn(check_for_ever(app.clone(), false)),
        rt::spawn(check_for_ever(app.clone(), true)),
        rt::spawn(copy_for_ever(app.clone())),
        rt::spawn(noticing::tell_for_ever(app.clone())),
    ];
    Ok(Running { app, tasks })
}

fn door(app: &Data<App>) -> Door {
    Door {
        app: app.clone(),
        request: RequestInfo::internal("worker"),
    }
}

async fn work_for_ever(app: Data<App>) {
    let mut tidied: Option<Instant> = None;
    let mut begun: Option<NaiveDate> = None;
    let mut looked = Instant::now();
    loop {
        let mut tidy = false;
        let mut new_day = false;
        let rest = ROUND.saturating_sub(looked.elapsed());
        if tokio::time::timeout(rest, app.due.wait()).await.is_err() {
            looked = Instant::now();
            match all_networks(&app).await {
                Ok(all) => {
                    app.due.extend(all.iter().copied());
                    for network in all {
                        app.unsealed.add(network);
                    }
                    tidy = tidied.is_none_or(|at| at.elapsed() > TIDY);
                    let today = japanese_day(app.clock.now());
                    new_day = begun.replace(today) != Some(today);
                }
                Err(error) => tracing::warn!(%error, "the networks could not be listed"),
            }
        }
        while let Some(tenant_id) = app.due.next() {
            if let Err(error) = work_off(&app, tenant_id).await {
                tracing::warn!(%error, "the outbox could not be worked off");
            }
            if let Err(error) = watch(&app, tenant_id).await {
                tracing::warn!(%error, "emergency access could not be watched");
            }
            if let Err(error) = tend(&app, tenant_id).await {
                tracing::warn!(%error, "requests could not be looked after");
            }
            app.post.add(tenant_id);
            app.unchecked.add(tenant_id);
            app.unconverted.add(tenant_id);
            app.copies.add(tenant_id);
            app.told.add(tenant_id);
            if (tidy || new_day)
                && let Err(error) = begin_day(&app, tenant_id).await
            {
                tracing::warn!(%error, "what today brings could not be done");
            }
            if tidy && let Err(error) = attachments::forget_unfinished(&app, tenant_id).await {
                tracing::warn!(%error, "unfinished files could not be forgotten");
            }
            if tidy && let Err(error) = forget_old(&app, tenant_id).await {
                tracing::warn!(%error, "what is old could not be forgotten");
            }
        }
        if tidy {
            // Attempts at names of networks that do not exist, and sources, are kept without a network.
            if let Err(error) = forget_old(&app, Uuid::nil()).await {
                tracing::warn!(%error, "what is old could not be forgotten");
            }
            tidied = Some(Instant::now());
        }
    }
}

/// Seals the access log. Every network comes by here when something was recorded in it, and with every round.
async fn seal_for_ever(app: Data<App>) {
    let door = door(&app);
    loop {
        app.unsealed.wait().await;
        tokio::time::sleep(GATHER_ENTRIES).await;
        while let Some(tenant_id) = app.unsealed.next() {
            if let Err(error) = sealing::seal(&door, tenant_id).await {
                metrics::counter!("tsumugi_log_unsealed_total").increment(1);
                tracing::error!(%error, "the access log could not be sealed");
            }
            app.sealed.add(tenant_id);
        }
    }
}

/// Looks through the access log by the rules of each network. Every network comes by here when something was sealed in
/// it, and with every round.
async fn look_for_ever(app: Data<App>) {
    let door = door(&app);
    loop {
        app.sealed.wait().await;
        tokio::time::sleep(GATHER_SEALED).await;
        while let Some(tenant_id) = app.sealed.next() {
            if let Err(error) = findings::look_through(&door, tenant_id).await {
                metrics::counter!("tsumugi_findings_failures_total").increment(1);
                tracing::error!(%error, "the access log could not be looked through");
            }
        }
    }
}

/// Makes copies of records. A task of its own, because a long record takes minutes.
async fn copy_for_ever(app: Data<App>) {
    let door = door(&app);
    loop {
        app.copies.wait().await;
        while let Some(tenant_id) = app.copies.next() {
            if let Err(error) = Box::pin(record_exports::make_all(&door, tenant_id)).await {
                tracing::warn!(%error, "copies of records could not be made");
            }
        }
    }
}

/// Makes the copies of records that are due in one network; answers how many were made.
pub async fn make_copies(app: &Data<App>, tenant_id: Uuid) -> Result<usize> {
    Box::pin(record_exports::make_all(&door(app), tenant_id)).await
}

/// Records how many requests of nobody in particular were refused.
async fn tally_for_ever(app: Data<App>) {
    let door = door(&app);
    loop {
        tokio::time::sleep(TALLY).await;
        door.record_tally(false).await;
    }
}

/// Makes findable what was written before it could be found, or has to be found in a new form.
async fn catch_up_for_ever(app: Data<App>) {
    loop {
        for tenant_id in all_networks(&app).await.unwrap_or_default() {
            if let Err(error) = catch_up(&app, tenant_id).await {
                tracing::warn!(%error, "posts could not be made findable");
            }
        }
        tokio::time::sleep(CATCH_UP).await;
    }
}

/// Makes every post of one network findable.
pub async fn catch_up(app: &Data<App>, tenant_id: Uuid) -> Result<()> {
    let door = door(app);
    let next = async |tx: &Tx<'_>| search::catch_up(tx).await;
    while door.within(tenant_id, Actor::Worker, next).await? {}
    Ok(())
}

/// Checks attached files, video and sound by a task of its own. Every network comes by here when something was written in
/// it, and with every round.
async fn check_for_ever(app: Data<App>, moving: bool) {
    let due = if moving {
        &app.unconverted
    } else {
        &app.unchecked
    };
    loop {
        due.wait().await;
        while let Some(tenant_id) = due.next() {
            if let Err(error) = attachments::check_all(&app, tenant_id, moving).await {
                tracing::warn!(%error, "files could not be checked");
            }
        }
    }
}

/// Carries mail. Every network comes by here when something was written in it, and with every round.
async fn deliver_for_ever(app: Data<App>) {
    loop {
        app.post.wait().await;
        tokio::time::sleep(GATHER).await;
        while let Some(tenant_id) = app.post.next() {
            if let Err(error) = deliver(&app, tenant_id).await {
                tracing::warn!(%error, "mail could not be looked through");
            }
        }
    }
}

/// Sends every mail that is due in one network; answers how many the mail server took. Stops at a mail server that
/// cannot be spoken to: what waits is found again with the next round.
pub async fn deliver(app: &Data<App>, tenant_id: Uuid) -> Result<usize> {
    let Some(postman) = &app.postman else {
        return Ok(0);
    };
    let door = door(app);
    let mut sent = 0;
    loop {
        let claimed = door
            .within(tenant_id, Actor::Worker, async |tx| mail::claim(tx).await)
            .await?;
        let Some(letter) = claimed else {
            return Ok(sent);
        };
        let outcome = postman.send(&letter).await;
        let settled = door
            .within(tenant_id, Actor::Worker, async |tx| {
                mail::settle(tx, &letter, outcome).await
            })
            .await?;
        let Err(error) = outcome else {
            sent += 1;
            continue;
        };
        metrics::counter!("tsumugi_mail_failures_total").increment(1);
        let (id, attempts) = (letter.id, letter.attempts);
        if settled == Settled::GivenUp {
            tracing::error!(mail = %id, attempts, %error, "a mail was given up");
        } else {
            tracing::warn!(mail = %id, attempts, %error, "a mail was put off");
        }
        if error == Undelivered::Unreachable {
            return Ok(sent);
        }
    }
}

/// Forgets what is kept for a while only: events, challenges, and answers for repeated requests.
pub async fn forget_old(app: &Data<App>, tenant_id: Uuid) -> Result<()> {
    let forget = async |tx: &Tx<'_>| {
        events::forget_old(tx).await?;
        guard::forget_old(tx).await?;
        passkeys::forget_old(tx).await?;
        notices::forget_old(tx).await?;
        queries::forget_old_proofs(tx).await?;
        idempotency::forget_old(tx).await
    };
    door(app).within(tenant_id, Actor::Worker, forget).await
}

/// Writes down which emergency access has run out, asks again for reviews that are overdue, and reminds of what is to be
/// confirmed.
pub async fn watch(app: &Data<App>, tenant_id: Uuid) -> Result<()> {
    let watch = async |tx: &Tx<'_>| {
        emergency_access::watch(tx).await?;
        announcements::watch(tx).await
    };
    door(app).within(tenant_id, Actor::Worker, watch).await
}

/// Does what a new day brings: accounts act for the posts that are held today.
pub async fn begin_day(app: &Data<App>, tenant_id: Uuid) -> Result<usize> {
    let apply = async |tx: &Tx<'_>| staff_members::apply_moves(tx).await;
    door(app).within(tenant_id, Actor::Worker, apply).await
}

/// Does everything that is due in one network.
pub async fn work_off(app: &Data<App>, tenant_id: Uuid) -> Result<usize> {
    let door = door(app);
    let mut done = 0;
    loop {
        let under_way = RefCell::new(None);
        let outcome = door
            .within(tenant_id, Actor::Worker, async |tx| {
                let Some(job) = outbox::take(tx).await? else {
                    return Ok(false);
                };
                *under_way.borrow_mut() = Some((job.id, job.attempts));
                carry_out(tx, &job).await?;
                Ok(true)
            })
            .await;
        match (outcome, under_way.take()) {
            (Ok(true), _) => done += 1,
            (Ok(false), _) => return Ok(done),
            (Err(error), None) => return Err(error),
            (Err(error), Some((id, attempts))) => {
                metrics::counter!("tsumugi_outbox_failures_total").increment(1);
                let said = error.to_string();
                door.within(tenant_id, Actor::Worker, async |tx| {
                    outbox::put_off(tx, id, attempts, &said).await
                })
                .await?;
            }
        }
    }
}

/// Every kind of work.
async fn carry_out(tx: &Tx<'_>, job: &Job) -> Result<()> {
    match job.kind.as_str() {
        events::ANNOUNCE => events::announce(tx, &job.payload).await,
        other => Err(Error::internal(format!("no such kind of work: {other}"))),
    }
}

async fn all_networks(app: &Data<App>) -> Result<Vec<Uuid>> {
    // The list of networks is open to every session of the database; nothing else is read here.
    door(app)
        .within(Uuid::nil(), Actor::Worker, async |tx| {
            Ok(tenants::table
                .select(tenants::tenant_id)
                .load(&mut tx.conn())
                .await?)
        })
        .await
}

/// Looks after the open streams of this node for as long as the process lives.
async fn sweep_for_ever(app: Data<App>) {
    let door = door(&app);
    loop {
        tokio::time::sleep(SWEEP).await;
        events::sweep(&door).await;
    }
}

async fn listen_for_ever(app: Data<App>) {
    loop {
        if let Err(error) = listen(&app).await {
            tracing::warn!(%error, "not listening to the database; trying again");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn listen(app: &Data<App>) -> Result<()> {
    let (client, mut connection) = tokio_postgres::connect(&app.config.database_url.0, NoTls)
        .await
        .map_err(Error::unavailable)?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let subscribe = client.batch_execute("LISTEN tsumugi_events");
    tokio::pin!(subscribe);
    let mut subscribed = false;
    loop {
        tokio::select! {
            done = &mut subscribe, if !subscribed => {
                done.map_err(Error::unavailable)?;
                subscribed = true;
            }
            message = messages.next() => {
                let Some(message) = message else { return Ok(()) };
                if let AsyncMessage::Notification(note) = message.map_err(Error::unavailable)? {
                    heard(app, note.channel(), note.payload()).await;
                }
            }
        }
    }
}

async fn heard(app: &Data<App>, channel: &str, payload: &str) {
    let mut ids = payload.split(' ').map(str::parse::<Uuid>);
    let ("tsumugi_events", Some(Ok(tenant_id)), Some(Ok(event_id))) =
        (channel, ids.next(), ids.next())
    else {
        tracing::warn!(channel, "a notification that nobody expects");
        return;
    };
    if app.hub.count() == 0 {
        return;
    }
    let pass_on = async |tx: &Tx<'_>| events::pass_on(tx, event_id).await;
    if let Err(error) = door(app).within(tenant_id, Actor::Worker, pass_on).await {
        tracing::warn!(%error, "an event could not be passed on; streams find it when they resume");
    }
}
