//! How far sealing is behind while entries are written at a pace: by a server in this process, its worker on one thread as
//! always, and by transactions of its own on other threads, one entry after the other as requests write them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use actix_web::web::Data;
use tsumugi_server::app::App;
use tsumugi_server::ctx::{Door, Tx};
use tsumugi_server::serve;
use tsumugi_server::spine::audit::Entry;
use tsumugi_server::spine::auth::Actor;
use tsumugi_server::spine::http::RequestInfo;
use uuid::Uuid;

use crate::{Result, Site, connect, judged, say};

/// The most that an entry may wait for its place, in seconds.
const LIMIT: f64 = 2.0;
/// Threads that write.
const WRITERS: u64 = 4;
/// How often it is looked how long the oldest entry has been waiting.
const LOOK: Duration = Duration::from_millis(50);

const OLDEST: &str = "SELECT coalesce(extract(epoch FROM clock_timestamp() - e.at), 0)::float8 FROM audit_cursors c
    LEFT JOIN LATERAL (SELECT at FROM audit_events WHERE tenant_id = c.tenant_id AND epoch = c.epoch AND xid >= c.xid
        AND (xid > c.xid OR id > c.event_id) ORDER BY xid, id LIMIT 1) e ON true
    WHERE c.tenant_id = $1";

pub(crate) async fn measure(
    site: &Site,
    url: &str,
    (pace, together, seconds): (u64, u64, u64),
) -> Result<bool> {
    let running = serve::start(site.app.clone())?;
    drop(actix_web::rt::spawn(running.run()));
    // Everything from before has its place.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (stop, written) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicU64::new(0)),
    );
    let begun = Instant::now();
    let writers: Vec<_> = (0..WRITERS)
        .map(|_| {
            let (app, tenant_id) = (site.app.clone(), site.tenant_id);
            let (stop, written) = (Arc::clone(&stop), Arc::clone(&written));
            let every = Duration::from_secs_f64(exact(together * WRITERS) / exact(pace));
            thread::spawn(move || write(&app, tenant_id, (together, every), &stop, &written))
        })
        .collect();
    let mut waits = Vec::new();
    let eye = connect(url).await?;
    while begun.elapsed() < Duration::from_secs(seconds) {
        let rows = eye.query(OLDEST, &[&site.tenant_id]).await?;
        waits.extend(rows.iter().filter_map(|row| row.try_get::<_, f64>(0).ok()));
        tokio::time::sleep(LOOK).await;
    }
    stop.store(true, Ordering::Relaxed);
    let lasted = begun.elapsed().as_secs_f64();
    for writer in writers {
        let failed = || "a writer ended by itself".into();
        actix_web::rt::task::spawn_blocking(|| writer.join())
            .await?
            .unwrap_or_else(|_| Err(failed()))?;
    }
    let count = written.load(Ordering::Relaxed);
    say(&format!(
        "{count} entries in {lasted:.1} s: {:.0}/s in {:.0} transactions/s",
        exact(count) / lasted,
        exact(count / together) / lasted
    ));
    let sealed = settle(site, &eye).await?;
    waits.sort_by(f64::total_cmp);
    let at = |share: usize| {
        waits
            .get((waits.len() * share / 100).min(waits.len() - 1))
            .copied()
    };
    say(&format!(
        "the oldest entry without a place was waiting: {:.2} s (half of the time less), {:.2} s (99 of 100)",
        at(50).unwrap_or(f64::NAN),
        at(99).unwrap_or(f64::NAN)
    ));
    let longest = waits.last().copied().unwrap_or(f64::NAN);
    let paced = exact(count) / lasted >= exact(pace) * 0.95;
    if !paced {
        say("the entries could not be written at this pace");
    }
    Ok(judged("the longest wait for a place", longest, LIMIT, "s") && paced && sealed)
}

/// Whether every entry gets its place in the end.
async fn settle(site: &Site, eye: &tokio_postgres::Client) -> Result<bool> {
    let counts = "SELECT (SELECT count(*) FROM audit_events WHERE tenant_id = $1), \
                  (SELECT count(*) FROM audit_leaves WHERE tenant_id = $1)";
    for _ in 0..100 {
        let row = eye.query_one(counts, &[&site.tenant_id]).await?;
        let (written, placed): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        if written == placed {
            say(&format!("{placed} entries have their place"));
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    say("some entries have no place");
    Ok(false)
}

fn write(
    app: &Data<App>,
    tenant_id: Uuid,
    (together, every): (u64, Duration),
    stop: &AtomicBool,
    written: &AtomicU64,
) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let door = Door {
            app: app.clone(),
            request: RequestInfo::internal("measurement"),
        };
        let mut next = Instant::now();
        while !stop.load(Ordering::Relaxed) {
            let write = async |tx: &Tx<'_>| {
                for number in 0..together {
                    let patient = Uuid::from_u128(u128::from(number % 500));
                    tx.record(Entry::new("timeline.list").of_patient(patient).listing(50));
                }
                Ok(())
            };
            door.within(tenant_id, Actor::Worker, write).await?;
            written.fetch_add(together, Ordering::Relaxed);
            next += every;
            tokio::time::sleep_until(next.into()).await;
        }
        Ok(())
    })
}

/// Exact below 2^32.
fn exact(number: u64) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}
