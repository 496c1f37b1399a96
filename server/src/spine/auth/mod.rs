//! Who is asking: accounts and systems, their tokens, and the rows that make a token good.

pub mod guard;
pub mod password;
pub mod password_rules;
pub mod proof;
pub mod queries;
pub mod token;
pub mod totp;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::access::Standing;

/// Whoever acts in a transaction.
#[derive(Debug, Clone)]
pub enum Actor {
    /// A person who signed in.
    Person(Person),
    /// A facility's system.
    System(System),
    /// Somebody who has not signed in yet.
    Anonymous,
    /// The worker, carrying out what a person or system caused.
    Worker,
}

/// A person who signed in, as the rows say at this moment.
#[derive(Debug, Clone)]
pub struct Person {
    /// The network.
    pub tenant_id: Uuid,
    /// The account.
    pub account_id: Uuid,
    /// The session.
    pub session_id: Uuid,
    /// The person who holds the post.
    pub person_id: Uuid,
    /// The post that the person acts for.
    pub staff_member_id: Uuid,
    /// The facility of that post.
    pub facility_id: Uuid,
    /// Code of the profession.
    pub profession: String,
    /// What the account is for.
    pub role: Role,
    /// Profession, licence and narrowing, as they count now.
    pub standing: Standing,
    /// When factors were last shown in this session.
    pub authenticated_at: DateTime<Utc>,
    /// The registered device, when it is one.
    pub device_id: Option<Uuid>,
    /// The system through which the person acts, when it is one.
    pub via: Option<Uuid>,
}

/// A facility's system.
#[derive(Debug, Clone)]
pub struct System {
    /// The network.
    pub tenant_id: Uuid,
    /// The client.
    pub client_id: Uuid,
    /// The facility that it acts for.
    pub facility_id: Uuid,
}

/// What an account is for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Care.
    Staff,
    /// Keeping facilities, people and systems; sees no content.
    NetworkAdministrator,
    /// Reading the access log; sees no content.
    Auditor,
    /// 患者本人
    Patient,
    /// 家族・代理人
    Family,
    /// Staff of whoever runs or built the installation, for as long as the network lets them in; sees no content.
    Support,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 6] = [
        Self::Staff,
        Self::NetworkAdministrator,
        Self::Auditor,
        Self::Patient,
        Self::Family,
        Self::Support,
    ];

    /// The code in the database and the rules.
    pub fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::NetworkAdministrator => "network_administrator",
            Self::Auditor => "auditor",
            Self::Patient => "patient",
            Self::Family => "family",
            Self::Support => "support",
        }
    }

    /// The role with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }
}

impl Actor {
    /// The staff member and the facility; nil where there is none, which matches no row.
    pub fn ids(&self) -> (Uuid, Uuid) {
        match self {
            Self::Person(person) => (person.staff_member_id, person.facility_id),
            Self::System(system) => (Uuid::nil(), system.facility_id),
            Self::Anonymous | Self::Worker => (Uuid::nil(), Uuid::nil()),
        }
    }
}
