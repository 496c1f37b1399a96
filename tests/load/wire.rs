//! One connection to the server: a request goes out, its answer comes back, and the connection
//! stays. As little work as possible, because the machine is shared with what is measured.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use tokio::net::TcpSocket;
use tokio::runtime::Runtime;
use tsumugi_client::Client;

use crate::{Arguments, Result};

/// Nothing that is measured takes this long.
const PATIENCE: Duration = Duration::from_secs(20);
/// No answer of the load's requests comes near this.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;
/// For what the people of the load read and write: treatment and care.
const PURPOSE: &str = "TREAT";

/// Where the server is.
pub(crate) struct Server {
    address: SocketAddr,
    https: Option<(String, Vec<u8>)>,
}

/// A request to be sent.
pub(crate) struct Request<'a> {
    pub(crate) method: &'static str,
    pub(crate) path: &'a str,
    /// Access token; empty before sign-in.
    pub(crate) token: &'a str,
    pub(crate) idempotency_key: &'a str,
    pub(crate) body: &'a str,
}

/// An answer.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Answer<'_> {
    /// What to tell people about an answer that was not expected.
    pub(crate) fn complaint(&self) -> String {
        let start: Vec<u8> = self.body.iter().take(300).copied().collect();
        format!(
            "status {}: {}",
            self.status,
            String::from_utf8_lossy(&start)
        )
    }
}

impl Server {
    pub(crate) fn new(arguments: &Arguments) -> Result<Self> {
        let https = if arguments.tls {
            let authority = std::fs::read(&arguments.ca)
                .map_err(|error| format!("{}: {error}", arguments.ca.display()))?;
            Some((
                format!("https://localhost:{}", arguments.https_port),
                authority,
            ))
        } else {
            None
        };
        Ok(Self {
            address: (Ipv4Addr::LOCALHOST, arguments.http_port).into(),
            https,
        })
    }

    /// A connection that may be kept.
    pub(crate) fn connect(&self) -> Result<Wire> {
        if let Some((url, authority)) = &self.https {
            return Secure::new(url, authority).map(Wire::Secure);
        }
        let opened = TcpStream::connect_timeout(&self.address, PATIENCE);
        self.plain(opened)
    }

    /// A connection without TLS from another address of this machine.
    pub(crate) fn connect_from(&self, source: Ipv4Addr, runtime: &Runtime) -> Result<Wire> {
        let opened = runtime.block_on(async {
            let socket = TcpSocket::new_v4()?;
            socket.bind((source, 0).into())?;
            let stream = socket.connect(self.address).await?.into_std()?;
            stream.set_nonblocking(false)?;
            Ok(stream)
        });
        self.plain(opened)
    }

    fn plain(&self, opened: std::io::Result<TcpStream>) -> Result<Wire> {
        let ready = opened.and_then(|stream| {
            stream.set_nodelay(true)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_write_timeout(Some(PATIENCE))?;
            Ok(stream)
        });
        let stream = ready.map_err(|error| format!("{}: {error}", self.address))?;
        Ok(Wire::Plain(Plain {
            stream,
            sent: Vec::new(),
            received: vec![0; 16 * 1024],
        }))
    }
}

/// A connection.
pub(crate) enum Wire {
    /// HTTP/1.1 over TCP.
    Plain(Plain),
    /// Over TLS, by the client library: dearer for this program, so that figures are lower.
    Secure(Secure),
}

