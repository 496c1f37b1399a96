//! What should not have happened, one for each rule: a nurse who looks at her neighbours, a namesake's record, a reading
//! round at night, an emergency that nobody reviewed, somebody who goes on looking after having left, guessing.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    DemoGround, DemoQuestion, DemoRelative, DemoSeeded, DemoWatch, Session, Teller, truth, work,
};
use crate::demo::{
    finish::id,
    model::{DemoPatient, DemoStaff},
    moment,
};

/// Addresses of nobody, from which strangers try to get in.
const STRANGER: &str = "203.0.113.66";

/// Tells all of it.
pub(super) fn tell(teller: &mut Teller<'_>) {
    watch_somebody(teller);
    let neighbour = neighbour(teller);
    let relative = relative(teller);
    for (login, patient, days, minute) in [
        ("nurse-5", neighbour, 33, 16 * 60 + 41),
        ("home-helper", relative, 27, 12 * 60 + 18),
    ] {
        if let (Some(staff), Some(patient)) = (teller.staff(login), patient) {
            attempts(teller, staff, patient, ago(teller, days, minute), 2);
        }
    }
    curiosity(teller);
    namesake(teller);
    night_reader(teller);
    reading_round(teller);
    unreviewed_emergency(teller);
    after_leaving(teller);
    guessing_ids(teller);
    guessing_passwords(teller);
}

/// A moment so many days ago, at so many minutes after midnight in Japan.
fn ago(teller: &Teller<'_>, days: i64, minute: i64) -> DateTime<Utc> {
    moment::at(moment::day_of(teller.now) - TimeDelta::days(days), minute)
}

/// Somebody tries to open a patient who is not there for them.
fn attempts(
    teller: &mut Teller<'_>,
    staff: &DemoStaff,
    patient: &DemoPatient,
    at: DateTime<Utc>,
    count: i32,
) {
    let session = teller.sign_in(staff, at - TimeDelta::minutes(3));
    for number in 0..count {
        let at = at + TimeDelta::seconds(37) * number;
        teller.open(
            &session,
            at,
            "patient.read",
            patient.id,
            DemoGround::Nothing,
        );
        teller.judge(at, staff, patient, false);
    }
}

/// Patients with whom somebody never had to do, the main patient and new ones aside.
fn strangers<'a>(teller: &Teller<'a>, staff: &DemoStaff) -> impl Iterator<Item = &'a DemoPatient> {
    let who = staff.id;
    let since = teller.since();
    let patients = teller.tenant.patients.iter().skip(1);
    patients
        .filter(move |patient| patient.registered_at < since && truth::is_stranger(patient, who))
}

/// A patient whom many know.
fn watch_somebody(teller: &mut Teller<'_>) {
    let (Some(auditor), Some(outsider)) = (teller.staff("auditor"), teller.staff("day-care-2"))
    else {
        return;
    };
    let Some(patient) = strangers(teller, outsider).nth(2) else {
        return;
    };
    let since = ago(teller, 80, 10 * 60);
    let watch = DemoWatch {
        id: id(since, &mut teller.dice),
        patient: patient.id,
        reason: "元町長。入退院についての問い合わせが続いたため",
        since,
        by: auditor.id,
    };
    teller.history.watched.push(watch);
}

/// Where some people live; one of them in the house of a patient.
fn neighbour<'a>(teller: &mut Teller<'a>) -> Option<&'a DemoPatient> {
    let staff = teller.staff("nurse-5")?;
    let patient = strangers(teller, staff).next()?;
    let home = format!("出雲市{} 202号室", truth::house_of(&patient.address));
    teller.history.homes.push((staff.id, home));
    for (login, home) in [
        ("visiting-nurse", "島根県出雲市染井町1001番地の3"),
        ("care-manager", "島根県出雲市染井町58番地"),
        ("home-helper", "出雲市染井町一丁目7番12号"),
        ("physician", "島根県出雲市染井町二丁目3番地1"),
    ] {
        if let Some(staff) = teller.staff(login) {
            teller.history.homes.push((staff.id, home.to_owned()));
        }
    }
    Some(patient)
}

