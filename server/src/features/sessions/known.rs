use actix_web::{
    HttpRequest, HttpResponse,
    cookie::{Cookie, SameSite, time::Duration as CookieAge},
    http::header::{HeaderName, HeaderValue},
};
use uuid::Uuid;

use super::open::Transport;
use crate::{
    Error, Result,
    spine::{ids, seal::Seal},
};

const COOKIE: &str = "tsumugi_known";
/// The same for programs, in both directions.
const HEADER: HeaderName = HeaderName::from_static("tsumugi-known");
const PURPOSE: &str = "known device";
/// How many people one device remembers.
const PEOPLE: usize = 16;
/// As long as browsers keep a cookie at most, in days.
const KEPT: i64 = 400;

/// What a device remembers of who has signed in on it: sealed, so that nobody makes one up and nobody reads who it was.
/// It opens nothing. It only keeps attempts of the owner apart from those of strangers.
#[derive(Debug)]
pub struct Known {
    device_id: Uuid,
    accounts: Vec<Uuid>,
}

impl Known {
    /// What the request brings along, or a new device.
    pub fn of(request: &HttpRequest, seal: &Seal) -> Self {
        let cookie = request.cookie(COOKIE);
        let header = request.headers().get(HEADER);
        let text = cookie
            .as_ref()
            .map(Cookie::value)
            .or_else(|| header.and_then(|value| value.to_str().ok()));
        text.and_then(|text| Self::read(text, seal))
            .unwrap_or_else(|| Self {
                device_id: ids::new_id(),
                accounts: Vec::new(),
            })
    }

    fn read(text: &str, seal: &Seal) -> Option<Self> {
        let plain = seal.open(PURPOSE, &[], &ids::from_base64(text)?)?;
        let mut ids = plain
            .chunks_exact(16)
            .filter_map(|id| Uuid::from_slice(id).ok());
        Some(Self {
            device_id: ids.next()?,
            accounts: ids.take(PEOPLE).collect(),
        })
    }

    /// The device, if this account has signed in on it before.
    pub(super) fn device_of(&self, account_id: Uuid) -> Option<Uuid> {
        self.accounts
            .contains(&account_id)
            .then_some(self.device_id)
    }

    /// Lets the device remember that this account has signed in on it.
    pub fn remember(
        mut self,
        account_id: Uuid,
        seal: &Seal,
        transport: Transport,
        answer: &mut HttpResponse,
    ) -> Result<()> {
        self.accounts.retain(|known| *known != account_id);
        self.accounts.insert(0, account_id);
        self.accounts.truncate(PEOPLE);
        let plain: Vec<u8> = std::iter::once(&self.device_id)
            .chain(&self.accounts)
            .flat_map(|id| *id.as_bytes())
            .collect();
        let text = ids::to_base64(&seal.seal(PURPOSE, &[], &plain)?);
        match transport {
            Transport::Body => {
                let value = HeaderValue::from_str(&text).map_err(Error::internal)?;
                answer.headers_mut().insert(HEADER, value);
            }
            Transport::Cookie => answer
                .add_cookie(&cookie(text))
                .map_err(|e| Error::internal(e.to_string()))?,
        }
        Ok(())
    }
}

fn cookie(value: String) -> Cookie<'static> {
    let mut cookie = Cookie::build(COOKIE, value)
        .path("/v1/sessions")
        .http_only(true)
        .secure(true)
        .max_age(CookieAge::days(KEPT))
        .finish();
    cookie.set_same_site(SameSite::Strict);
    cookie
}
