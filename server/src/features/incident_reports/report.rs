//! Putting a report together: the log read in pages, then the people in parts.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    form::{self, ReportFormView},
    model::{Affected, Asked, Source, Tally},
    queries::{self, Contact, Given, Relative},
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::provisions,
    spine::{audit::Entry, clock::japanese_day, page::TimeKey},
};

/// Entries in memory at a time.
const PAGE: i64 = 5000;
/// People whose addresses are loaded at a time.
const PEOPLE: usize = 500;
/// People that one entry of the access log names.
const NAMED: usize = 100;

/// What a leak has touched.
#[derive(Debug, Serialize, ToSchema)]
pub struct IncidentReportView {
    /// Name of the network.
    pub(super) network: String,
    /// When the report was made.
    pub(super) made_at: DateTime<Utc>,
    /// By what the information went out.
    pub(super) source: IncidentSourceView,
    /// From.
    pub(super) from: DateTime<Utc>,
    /// Until, not including.
    pub(super) to: DateTime<Utc>,
    /// Accesses to somebody's information that were allowed.
    pub(super) accesses: u64,
    /// Attempts that were refused: no information went out by them.
    pub(super) refused: u64,
    /// How many persons are affected.
    pub(super) persons: u64,
    /// Of these, those whose content was accessed.
    pub(super) persons_with_content: u64,
    /// Of these, those who were named in lists only.
    pub(super) persons_listed_only: u64,
    /// The kinds of information concerned.
    pub(super) subjects: Vec<IncidentSubjectView>,
    /// The items of the report to the Personal Information Protection Commission (個人情報保護委員会), as far as the log
    /// can fill them in.
    pub(super) form: ReportFormView,
    /// The affected persons, by kana.
    pub(super) affected: Vec<AffectedPersonView>,
}

/// By what information went out.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IncidentSourceView {
    /// `client`, `account`, `session`, `device` or `source_ip`.
    pub(super) kind: &'static str,
    /// The kind in Japanese.
    pub(super) kind_ja: &'static str,
    /// Identifier or address.
    pub(super) value: String,
    /// Name, where it has one.
    pub(super) name: Option<String>,
}

/// A kind of information.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IncidentSubjectView {
    /// In Japanese.
    pub(super) ja: &'static str,
    /// In English.
    pub(super) en: &'static str,
    /// How many persons it was about.
    pub(super) persons: u64,
    /// How many accesses.
    pub(super) accesses: u64,
}

/// A person whose information went out, with what it takes to tell them.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AffectedPersonView {
    /// The patient.
    pub(super) id: Uuid,
    /// Name in kanji.
    pub(super) name: String,
    /// Name in katakana.
    pub(super) kana: String,
    /// Date of birth.
    pub(super) birth_date: Option<NaiveDate>,
    /// Address.
    pub(super) address: String,
    /// Telephone number.
    pub(super) phone: Option<String>,
    /// Family and proxies with accounts, who may be told as well.
    pub(super) relatives: Vec<IncidentContactView>,
    /// First access.
    pub(super) first_at: DateTime<Utc>,
    /// Last access.
    pub(super) last_at: DateTime<Utc>,
    /// Accesses to content.
    pub(super) contents: u64,
    /// Lists and searches that named the person.
    pub(super) lists: u64,
    /// Whether content was accessed, not only the name in lists.
    pub(super) content: bool,
    /// The kinds of information, in Japanese.
    pub(super) subjects_ja: Vec<&'static str>,
    /// Records of provisions (第三者提供記録) of those days to the facility of the source.
    pub(super) provisions: Vec<IncidentProvisionView>,
}

/// Somebody who may be told beside the patient.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct IncidentContactView {
    /// The relation in words, such as 長女.
    pub(super) relation: String,
    /// Name.
    pub(super) name: String,
    /// Mail address.
    pub(super) email: Option<String>,
}