impl Wire {
    /// Sends a request and waits for its answer.
    pub(crate) fn exchange(&mut self, request: &Request<'_>) -> Result<Answer<'_>> {
        match self {
            Self::Plain(plain) => plain.exchange(request),
            Self::Secure(secure) => secure.exchange(request),
        }
    }
}

pub(crate) struct Plain {
    stream: TcpStream,
    sent: Vec<u8>,
    received: Vec<u8>,
}

impl Plain {
    fn exchange(&mut self, request: &Request<'_>) -> Result<Answer<'_>> {
        let Request {
            method,
            path,
            token,
            idempotency_key,
            body,
        } = request;
        self.sent.clear();
        let written = (|| {
            let out = &mut self.sent;
            write!(
                out,
                "{method} {path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n"
            )?;
            out.write_all(b"user-agent: tsumugi-load\r\n")?;
            if !token.is_empty() {
                write!(
                    out,
                    "authorization: Bearer {token}\r\ntsumugi-purpose: {PURPOSE}\r\n"
                )?;
            }
            if !idempotency_key.is_empty() {
                write!(out, "idempotency-key: {idempotency_key}\r\n")?;
            }
            if !body.is_empty() {
                write!(
                    out,
                    "content-type: application/json\r\ncontent-length: {}\r\n",
                    body.len()
                )?;
            }
            write!(out, "\r\n{body}")?;
            self.stream.write_all(&self.sent)
        })();
        written.map_err(|error| format!("sending: {error}"))?;
        self.receive()
    }

    fn receive(&mut self) -> Result<Answer<'_>> {
        let mut filled = 0;
        let mut head: Option<Head> = None;
        loop {
            if filled == self.received.len() {
                self.received.resize(filled * 2, 0);
            }
            let free = self.received.get_mut(filled..).unwrap_or_default();
            match self.stream.read(free) {
                Ok(0) => return Err("the server closed the connection".to_owned()),
                Ok(read) => filled += read,
                Err(error) => return Err(format!("receiving: {error}")),
            }
            if head.is_none() {
                head = Head::parse(self.received.get(..filled).unwrap_or_default())?;
            }
            if let Some(Head {
                status,
                body_at,
                length,
            }) = head
                && filled >= body_at + length
            {
                let body = self.received.get(body_at..filled).unwrap_or_default();
                return if body.len() == length {
                    Ok(Answer { status, body })
                } else {
                    Err("more came than one answer".to_owned())
                };
            }
        }
    }
}

/// What has to be known of the head of an answer.
#[derive(Clone, Copy)]
struct Head {
    status: u16,
    body_at: usize,
    length: usize,
}

impl Head {
    /// Reads the head, if all of it is there.
    fn parse(bytes: &[u8]) -> Result<Option<Self>> {
        let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else {
            return Ok(None);
        };
        let text = bytes
            .get(..end)
            .and_then(|head| std::str::from_utf8(head).ok());
        let mut lines = text.unwrap_or_default().split("\r\n");
        let status = lines
            .next()
            .and_then(|line| line.split(' ').nth(1)?.parse().ok());
        let length = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        });
        match (status, length) {
            (Some(status), Some(length)) if length < LARGEST_ANSWER => Ok(Some(Self {
                status,
                body_at: end + 4,
                length,
            })),
            _ => Err("an answer without a status or a length".to_owned()),
        }
    }
}

pub(crate) struct Secure {
    runtime: Runtime,
    client: Client,
    received: Vec<u8>,
}

impl Secure {
    fn new(url: &str, authority: &[u8]) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let client = Client::builder(url)
            .add_root_certificate(authority.to_vec())
            .build();
        Ok(Self {
            runtime: runtime.map_err(|error| error.to_string())?,
            client: client.map_err(|error| error.to_string())?,
            received: Vec::new(),
        })
    }

    fn exchange(&mut self, request: &Request<'_>) -> Result<Answer<'_>> {
        let Request {
            method,
            path,
            token,
            idempotency_key,
            body,
        } = request;
        let bearer = format!("Bearer {token}");
        let headers = [
            ("accept", "application/json", true),
            ("authorization", &bearer, !token.is_empty()),
            ("tsumugi-purpose", PURPOSE, !token.is_empty()),
            (
                "idempotency-key",
                idempotency_key,
                !idempotency_key.is_empty(),
            ),
            ("content-type", "application/json", !body.is_empty()),
        ];
        let headers: Vec<(&str, &str)> = headers
            .into_iter()
            .filter(|(.., wanted)| *wanted)
            .map(|(name, value, _)| (name, value))
            .collect();
        let sending = self
            .client
            .send_raw(method, path, &headers, (*body).to_owned());
        let answer = self
            .runtime
            .block_on(sending)
            .map_err(|error| error.to_string())?;
        self.received.clear();
        self.received.extend_from_slice(&answer.body);
        Ok(Answer {
            status: answer.status,
            body: &self.received,
        })
    }
}
