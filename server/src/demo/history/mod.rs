//! What the access log of the demonstration says about the last three months: the daily work that the posts tell of, and
//! some things that should not have happened, with the truth about them.
//!
//! Nothing here asks the rules of the findings: what was seeded is known because it was seeded.

mod misdeeds;
mod truth;
mod work;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    dice::Dice,
    finish::id,
    model::{DemoPatient, DemoStaff, DemoTenant},
    moment,
};

/// How far back the log reaches.
const DAYS: i64 = 92;

/// An entry of the access log, before it has its digests.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoEntry {
    /// Identifier.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; nobody before signing in.
    pub staff: Option<Uuid>,
    /// The session.
    pub session: Option<Uuid>,
    /// The address that it came from.
    pub source: String,
    /// What was done.
    pub action: &'static str,
    /// Error code, when it was refused.
    pub code: Option<&'static str>,
    /// Purpose of use.
    pub purpose: &'static str,
    /// What the rules were asked: the action, and about what.
    pub asked: DemoQuestion,
    /// The patient that it was about.
    pub patient: Option<Uuid>,
    /// The thing that it was about.
    pub resource: Option<(&'static str, Uuid)>,
    /// How many things a list answered with.
    pub count: Option<i32>,
    /// The patients that the answer named.
    pub named: Vec<Uuid>,
}

/// What the rules were asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoQuestion {
    /// Nothing.
    Nothing,
    /// An action on the network.
    Network(&'static str),
    /// An action on the patient, on this ground.
    Patient(&'static str, DemoGround),
    /// An action on a post of the patient, by a member: kind, channel, author.
    Post(&'static str, &'static str, &'static str, Uuid),
}

/// What ties somebody to a patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoGround {
    /// On the care team.
    Member,
    /// Emergency access.
    Emergency,
    /// Nothing.
    Nothing,
}

/// An emergency access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoEmergency {
    /// Identifier.
    pub id: Uuid,
    /// The patient.
    pub patient: Uuid,
    /// Who.
    pub staff: Uuid,
    /// Why.
    pub reason: &'static str,
    /// From.
    pub started_at: DateTime<Utc>,
    /// Until.
    pub ended_at: DateTime<Utc>,
    /// When and by whom it was reviewed.
    pub reviewed: Option<(DateTime<Utc>, Uuid)>,
}

/// A night on call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoOnCall {
    /// Identifier.
    pub id: Uuid,
    /// Who is on call.
    pub staff: Uuid,
    /// Whose patients it is about besides.
    pub absent: Uuid,
    /// From.
    pub starts_at: DateTime<Utc>,
    /// Until.
    pub ends_at: DateTime<Utc>,
}

/// Somebody of a patient's family with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoRelative {
    /// Identifier of the relation.
    pub id: Uuid,
    /// The person, and the post.
    pub person: Uuid,
    /// The account.
    pub account: Uuid,
    /// The part before @.
    pub login_name: &'static str,
    /// The patient.
    pub patient: Uuid,
    /// Name.
    pub name: &'static str,
    /// Reading in katakana.
    pub kana: &'static str,
    /// What they are to the patient.
    pub label: &'static str,
    /// Who registered them.
    pub by: Uuid,
}

/// A patient who is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoWatch {
    /// Identifier.
    pub id: Uuid,
    /// The patient.
    pub patient: Uuid,
    /// Why.
    pub reason: &'static str,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The auditor.
    pub by: Uuid,
}

/// Something that should not have happened: what is to be found, and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DemoSeeded {
    /// Code of the rule that is to find it.
    pub rule: &'static str,
    /// The day in Japan.
    pub day: NaiveDate,
    /// Who.
    pub staff: Option<Uuid>,
    /// The patient.
    pub patient: Option<Uuid>,
    /// The account at which somebody tried to sign in.
    pub account: Option<Uuid>,
    /// The address that attempts came from.
    pub source: Option<String>,
}

/// Three months of a network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct DemoHistory {
    /// Entries, oldest first.
    pub entries: Vec<DemoEntry>,
    /// Emergency accesses.
    pub emergencies: Vec<DemoEmergency>,
    /// Nights on call.
    pub on_call: Vec<DemoOnCall>,
    /// Where people live who work here.
    pub homes: Vec<(Uuid, String)>,
    /// Families with accounts.
    pub relatives: Vec<DemoRelative>,
    /// Patients who are watched.
    pub watched: Vec<DemoWatch>,
    /// What is to be found.
    pub seeded: Vec<DemoSeeded>,
}

/// Tells the log of a network. `tenant` is as it is loaded: the log has an entry for each of its posts.
pub fn history(tenant: &DemoTenant, seed: u64, now: DateTime<Utc>) -> DemoHistory {
    let dice = Dice::new(seed).fork(u64::from_be_bytes(first_bytes(tenant.id)));
    let mut teller = Teller::new(tenant, now, dice);
    work::tell(&mut teller);
    if tenant.slug == "izumo" {
        misdeeds::tell(&mut teller);
    }
    let mut history = teller.history;
    history.entries.retain(|entry| entry.at < now);
    history.entries.sort_by_key(|entry| (entry.at, entry.id));
    history.seeded.sort();
    history.seeded.dedup();
    history
}