/// A record of a provision that is concerned.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct IncidentProvisionView {
    /// Day.
    pub(super) provided_on: NaiveDate,
    /// The facility that had recorded the information.
    pub(super) source_facility: String,
    /// Code of the kind of information.
    pub(super) kind: String,
    /// The kind in Japanese.
    pub(super) kind_ja: String,
}

/// Makes the report. Whether the caller may have it was asked before.
pub async fn make(tx: &Tx<'_>, asked: &Asked) -> Result<IncidentReportView> {
    let tally = count(tx, asked).await?;
    record(tx, asked, &tally);
    let name = queries::name_of(tx, &asked.source).await?;
    let network = queries::network_name(tx).await?;
    let with_content = count_people(&tally, |person| person.contents > 0);
    let persons = count_people(&tally, |_| true);
    let mut view = IncidentReportView {
        network,
        made_at: tx.now,
        source: IncidentSourceView {
            kind: asked.source.kind(),
            kind_ja: asked.source.kind_ja(),
            value: asked.source.value(),
            name,
        },
        from: asked.from,
        to: asked.to,
        accesses: tally.accesses,
        refused: tally.refused,
        persons,
        persons_with_content: with_content,
        persons_listed_only: persons - with_content,
        subjects: subjects(&tally),
        form: ReportFormView::default(),
        affected: people(tx, &tally).await?,
    };
    view.form = form::fill(&view, asked.known_on);
    Ok(view)
}

/// Reads the log, month by month and page by page, and counts.
async fn count(tx: &Tx<'_>, asked: &Asked) -> Result<Tally> {
    let posts = match &asked.source {
        Source::Account(id) => queries::posts_of_account(tx, *id).await?,
        _ => Vec::new(),
    };
    let of = (&asked.source, posts.as_slice());
    let mut tally = Tally::from(asked.from);
    for window in asked.windows() {
        let mut after = None;
        loop {
            let rows = queries::page(tx, of, window, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(TimeKey(last.at, last.id));
            let mut listed = queries::named_by(tx, &rows).await?;
            for row in &rows {
                let named = listed.remove(&row.id).unwrap_or_default();
                tally.count(row, &named);
            }
            if i64::try_from(rows.len()).unwrap_or(PAGE) < PAGE {
                break;
            }
        }
    }
    Ok(tally)
}

/// Writes down that the report was made, and whom it names: so many in each entry.
fn record(tx: &Tx<'_>, asked: &Asked, tally: &Tally) {
    let entry = || {
        let entry = Entry::new("incident_report.export");
        match (&asked.source, asked.source.id()) {
            (Source::Client(_), Some(id)) => entry.on("client", id),
            (Source::Account(_), Some(id)) => entry.on("account", id),
            (Source::Session(_), Some(id)) => entry.on("session", id),
            (Source::Device(_), Some(id)) => entry.on("device", id),
            _ => entry,
        }
    };
    let people: Vec<Uuid> = tally.people.keys().copied().collect();
    if people.is_empty() {
        tx.record(entry().listing(0));
    }
    for part in people.chunks(NAMED) {
        tx.record(entry().listing(part.len()).naming(part.iter().copied()));
    }
}

fn count_people(tally: &Tally, which: impl Fn(&Affected) -> bool) -> u64 {
    let found = tally.people.values().filter(|person| which(person)).count();
    u64::try_from(found).unwrap_or(u64::MAX)
}

fn subjects(tally: &Tally) -> Vec<IncidentSubjectView> {
    let mut found: BTreeMap<&'static str, (u64, u64)> = BTreeMap::new();
    for person in tally.people.values() {
        for (subject, accesses) in &person.subjects {
            let counted = found.entry(subject).or_default();
            counted.0 += 1;
            counted.1 += accesses;
        }
    }
    let mut views: Vec<IncidentSubjectView> = found
        .into_iter()
        .map(|(ja, (persons, accesses))| IncidentSubjectView {
            ja,
            en: tally.subjects.get(ja).copied().unwrap_or_default(),
            persons,
            accesses,
        })
        .collect();
    views.sort_by(|one, other| (other.persons, one.ja).cmp(&(one.persons, other.ja)));
    views
}

/// The affected persons with what it takes to tell them.
async fn people(tx: &Tx<'_>, tally: &Tally) -> Result<Vec<AffectedPersonView>> {
    let ids: Vec<Uuid> = tally.people.keys().copied().collect();
    let recipients: Vec<Uuid> = tally.facilities.iter().copied().collect();
    let mut views = Vec::with_capacity(ids.len());
    for part in ids.chunks(PEOPLE) {
        let days = span(tally, part);
        let contacts = queries::list_contacts(tx, part).await?;
        let relatives = by_patient(queries::list_relatives(tx, part).await?, |row| row.0);
        let given = queries::list_given(tx, part, &recipients, days).await?;
        let given = by_patient(given, |row| row.0);
        let mut contacts: HashMap<Uuid, Contact> =
            contacts.into_iter().map(|row| (row.id, row)).collect();
        for id in part {
            let person = tally.people.get(id).ok_or(Error::NotFound)?;
            let around = Around {
                contact: contacts.remove(id),
                relatives: relatives.get(id).map_or(&[][..], Vec::as_slice),
                given: given.get(id).map_or(&[][..], Vec::as_slice),
            };
            views.push(around.view(*id, person, tally.first_day()));
        }
    }
    views.sort_by(|one, other| (&one.kana, one.id).cmp(&(&other.kana, other.id)));
    Ok(views)
}

/// The days between the first and the last access to these people.
fn span(tally: &Tally, ids: &[Uuid]) -> (NaiveDate, NaiveDate) {
    let found = || ids.iter().filter_map(|id| tally.people.get(id));
    let first = found().map(|person| person.first_at).min();
    let last = found().map(|person| person.last_at).max();
    let day = |at: Option<DateTime<Utc>>| at.map_or(NaiveDate::MIN, japanese_day);
    (day(first), day(last))
}

fn by_patient<T>(rows: Vec<T>, patient: impl Fn(&T) -> Uuid) -> HashMap<Uuid, Vec<T>> {
    let mut found: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in rows {
        found.entry(patient(&row)).or_default().push(row);
    }
    found
}

/// What is known of an affected person beside what was counted.
struct Around<'a> {
    /// Nothing for a patient who is not in the network any more.
    contact: Option<Contact>,
    relatives: &'a [Relative],
    given: &'a [Given],
}

