//! The codes of others, by which an entry is told to programs of others: IHE BALP 1.1.4 for FHIR R4, DICOM, HL7 v3.

use serde_json::{Value, json};

use crate::features::access_log::actions::Kind;

const DCM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const REST: &str = "http://hl7.org/fhir/restful-interaction";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const AGENTS: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/UserAgentTypes";
const BALP: &str = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

/// A code with its system and its meaning in English.
pub(super) type Code = (&'static str, &'static str, &'static str);

const SOURCE: Code = (DCM, "110153", "Source Role ID");
const DESTINATION: Code = (DCM, "110152", "Destination Role ID");
const APPLICATION: Code = (DCM, "110150", "Application");
const CUSTODIAN: Code = (
    "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
    "custodian",
    "Custodian",
);
const AUTHORIZER: Code = (
    "http://terminology.hl7.org/CodeSystem/extra-security-role-type",
    "authserver",
    "authorization server",
);
const TOKEN_SERVICE: Code = (AGENTS, "AuthzOauthService", "OAuth authorization service");
const RECIPIENT: Code = (PARTICIPATION, "IRCP", "information recipient");
const AUTHOR: Code = (PARTICIPATION, "AUT", "author (originator)");
/// The facility of whoever acted.
pub(super) const ORGANIZATION: Code = (
    "http://terminology.hl7.org/CodeSystem/v3-RoleClass",
    "PROV",
    "healthcare provider",
);
/// In whose place something was entered.
pub(super) const RESPONSIBLE: Code = (PARTICIPATION, "RESP", "responsible party");

/// Which entities stand in an event, besides patients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entities {
    /// The thing, and the request.
    Data,
    /// What was asked for, and the request.
    Query,
    /// The rules by which it was refused.
    Decision,
    /// What a token was asked for.
    TokenRequest,
}

impl Shape {
    /// Whether the profile tells the user from other agents by a value set only: validators that cannot look into it take
    /// every further agent for a second user.
    pub(super) fn user_is_by_value_set(&self) -> bool {
        self.user == AUTHOR
    }
}

/// How an entry looks as an AuditEvent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// The profile that it follows, if one fits.
    pub(super) profile: Option<&'static str>,
    pub(super) kind: Code,
    pub(super) subtypes: [Option<Code>; 2],
    /// C, R, U, D or E.
    pub(super) action: &'static str,
    /// The roles of the client, the server and the person.
    pub(super) client: Code,
    pub(super) server: Code,
    pub(super) user: Code,
    pub(super) entities: Entities,
}

/// What of an entry decides how it looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Facts {
    pub(super) kind: Kind,
    pub(super) is_allowed: bool,
    /// Somebody of a facility was refused by the rules.
    pub(super) is_decision: bool,
    pub(super) has_patient: bool,
}

const fn rest(code: &'static str, action: &'static str) -> Shape {
    Shape {
        profile: None,
        kind: (
            "http://terminology.hl7.org/CodeSystem/audit-event-type",
            "rest",
            "RESTful Operation",
        ),
        subtypes: [Some((REST, code, code)), None],
        action,
        client: SOURCE,
        server: DESTINATION,
        user: AUTHOR,
        entities: Entities::Data,
    }
}

const fn dicom(kind: Code, subtype: Option<Code>) -> Shape {
    Shape {
        kind,
        subtypes: [subtype, None],
        client: APPLICATION,
        server: DESTINATION,
        user: RECIPIENT,
        ..rest("operation", "E")
    }
}

const AUTHENTICATION: Code = (DCM, "110114", "User Authentication");
const ALERT: Code = (DCM, "110113", "Security Alert");
const DISCLOSURE: Code = (
    "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle",
    "disclose",
    "Disclose Record Lifecycle Event",
);

/// How an entry looks.
pub(super) fn shape(facts: Facts) -> Shape {
    if facts.is_decision && facts.has_patient {
        return Shape {
            profile: Some("AuthZconsent"),
            subtypes: [
                Some((
                    "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType",
                    "AuthZ-Consent",
                    "Consent Authorization Decision",
                )),
                None,
            ],
            server: AUTHORIZER,
            entities: Entities::Decision,
            ..dicom(ALERT, None)
        };
    }
    let shape = of_kind(facts.kind, facts.has_patient);
    // The profiles of acts are for acts that were carried out.
    Shape {
        profile: shape.profile.filter(|_| facts.is_allowed),
        ..shape
    }
}

fn of_kind(kind: Kind, has_patient: bool) -> Shape {
    let profile = |plain, patient| Some(if has_patient { patient } else { plain });
    match kind {
        Kind::Read => Shape {
            profile: profile("Read", "PatientRead"),
            client: DESTINATION,
            server: SOURCE,
            user: RECIPIENT,
            ..rest("read", "R")
        },
        Kind::Search => Shape {
            profile: profile("Query", "PatientQuery"),
            user: RECIPIENT,
            entities: Entities::Query,
            ..rest("search", "E")
        },
        Kind::Create => Shape {
            profile: profile("Create", "PatientCreate"),
            ..rest("create", "C")
        },
        Kind::Update => Shape {
            profile: profile("Update", "PatientUpdate"),
            ..rest("update", "U")
        },
        Kind::Delete => Shape {
            profile: profile("Delete", "PatientDelete"),
            client: APPLICATION,
            server: CUSTODIAN,
            ..rest("delete", "D")
        },
        Kind::Export => Shape {
            profile: has_patient.then_some("PrivacyDisclosure.Source"),
            kind: (DCM, "110106", "Export"),
            subtypes: [Some(DISCLOSURE), Some((REST, "read", "read"))],
            client: DESTINATION,
            server: SOURCE,
            user: RECIPIENT,
            ..rest("read", "R")
        },
        Kind::Import => Shape {
            profile: has_patient.then_some("PrivacyDisclosure.Recipient"),
            kind: (DCM, "110107", "Import"),
            subtypes: [Some(DISCLOSURE), Some((REST, "create", "create"))],
            ..rest("create", "C")
        },
        Kind::Login => dicom(AUTHENTICATION, Some((DCM, "110122", "Login"))),
        Kind::Logout => dicom(AUTHENTICATION, Some((DCM, "110123", "Logout"))),
        // Much like IUA.71, which is not claimed: what it says of `subtype` is read in two ways.
        Kind::Token => Shape {
            server: TOKEN_SERVICE,
            entities: Entities::TokenRequest,
            ..dicom(
                AUTHENTICATION,
                Some(("urn:ihe:event-type-code", "ITI-71", "Get Access Token")),
            )
        },
        Kind::OverrideStart => dicom(ALERT, Some((DCM, "110127", "Emergency Override Started"))),
        Kind::OverrideStop => dicom(ALERT, Some((DCM, "110138", "Emergency Override Stopped"))),
        Kind::Act => Shape {
            user: RECIPIENT,
            ..rest("operation", "E")
        },
    }
}

/// The address of a profile.
pub(super) fn profile_address(name: &str) -> String {
    format!("{BALP}{name}")
}

/// A code as FHIR writes it.
pub(super) fn coding((system, code, display): Code) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

/// A code where FHIR wants a concept.
pub(super) fn concept(code: Code) -> Value {
    json!({ "coding": [coding(code)] })
}
