//! Signing in: what is sent, what comes back.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::me::OwnRelation;
use super::open_enum::open_enum;
use super::purpose::Purpose;
use super::staff_member::StaffMember;
use crate::secret::Secret;

open_enum! {
    /// Where the server puts the refresh token.
    pub enum SessionTransport {
        /// In an `HttpOnly` cookie: for the web app.
        Cookie = "cookie",
        /// In the answer's body: for programs such as this library.
        Body = "body",
    }
}

open_enum! {
    /// What an account may do besides its profession's work.
    pub enum Role {
        /// Works in a facility.
        Staff = "staff",
        /// Runs a care network: facilities, staff members, clients.
        NetworkAdministrator = "network_administrator",
        /// Reads the access log and nothing else.
        Auditor = "auditor",
        /// 患者本人
        Patient = "patient",
        /// 家族・代理人
        Family = "family",
        /// Runs or built the installation; let in for a few days.
        Support = "support",
    }
}

open_enum! {
    /// The language a person reads.
    pub enum Language {
        /// 日本語
        Japanese = "ja",
        /// English
        English = "en",
    }
}

/// Signing in with a password and a code.
#[derive(Clone, Debug, Serialize)]
pub struct CreateSession {
    /// Login name, `name@network`.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// Code of an authenticator app, a recovery code or a temporary one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Secret>,
    /// Name of the device or program, for the list of one's sessions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_name: Option<String>,
    /// Asks for a session that outlives the browser's window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remember: Option<bool>,
    /// Where the refresh token goes; [`SessionTransport::Body`] for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<SessionTransport>,
}

impl CreateSession {
    /// Signing in of a program: the refresh token comes back in the body.
    pub fn new(login: impl Into<String>, password: impl Into<Secret>) -> Self {
        Self {
            login: login.into(),
            password: password.into(),
            code: None,
            device_name: None,
            remember: None,
            transport: Some(SessionTransport::Body),
        }
    }

    /// The same with a code.
    #[must_use]
    pub fn code(self, code: impl Into<Secret>) -> Self {
        Self {
            code: Some(code.into()),
            ..self
        }
    }
}

/// Renewing a session.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RefreshSession {
    /// The refresh token of the last answer; absent when a cookie holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<Secret>,
}

/// A session: the tokens and who they stand for.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Session {
    /// Bearer token of the following requests.
    pub access_token: Secret,
    /// Life of `access_token` in seconds, from the answer on.
    pub expires_in: u64,
    /// Buys the next access token, once; absent when a cookie holds it.
    pub refresh_token: Option<Secret>,
    /// Key of the client's encrypted local cache: base64, 32 bytes, the same for the whole session.
    pub cache_key: Option<Secret>,
    /// Who signed in.
    pub me: Me,
}

/// The person behind an access token.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Me {
    /// The account.
    pub account_id: Uuid,
    /// Login name, `name@network`.
    pub login: String,
    /// What the account may do.
    pub role: Role,
    /// Network-level actions that the rules allow; see [`Me::is_allowed`].
    #[serde(default)]
    pub may: Vec<String>,
    /// Purposes of use that this person may state, the usual one first.
    #[serde(default)]
    pub purposes: Vec<Purpose>,
    /// The patient whose patient's or family's account this is; absent for staff.
    pub patient_relation: Option<OwnRelation>,
    /// Full name.
    pub name: String,
    /// The care network.
    pub tenant: Tenant,
    /// The person as a staff member; absent for administrators and auditors without one.
    pub staff_member: Option<StaffMember>,
    /// All posts of the person that are valid today.
    #[serde(default)]
    pub posts: Vec<StaffMember>,
    /// The language the person reads.
    pub language: Language,
    /// Factors that were shown (RFC 8176).
    #[serde(default)]
    pub amr: Vec<String>,
    /// When factors were last shown.
    pub authenticated_at: Option<DateTime<Utc>>,
    /// The registered device, when it is one.
    pub device: Option<DeviceReference>,
    /// What the network has decided about this session.
    pub settings: Option<SessionSettings>,
    /// Whether nothing else works until the password is changed.
    #[serde(default)]
    pub password_change_required: bool,
}

/// A registered device.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DeviceReference {
    /// The device's id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// `shared` or `personal`.
    pub kind: String,
}

/// What a network has decided about a session.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SessionSettings {
    /// Minutes without activity after which the session ends.
    pub idle_minutes: u32,
}

/// A care network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Tenant {
    /// The network's id.
    pub id: Uuid,
    /// Its short name, the part of a login after `@`.
    pub slug: String,
    /// Its full name.
    pub name: String,
}

/// An access token of a system client.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Token {
    /// Bearer token of the following requests.
    pub access_token: Secret,
    /// `Bearer`, or `DPoP` for one that is bound to a key.
    pub token_type: String,
    /// Life of the token in seconds, from the answer on.
    pub expires_in: u64,
    /// What the token allows, such as `system/Bundle.c`.
    pub scope: Option<String>,
}
