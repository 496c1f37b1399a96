//! A mail server that speaks just enough SMTP, and can be told to refuse.

use std::{
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A mail as it came in.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// From the envelope.
    pub from: String,
    /// From the envelope.
    pub to: String,
    /// Headers and body, as they went over the wire.
    pub data: String,
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    /// What is answered to MAIL FROM while it is set.
    refusal: Option<&'static str>,
    tried: usize,
}

/// A mail server on loopback.
#[derive(Clone)]
pub struct MailServer {
    state: Arc<Mutex<State>>,
    port: u16,
}

impl MailServer {
    /// Starts it; it lives as long as the test process.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || drop(talk(&stream.unwrap(), &shared)));
            }
        });
        Self { state, port }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Answers this to every mail from now on; nothing: takes them.
    pub fn refuse(&self, with: Option<&'static str>) {
        self.state.lock().unwrap().refusal = with;
    }

    /// What it took.
    pub fn received(&self) -> Vec<Received> {
        self.state.lock().unwrap().received.clone()
    }

    /// Forgets what was received and offered so far.
    pub fn forget(&self) {
        let mut state = self.state.lock().unwrap();
        state.received.clear();
        state.tried = 0;
    }

    /// How often a mail was offered.
    pub fn tried(&self) -> usize {
        self.state.lock().unwrap().tried
    }
}

fn talk(stream: &TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let mut out = stream;
    let mut mail = Received::default();
    out.write_all(b"220 test ESMTP\r\n")?;
    while let Some(line) = lines.next() {
        let line = line?;
        let answer = if line.starts_with("EHLO") {
            "250-test\r\n250 8BITMIME".to_owned()
        } else if let Some(from) = line.strip_prefix("MAIL FROM:") {
            from.clone_into(&mut mail.from);
            let mut state = state.lock().unwrap();
            state.tried += 1;
            state.refusal.unwrap_or("250 OK").to_owned()
        } else if let Some(to) = line.strip_prefix("RCPT TO:") {
            to.clone_into(&mut mail.to);
            "250 OK".to_owned()
        } else if line == "DATA" {
            out.write_all(b"354 go on\r\n")?;
            for line in lines.by_ref() {
                let line = line?;
                if line == "." {
                    break;
                }
                mail.data.push_str(&line);
                mail.data.push('\n');
            }
            let mail = std::mem::take(&mut mail);
            state.lock().unwrap().received.push(mail);
            "250 taken".to_owned()
        } else if line == "QUIT" {
            out.write_all(b"221 bye\r\n")?;
            return Ok(());
        } else {
            "250 OK".to_owned()
        };
        out.write_all(format!("{answer}\r\n").as_bytes())?;
    }
    Ok(())
}

impl Received {
    /// A header, put together again.
    pub fn header(&self, name: &str) -> String {
        let (head, _) = self.data.split_once("\n\n").unwrap();
        let unfolded = head.replace("\n ", " ");
        unfolded
            .lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")))
            .unwrap_or_default()
            .to_owned()
    }

    /// The subject as people read it.
    pub fn subject(&self) -> String {
        let words = self.header("Subject");
        let word = |word: &str| {
            let text = word.strip_prefix("=?utf-8?b?").unwrap();
            base64(text.strip_suffix("?=").unwrap())
        };
        words.split(' ').map(word).collect()
    }

    /// The text as people read it.
    pub fn text(&self) -> String {
        assert_eq!(self.header("Content-Transfer-Encoding"), "base64");
        assert_eq!(self.header("Content-Type"), "text/plain; charset=utf-8");
        let (_, body) = self.data.split_once("\n\n").unwrap();
        base64(&body.replace('\n', ""))
    }
}

fn base64(text: &str) -> String {
    let plain = text
        .trim_end_matches('=')
        .replace('+', "-")
        .replace('/', "_");
    String::from_utf8(tsumugi_server::spine::ids::from_base64(&plain).unwrap()).unwrap()
}
