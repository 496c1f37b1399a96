//! Opening a session: the one place where rows of `sessions` are made, whatever factors were shown.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    cookie::{Cookie, SameSite, time::Duration as CookieAge},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    me::{MeView, me},
    queries::{self, Account, AccountKey, NewSession},
};
use crate::{
    Error, Result,
    app::App,
    ctx::Tx,
    features::devices,
    spine::{
        access,
        audit::Entry,
        auth::{
            Actor, Person, Role,
            token::{ACCESS_LIFETIME, Caller, RefreshToken},
        },
        ids, settings,
    },
};

pub(super) const COOKIE: &str = "tsumugi_refresh";
/// For how long a browser that is to remember the session keeps its cookie: as long as a session can last.
const REMEMBERED: TimeDelta = TimeDelta::hours(12);

/// Where a refresh token goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// Into the answer: for programs.
    #[default]
    Body,
    /// Into a cookie that scripts cannot read: for browsers.
    Cookie,
}

/// A session.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Seconds for which it is good.
    expires_in: i64,
    /// For the next renewal; null when it went into the cookie.
    refresh_token: Option<String>,
    /// Key of the encrypted store on the device (base64, 32 bytes), the same for the whole session.
    cache_key: String,
    /// Who signed in.
    me: MeView,
}

/// The registered device on which somebody signs in.
#[derive(Debug, Clone, Copy)]
pub struct OnDevice {
    /// The device.
    pub id: Uuid,
    /// Whether several people use it in turn.
    pub shared: bool,
}

/// What a session is opened with. Factors have been verified before.
#[derive(Debug)]
pub struct Opening {
    /// Whose session it is.
    pub account_id: Uuid,
    /// Factors that were shown, of two different kinds (RFC 8176): `pwd`, `otp`, `hwk`, `swk`, `user`, `pin`.
    pub amr: &'static [&'static str],
    /// When factors were shown, which is now unless the session replaces another.
    pub authenticated_at: DateTime<Utc>,
    /// The registered device, when it is one.
    pub device: Option<OnDevice>,
    /// Name of the device or program, for the list of one's sessions.
    pub label: String,
    /// Key of the encrypted store on the device, when it has to stay the same.
    pub cache_key: Option<Vec<u8>>,
    /// The latest end, when an earlier sign-in sets it.
    pub not_after: Option<DateTime<Utc>>,
    /// The post to act for, when it is not the account's own default.
    pub staff_member_id: Option<Uuid>,
    /// The temporary code that stood in for the second factor.
    pub temporary_code_id: Option<Uuid>,
    /// Name of the act for the access log, such as `session.create`.
    pub action: &'static str,
}

/// A session that was opened, to be answered once the transaction is committed.
pub struct Opened {
    pub(super) person: Person,
    pub(super) token: RefreshToken,
    pub(super) cache_key: Vec<u8>,
    pub(super) me: MeView,
}

