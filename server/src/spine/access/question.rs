//! What the rules are asked, as plain values: enough to ask again later, from the access log.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ground::Ground,
    rooms::{AnnouncementFacts, RoomFacts},
};
use crate::spine::{
    auth::{Actor, Role},
    professions::{self, Rights},
};

/// Purpose of use (HL7 v3 PurposeOfUse): for what somebody asks. Part of every decision and of the access log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Purpose {
    /// Treatment and care.
    #[serde(rename = "TREAT")]
    Treatment,
    /// Care management (ケアマネジメント).
    #[serde(rename = "CAREMGT")]
    CareManagement,
    /// Treatment in an emergency.
    #[serde(rename = "ETREAT")]
    EmergencyTreatment,
    /// Administration of the system.
    #[serde(rename = "HSYSADMIN")]
    Administration,
    /// Compliance: reading the log.
    #[serde(rename = "HCOMPL")]
    Compliance,
    /// The patient's own request.
    #[serde(rename = "PATRQT")]
    PatientRequest,
    /// The family's request.
    #[serde(rename = "FAMRQT")]
    FamilyRequest,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Treatment,
        Self::CareManagement,
        Self::EmergencyTreatment,
        Self::Administration,
        Self::Compliance,
        Self::PatientRequest,
        Self::FamilyRequest,
    ];

    /// The code in the header, the rules and the log.
    pub fn code(self) -> &'static str {
        match self {
            Self::Treatment => "TREAT",
            Self::CareManagement => "CAREMGT",
            Self::EmergencyTreatment => "ETREAT",
            Self::Administration => "HSYSADMIN",
            Self::Compliance => "HCOMPL",
            Self::PatientRequest => "PATRQT",
            Self::FamilyRequest => "FAMRQT",
        }
    }

    /// The purpose with this code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.code() == code)
    }

    /// What people of a role usually ask for.
    pub fn usual(role: Role) -> Self {
        Self::of_role(role)
            .first()
            .copied()
            .unwrap_or(Self::Treatment)
    }

    /// What people of a role ask for, the usual one first.
    pub fn of_role(role: Role) -> &'static [Self] {
        match role {
            Role::Staff => &[
                Self::Treatment,
                Self::CareManagement,
                Self::EmergencyTreatment,
            ],
            Role::NetworkAdministrator | Role::Support => &[Self::Administration],
            Role::Auditor => &[Self::Compliance],
            Role::Patient => &[Self::PatientRequest],
            Role::Family => &[Self::FamilyRequest],
        }
    }
}

/// Rights that a network has taken away from a profession, by the places of the kinds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Narrowing {
    /// Kinds that it may not read.
    pub read: u32,
    /// Kinds that it may not write or sign.
    pub write: u32,
}

/// What the rules look at in a person beside the account: read anew with every request.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Standing {
    /// Code of the profession of the register whose rights count: its own, or the one that the network's is based on.
    pub rights_of: String,
    /// The profession needs no licence, or the person's counts today.
    pub licensed: bool,
    /// What the network has taken away.
    pub narrowing: Narrowing,
}

impl Standing {
    /// Of somebody with this profession of the register, with a good licence and nothing taken away.
    pub fn of(profession: &str) -> Self {
        Self {
            rights_of: profession.to_owned(),
            licensed: true,
            narrowing: Narrowing::default(),
        }
    }

    /// What the person may do with a kind of information, with what the network has taken away.
    pub fn rights(&self, kind: &str) -> Rights {
        let Some(profession) = professions::find(&self.rights_of) else {
            return Rights::default();
        };
        let mut rights = profession.rights(kind);
        let Some(place) = professions::place(kind) else {
            return Rights::default();
        };
        if self.narrowing.read & (1 << place) != 0 {
            rights = rights.with(Rights::NO_READ);
        }
        if self.narrowing.write & (1 << place) != 0 {
            rights = rights.with(Rights::NO_WRITE);
        }
        rights
    }