/// A patient of whose family somebody is who works here.
fn relative<'a>(teller: &mut Teller<'a>) -> Option<&'a DemoPatient> {
    let staff = teller.staff("home-helper")?;
    let patient = strangers(teller, staff).nth(1)?;
    let since = patient.registered_at + TimeDelta::hours(1);
    let relative = DemoRelative {
        id: id(since, &mut teller.dice),
        person: id(since, &mut teller.dice),
        account: id(since, &mut teller.dice),
        login_name: "kazoku-0417",
        patient: patient.id,
        name: staff.name,
        kana: staff.kana,
        label: "姪",
        by: patient.registered_by,
    };
    teller.history.relatives.push(relative);
    Some(patient)
}

/// Looking at somebody whom many know, and at somebody who is none of one's business.
fn curiosity(teller: &mut Teller<'_>) {
    let watched = teller.history.watched.first().map(|watch| watch.patient);
    let watched = watched.and_then(|id| teller.patient(id));
    if let (Some(staff), Some(patient)) = (teller.staff("day-care-2"), watched) {
        attempts(teller, staff, patient, ago(teller, 18, 17 * 60 + 5), 3);
    }
    if let Some(staff) = teller.staff("pharmacist-2")
        && let Some(patient) = strangers(teller, staff).last()
    {
        attempts(teller, staff, patient, ago(teller, 9, 11 * 60 + 52), 1);
    }
}

/// A patient of the same name, where there is one.
fn namesake(teller: &mut Teller<'_>) {
    let tenant = teller.tenant;
    let found = tenant.staff.iter().find_map(|staff| {
        let same = |patient: &&DemoPatient| truth::shares_surname(patient, staff);
        Some((staff, strangers(teller, staff).find(same)?))
    });
    if let Some((staff, patient)) = found {
        attempts(teller, staff, patient, ago(teller, 44, 13 * 60 + 26), 2);
    }
}

/// The last night some days ago on which somebody was not on call.
fn quiet_night(teller: &Teller<'_>, staff: Uuid, days: i64, minute: i64) -> DateTime<Utc> {
    let mut at = ago(teller, days, minute);
    while teller.is_on_call(staff, at) {
        at -= TimeDelta::days(1);
    }
    at
}

/// Reading through one's own patients in the middle of the night.
fn night_reader(teller: &mut Teller<'_>) {
    let Some(staff) = teller.staff("nurse-3") else {
        return;
    };
    let at = quiet_night(teller, staff.id, 12, 2 * 60 + 10);
    let session = teller.sign_in(staff, at - TimeDelta::minutes(1));
    let own = teller.patients_of(staff.id, moment::day_of(at));
    for (patient, number) in own.into_iter().take(6).zip(0..) {
        let at = at + TimeDelta::minutes(2) * number;
        teller.open(&session, at, "timeline.list", patient, DemoGround::Member);
        if let Some(patient) = teller.patient(patient) {
            teller.judge(at, staff, patient, false);
        }
    }
}

/// Going down the whole list late in the evening, the own patients first.
fn reading_round(teller: &mut Teller<'_>) {
    let Some(staff) = teller.staff("care-manager-3") else {
        return;
    };
    let start = quiet_night(teller, staff.id, 21, 23 * 60 + 2);
    let day = moment::day_of(start);
    let session = teller.sign_in(staff, start - TimeDelta::minutes(1));
    let patients = teller.tenant.patients.iter();
    // The main patient is left alone: the guides show her log.
    let (own, others): (Vec<_>, Vec<_>) = patients
        .skip(1)
        .filter(|patient| patient.registered_at < start)
        .partition(|patient| truth::is_member(patient, staff.id, day));
    let refused = others.len();
    let all = own.into_iter().chain(others);
    for (patient, number) in all.zip(0..) {
        let at = start + TimeDelta::seconds(50) * number;
        let member = truth::is_member(patient, staff.id, day);
        let ground = if member {
            DemoGround::Member
        } else {
            DemoGround::Nothing
        };
        teller.open(&session, at, "patient.read", patient.id, ground);
        teller.judge(at, staff, patient, false);
    }
    teller.seed("many_patients", start, staff.id, None);
    if refused >= 10 {
        teller.seed("repeated_denials", start, staff.id, None);
    }
}

