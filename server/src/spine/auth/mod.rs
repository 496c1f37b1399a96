//! Who is asking: accounts and systems, their tokens, and the rows that make a token good.

pub mod password;
pub mod queries;
pub mod token;

use uuid::Uuid;

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
    /// The post that the person acts for.
    pub staff_member_id: Uuid,
    /// The facility of that post.
    pub facility_id: Uuid,
    /// Code of the profession.
    pub profession: String,
    /// What the account is for.
    pub role: Role,
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
}

impl Role {
    /// The code in the database and the rules.
    pub fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::NetworkAdministrator => "network_administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The role with this code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Staff, Self::NetworkAdministrator, Self::Auditor]
            .into_iter()
            .find(|role| role.code() == code)
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