impl Around<'_> {
    fn view(self, id: Uuid, person: &Affected, first_day: NaiveDate) -> AffectedPersonView {
        let relative = |(_, relation, name, email): &Relative| IncidentContactView {
            relation: relation.clone(),
            name: name.clone(),
            email: email.clone(),
        };
        let concerned = |(_, day, kind, _): &&Given| person.concerns(first_day, *day, kind);
        let provision = |(_, day, kind, source): &Given| IncidentProvisionView {
            provided_on: *day,
            source_facility: source.clone(),
            kind_ja: provisions::kind_ja(kind).to_owned(),
            kind: kind.clone(),
        };
        let contact = self.contact;
        let text = |of: fn(&Contact) -> &String| contact.as_ref().map(of).cloned();
        AffectedPersonView {
            id,
            name: text(|c| &c.name).unwrap_or_default(),
            kana: text(|c| &c.kana).unwrap_or_default(),
            birth_date: contact.as_ref().map(|c| c.birth_date),
            address: text(|c| &c.address).unwrap_or_default(),
            phone: contact.as_ref().and_then(|c| c.phone.clone()),
            relatives: self.relatives.iter().map(relative).collect(),
            first_at: person.first_at,
            last_at: person.last_at,
            contents: person.contents,
            lists: person.lists,
            content: person.contents > 0,
            subjects_ja: person.subjects.keys().copied().collect(),
            provisions: self.given.iter().filter(concerned).map(provision).collect(),
        }
    }
}