/// An emergency access that nobody has looked into.
fn unreviewed_emergency(teller: &mut Teller<'_>) {
    let Some(staff) = teller.staff("physician-2") else {
        return;
    };
    let Some(patient) = strangers(teller, staff).next() else {
        return;
    };
    let at = ago(teller, 15, 18 * 60 + 33);
    let reason = "知人から容体を尋ねられ、内容を確認するため";
    let emergency = work::open_emergency(teller, staff, patient, at, reason);
    teller.history.emergencies.push(emergency);
    teller.seed("emergency_unreviewed", at, staff.id, Some(patient.id));
    teller.judge(at, staff, patient, true);
}

/// Going on looking after having left the team.
fn after_leaving(teller: &mut Teller<'_>) {
    let today = moment::day_of(teller.now);
    let earliest = moment::day_of(teller.since());
    let day_after = |last: NaiveDate| last + TimeDelta::days(5);
    let fits = |patient: &DemoPatient, staff: Uuid, last: NaiveDate| {
        last > earliest
            && day_after(last) < today
            && !truth::is_member(patient, staff, day_after(last))
            && truth::left_on(patient, staff, day_after(last)) == Some(last)
    };
    let patients = teller.tenant.patients.iter().skip(1);
    let mut left = patients.flat_map(|patient| {
        let members = patient.team.iter();
        members.filter_map(move |member| Some((patient, member.staff_id, member.ends_on?)))
    });
    let found = left.find(|(patient, staff, last)| fits(patient, *staff, *last));
    if let Some((patient, staff, last)) = found
        && let Some(staff) = teller.person(staff)
    {
        attempts(
            teller,
            staff,
            patient,
            moment::at(day_after(last), 19 * 60 + 8),
            3,
        );
    }
}

/// Trying addresses of patients who do not exist.
fn guessing_ids(teller: &mut Teller<'_>) {
    let Some(staff) = teller.staff("helper-4") else {
        return;
    };
    let start = ago(teller, 6, 14 * 60 + 3);
    let session: Session = teller.sign_in(staff, start - TimeDelta::minutes(1));
    for number in 0..12 {
        let at = start + TimeDelta::seconds(24) * number;
        let guess = id(at, &mut teller.dice);
        let asked = DemoQuestion::Patient("patient.read", DemoGround::Nothing);
        let mut entry = teller.entry(&session, at, "patient.read", asked);
        entry.patient = Some(guess);
        entry.code = Some("not_found");
        teller.history.entries.push(entry);
    }
    teller.seed("repeated_denials", start, staff.id, None);
}

/// Trying passwords: from one address at many accounts, and from many addresses at one.
fn guessing_passwords(teller: &mut Teller<'_>) {
    let start = ago(teller, 24, 3 * 60 + 40);
    let accounts = teller.tenant.staff.iter();
    let accounts: Vec<Uuid> = accounts
        .filter_map(|staff| Some(staff.account.as_ref()?.id))
        .collect();
    for (account, number) in accounts.iter().take(6).zip(0..) {
        teller.failure(*account, STRANGER, start + TimeDelta::seconds(70) * number);
    }
    let seeded = |account, source, at| DemoSeeded {
        rule: "repeated_denials",
        day: moment::day_of(at),
        staff: None,
        patient: None,
        account,
        source,
    };
    let by_source = seeded(None, Some(STRANGER.to_owned()), start);
    teller.history.seeded.push(by_source);
    let administrator = teller.staff("administrator");
    let Some(account) = administrator.and_then(|staff| staff.account.as_ref()) else {
        return;
    };
    let start = ago(teller, 4, 60 + 15);
    for number in 0..7 {
        let source = format!("203.0.113.{}", 71 + number);
        teller.failure(account.id, &source, start + TimeDelta::minutes(3) * number);
    }
    teller
        .history
        .seeded
        .push(seeded(Some(account.id), None, start));
}
