//! Settings, from the environment. Every variable is in [`VARIABLES`], from which `deploy/env.example` is written; the
//! server starts, or fails with all mistakes at once.

mod files;
mod witnessing;

use std::{fmt, net::SocketAddr, path::PathBuf};

pub use files::{Files, ScannerAt};
pub use witnessing::{Bucket, Place, Witnessing};

use crate::spine::mail::Postman;

/// A variable of the environment.
#[derive(Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its default; empty when it must be given or may be left out.
    pub default: &'static str,
    /// Whether its value is a secret.
    pub secret: bool,
    /// What it means.
    pub meaning: &'static str,
}

const fn variable(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable {
        name,
        default,
        secret: false,
        meaning,
    }
}

const fn secret(name: &'static str, meaning: &'static str) -> Variable {
    Variable {
        name,
        default: "",
        secret: true,
        meaning,
    }
}

/// All variables.
pub const VARIABLES: &[Variable] = &[
    secret(
        "TSUMUGI_DATABASE_URL",
        "PostgreSQL as the role that serves requests (owns nothing). Required to serve.",
    ),
    secret(
        "TSUMUGI_LOG_DATABASE_URL",
        "PostgreSQL as the role that may read the access log (owns nothing). Required to serve.",
    ),
    secret(
        "TSUMUGI_OWNER_DATABASE_URL",
        "PostgreSQL as the owner of the tables: for migrate, create-network, demo-data and audit archive.",
    ),
    variable(
        "TSUMUGI_DATABASE_CONNECTIONS",
        "8",
        "Connections of one node; about four for each core of the database.",
    ),
    variable(
        "TSUMUGI_HTTP_ADDR",
        "",
        "Address for plain HTTP, loopback only; left out: no plain HTTP.",
    ),
    variable("TSUMUGI_HTTPS_ADDR", "127.0.0.1:8443", "Address for HTTPS."),
    variable(
        "TSUMUGI_METRICS_ADDR",
        "127.0.0.1:9464",
        "Address for measurements (Prometheus), loopback only.",
    ),
    variable(
        "TSUMUGI_TLS_CERT",
        "",
        "Certificate chain (PEM); left out: one is made at first start.",
    ),
    variable(
        "TSUMUGI_TLS_KEY",
        "",
        "Private key of the certificate (PEM).",
    ),
    variable("TSUMUGI_DATA_DIR", "data", "Folder for keys."),
    variable(
        "TSUMUGI_LOG_SIGNER",
        "",
        "Socket of `tsumugi sign-log`, which keeps the key of the access log apart; left out: the key is in the data folder.",
    ),
    variable(
        "TSUMUGI_LOG_RETENTION_YEARS",
        "10",
        "Years after which `tsumugi audit archive` takes months of the access log out of the database, at least 10.",
    ),
    variable(
        "TSUMUGI_WITNESS_REACH",
        "public",
        "Where witnesses may be: public (addresses of the internet), private (also those of closed networks), loopback (also this machine, without TLS; for tests and the demonstration).",
    ),
    variable(
        "TSUMUGI_WITNESS_MINUTES",
        "60",
        "Minutes between two checkpoints of the access log that a witness is sent.",
    ),
    variable(
        "TSUMUGI_WITNESS_ENTRIES",
        "10000",
        "Entries after which a witness is sent a checkpoint sooner than that.",
    ),
    variable(
        "TSUMUGI_LOG_WITNESS_STORE",
        "",
        "Append-only place for checkpoints: file:///folder or s3://bucket/prefix; left out: none are copied.",
    ),
    variable(
        "TSUMUGI_FILE_STORE",
        "",
        "Where attached files lie, encrypted: file:///folder or s3://bucket/prefix; left out: files in the data folder.",
    ),
    variable("TSUMUGI_FILE_PHOTO_MB", "40", "Largest photo, in MB."),
    variable("TSUMUGI_FILE_VIDEO_MB", "500", "Largest video, in MB."),
    variable("TSUMUGI_FILE_AUDIO_MB", "100", "Largest sound, in MB."),
    variable("TSUMUGI_FILE_PDF_MB", "50", "Largest PDF, in MB."),
    variable(
        "TSUMUGI_FILE_UPLOAD_HOURS",
        "48",
        "Hours for which a file that did not arrive whole may be sent on.",
    ),
    variable(
        "TSUMUGI_MEDIA_FFMPEG",
        "",
        "The program ffmpeg, with ffprobe beside it: /usr/bin/ffmpeg; left out: video and sound are not taken.",
    ),
    variable(
        "TSUMUGI_MEDIA_WORK_DIR",
        "/dev/shm",
        "Folder in memory where that program works.",
    ),
    variable(
        "TSUMUGI_MALWARE_SCANNER",
        "",
        "Malware scanner (clamd) on this machine: unix:/run/clamav/clamd.ctl or 127.0.0.1:3310; left out: files are not scanned.",
    ),
    secret(
        "AWS_ACCESS_KEY_ID",
        "Name of the key of the bucket; it needs to put and to get, nothing else.",
    ),
    secret("AWS_SECRET_ACCESS_KEY", "Key of the bucket."),
    secret(
        "AWS_SESSION_TOKEN",
        "Token of the bucket's key, where that is lent for a while.",
    ),
    variable("AWS_REGION", "us-east-1", "Region of the bucket."),
    variable(
        "AWS_ENDPOINT_URL",
        "",
        "Address of a bucket that is not Amazon's: https://s3.example.jp.",
    ),
    variable(
        "TSUMUGI_TIME_SERVER",
        "",
        "Time server (SNTP) that the system's clock is held against: ntp.example.jp or ntp.example.jp:123; left out: the clock is not checked.",
    ),
    variable(
        "TSUMUGI_WEB_DIR",
        "server/web/build",
        "Folder of the built web app.",
    ),
    variable(
        "TSUMUGI_FONT_DIR",
        "/usr/share/fonts:/usr/local/share/fonts",
        "Folders with the Japanese font of printed sheets, with a colon between two; looked through with all below.",
    ),
    variable(
        "TSUMUGI_DEMO_FILE",
        "",
        "Accounts of the demonstration network, shown at sign-in; never in production.",
    ),
    variable(
        "TSUMUGI_PUBLIC_URL",
        "https://localhost:8443",
        "Address at which people reach the web app: goes into mail, and passkeys are bound to its host.",
    ),
    secret(
        "TSUMUGI_SMTP_URL",
        "Mail server: smtps://user:password@mail.example.jp, or smtp://…?tls=required; left out: mail waits.",
    ),
    variable(
        "TSUMUGI_MAIL_FROM",
        "つむぎ <no-reply@localhost>",
        "Sender of mail.",
    ),
    variable(
        "TSUMUGI_MAILBOX",
        "off",
        "on: mail is not sent but shown at /mailbox to everybody; for the demonstration only.",
    ),
    variable(
        "TSUMUGI_PASSWORD_MEMORY_KIB",
        "65536",
        "Memory of one password hash, at least 19456.",
    ),
    variable("TSUMUGI_WORKERS", "2", "Threads that serve requests."),
    variable(
        "TSUMUGI_LOG",
        "info",
        "Log level, or directives such as tsumugi_server=debug.",
    ),
    variable(
        "TSUMUGI_PORTS_FILE",
        "",
        "File to write the addresses to once the server listens.",
    ),
];

