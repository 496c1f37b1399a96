//! What a person learns of the own account: posts, device, what the rules allow.

use serde::Deserialize;
use uuid::Uuid;

use super::device::DeviceKind;
use super::open_enum::open_enum;
use super::purpose::Purpose;
use super::relative::RelationKind;
use super::session::Me;

open_enum! {
    /// How somebody proved who they are (RFC 8176).
    pub enum AuthenticationMethod {
        /// パスワード
        Password = "pwd",
        /// ワンタイムコード
        OneTimeCode = "otp",
        /// A key in hardware, such as a security key or a phone's secure element.
        HardwareKey = "hwk",
        /// A key in software, such as a passkey that is synchronised, or a device's token.
        SoftwareKey = "swk",
        /// The person was there and confirmed.
        UserPresence = "user",
        /// 暗証番号
        Pin = "pin",
    }
}

/// The registered device of a session.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SessionDevice {
    /// The device's id.
    pub id: Uuid,
    /// What people call it, such as `訪問用タブレット1`.
    pub name: String,
    /// Whether several people use it in turn.
    pub kind: DeviceKind,
}

/// What a person's programs must keep to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct SessionSettings {
    /// Minutes without activity after which the server ends the session.
    pub idle_minutes: u32,
}

/// The patient whose patient's or family's account this is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OwnRelation {
    /// The patient.
    pub patient_id: Uuid,
    /// Whether the account is the patient's, of family, or of a proxy.
    pub relation: RelationKind,
    /// The relation in words, such as `長女`.
    pub label: String,
}

impl Me {
    /// Whether the rules allow this network-level action, such as `patient.create`. For showing
    /// and hiding buttons; the server decides anew at every request.
    pub fn may(&self, action: &str) -> bool {
        self.may.iter().any(|allowed| allowed == action)
    }

    /// The purpose of use that requests of this person usually state.
    pub fn usual_purpose(&self) -> Purpose {
        self.purposes
            .first()
            .cloned()
            .unwrap_or_else(|| Purpose::of_role(&self.role))
    }
}
