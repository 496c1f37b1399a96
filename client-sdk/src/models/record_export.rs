//! Copies of a patient's whole record (記録の写し).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::open_enum::open_enum;

open_enum! {
    /// As what a copy is made.
    pub enum RecordExportFormat {
        /// PDF/A, to be read and printed
        Pdf = "pdf",
        /// Files for other programs, with FHIR
        Zip = "zip",
    }
}

open_enum! {
    /// What a copy is for.
    pub enum RecordExportPurpose {
        /// 開示請求
        Disclosure = "disclosure",
        /// 転院・引き継ぎ
        Transfer = "transfer",
        /// 本人の求め
        OwnRequest = "own_request",
        /// その他
        Other = "other",
    }
}

open_enum! {
    /// How far a copy is.
    pub enum RecordExportState {
        /// Nobody has begun it.
        Waiting = "waiting",
        /// It is being made.
        Making = "making",
        /// Its files can be fetched.
        Ready = "ready",
        /// Its files are gone.
        Expired = "expired",
        /// Whoever asked may not have it any more.
        Refused = "refused",
        /// It could not be made.
        Failed = "failed",
    }
}

/// A copy that somebody asked for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RecordExport {
    /// Its id.
    pub id: Uuid,
    /// As what.
    pub format: RecordExportFormat,
    /// What it is for.
    pub purpose: RecordExportPurpose,
    /// The purpose in words.
    pub reason: Option<String>,
    /// First day; from the beginning when absent.
    pub from: Option<NaiveDate>,
    /// Last day; until it was made when absent.
    pub to: Option<NaiveDate>,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// How far it is.
    pub state: RecordExportState,
    /// Why there is none.
    pub failure: Option<String>,
    /// Posts that are in it so far.
    pub done_posts: u32,
    /// Posts that will be in it.
    pub posts: Option<u32>,
    /// Until when it can be fetched.
    pub expires_at: Option<DateTime<Utc>>,
    /// Its files, once it is ready.
    pub files: Vec<RecordExportFile>,
}

/// A file of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RecordExportFile {
    /// Counts the files from 1.
    pub number: u32,
    /// The name to save it under.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Its bytes.
    pub size: u64,
    /// Their SHA-256 in hexadecimal digits.
    pub sha256: String,
}

/// A copy to be made.
#[derive(Clone, Debug, Serialize)]
pub struct CreateRecordExport {
    /// The copy's id, chosen by the caller.
    pub id: Uuid,
    /// As what.
    pub format: RecordExportFormat,
    /// What it is for.
    pub purpose: RecordExportPurpose,
    /// The purpose in words; required for [`RecordExportPurpose::Other`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

impl CreateRecordExport {
    /// The whole record, with a new id.
    pub fn whole(format: RecordExportFormat, purpose: RecordExportPurpose) -> Self {
        Self {
            id: crate::new_id(),
            format,
            purpose,
            reason: None,
            from: None,
            to: None,
        }
    }
}

/// A link to a file of a copy.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct RecordExportLink {
    /// Address without the server's name. Whoever has it can fetch the file.
    pub path: String,
    /// The name to save it under.
    pub name: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Something that the caller wrote, as a line of a record kept elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OwnEntry {
    /// The post.
    pub post_id: Uuid,
    /// Day, in Japan (年月日).
    pub on: NaiveDate,
    /// Time, such as `09:05` (時刻).
    pub time: String,
    /// Kind of entry (項目).
    pub item: String,
    /// What it says (内容).
    pub text: String,
}

/// Which days of own entries; the default is the last month.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListOwnEntries {
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

open_enum! {
    /// How characters of a spreadsheet are written.
    pub enum OwnEntriesEncoding {
        /// UTF-8 with a byte order mark
        Utf8 = "utf8",
        /// シフトJIS
        ShiftJis = "shift_jis",
    }
}

/// Which days of own entries, and how they are written.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExportOwnEntries {
    /// First day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// How characters are written; UTF-8 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<OwnEntriesEncoding>,
}
