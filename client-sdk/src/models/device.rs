//! Registered devices, such as the tablets that a station shares.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::facility::FacilityReference;
use super::open_enum::open_enum;
use super::session::SessionTransport;
use super::staff_member::Profession;
use crate::secret::Secret;

open_enum! {
    /// Who uses a device.
    pub enum DeviceKind {
        /// 共用端末: several people in turn, each with a PIN for the shift.
        Shared = "shared",
        /// 個人用の端末
        Personal = "personal",
    }
}

/// A registered device.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Device {
    /// The device's id.
    pub id: Uuid,
    /// What people call it, such as `訪問用タブレット1`.
    pub name: String,
    /// Who uses it.
    pub kind: DeviceKind,
    /// The facility that it belongs to.
    pub facility: FacilityReference,
    /// When it was registered.
    pub created_at: Option<DateTime<Utc>>,
    /// Until when its code is good; absent when there is none.
    pub enrolment_expires_at: Option<DateTime<Utc>>,
    /// When the device took its token; absent until it has been enrolled.
    pub enrolled_at: Option<DateTime<Utc>>,
    /// When somebody last signed in on it.
    pub last_seen_at: Option<DateTime<Utc>>,
    /// Since when it is refused; absent while it may be used.
    pub revoked_at: Option<DateTime<Utc>>,
}

/// Registering a device.
#[derive(Clone, Debug, Serialize)]
pub struct CreateDevice {
    /// The new device's id, chosen by the caller.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// Who uses it.
    pub kind: DeviceKind,
    /// The facility that it belongs to.
    pub facility_id: Uuid,
}

impl CreateDevice {
    /// A device that several people of a facility use in turn, with a new id.
    pub fn shared(name: impl Into<String>, facility_id: Uuid) -> Self {
        Self {
            id: crate::new_id(),
            name: name.into(),
            kind: DeviceKind::Shared,
            facility_id,
        }
    }

    /// A device of one person, with a new id.
    pub fn personal(name: impl Into<String>, facility_id: Uuid) -> Self {
        Self {
            kind: DeviceKind::Personal,
            ..Self::shared(name, facility_id)
        }
    }
}

/// A device and the code by which it is enrolled.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct DeviceWithCode {
    /// The device.
    pub device: Device,
    /// Eight characters, good once and for 15 minutes, to be typed on the device itself.
    pub enrolment_code: Secret,
}

/// Enrolling the device on which the program runs.
#[derive(Clone, Debug, Serialize)]
pub struct EnrolDevice {
    /// Short name of the network.
    pub network: String,
    /// The code that the administrator sees.
    pub code: Secret,
    /// Where the device's token goes; [`SessionTransport::Body`] for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transport: Option<SessionTransport>,
}

impl EnrolDevice {
    /// Enrolling by a program: the token comes back in the body.
    pub fn new(network: impl Into<String>, code: impl Into<Secret>) -> Self {
        Self {
            network: network.into(),
            code: code.into(),
            transport: Some(SessionTransport::Body),
        }
    }
}

/// A device that has been enrolled.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct EnrolledDevice {
    /// The device.
    pub device: Device,
    /// For [`Client::with_device`](crate::Client::with_device); absent when a cookie holds it.
    /// Shown this once.
    pub device_token: Option<Secret>,
}

/// The device of a request, before anybody signs in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct CurrentDevice {
    /// The device's id.
    pub id: Uuid,
    /// What people call it.
    pub name: String,
    /// Who uses it.
    pub kind: DeviceKind,
    /// The facility that it belongs to.
    pub facility: FacilityReference,
    /// The network that it belongs to.
    pub network: DeviceNetwork,
    /// On a shared device: the people whose shift is open.
    #[serde(default)]
    pub people: Vec<PersonOnDevice>,
}

/// The network of a device.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct DeviceNetwork {
    /// Its short name, the part of a login after `@`.
    pub slug: String,
    /// Its full name.
    pub name: String,
}

/// A person whose shift on a shared device is open.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PersonOnDevice {
    /// The person's account.
    pub account_id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Profession.
    pub profession: Profession,
    /// Whether the person has set a PIN; without one only a full sign-in helps.
    pub pin_set: bool,
    /// When the shift ends in any case.
    pub expires_at: DateTime<Utc>,
}
