//! Who has looked at a patient's record (誰が見たか), as the patient reads it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::emergency_access::EmergencyCategory;
use super::open_enum::open_enum;
use super::purpose::Purpose;
use super::staff_member::Profession;

open_enum! {
    /// What kind of act it was.
    pub enum AccessClass {
        /// 見た
        Seen = "seen",
        /// 書いた
        Written = "written",
        /// 直した・取り消した
        Corrected = "corrected",
        /// 確認した
        Confirmed = "confirmed",
        /// 印刷や書き出しをした
        Exported = "exported",
        /// 探した
        Searched = "searched",
        /// 一覧に表示された
        Listed = "listed",
        /// 同意を変えた
        Consent = "consent",
        /// 担当者を変えた
        Team = "team",
        /// 登録・手続きをした
        Kept = "kept",
        /// 連携システムから届いた
        Received = "received",
        /// 緊急時アクセスをした
        Emergency = "emergency",
        /// 点検した
        Checked = "checked",
        /// その他
        Other = "other",
    }
}

open_enum! {
    /// Who it was.
    pub enum AccessActorKind {
        /// 本人
        Patient = "self",
        /// 家族
        Family = "family",
        /// 代理人
        Proxy = "proxy",
        /// Anybody else who signed in.
        Staff = "staff",
        /// A program by itself.
        System = "system",
    }
}

/// Somebody saw or changed something, or tried to.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessLine {
    /// The entry of the access log, for its proof.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// What kind of act.
    pub class: AccessClass,
    /// What was done, in Japanese, without who did it.
    pub what_ja: String,
    /// The same in English.
    pub what_en: String,
    /// Whether it was refused.
    pub refused: bool,
    /// Who.
    pub who: AccessActor,
    /// For what purpose.
    pub purpose: Purpose,
    /// The purpose in Japanese.
    pub purpose_ja: String,
    /// The purpose in English.
    pub purpose_en: String,
    /// The emergency, where emergency access was used.
    pub emergency: Option<EmergencyReason>,
    /// Whether its proof can be had by now.
    pub provable: bool,
}

/// Who it was, as far as the network tells patients.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AccessActor {
    /// The patient, the family, somebody else, or a program.
    pub kind: AccessActorKind,
    /// Organization at that moment.
    pub organization: Option<String>,
    /// Profession at that moment.
    pub profession: Option<Profession>,
    /// The profession in Japanese.
    pub profession_ja: Option<String>,
    /// The profession in English.
    pub profession_en: Option<String>,
    /// Name; only where the network shows names to patients.
    pub name: Option<String>,
    /// The program that did it, or through which the person did it.
    pub program: Option<String>,
}

/// In what kind of emergency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct EmergencyReason {
    /// Its code.
    pub category: EmergencyCategory,
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
}

/// Which lines to list, newest first.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListAccesses {
    /// Only this month in Japan, such as `2026-11`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// Whether what the patient and the family did themselves is shown.
    pub own: bool,
    /// Whether what the system did by itself is shown.
    pub routine: bool,
    /// Where the page starts: `next` of the page before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows per page, 1 to 100 (50 when absent).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Which lines to export with their proofs.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExportAccesses {
    /// Only this month in Japan, such as `2026-11`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// Whether what the patient and the family did themselves is in it.
    pub own: bool,
    /// Whether what the system did by itself is in it.
    pub routine: bool,
}
