//! A time server that can be told to be wrong, or silent.

use std::{
    net::UdpSocket,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

/// Seconds from 1900, where NTP begins, to 1970.
const ERA: u64 = 2_208_988_800;

/// A time server on loopback.
#[derive(Clone)]
pub struct TimeServer {
    ahead: Arc<AtomicI64>,
    silent: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
    port: u16,
}

impl TimeServer {
    /// Starts it; it lives as long as the test process.
    pub fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let server = Self {
            ahead: Arc::default(),
            silent: Arc::default(),
            asked: Arc::default(),
            port: socket.local_addr().unwrap().port(),
        };
        let shared = server.clone();
        thread::spawn(move || {
            let mut packet = [0; 48];
            while let Ok((_, from)) = socket.recv_from(&mut packet) {
                shared.asked.fetch_add(1, Ordering::Relaxed);
                if !shared.silent.load(Ordering::Relaxed) {
                    socket.send_to(&shared.answer(&packet), from).unwrap();
                }
            }
        });
        server
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Is so many milliseconds ahead of this machine from now on.
    pub fn ahead(&self, milliseconds: i64) {
        self.ahead.store(milliseconds, Ordering::Relaxed);
    }

    /// Answers nobody, or everybody again.
    pub fn silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::Relaxed);
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }

    fn answer(&self, question: &[u8; 48]) -> [u8; 48] {
        let ahead = self.ahead.load(Ordering::Relaxed);
        let shift = Duration::from_millis(ahead.unsigned_abs());
        let now = SystemTime::now();
        let now = if ahead < 0 { now - shift } else { now + shift };
        let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap();
        let mut time = [0; 8];
        let seconds = u32::try_from(since.as_secs() + ERA).unwrap();
        time[..4].copy_from_slice(&seconds.to_be_bytes());
        let fraction = (u64::from(since.subsec_nanos()) << 32) / 1_000_000_000;
        time[4..].copy_from_slice(&u32::try_from(fraction).unwrap().to_be_bytes());
        let mut packet = [0; 48];
        // Version 4, a server, of the first rank.
        packet[0] = 0b0010_0100;
        packet[1] = 1;
        packet[12..16].copy_from_slice(b"LOCL");
        packet[16..24].copy_from_slice(&time);
        packet[24..32].copy_from_slice(&question[40..48]);
        packet[32..40].copy_from_slice(&time);
        packet[40..48].copy_from_slice(&time);
        packet
    }
}
