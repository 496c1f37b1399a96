//! For what purpose of use somebody asks.

use super::open_enum::open_enum;
use super::session::Role;

open_enum! {
    /// For what purpose of use a request is made (HL7 v3 PurposeOfUse). Goes into the header
    /// `Tsumugi-Purpose` of every request with a session, into every decision, and into the
    /// access log.
    pub enum Purpose {
        /// 診療・ケア: what staff usually ask for.
        Treatment = "TREAT",
        /// ケアマネジメント: coordinating care.
        CareManagement = "CAREMGT",
        /// 救急: for a patient to whom the caller has opened emergency access.
        EmergencyTreatment = "ETREAT",
        /// システム管理: what network administrators and support ask for.
        SystemAdministration = "HSYSADMIN",
        /// 監査: what auditors ask for.
        Compliance = "HCOMPL",
        /// 本人の求め: what patients ask for.
        PatientRequest = "PATRQT",
        /// 家族の求め: what families and proxies ask for.
        FamilyRequest = "FAMRQT",
    }
}

impl Purpose {
    /// The purpose for which accounts of this role usually ask.
    pub fn of_role(role: &Role) -> Self {
        match role {
            Role::NetworkAdministrator | Role::Support => Self::SystemAdministration,
            Role::Auditor => Self::Compliance,
            Role::Patient => Self::PatientRequest,
            Role::Family => Self::FamilyRequest,
            Role::Staff | Role::Unknown(_) => Self::Treatment,
        }
    }
}
