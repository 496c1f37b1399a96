//! Factors: what people sign in with, and how they get it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;
use super::session::{Session, SessionTransport};
use crate::secret::Secret;

open_enum! {
    /// What an invitation is for.
    pub enum InvitationPurpose {
        /// The first enrolment.
        First = "first",
        /// A new beginning after everything was lost.
        Recovery = "recovery",
    }
}

/// An invitation at the moment it is made.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct NewInvitation {
    /// The invitation's id.
    pub id: Uuid,
    /// Code to be handed over, shown this once. The link goes by mail.
    pub code: Secret,
    /// Until when both are good.
    pub expires_at: DateTime<Utc>,
}

/// An invitation that has not been taken up.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Invitation {
    /// The invitation's id.
    pub id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// Name of the person.
    pub name: String,
    /// Login name, `name@network`.
    pub login: String,
    /// What it is for.
    pub purpose: InvitationPurpose,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Both halves of an invitation.
#[derive(Clone, Debug, Serialize)]
pub struct CreateEnrolment {
    /// What follows the # in the link that was mailed.
    pub token: Secret,
    /// The code that was handed over.
    pub code: Secret,
}

/// An enrolment that has begun.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Enrolment {
    /// Secret to be shown with every further step.
    pub enrolment: Secret,
    /// Login name, `name@network`.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// Name of the network.
    pub network: String,
    /// What it is for.
    pub purpose: InvitationPurpose,
    /// What a password has to be.
    pub password_rules: PasswordRules,
    /// Until when it has to be finished.
    pub expires_at: DateTime<Utc>,
}

/// What a password has to be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PasswordRules {
    /// Fewest characters.
    pub min: u32,
    /// Whether letters, digits and signs are all needed.
    pub composition: bool,
}

/// Choosing a password for an enrolment.
#[derive(Clone, Debug, Serialize)]
pub struct StartEnrolmentTotp {
    /// The secret of the enrolment.
    pub enrolment: Secret,
    /// The password to be.
    pub password: Secret,
}

/// A seed for an authenticator app.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct EnrolmentTotp {
    /// The seed in base32; see [`crate::totp`].
    pub secret: Secret,
    /// The same as an address that apps read from a picture.
    pub otpauth_url: Secret,
}

/// The end of an enrolment with a password and one-time codes.
#[derive(Clone, Debug, Serialize)]
pub struct FinishEnrolment {
    /// The secret of the enrolment.
    pub enrolment: Secret,
    /// The password chosen before.
    pub password: Secret,
    /// The first code.
    pub code: Secret,
    /// Where the refresh token goes; [`SessionTransport::Body`] for programs.
    pub transport: SessionTransport,
}

/// An enrolment that is finished.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Enrolled {
    /// The first session.
    pub session: Session,
    /// Codes for the day when the authenticator app is lost; shown this once.
    #[serde(default)]
    pub recovery_codes: Vec<Secret>,
}

/// One's own factors.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Factors {
    /// The password.
    pub password: PasswordState,
    /// Whether an authenticator app is registered.
    pub totp: bool,
    /// Passkeys.
    pub passkeys: Vec<PasskeyReference>,
    /// How many recovery codes have not been used.
    pub recovery_codes_left: u32,
}

/// Whether there is a password.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PasswordState {
    /// Whether one is set.
    pub set: bool,
    /// Since when.
    pub changed_at: Option<DateTime<Utc>>,
}

/// A passkey, as its owner knows it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct PasskeyReference {
    /// The passkey's id.
    pub id: Uuid,
    /// Name given by the owner.
    pub name: String,
    /// When it was registered.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// A new password.
#[derive(Clone, Debug, Serialize)]
pub struct ChangePassword {
    /// The password until now; may be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_password: Option<Secret>,
    /// The new one.
    pub new_password: Secret,
}

/// A seed that waits for its first code.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct NewTotp {
    /// Names the seed when its first code is shown.
    pub challenge_id: Uuid,
    /// The seed in base32; see [`crate::totp`].
    pub secret: Secret,
    /// The same as an address that apps read from a picture.
    pub otpauth_url: Secret,
}

/// The first code of a seed.
#[derive(Clone, Debug, Serialize)]
pub struct ConfirmTotp {
    /// The seed.
    pub challenge_id: Uuid,
    /// Six digits.
    pub code: Secret,
}

/// New recovery codes, shown this once.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct RecoveryCodes {
    /// Ten codes, each good once.
    pub codes: Vec<Secret>,
}
