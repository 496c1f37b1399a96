//! The state of one process, built once and shared by every request.

use std::time::Duration;

use diesel_async::{
    AsyncPgConnection,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool as Connections},
    },
};

use webauthn_rs::Webauthn;

use crate::{
    Error, Result,
    config::Config,
    features::{events::Hub, passkeys},
    ledger::signer::Signer,
    print::Printer,
    spine::{
        access::Engine,
        audit::tally::Tally,
        auth::{guard::Gate, password::Passwords, token::Tokens},
        clock::Clock,
        copies::Store,
        files::FileStore,
        mail::Postman,
        outbox::Due,
        outward::{Outward, Reach},
        rate::Rate,
        seal::Seal,
        sealing, tls,
    },
};

/// Longest wait for a connection: the caller is told to come back rather than to wait for ever.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a source may ask of this node as a witness, in a minute.
const SUBMISSIONS: u32 = 120;

/// As whom the database knows a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pool {
    /// The role that serves requests: adds to the access log and cannot read it.
    Requests,
    /// The role that may read the access log besides, and seals it.
    Log,
}

/// The process.
pub struct App {
    requests: Connections<AsyncPgConnection>,
    log: Connections<AsyncPgConnection>,
    /// The access rules.
    pub access: Engine,
    /// Access tokens.
    pub tokens: Tokens,
    /// Passwords.
    pub passwords: Passwords,
    /// The gate before signing in.
    pub gate: Gate,
    /// Seals what the database must not give away.
    pub seal: Seal,
    /// Passkeys, bound to the host of the public address.
    pub webauthn: Webauthn,
    /// Time.
    pub clock: Clock,
    /// Open event streams of this node.
    pub hub: Hub,
    /// What the worker of this process has to do.
    pub due: Due,
    /// The networks with entries of the access log that are not sealed yet.
    pub unsealed: Due,
    /// Refused requests of nobody in particular, until they are recorded together.
    pub(crate) tally: Tally,
    /// The networks whose access log was sealed and is to be looked through.
    pub sealed: Due,
    /// Signs checkpoints of the access log.
    pub signer: Signer,
    /// The append-only place for copies of checkpoints.
    pub store: Option<Store>,
    /// Attached files, encrypted.
    pub files: FileStore,
    /// The networks in which files may have to be checked.
    pub unchecked: Due,
    /// The networks in which video or sound may have to be converted.
    pub unconverted: Due,
    /// Sends requests to witnesses.
    pub outward: Outward,
    /// Sends requests to the push services of browsers: only to machines of the internet.
    pub push: Outward,
    /// The networks in which somebody is to be told something by push.
    pub told: Due,
    /// How often logs of others may ask to be witnessed.
    pub submissions: Rate,
    /// The networks in which mail may be due.
    pub post: Due,
    /// Networks in which copies of records may be asked for, or have been kept long enough.
    pub copies: Due,
    /// Who carries mail; nobody without a mail server, and while mail is shown instead.
    pub postman: Option<Postman>,
    /// Sheets on paper.
    pub printer: Printer,
    /// The settings.
    pub config: Config,
}

impl App {
    /// Builds the state; reads the rules and the keys, does not yet need the database.
    pub fn new(config: Config) -> Result<Self> {
        let connections = config.database_connections;
        let requests = pool(&config.database_url.0, connections)?;
        let log = pool(&config.log_database_url.0, (connections / 2).max(2))?;
        Ok(Self {
            requests,
            log,
            access: Engine::new().map_err(Error::internal)?,
            tokens: tls::token_key(&config.data_dir)?,
            passwords: Passwords::new(config.password_memory_kib)?,
            gate: Gate::new(config.database_connections),
            seal: Seal::at(&config.data_dir)?,
            webauthn: passkeys::relying_party(&config.public_url)?,
            clock: Clock::default(),
            hub: Hub::default(),
            due: Due::default(),
            unsealed: Due::default(),
            tally: Tally::default(),
            sealed: Due::default(),
            signer: sealing::signer(&config)?,
            store: config
                .witnessing
                .store
                .as_ref()
                .map(Store::at)
                .transpose()?,
            files: FileStore::at(&config.files.store)?,
            unchecked: Due::default(),
            unconverted: Due::default(),
            outward: Outward::new(config.witnessing.reach),
            push: Outward::new(match config.witnessing.reach {
                // Tests and demonstrations have everything on one machine.
                Reach::Loopback => Reach::Loopback,
                Reach::Public | Reach::Private => Reach::Public,
            }),
            told: Due::default(),
            submissions: Rate::new(SUBMISSIONS),
            post: Due::default(),
            copies: Due::default(),
            postman: Postman::of(&config).map_err(Error::internal)?,
            printer: Printer::new(&config.font_dirs),
            config,
        })
    }

    /// A connection, for [`crate::ctx`] and the readiness check only.
    pub(crate) async fn connection(&self, pool: Pool) -> Result<Object<AsyncPgConnection>> {
        let pool = match pool {
            Pool::Requests => &self.requests,
            Pool::Log => &self.log,
        };
        pool.get().await.map_err(Error::unavailable)
    }
}

fn pool(url: &str, connections: usize) -> Result<Connections<AsyncPgConnection>> {
    // A connection with an open transaction or a closed one is noticed without asking the database each time.
    let mut recycling = ManagerConfig::default();
    recycling.recycling_method = RecyclingMethod::Fast;
    let manager =
        AsyncDieselConnectionManager::<AsyncPgConnection>::new_with_config(url, recycling);
    Connections::builder(manager)
        .max_size(connections)
        .wait_timeout(Some(PATIENCE))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(Error::internal)
}
