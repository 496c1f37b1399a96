//! Five thousand open streams: what each takes, and how long a post takes to reach those of a team of two hundred.

use futures_util::{StreamExt, stream::FuturesUnordered};
use std::io::Write;
use std::net::{Ipv4Addr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use tokio::net::TcpStream as Line;

use super::{Outcome, patient, percentile, renew, sessions, word};
use crate::database::Database;
use crate::watch::{Memory, wait_until_idle};
use crate::wire::{Request, Server};
use crate::{Arguments, Result, say};

/// The patient whose team has two hundred members, the first of them, and the number of another session of that person.
const PATIENT: u32 = 900;
const AUTHOR: u32 = 0;
const FIRST: u32 = 200;
const TEAM: usize = 200;
/// How many posts are written, and how long between them.
const POSTS: usize = 50;
const PAUSE: Duration = Duration::from_millis(400);
/// Opening them all takes no longer.
const OPENING: Duration = Duration::from_mins(4);
/// Longer than this is lost.
const PATIENCE: Duration = Duration::from_secs(10);
/// Milliseconds for 99 of 100, and bytes of memory for each idle stream.
const BOUND: f64 = 500.0;
const MEMORY: f64 = 40_000.0;

/// That a stream was told of a post, and when.
type Told = (usize, Instant);

pub(crate) fn measure(
    arguments: &Arguments,
    server: &Server,
    database: &Database,
) -> Result<Outcome> {
    let streams: u32 = if arguments.smoke { 250 } else { 5_000 };
    wait_until_idle(arguments)?;
    let before = Memory::of(arguments.server_pid)?.now;
    // A token is good for five minutes: each stream is opened as soon as it has one.
    let begun = Instant::now();
    let mut wire = server.connect()?;
    let open = sessions(database, FIRST, streams)?
        .iter()
        .map(|session| open(arguments.http_port, &renew(&mut wire, session)?))
        .collect::<Result<Vec<TcpStream>>>()?;
    say(&format!(
        "load: {streams} streams asked for in {:.0} s",
        begun.elapsed().as_secs_f64()
    ));
    let (sender, told) = mpsc::channel();
    let welcome = Arc::new(AtomicU32::new(0));
    listen(open, sender, &welcome)?;
    let begun = Instant::now();
    while welcome.load(Ordering::Relaxed) < streams {
        if begun.elapsed() > OPENING {
            let open = welcome.load(Ordering::Relaxed);
            return Err(format!("{open} of {streams} streams were opened"));
        }
        thread::sleep(Duration::from_millis(200));
    }
    say(&format!(
        "load: {streams} streams open after {:.0} s",
        begun.elapsed().as_secs_f64()
    ));
    // Heartbeats have come, and what opening took is given back.
    thread::sleep(Duration::from_secs(20));
    wait_until_idle(arguments)?;
    let each = (Memory::of(arguments.server_pid)?.now - before) * 1e6 / f64::from(streams);
    while told.try_recv().is_ok() {}
    let session = sessions(database, AUTHOR, 1)?.concat();
    let author = renew(&mut server.connect()?, &session)?;
    let mut times = Vec::new();
    for _ in 0..POSTS {
        times.extend(post(server, &author, &told)?);
        thread::sleep(PAUSE);
    }
    let (p50, p99) = (percentile(&mut times, 500), percentile(&mut times, 990));
    let most = percentile(&mut times, 1000);
    let met = p99 < BOUND && each < MEMORY;
    Ok(Outcome {
        lines: vec![
            format!(
                "{streams} open streams: {POSTS} posts reach all of {TEAM} team members in p50 {p50:.0} ms, p99 {p99:.0} ms, \
                 most {most:.0} ms; p99 below {BOUND:.0} ms: {}",
                word(p99 < BOUND)
            ),
            format!(
                "memory of each idle stream: {:.1} kB, below {:.0} kB: {}",
                each / 1e3,
                MEMORY / 1e3,
                word(each < MEMORY)
            ),
        ],
        figures: json!({ "streams": streams, "p50_ms": p50, "p99_ms": p99, "most_ms": most, "bytes_each": each }),
        met,
    })
}

fn open(port: u16, token: &str) -> Result<TcpStream> {
    let opened = (|| {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
        write!(
            stream,
            "GET /v1/events HTTP/1.1\r\nhost: localhost\r\naccept: text/event-stream\r\nauthorization: Bearer {token}\r\n\
             tsumugi-purpose: TREAT\r\n\r\n"
        )?;
        stream.set_nonblocking(true)?;
        Ok(stream)
    })();
    opened.map_err(|error: std::io::Error| format!("a stream: {error}"))
}

/// Reads all streams on one thread.
fn listen(open: Vec<TcpStream>, told: Sender<Told>, welcome: &Arc<AtomicU32>) -> Result<()> {
    let welcome = Arc::clone(welcome);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    thread::spawn(move || {
        runtime.block_on(async move {
            let all = open.into_iter().enumerate().filter_map(|(number, stream)| {
                let line = Line::from_std(stream).ok()?;
                Some(hear(number, line, told.clone(), Arc::clone(&welcome)))
            });
            let mut all: FuturesUnordered<_> = all.collect();
            while all.next().await.is_some() {}
        });
    });
    Ok(())
}

async fn hear(number: usize, line: Line, told: Sender<Told>, welcome: Arc<AtomicU32>) {
    let mut piece = [0; 1024];
    let mut first = true;
    while line.readable().await.is_ok() {
        match line.try_read(&mut piece) {
            Ok(0) => break,
            Ok(read) => {
                let text = piece.get(..read).unwrap_or_default();
                if std::mem::take(&mut first) && text.starts_with(b"HTTP/1.1 200") {
                    welcome.fetch_add(1, Ordering::Relaxed);
                }
                let is_post = text.windows(12).any(|part| part == b"post_created");
                if is_post && told.send((number, Instant::now())).is_err() {
                    break;
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
            Err(_) => break,
        }
    }
}

/// Writes a post; the milliseconds from sending it until each stream of the team was told.
fn post(server: &Server, token: &str, told: &Receiver<Told>) -> Result<Vec<f64>> {
    let mut wire = server.connect()?;
    let (id, key) = (
        tsumugi_client::new_id(),
        tsumugi_client::new_id().to_string(),
    );
    let path = format!("/v1/patients/{}/timeline", patient(PATIENT));
    let body =
        json!({ "id": id, "kind": "note", "channel": "team", "body": "全員に届くまでの時間" })
            .to_string();
    let request = Request {
        method: "POST",
        path: &path,
        token,
        idempotency_key: &key,
        body: &body,
    };
    let begun = Instant::now();
    let answer = wire.exchange(&request)?;
    if answer.status != 201 {
        return Err(format!("POST {path}: {}", answer.complaint()));
    }
    let mut times = Vec::with_capacity(TEAM);
    while times.len() < TEAM {
        let left = PATIENCE.saturating_sub(begun.elapsed());
        let (_, at) = told
            .recv_timeout(left)
            .map_err(|_| format!("a post reached {} of {TEAM} streams", times.len()))?;
        times.push((at - begun).as_secs_f64() * 1000.0);
    }
    Ok(times)
}
