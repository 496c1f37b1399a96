//! What a leak has touched (漏えい等報告).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// By what information went out: exactly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IncidentSource {
    /// The key of a system, or a program through which people act.
    Client(Uuid),
    /// Somebody's account.
    Account(Uuid),
    /// One session.
    Session(Uuid),
    /// A registered device.
    Device(Uuid),
    /// An address of the network.
    SourceIp(String),
}

/// Which leak a report is about.
#[derive(Clone, Debug, Serialize)]
pub struct ExportIncidentReport {
    /// The client, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<Uuid>,
    /// The account, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_id: Option<Uuid>,
    /// The session, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<Uuid>,
    /// The device, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_id: Option<Uuid>,
    /// The address, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_ip: Option<String>,
    /// In which form, when not JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<&'static str>,
    /// From.
    pub from: DateTime<Utc>,
    /// Until, not including.
    pub to: DateTime<Utc>,
    /// Day on which the leak became known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_on: Option<NaiveDate>,
}

impl ExportIncidentReport {
    /// What went out by this source in this time.
    pub fn new(source: IncidentSource, from: DateTime<Utc>, to: DateTime<Utc>) -> Self {
        let mut asked = Self {
            client_id: None,
            account_id: None,
            session_id: None,
            device_id: None,
            source_ip: None,
            format: None,
            from,
            to,
            known_on: None,
        };
        match source {
            IncidentSource::Client(id) => asked.client_id = Some(id),
            IncidentSource::Account(id) => asked.account_id = Some(id),
            IncidentSource::Session(id) => asked.session_id = Some(id),
            IncidentSource::Device(id) => asked.device_id = Some(id),
            IncidentSource::SourceIp(address) => asked.source_ip = Some(address),
        }
        asked
    }
}

/// What a leak has touched.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IncidentReport {
    /// Name of the network.
    pub network: String,
    /// When the report was made.
    pub made_at: DateTime<Utc>,
    /// Accesses to somebody's information that were allowed.
    pub accesses: u64,
    /// Attempts that were refused.
    pub refused: u64,
    /// How many persons are affected.
    pub persons: u64,
    /// Of these, those whose content was accessed.
    pub persons_with_content: u64,
    /// Of these, those who were named in lists only.
    pub persons_listed_only: u64,
    /// The kinds of information concerned.
    pub subjects: Vec<IncidentSubject>,
    /// The items of the official report.
    pub form: IncidentForm,
    /// The affected persons, by kana.
    pub affected: Vec<AffectedPerson>,
}

/// A kind of information.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IncidentSubject {
    /// In Japanese.
    pub ja: String,
    /// In English.
    pub en: String,
    /// How many persons it was about.
    pub persons: u64,
    /// How many accesses.
    pub accesses: u64,
}

/// The items of the report to the Personal Information Protection Commission.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IncidentForm {
    /// Whether it is due from the first person on.
    pub due_from_one: bool,
    /// Day by which the first report (速報) should be there.
    pub first_report_by: Option<NaiveDate>,
    /// Day by which the full report (確報) has to be there.
    pub full_report_by: Option<NaiveDate>,
    /// The same where somebody acted with a wrongful purpose.
    pub full_report_by_if_wrongful: Option<NaiveDate>,
    /// The items in their order.
    pub items: Vec<IncidentFormItem>,
}

/// An item of the official report.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IncidentFormItem {
    /// Its number.
    pub number: u8,
    /// What it is called.
    pub title_ja: String,
    /// What the log says, or that it is to be written.
    pub text_ja: String,
}

/// A person whose information went out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AffectedPerson {
    /// The patient.
    pub id: Uuid,
    /// Full name.
    pub name: String,
    /// The name in kana.
    pub kana: String,
    /// Date of birth.
    pub birth_date: Option<NaiveDate>,
    /// Address.
    pub address: String,
    /// Telephone number.
    pub phone: Option<String>,
    /// Family and proxies with accounts.
    pub relatives: Vec<IncidentContact>,
    /// First access.
    pub first_at: DateTime<Utc>,
    /// Last access.
    pub last_at: DateTime<Utc>,
    /// Accesses to content.
    pub contents: u64,
    /// Lists and searches that named the person.
    pub lists: u64,
    /// Whether content was accessed.
    pub content: bool,
    /// The kinds of information, in Japanese.
    pub subjects_ja: Vec<String>,
    /// Records of provisions that are concerned.
    pub provisions: Vec<IncidentProvision>,
}

/// Somebody who may be told beside the patient.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IncidentContact {
    /// The relation in words.
    pub relation: String,
    /// Full name.
    pub name: String,
    /// Mail address.
    pub email: Option<String>,
}

/// A record of a provision that is concerned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct IncidentProvision {
    /// Day.
    pub provided_on: NaiveDate,
    /// The facility that had recorded the information.
    pub source_facility: String,
    /// Code of the kind of information.
    pub kind: String,
    /// The kind in Japanese.
    pub kind_ja: String,
}
