//! The worker: carries out what transactions put into the outbox, and passes events on to open streams.
//!
//! The database nudges (`LISTEN/NOTIFY`); the rows are the truth. Whatever a nudge missed is found by a look at every
//! network now and then. Each piece of work is one transaction: done and gone, or put off and tried again.

use std::{
    cell::RefCell,
    collections::BTreeSet,
    rc::Rc,
    time::{Duration, Instant},
};

use actix_web::{rt, web::Data};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use futures_util::{StreamExt, stream};
use tokio::{sync::Notify, task::JoinHandle};
use tokio_postgres::{AsyncMessage, NoTls};
use tsumugi_schema::tables::tenants;
use uuid::Uuid;

use crate::{
    Error, Result,
    app::App,
    ctx::{Door, Tx},
    features::events,
    spine::{
        auth::Actor,
        http::RequestInfo,
        idempotency,
        outbox::{self, Job},
    },
};

/// How often every network is looked at without a nudge.
const ROUND: Duration = Duration::from_secs(20);
/// How often what is old is forgotten.
const TIDY: Duration = Duration::from_secs(3600);

/// A worker that runs.
pub struct Running {
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
    }
}

/// What is known to be due: filled by nudges, emptied by the worker.
#[derive(Default)]
struct Due {
    networks: RefCell<BTreeSet<Uuid>>,
    nudge: Notify,
}

/// Starts the worker in this process.
pub fn start(app: Data<App>) -> Result<Running> {
    let due = Rc::new(Due::default());
    let listening = rt::spawn(listen_for_ever(app.clone(), due.clone()));
    let working = rt::spawn(work_for_ever(app, due));
    Ok(Running {
        tasks: vec![listening, working],
    })
}

fn door(app: &Data<App>) -> Door {
    Door {
        app: app.clone(),
        request: RequestInfo::internal("worker"),
    }
}

async fn work_for_ever(app: Data<App>, due: Rc<Due>) {
    let mut tidied: Option<Instant> = None;
    let mut looked = Instant::now();
    loop {
        let mut tidy = false;
        let rest = ROUND.saturating_sub(looked.elapsed());
        if tokio::time::timeout(rest, due.nudge.notified())
            .await
            .is_err()
        {
            looked = Instant::now();
            match all_networks(&app).await {
                Ok(all) => {
                    due.networks.borrow_mut().extend(all);
                    tidy = tidied.is_none_or(|at| at.elapsed() > TIDY);
                }
                Err(error) => tracing::warn!(%error, "the networks could not be listed"),
            }
        }
        loop {
            let Some(tenant_id) = due.networks.borrow_mut().pop_first() else {
                break;
            };
            if let Err(error) = work_off(&app, tenant_id).await {
                tracing::warn!(%error, "the outbox could not be worked off");
            }
            if tidy && let Err(error) = forget_old(&app, tenant_id).await {
                tracing::warn!(%error, "what is old could not be forgotten");
            }
        }
        if tidy {
            tidied = Some(Instant::now());
        }
    }
}

/// Forgets what is kept for a while only: events, and answers for repeated requests.
pub async fn forget_old(app: &Data<App>, tenant_id: Uuid) -> Result<()> {
    let forget = async |tx: &Tx<'_>| {
        events::forget_old(tx).await?;
        idempotency::forget_old(tx).await
    };
    door(app).within(tenant_id, Actor::Worker, forget).await
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

async fn listen_for_ever(app: Data<App>, due: Rc<Due>) {
    loop {
        if let Err(error) = listen(&app, &due).await {
            tracing::warn!(%error, "not listening to the database; trying again");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        // What was missed meanwhile is found by a look at every network.
        if let Ok(all) = all_networks(&app).await {
            due.networks.borrow_mut().extend(all);
            due.nudge.notify_one();
        }
    }
}

async fn listen(app: &Data<App>, due: &Due) -> Result<()> {
    let (client, mut connection) = tokio_postgres::connect(&app.config.database_url.0, NoTls)
        .await
        .map_err(Error::unavailable)?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let subscribe = client.batch_execute("LISTEN tsumugi_outbox; LISTEN tsumugi_events");
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
                    heard(app, due, note.channel(), note.payload()).await;
                }
            }
        }
    }
}

async fn heard(app: &Data<App>, due: &Due, channel: &str, payload: &str) {
    let mut ids = payload.split(' ').map(str::parse::<Uuid>);
    match (channel, ids.next(), ids.next()) {
        ("tsumugi_outbox", Some(Ok(tenant_id)), None) => {
            due.networks.borrow_mut().insert(tenant_id);
            due.nudge.notify_one();
        }
        ("tsumugi_events", Some(Ok(tenant_id)), Some(Ok(event_id))) => {
            let told = door(app)
                .within(tenant_id, Actor::Worker, async |tx| {
                    events::pass_on(tx, event_id).await
                })
                .await;
            if let Err(error) = told {
                tracing::warn!(%error, "an event could not be passed on; streams find it when they resume");
            }
        }
        _ => tracing::warn!(channel, "a notification that nobody expects"),
    }
}
