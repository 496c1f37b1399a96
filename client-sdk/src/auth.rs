//! Who the client is, and how it stays that.
//!
//! A session and a system client hold a short-lived access token. It is renewed shortly before it
//! expires, and once when the server says 401 although it should still be good. Renewal is
//! single-flight: whoever needs it first does it, the others wait and share the result. That is
//! more than thrift: a refresh token is good for one use, and two uses look like theft. For the
//! same reason a renewal that has begun is finished even if its caller loses interest.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::Mutex;

use crate::client::Client;
use crate::error::{Error, Result};
use crate::models::{RefreshSession, Session};
use crate::proof::ProofKey;
use crate::secret::Secret;

/// Who the client is.
pub(crate) enum Auth {
    /// Nobody.
    Anonymous,
    /// Whoever the token stands for; cannot be renewed.
    Token(Secret),
    /// A person who signed in, or a program of a facility.
    Renewable(Arc<Mutex<Tokens>>),
    /// A program whose tokens are bound to its key.
    Bound(Arc<Mutex<Tokens>>, Arc<ProofKey>),
}

/// The access token in use and how to get the next.
pub(crate) struct Tokens {
    access: Option<HeldToken>,
    source: Source,
}

/// Where the next access token comes from.
enum Source {
    /// A session's refresh token; absent when the session cannot be renewed or has ended.
    Session { refresh: Option<Secret> },
    /// A system client's own name and secret.
    Client(Credentials),
}

/// What a program gets its tokens with.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) id: String,
    pub(crate) secret: Secret,
    /// The access token of the person for whom it acts, when it does.
    pub(crate) person: Option<Secret>,
    /// The key that its tokens are bound to.
    pub(crate) key: Option<Arc<ProofKey>>,
}

/// An access token and when to renew it.
struct HeldToken {
    secret: Secret,
    renew_at: Instant,
}

impl HeldToken {
    /// Renewal falls due when a tenth of the life is left, 30 seconds at most.
    fn new(secret: Secret, expires_in: u64) -> Self {
        let life = Duration::from_secs(expires_in.min(365 * 24 * 3600));
        let margin = (life / 10).min(Duration::from_secs(30));
        Self {
            secret,
            renew_at: Instant::now() + life.saturating_sub(margin),
        }
    }
}

impl Auth {
    pub(crate) fn token(token: Secret) -> Self {
        Self::Token(token)
    }

    pub(crate) fn session(session: &Session) -> Self {
        Self::Renewable(Arc::new(Mutex::new(Tokens::of_session(session))))
    }

    pub(crate) fn client_credentials(id: String, secret: Secret) -> Self {
        Self::of_program(Credentials {
            id,
            secret,
            person: None,
            key: None,
        })
    }

    /// A program with a key of its own, for itself or for a person.
    pub(crate) fn bound(id: String, secret: Secret, person: Option<Secret>) -> Result<Self> {
        let key = Some(Arc::new(ProofKey::new()?));
        Ok(Self::of_program(Credentials {
            id,
            secret,
            person,
            key,
        }))
    }

    fn of_program(credentials: Credentials) -> Self {
        let key = credentials.key.clone();
        let tokens = Arc::new(Mutex::new(Tokens {
            access: None,
            source: Source::Client(credentials),
        }));
        match key {
            Some(key) => Self::Bound(tokens, key),
            None => Self::Renewable(tokens),
        }
    }

    /// The key that the tokens are bound to.
    pub(crate) fn key(&self) -> Option<&ProofKey> {
        match self {
            Self::Bound(_, key) => Some(key),
            _ => None,
        }
    }

    /// The token for the next request. `anonymous` is the way to the server for renewals.
    pub(crate) async fn current(&self, anonymous: &Client) -> Result<Option<Secret>> {
        match self {
            Self::Anonymous => Ok(None),
            Self::Token(token) => Ok(Some(token.clone())),
            Self::Renewable(tokens) | Self::Bound(tokens, _) => {
                held(tokens, anonymous, None).await.map(Some)
            }
        }
    }

    /// Another token than `refused`, or `None` when there is no other to be had.
    pub(crate) async fn after_refusal(
        &self,
        anonymous: &Client,
        refused: &Secret,
    ) -> Result<Option<Secret>> {
        let (Self::Renewable(tokens) | Self::Bound(tokens, _)) = self else {
            return Ok(None);
        };
        let token = held(tokens, anonymous, Some(refused)).await?;
        Ok(Some(token).filter(|token| token != refused))
    }

    /// Forgets the refresh token: the session has ended and must not be revived.
    pub(crate) async fn end(&self) {
        if let Self::Renewable(tokens) = self
            && let Source::Session { refresh } = &mut tokens.lock().await.source
        {
            *refresh = None;
        }
    }
}

/// The access token, renewed first if it is old or is the one the server `refused`.
async fn held(
    tokens: &Arc<Mutex<Tokens>>,
    anonymous: &Client,
    refused: Option<&Secret>,
) -> Result<Secret> {
    let mut tokens = tokens.clone().lock_owned().await;
    if let Some(secret) = tokens.usable(refused) {
        return Ok(secret);
    }
    let anonymous = anonymous.clone();
    let renewal = async move {
        let (access, source) = tokens.renewed(&anonymous).await?;
        let secret = access.secret.clone();
        *tokens = Tokens {
            access: Some(access),
            source,
        };
        Ok(secret)
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "a caller that is cancelled must not lose the token the server has just issued"
    )]
    let finished = tokio::spawn(renewal.boxed()).await;
    finished.unwrap_or_else(|_| Err(Error::transport("the renewal of the token was interrupted")))
}

impl Tokens {
    fn of_session(session: &Session) -> Self {
        Self {
            access: Some(HeldToken::new(
                session.access_token.clone(),
                session.expires_in,
            )),
            source: Source::Session {
                refresh: session.refresh_token.clone(),
            },
        }
    }

    /// The token in use, if it is good or nothing better can be had.
    fn usable(&self, refused: Option<&Secret>) -> Option<Secret> {
        let held = self.access.as_ref()?;
        let final_one = matches!(self.source, Source::Session { refresh: None });
        let good = Instant::now() < held.renew_at && Some(&held.secret) != refused;
        (good || final_one).then(|| held.secret.clone())
    }

    /// Boxed, because a renewal is itself a call and a call may begin with a renewal.
    fn renewed<'a>(&'a self, anonymous: &'a Client) -> BoxFuture<'a, Result<(HeldToken, Source)>> {
        match &self.source {
            Source::Session { refresh } => async move {
                let request = RefreshSession {
                    refresh_token: refresh.clone(),
                };
                let session = anonymous.sessions().refresh(&request).await?;
                let access = HeldToken::new(session.access_token, session.expires_in);
                let refresh = session.refresh_token;
                Ok((access, Source::Session { refresh }))
            }
            .boxed(),
            Source::Client(credentials) => async move {
                let token = anonymous.tokens().of(credentials).await?;
                let access = HeldToken::new(token.access_token, token.expires_in);
                Ok((access, Source::Client(credentials.clone())))
            }
            .boxed(),
        }
    }
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Anonymous => "Anonymous",
            Self::Token(_) => "Token",
            Self::Renewable(_) => "Renewable",
            Self::Bound(..) => "Bound",
        })
    }
}