/// Opens a session for an account that may be used today; else refuses as if the factors were wrong.
pub async fn open(tx: &Tx<'_>, opening: Opening) -> Result<Opened> {
    let key = match opening.staff_member_id {
        Some(post) => AccountKey::Post(opening.account_id, post),
        None => AccountKey::Id(opening.account_id),
    };
    let account = queries::find_account(tx, key).await?;
    let account = account.ok_or(Error::InvalidCredentials(Some(opening.account_id)))?;
    let settings = settings::of_network(tx).await?;
    if settings.registered_devices_only && opening.device.is_none() {
        return Err(Error::DeviceRequired);
    }
    let session_id = ids::new_id();
    let token = RefreshToken::new(tx.tenant_id, session_id)?;
    let mut latest = tx.now + TimeDelta::hours(settings.session_hours.into());
    if let Some(code) = opening.temporary_code_id {
        latest = latest.min(queries::find_end_of_code(tx, code).await?);
    }
    if let Some(end) = opening.not_after {
        latest = latest.min(end);
    }
    let cache_key = match (opening.cache_key.clone(), opening.device) {
        (Some(key), _) => key,
        (None, Some(device)) if device.shared => {
            devices::begin_shift(tx, device.id, account.id, latest).await?
        }
        (None, _) => ids::secret()?.to_vec(),
    };
    let shared = opening.device.is_some_and(|device| device.shared);
    let person = person(tx, session_id, &account, &opening).await?;
    let session = NewSession {
        tenant_id: tx.tenant_id,
        id: session_id,
        account_id: account.id,
        staff_member_id: person.staff_member_id,
        refresh_digest: token.digest(),
        cache_key: cache_key.clone(),
        created_at: tx.now,
        refreshed_at: tx.now,
        last_seen_at: tx.now,
        authenticated_at: opening.authenticated_at,
        expires_at: latest,
        idle_minutes: if shared {
            settings.idle_minutes_shared
        } else {
            settings.idle_minutes_personal
        },
        amr: opening
            .amr
            .iter()
            .map(|factor| (*factor).to_owned())
            .collect(),
        label: opening.label,
        source_ip: tx.source_ip().map(str::to_owned),
        device_id: opening.device.map(|device| device.id),
        temporary_code_id: opening.temporary_code_id,
    };
    queries::insert(tx, &session).await?;
    queries::note_sign_in(tx, account.id).await?;
    tx.acts_as(Actor::Person(person.clone()));
    tx.record(Entry::new(opening.action).on("session", session_id));
    let me = me(tx, &person).await?;
    Ok(Opened {
        person,
        token,
        cache_key,
        me,
    })
}

async fn person(
    tx: &Tx<'_>,
    session_id: Uuid,
    account: &Account,
    opening: &Opening,
) -> Result<Person> {
    let post = opening.staff_member_id.unwrap_or(account.staff_member_id);
    let standing = access::standing(tx, &[post]).await?.remove(&post);
    Ok(Person {
        standing: standing.ok_or(Error::SessionEnded)?,
        tenant_id: tx.tenant_id,
        account_id: account.id,
        session_id,
        person_id: account.person_id,
        staff_member_id: opening.staff_member_id.unwrap_or(account.staff_member_id),
        facility_id: account.facility_id,
        profession: account.profession.clone(),
        role: Role::parse(&account.role).ok_or_else(|| Error::internal("unknown role"))?,
        authenticated_at: opening.authenticated_at,
        device_id: opening.device.map(|device| device.id),
        via: None,
    })
}

impl Opened {
    /// Whose session it is.
    pub fn account_id(&self) -> Uuid {
        self.person.account_id
    }

    /// The answer: an access token, and the refresh token where it is wanted.
    pub fn answer(
        self,
        app: &App,
        mut builder: HttpResponseBuilder,
        transport: Transport,
        remember: bool,
    ) -> Result<HttpResponse> {
        let (view, cookie) = self.show(app, transport, remember)?;
        if let Some(cookie) = cookie {
            builder.cookie(cookie);
        }
        Ok(builder.json(view))
    }

    /// The same in two parts, for an answer that holds more than the session.
    pub fn show(
        self,
        app: &App,
        transport: Transport,
        remember: bool,
    ) -> Result<(SessionView, Option<Cookie<'static>>)> {
        let caller = Caller::Session {
            tenant: self.person.tenant_id,
            account: self.person.account_id,
            session: self.person.session_id,
            via: None,
        };
        let mut view = SessionView {
            access_token: app.tokens.issue(caller, app.clock.now())?,
            expires_in: ACCESS_LIFETIME.num_seconds(),
            refresh_token: None,
            cache_key: STANDARD.encode(&self.cache_key),
            me: self.me,
        };
        let token = self.token.encode();
        Ok(match transport {
            Transport::Body => {
                view.refresh_token = Some(token);
                (view, None)
            }
            Transport::Cookie => (view, Some(cookie(token, remember))),
        })
    }
}

/// A cookie that scripts cannot read and other sites cannot send. Browsers take localhost for secure.
pub(super) fn cookie(value: String, remember: bool) -> Cookie<'static> {
    let mut cookie = Cookie::build(COOKIE, value)
        .path("/v1/sessions")
        .http_only(true)
        .secure(true)
        .finish();
    cookie.set_same_site(SameSite::Strict);
    if remember {
        cookie.set_max_age(CookieAge::seconds(REMEMBERED.num_seconds()));
    }
    cookie
}
