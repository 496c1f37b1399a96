//! What every request says of itself: for what purpose it is made, on which device, and whether
//! a person caused it.

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};

use crate::error::{Error, Result};
use crate::models::Purpose;
use crate::secret::Secret;

const PURPOSE: HeaderName = HeaderName::from_static("tsumugi-purpose");
const DEVICE: HeaderName = HeaderName::from_static("tsumugi-device");
const UNATTENDED: HeaderName = HeaderName::from_static("tsumugi-unattended");

/// How a client's requests present themselves.
#[derive(Clone, Debug)]
pub(crate) struct Manner {
    pub(crate) purpose: Stated,
    /// The secret of the registered device on which the program runs.
    pub(crate) device: Option<Secret>,
    /// Whether the program asks by itself, without a person who waits for the answer.
    pub(crate) unattended: bool,
}

/// The purpose that requests state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stated {
    /// What the account usually asks for; nothing where there is no session.
    Usual(Option<Purpose>),
    /// What the program chose.
    Chosen(Purpose),
    /// Nothing, as the program chose.
    Nothing,
}

impl Manner {
    pub(crate) fn new(purpose: Stated) -> Self {
        Self {
            purpose,
            device: None,
            unattended: false,
        }
    }

    /// The same device for somebody else, whose requests are usually for `usual`. What the
    /// program chose stays.
    pub(crate) fn for_somebody_else(&self, usual: Option<Purpose>) -> Self {
        let mut manner = self.clone();
        if matches!(manner.purpose, Stated::Usual(_)) {
            manner.purpose = Stated::Usual(usual);
        }
        manner
    }

    /// Adds what is not there yet. A purpose goes only with an access token.
    pub(crate) fn dress(&self, headers: &mut HeaderMap) -> Result<()> {
        let has_token = headers
            .get(AUTHORIZATION)
            .is_some_and(|value| !value.as_bytes().starts_with(b"Basic "));
        let purpose = match &self.purpose {
            Stated::Usual(purpose) => purpose.as_ref(),
            Stated::Chosen(purpose) => Some(purpose),
            Stated::Nothing => None,
        };
        if let Some(purpose) = purpose
            && has_token
            && !headers.contains_key(&PURPOSE)
        {
            headers.insert(PURPOSE, value(purpose.as_str(), "the purpose of use")?);
        }
        if let Some(device) = &self.device
            && !headers.contains_key(&DEVICE)
        {
            let mut value = value(device.expose(), "the device's token")?;
            value.set_sensitive(true);
            headers.insert(DEVICE, value);
        }
        if self.unattended && !headers.contains_key(&UNATTENDED) {
            headers.insert(UNATTENDED, HeaderValue::from_static("true"));
        }
        Ok(())
    }
}

fn value(text: &str, what: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text)
        .map_err(|_| Error::Configuration(format!("{what} holds characters no header can")))
}