/// Ids of a network are made from its dice, so that their end is as good as any label.
fn first_bytes(id: Uuid) -> [u8; 8] {
    let (_, low) = id.as_u64_pair();
    low.to_be_bytes()
}

/// What is told so far, and what it is told with.
struct Teller<'a> {
    tenant: &'a DemoTenant,
    now: DateTime<Utc>,
    dice: Dice,
    history: DemoHistory,
    kinds: BTreeMap<Uuid, &'static str>,
}

/// Somebody signed in.
#[derive(Debug, Clone)]
struct Session {
    staff: Uuid,
    id: Uuid,
    source: String,
    purpose: &'static str,
}

impl<'a> Teller<'a> {
    fn new(tenant: &'a DemoTenant, now: DateTime<Utc>, dice: Dice) -> Self {
        let kinds = tenant
            .facilities
            .iter()
            .map(|facility| (facility.id, facility.kind))
            .collect();
        Self {
            tenant,
            now,
            dice,
            history: DemoHistory::default(),
            kinds,
        }
    }

    fn since(&self) -> DateTime<Utc> {
        self.now - TimeDelta::days(DAYS)
    }

    fn staff(&self, login: &str) -> Option<&'a DemoStaff> {
        let is = |staff: &&DemoStaff| {
            let account = staff.account.as_ref();
            account.is_some_and(|account| account.login_name == login)
        };
        self.tenant.staff.iter().find(is)
    }

    fn person(&self, id: Uuid) -> Option<&'a DemoStaff> {
        self.tenant.staff.iter().find(|staff| staff.id == id)
    }

    fn patient(&self, id: Uuid) -> Option<&'a DemoPatient> {
        self.tenant.patients.iter().find(|patient| patient.id == id)
    }

    /// Those whom somebody looks after on a day.
    fn patients_of(&self, staff: Uuid, day: NaiveDate) -> Vec<Uuid> {
        let patients = self.tenant.patients.iter();
        patients
            .filter(|patient| truth::is_member(patient, staff, day))
            .map(|patient| patient.id)
            .collect()
    }

    /// The address of the facility's line.
    fn line(&self, staff: &DemoStaff) -> String {
        let facilities = &self.tenant.facilities;
        let place = facilities
            .iter()
            .position(|facility| facility.id == staff.facility_id);
        format!("198.51.100.{}", 10 + place.unwrap_or(0))
    }

    /// Somebody signs in.
    fn sign_in(&mut self, staff: &DemoStaff, at: DateTime<Utc>) -> Session {
        let session = Session {
            staff: staff.id,
            id: id(at, &mut self.dice),
            source: self.line(staff),
            purpose: match staff.profession {
                "administrator" => "HSYSADMIN",
                "auditor" => "HCOMPL",
                "care_manager" => "CAREMGT",
                _ => "TREAT",
            },
        };
        let mut entry = self.entry(&session, at, "session.create", DemoQuestion::Nothing);
        entry.resource = Some(("session", session.id));
        self.history.entries.push(entry);
        session
    }

    /// An entry of a session, to be completed and added.
    fn entry(
        &mut self,
        session: &Session,
        at: DateTime<Utc>,
        action: &'static str,
        asked: DemoQuestion,
    ) -> DemoEntry {
        DemoEntry {
            id: id(at, &mut self.dice),
            at,
            staff: Some(session.staff),
            session: Some(session.id),
            source: session.source.clone(),
            action,
            code: None,
            purpose: session.purpose,
            asked,
            patient: None,
            resource: None,
            count: None,
            named: Vec::new(),
        }
    }

    /// Adds an entry about a patient.
    fn open(
        &mut self,
        session: &Session,
        at: DateTime<Utc>,
        action: &'static str,
        patient: Uuid,
        ground: DemoGround,
    ) {
        let asked = DemoQuestion::Patient("patient.read", ground);
        let mut entry = self.entry(session, at, action, asked);
        entry.patient = Some(patient);
        entry.code = (ground == DemoGround::Nothing).then_some("not_found");
        self.history.entries.push(entry);
    }

    /// Adds a failure to sign in.
    fn failure(&mut self, account: Uuid, source: &str, at: DateTime<Utc>) {
        let entry = DemoEntry {
            id: id(at, &mut self.dice),
            at,
            staff: None,
            session: None,
            source: source.to_owned(),
            action: "session.create",
            code: Some("invalid_credentials"),
            purpose: "HSYSADMIN",
            asked: DemoQuestion::Nothing,
            patient: None,
            resource: Some(("account", account)),
            count: None,
            named: Vec::new(),
        };
        self.history.entries.push(entry);
    }

    /// Whether somebody is on call at that moment.
    fn is_on_call(&self, staff: Uuid, at: DateTime<Utc>) -> bool {
        let mut nights = self.history.on_call.iter();
        nights.any(|night| night.staff == staff && night.starts_at <= at && at < night.ends_at)
    }

    /// Whether somebody works where there is always somebody awake.
    fn works_around_the_clock(&self, staff: &DemoStaff) -> bool {
        let kind = self.kinds.get(&staff.facility_id).copied();
        matches!(kind, Some("hospital" | "nursing_home"))
    }
}

/// Whether it is an hour at which nobody is expected to work, in Japan.
fn is_night(at: DateTime<Utc>) -> bool {
    let minute = moment::minute_of(at);
    !(300..1_320).contains(&minute)
}