    /// Group of the profession, by which consents name it.
    pub fn group(&self) -> &'static str {
        professions::find(&self.rights_of).map_or("", |profession| &profession.group)
    }

    /// Whether the profession may use emergency access.
    pub fn emergency(&self) -> bool {
        professions::find(&self.rights_of).is_some_and(|profession| profession.emergency)
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Asker {
    /// A person.
    Person {
        /// The network.
        tenant: Uuid,
        /// The account.
        account: Uuid,
        /// The post.
        staff_member: Uuid,
        /// The facility.
        facility: Uuid,
        /// What the account is for.
        role: Role,
        /// Profession, licence, narrowing.
        standing: Standing,
    },
    /// A system.
    System {
        /// The network.
        tenant: Uuid,
        /// The client.
        client: Uuid,
        /// The facility.
        facility: Uuid,
    },
}

impl Asker {
    /// The asker that an actor is; nobody else is ever allowed anything.
    pub fn of(actor: &Actor) -> Option<Self> {
        match actor {
            Actor::Person(person) => Some(Self::Person {
                tenant: person.tenant_id,
                account: person.account_id,
                staff_member: person.staff_member_id,
                facility: person.facility_id,
                role: person.role,
                standing: person.standing.clone(),
            }),
            Actor::System(system) => Some(Self::System {
                tenant: system.tenant_id,
                client: system.client_id,
                facility: system.facility_id,
            }),
            Actor::Anonymous | Actor::Worker => None,
        }
    }

    /// The facility.
    pub fn facility(&self) -> Uuid {
        match self {
            Self::Person { facility, .. } | Self::System { facility, .. } => *facility,
        }
    }

    /// The same without what reading a timeline never depends on: the account and the post.
    pub(super) fn anybody_like_this(&self) -> Self {
        let mut like = self.clone();
        if let Self::Person {
            account,
            staff_member,
            ..
        } = &mut like
        {
            *account = Uuid::nil();
            *staff_member = Uuid::nil();
        }
        like
    }
}

/// What the rules look at in a post.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostFacts {
    /// The post.
    pub id: Uuid,
    /// `note`, `vitals`, `document`, `medication` or `assessment`.
    pub kind: String,
    /// `team`, `medical`, `family`, `sensitive` or `named`.
    pub channel: String,
    /// What makes it sensitive, on that channel.
    pub sensitivity: Option<String>,
    /// The author: a staff member or a client.
    pub author: Uuid,
    /// The facility of the author.
    pub facility: Uuid,
    /// Whether the caller wrote it or is one of the people whom it names as its readers; looked at on channel `named`.
    #[serde(default)]
    pub recipient: bool,
    /// The staff member for whom the author entered it.
    #[serde(default)]
    pub on_behalf_of: Option<Uuid>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Resource {
    /// The network as a whole.
    Network,
    /// A patient.
    Patient {
        /// The patient.
        id: Uuid,
    },
    /// A form or fact of a kind of the matrix.
    Record {
        /// The kind.
        kind: String,
        /// The facility that recorded it.
        facility: Uuid,
    },
    /// A post.
    Post(PostFacts),
    /// A document of this facility whose patient is not known yet.
    IncomingDocument {
        /// The facility.
        facility: Uuid,
    },
    /// A room.
    Room(RoomFacts),
    /// Something that is passed round.
    Announcement(AnnouncementFacts),
}

impl Resource {
    /// A patient.
    pub fn patient(id: Uuid) -> Self {
        Self::Patient { id }
    }

    /// A form or fact of a kind of the matrix that a facility recorded.
    pub fn record(kind: &str, facility: Uuid) -> Self {
        Self::Record {
            kind: kind.to_owned(),
            facility,
        }
    }
}

/// Everything that a decision depends on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// Who.
    pub asker: Asker,
    /// Network of the thing.
    pub tenant: Uuid,
    /// Does what.
    pub action: String,
    /// To what.
    pub resource: Resource,
    /// On what ground.
    pub ground: Option<Ground>,
    /// For what purpose.
    pub purpose: Purpose,
}

impl Question {
    /// The two kinds of information whose rights count: the kind itself, and a second where two are needed.
    pub fn kinds(&self) -> (&str, &str) {
        match &self.resource {
            Resource::Post(post) => (&post.kind, second_kind(&post.channel)),
            Resource::Record { kind, .. } => (kind, ""),
            _ => kinds_of_action(&self.action),
        }
    }
}

/// The kind whose rights a channel needs beside those of the post's own kind.
fn second_kind(channel: &str) -> &str {
    match channel {
        "medical" | "family" | "sensitive" => channel,
        _ => "",
    }
}

/// The kinds of information that an act on a patient or the network is about.
fn kinds_of_action(action: &str) -> (&'static str, &'static str) {
    match action.split_once('.').map_or("", |(noun, _)| noun) {
        // That somebody comes is open to whoever knows the team; what for, to whoever reads its notes.
        "appointment" if action == "appointment.outline" => ("roster", ""),
        "appointment" => ("note", ""),
        "patient" | "identifier" => ("basic", ""),
        "registration_card" if action == "registration_card.read" => ("basic", ""),
        "access" if action == "access.read" => ("consent", ""),
        "care_team" => ("roster", ""),
        "consent" | "relative" | "provision" | "registration_card" => ("consent", ""),
        "vital_limits" if action == "vital_limits.read" => ("vitals", ""),
        "vital_limits" => ("conditions", "vitals"),
        "document" | "incoming_document" => ("document", "basic"),
        "record_export" if action == "record_export.disclose" => ("consent", ""),
        "record_export" => ("basic", "note"),
        _ => ("", ""),
    }
}