/// A value that must not be shown.
#[derive(Clone)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// The settings of one process.
#[derive(Debug, Clone)]
pub struct Config {
    /// PostgreSQL for requests.
    pub database_url: Secret,
    /// PostgreSQL for reading and sealing the access log.
    pub log_database_url: Secret,
    /// Connections of the pool.
    pub database_connections: usize,
    /// Plain HTTP on loopback.
    pub http_addr: Option<SocketAddr>,
    /// HTTPS.
    pub https_addr: Option<SocketAddr>,
    /// Measurements.
    pub metrics_addr: Option<SocketAddr>,
    /// Certificate and key.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// Keys.
    pub data_dir: PathBuf,
    /// Where the access log is signed, when not in this process.
    pub log_signer: Option<PathBuf>,
    /// Where checkpoints go, and what the clock is held against.
    pub witnessing: Witnessing,
    /// Attached files.
    pub files: Files,
    /// The web app.
    pub web_dir: PathBuf,
    /// Where fonts are.
    pub font_dirs: Vec<PathBuf>,
    /// Accounts shown at sign-in.
    pub demo_file: Option<PathBuf>,
    /// Where people reach the web app.
    pub public_url: String,
    /// The mail server.
    pub smtp_url: Option<Secret>,
    /// Sender of mail.
    pub mail_from: String,
    /// Whether mail is shown instead of being sent.
    pub mailbox: bool,
    /// Memory of one password hash.
    pub password_memory_kib: u32,
    /// Threads.
    pub workers: usize,
    /// Where to write the addresses.
    pub ports_file: Option<PathBuf>,
}

/// Everything that is wrong with the settings.
#[derive(Debug, thiserror::Error)]
#[error("the settings are not usable:\n{}", .0.join("\n"))]
pub struct BadConfig(pub Vec<String>);

/// The value of a variable, its default, or nothing.
#[expect(clippy::disallowed_methods, reason = "settings are read here")]
pub fn value(name: &str) -> Option<String> {
    let default = VARIABLES
        .iter()
        .find(|v| v.name == name)
        .map_or("", |v| v.default);
    std::env::var(name)
        .ok()
        .or_else(|| Some(default.to_owned()))
        .filter(|value| !value.is_empty())
}

