//! The people of a care network.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::account::LicenceState;
use super::facility::FacilityReference;
use super::factor::NewInvitation;
use super::open_enum::open_enum;

open_enum! {
    /// A profession of the care network.
    pub enum Profession {
        /// 医師
        Physician = "physician",
        /// 歯科医師
        Dentist = "dentist",
        /// 薬剤師
        Pharmacist = "pharmacist",
        /// 看護師
        Nurse = "nurse",
        /// 准看護師
        AssistantNurse = "assistant_nurse",
        /// 助産師
        Midwife = "midwife",
        /// 保健師
        PublicHealthNurse = "public_health_nurse",
        /// 理学療法士
        PhysicalTherapist = "physical_therapist",
        /// 作業療法士
        OccupationalTherapist = "occupational_therapist",
        /// 言語聴覚士
        SpeechTherapist = "speech_therapist",
        /// 管理栄養士
        Dietitian = "dietitian",
        /// 栄養士
        Nutritionist = "nutritionist",
        /// 歯科衛生士
        DentalHygienist = "dental_hygienist",
        /// 臨床工学技士
        ClinicalEngineer = "clinical_engineer",
        /// 診療放射線技師
        Radiographer = "radiographer",
        /// 臨床検査技師
        LaboratoryTechnologist = "laboratory_technologist",
        /// 公認心理師
        PublicPsychologist = "public_psychologist",
        /// 精神保健福祉士
        PsychiatricSocialWorker = "psychiatric_social_worker",
        /// 社会福祉士
        SocialWorker = "social_worker",
        /// 医療ソーシャルワーカー
        MedicalSocialWorker = "medical_social_worker",
        /// 介護支援専門員
        CareManager = "care_manager",
        /// 主任介護支援専門員
        ChiefCareManager = "chief_care_manager",
        /// 相談支援専門員
        ConsultationSpecialist = "consultation_specialist",
        /// 医療的ケア児等コーディネーター
        MedicalCareChildCoordinator = "medical_care_child_coordinator",
        /// 訪問介護員
        HomeHelper = "home_helper",
        /// サービス提供責任者
        ServiceSupervisor = "service_supervisor",
        /// 介護福祉士
        CareWorker = "care_worker",
        /// 通所・短期入所・施設の介護職員
        DayCareStaff = "day_care_staff",
        /// 生活相談員
        LifeCounsellor = "life_counsellor",
        /// 福祉用具専門相談員
        EquipmentConsultant = "equipment_consultant",
        /// 柔道整復師
        JudoTherapist = "judo_therapist",
        /// あん摩マッサージ指圧師・はり師・きゅう師
        MassageTherapist = "massage_therapist",
        /// 地域包括支援センター職員
        SupportCenterStaff = "support_center_staff",
        /// 市町村職員
        MunicipalOfficer = "municipal_officer",
        /// 保険者(広域連合・国保連)職員
        InsurerStaff = "insurer_staff",
        /// 保健所職員
        HealthCenterStaff = "health_center_staff",
        /// 在宅医療・介護連携コーディネーター
        RegionalCoordinator = "regional_coordinator",
        /// 医師会・歯科医師会事務局
        AssociationStaff = "association_staff",
        /// 救急隊員・救急救命士
        Paramedic = "paramedic",
        /// 民生委員
        WelfareCommissioner = "welfare_commissioner",
        /// ボランティア
        Volunteer = "volunteer",
        /// 患者・利用者本人
        Patient = "patient",
        /// 家族・代理人
        Family = "family",
        /// 管理者(この役目だけの人)
        Administrator = "administrator",
        /// 施設管理責任者
        FacilityAdministrator = "facility_administrator",
        /// 監査者(この役目だけの人)
        Auditor = "auditor",
        /// 保守担当者(期間を限って入る人)
        Support = "support",
    }
}

/// A person who works in a facility of the network.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct StaffMember {
    /// The staff member's id.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Profession.
    pub profession: Profession,
    /// Where the person works.
    pub facility: FacilityReference,
    /// Who holds the post, the same for all posts of a person; only in the directory.
    pub person_id: Option<Uuid>,
    /// First day of the post; only in the directory.
    pub starts_on: Option<NaiveDate>,
    /// Last day of the post, if it is known; only in the directory.
    pub ends_on: Option<NaiveDate>,
    /// Whether the licence for the profession was verified; only in the directory.
    pub licence: Option<LicenceState>,
    /// The work plan for which somebody of the vendor or operator was let in; only in the directory.
    pub work_plan: Option<String>,
}

/// Registering a staff member.
#[derive(Clone, Debug, Serialize)]
pub struct CreateStaffMember {
    /// The new staff member's id, chosen by the caller.
    pub id: Uuid,
    /// Where the person works.
    pub facility_id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Profession.
    pub profession: Profession,
    /// The person, when it is another post of somebody registered before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person_id: Option<Uuid>,
    /// First day; today when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_on: Option<NaiveDate>,
    /// Last day, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<NaiveDate>,
    /// Number of the work plan, for somebody of the vendor or operator (`support`), and only there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_plan: Option<String>,
    /// An account to sign in with; absent for a person who does not sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<NewAccount>,
    /// Where the person lives, down to the house number; only a keyed digest of it is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home_address: Option<String>,
}

/// The account of a new staff member.
#[derive(Clone, Debug, Serialize)]
pub struct NewAccount {
    /// Login name without the network, such as `sato.misaki`.
    pub login_name: String,
    /// Mail address, to which the link to enrol is sent.
    pub email: String,
}

/// A staff member at the moment of registration.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct NewStaffMember {
    /// The staff member.
    #[serde(flatten)]
    pub staff_member: StaffMember,
    /// The invitation of the new account, if one was made.
    pub invitation: Option<NewInvitation>,
}

/// Which staff members to list.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListStaffMembers {
    /// Part of the name or of its kana.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Only people of this facility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub facility_id: Option<Uuid>,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}