impl Config {
    /// The settings from the environment.
    pub fn from_env() -> Result<Self, BadConfig> {
        let mut mistakes = Vec::new();
        let mut required = |name: &str| {
            Secret(value(name).unwrap_or_else(|| {
                mistakes.push(format!("{name} is required"));
                String::new()
            }))
        };
        let database_url = required("TSUMUGI_DATABASE_URL");
        let log_database_url = required("TSUMUGI_LOG_DATABASE_URL");
        let http_addr = parsed::<SocketAddr>("TSUMUGI_HTTP_ADDR", &mut mistakes);
        let metrics_addr = parsed::<SocketAddr>("TSUMUGI_METRICS_ADDR", &mut mistakes);
        for (name, addr) in [
            ("TSUMUGI_HTTP_ADDR", http_addr),
            ("TSUMUGI_METRICS_ADDR", metrics_addr),
        ] {
            if addr.is_some_and(|addr| !addr.ip().is_loopback()) {
                mistakes.push(format!(
                    "{name} must be a loopback address: it is not encrypted"
                ));
            }
        }
        let password_memory_kib =
            parsed("TSUMUGI_PASSWORD_MEMORY_KIB", &mut mistakes).unwrap_or(65536);
        if password_memory_kib < 19456 {
            mistakes.push("TSUMUGI_PASSWORD_MEMORY_KIB must be at least 19456".to_owned());
        }
        let tls = match (value("TSUMUGI_TLS_CERT"), value("TSUMUGI_TLS_KEY")) {
            (Some(certificate), Some(key)) => Some((certificate.into(), key.into())),
            (None, None) => None,
            _ => {
                mistakes.push("TSUMUGI_TLS_CERT and TSUMUGI_TLS_KEY go together".to_owned());
                None
            }
        };
        let config = Self {
            database_url,
            log_database_url,
            database_connections: parsed("TSUMUGI_DATABASE_CONNECTIONS", &mut mistakes)
                .unwrap_or(8),
            http_addr,
            https_addr: parsed("TSUMUGI_HTTPS_ADDR", &mut mistakes),
            metrics_addr,
            tls,
            data_dir: value("TSUMUGI_DATA_DIR").unwrap_or_default().into(),
            log_signer: value("TSUMUGI_LOG_SIGNER").map(Into::into),
            witnessing: Witnessing::from_env(&mut mistakes),
            files: Files::from_env(&mut mistakes),
            web_dir: value("TSUMUGI_WEB_DIR").unwrap_or_default().into(),
            font_dirs: font_dirs(),
            demo_file: value("TSUMUGI_DEMO_FILE").map(Into::into),
            public_url: value("TSUMUGI_PUBLIC_URL").unwrap_or_default(),
            smtp_url: value("TSUMUGI_SMTP_URL").map(Secret),
            mail_from: value("TSUMUGI_MAIL_FROM").unwrap_or_default(),
            mailbox: value("TSUMUGI_MAILBOX").as_deref() == Some("on"),
            password_memory_kib,
            workers: parsed("TSUMUGI_WORKERS", &mut mistakes).unwrap_or(2),
            ports_file: value("TSUMUGI_PORTS_FILE").map(Into::into),
        };
        if let Err(mistake) = Postman::of(&config) {
            mistakes.push(mistake.to_string());
        }
        if mistakes.is_empty() {
            Ok(config)
        } else {
            Err(BadConfig(mistakes))
        }
    }
}

fn parsed<T: std::str::FromStr>(name: &str, mistakes: &mut Vec<String>) -> Option<T> {
    let text = value(name)?;
    let parsed = text.parse().ok();
    if parsed.is_none() {
        mistakes.push(format!("{name} is not usable: {text:?}"));
    }
    parsed
}

/// The folders of fonts, for the measurement of printing too.
pub fn font_dirs() -> Vec<PathBuf> {
    let folders = value("TSUMUGI_FONT_DIR").unwrap_or_default();
    std::env::split_paths(&folders).collect()
}

/// The text of `deploy/env.example`.
pub fn example() -> String {
    let head =
        "# Settings of Tsumugi. Written by `tsumugi env-example`; a test compares the two.\n";
    let lines = VARIABLES.iter().map(|variable| {
        let Variable {
            name,
            default,
            secret,
            meaning,
        } = variable;
        let note = if *secret { " Secret." } else { "" };
        let comment = if default.is_empty() { "#" } else { "" };
        format!("\n# {meaning}{note}\n{comment}{name}={default}\n")
    });
    std::iter::once(head.to_owned())
        .chain(lines)
        .collect::<Vec<_>>()
        .concat()
}
