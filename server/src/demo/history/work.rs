//! Three months of daily work: for everything that was written or acknowledged, the way to it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    DemoEmergency, DemoGround, DemoOnCall, DemoQuestion, Session, Teller, is_night, truth,
};
use crate::demo::{
    finish::id,
    model::{DemoPatient, DemoPost, DemoStaff},
    moment,
};

/// Somebody who does nothing for so long signs in again.
const IDLE: TimeDelta = TimeDelta::minutes(30);

/// Something that somebody did.
#[derive(Clone, Copy)]
struct Act<'a> {
    at: DateTime<Utc>,
    staff: Uuid,
    patient: Uuid,
    post: &'a DemoPost,
    writes: bool,
}

/// Tells the work of everybody.
pub(super) fn tell(teller: &mut Teller<'_>) {
    let tenant = teller.tenant;
    let mut acts = acts(teller);
    acts.sort_by_key(|act| (act.staff, act.at, act.post.id));
    for act in &acts {
        put_on_call(teller, act);
    }
    for staff in &tenant.staff {
        let own: Vec<Act<'_>> = acts
            .iter()
            .copied()
            .filter(|act| act.staff == staff.id)
            .collect();
        shifts(teller, staff, &own);
    }
    for patient in &tenant.patients {
        farewells(teller, patient);
    }
    oversight(teller);
    emergency(teller);
}

/// Everything that the posts of the last months tell of.
fn acts<'a>(teller: &Teller<'a>) -> Vec<Act<'a>> {
    let since = teller.since();
    let mut acts = Vec::new();
    for patient in &teller.tenant.patients {
        for post in &patient.posts {
            let act = |staff, at, writes| Act {
                at,
                staff,
                patient: patient.id,
                post,
                writes,
            };
            acts.push(act(post.author, post.recorded_at, true));
            let given = post.acknowledgements.iter();
            acts.extend(given.map(|(staff, at)| act(*staff, *at, false)));
        }
    }
    acts.retain(|act| act.at > since && act.at < teller.now);
    acts
}

/// Whoever works at night is on call, unless there is always somebody awake.
fn put_on_call(teller: &mut Teller<'_>, act: &Act<'_>) {
    let Some(staff) = teller.person(act.staff) else {
        return;
    };
    if !is_night(act.at)
        || teller.works_around_the_clock(staff)
        || teller.is_on_call(staff.id, act.at)
    {
        return;
    }
    let colleagues = teller.tenant.staff.iter();
    let mut colleagues =
        colleagues.filter(|other| other.id != staff.id && other.profession == staff.profession);
    let Some(absent) = colleagues.next() else {
        return;
    };
    // From nine in the evening to seven in the morning.
    let evening = moment::day_of(act.at - TimeDelta::hours(12));
    let starts_at = moment::at(evening, 21 * 60);
    teller.history.on_call.push(DemoOnCall {
        id: id(starts_at, &mut teller.dice),
        staff: staff.id,
        absent: absent.id,
        starts_at,
        ends_at: starts_at + TimeDelta::hours(10),
    });
}

/// The work of one person, in sessions.
fn shifts(teller: &mut Teller<'_>, staff: &DemoStaff, acts: &[Act<'_>]) {
    let mut open: Option<(Session, DateTime<Utc>)> = None;
    for act in acts {
        let (session, last) = match open.take() {
            Some((session, last)) if act.at - last < IDLE => (session, last),
            before => {
                sign_out(teller, before);
                begin(teller, staff, act.at)
            }
        };
        work(teller, &session, last, act);
        open = Some((session, act.at));
    }
    sign_out(teller, open);
}

/// Signing in and looking at one's patients, some minutes before something is done.
fn begin(
    teller: &mut Teller<'_>,
    staff: &DemoStaff,
    before: DateTime<Utc>,
) -> (Session, DateTime<Utc>) {
    let at = before - TimeDelta::seconds(i64::from(teller.dice.between(420, 720)));
    if let Some(account) = &staff.account
        && teller.dice.chance(2)
    {
        let source = teller.line(staff);
        teller.failure(account.id, &source, at - TimeDelta::seconds(20));
    }
    let session = teller.sign_in(staff, at);
    let at = at + TimeDelta::seconds(i64::from(teller.dice.between(4, 40)));
    let named = teller.patients_of(staff.id, moment::day_of(at));
    let asked = DemoQuestion::Network("patient.list");
    let mut list = teller.entry(&session, at, "patients.list", asked);
    list.count = i32::try_from(named.len()).ok();
    list.named = named;
    teller.history.entries.push(list);
    (session, at)
}

fn sign_out(teller: &mut Teller<'_>, open: Option<(Session, DateTime<Utc>)>) {
    let Some((session, last)) = open else { return };
    if teller.dice.chance(40) {
        let at = last + TimeDelta::seconds(i64::from(teller.dice.between(60, 300)));
        let mut end = teller.entry(&session, at, "session.delete", DemoQuestion::Nothing);
        end.resource = Some(("session", session.id));
        teller.history.entries.push(end);
    }
}

/// Opening the patient, reading, and doing what the post tells of.
fn work(teller: &mut Teller<'_>, session: &Session, last: DateTime<Utc>, act: &Act<'_>) {
    let lead = (act.at - last).min(TimeDelta::minutes(4));
    let patient = act.patient;
    let before = |part: i32| act.at - lead * part / 10;
    if act.writes {
        teller.open(
            session,
            before(8),
            "patient.read",
            patient,
            DemoGround::Member,
        );
    }
    teller.open(
        session,
        before(6),
        "timeline.list",
        patient,
        DemoGround::Member,
    );
    if teller.dice.chance(30) {
        teller.open(
            session,
            before(4),
            "vitals.list",
            patient,
            DemoGround::Member,
        );
    }
    let post = act.post;
    let (verb, asked) = if act.writes {
        ("post.create", "post.create")
    } else {
        ("post.acknowledge", "post.acknowledge")
    };
    let asked = DemoQuestion::Post(asked, post.kind, post.channel, post.author);
    let mut done = teller.entry(session, act.at, verb, asked);
    done.patient = Some(patient);
    done.resource = Some(("post", post.id));
    teller.history.entries.push(done);
}

/// Some look once more on the day after they have left the team; the patient is not there any more.
fn farewells(teller: &mut Teller<'_>, patient: &DemoPatient) {
    let first = moment::day_of(teller.since());
    for member in &patient.team {
        let Some(last) = member.ends_on else { continue };
        let day = last + TimeDelta::days(1);
        let is_over = !truth::is_member(patient, member.staff_id, day);
        if last <= first || !is_over || !teller.dice.chance(30) {
            continue;
        }
        let at = moment::at(day, i64::from(teller.dice.between(8 * 60, 17 * 60)));
        let Some(staff) = teller.person(member.staff_id) else {
            continue;
        };
        if at >= teller.now || truth::shares_surname(patient, staff) {
            continue;
        }
        let session = teller.sign_in(staff, at - TimeDelta::minutes(2));
        teller.open(
            &session,
            at,
            "patient.read",
            patient.id,
            DemoGround::Nothing,
        );
    }
}

/// Once a week the auditor reads the log and the administrator looks after people.
fn oversight(teller: &mut Teller<'_>) {
    let mut day = moment::day_of(teller.since());
    while day < moment::day_of(teller.now) {
        if moment::weekday(day) == 2 {
            for (login, action, asked) in [
                ("auditor", "access_log.list", "access_log.read"),
                ("administrator", "staff_members.list", "directory.read"),
            ] {
                look_around(teller, day, (login, action, asked));
            }
        }
        day += TimeDelta::days(1);
    }
}

fn look_around(
    teller: &mut Teller<'_>,
    day: NaiveDate,
    (login, action, asked): (&str, &'static str, &'static str),
) {
    let Some(staff) = teller.staff(login) else {
        return;
    };
    let at = moment::at(day, i64::from(teller.dice.between(13 * 60, 16 * 60)));
    let session = teller.sign_in(staff, at);
    for page in 1..=3 {
        let at = at + TimeDelta::seconds(50 * page);
        let mut list = teller.entry(&session, at, action, DemoQuestion::Network(asked));
        list.count = Some(50);
        teller.history.entries.push(list);
    }
}

/// An emergency as it should be: looked into at once, and reviewed the next day.
fn emergency(teller: &mut Teller<'_>) {
    let (Some(physician), Some(reviewer)) =
        (teller.staff("physician"), teller.staff("administrator"))
    else {
        return;
    };
    let patients = teller.tenant.patients.iter();
    let mut strangers = patients.skip(1).filter(|patient| {
        patient.registered_at < teller.since()
            && truth::is_stranger(patient, physician.id)
            && !truth::shares_surname(patient, physician)
    });
    let Some(patient) = strangers.next_back() else {
        return;
    };
    let day = moment::day_of(teller.now) - TimeDelta::days(41);
    let started_at = moment::at(day, 15 * 60 + 12);
    let reviewed_at = started_at + TimeDelta::hours(19);
    let reason = "往診先の隣家で倒れている方の既往を確認するため";
    let emergency = open_emergency(teller, physician, patient, started_at, reason);
    let session = teller.sign_in(reviewer, reviewed_at - TimeDelta::minutes(5));
    let asked = DemoQuestion::Network("emergency_access.review");
    let mut review = teller.entry(&session, reviewed_at, "emergency_access.review", asked);
    review.patient = Some(patient.id);
    review.resource = Some(("emergency_access", emergency.id));
    teller.history.entries.push(review);
    teller.history.emergencies.push(DemoEmergency {
        reviewed: Some((reviewed_at, reviewer.id)),
        ..emergency
    });
}

/// Emergency access with what is done in it.
pub(super) fn open_emergency(
    teller: &mut Teller<'_>,
    staff: &DemoStaff,
    patient: &DemoPatient,
    started_at: DateTime<Utc>,
    reason: &'static str,
) -> DemoEmergency {
    let mut session = teller.sign_in(staff, started_at - TimeDelta::minutes(4));
    session.purpose = "ETREAT";
    let emergency = DemoEmergency {
        id: id(started_at, &mut teller.dice),
        patient: patient.id,
        staff: staff.id,
        reason,
        started_at,
        ended_at: started_at + TimeDelta::minutes(22),
        reviewed: None,
    };
    let asked = DemoQuestion::Network("emergency_access.search");
    let at = started_at - TimeDelta::minutes(1);
    let mut search = teller.entry(&session, at, "emergency_access.search", asked);
    search.count = Some(1);
    search.named = vec![patient.id];
    teller.history.entries.push(search);
    let asked = DemoQuestion::Patient("emergency_access.open", DemoGround::Nothing);
    let mut start = teller.entry(&session, started_at, "emergency_access.start", asked);
    start.patient = Some(patient.id);
    start.resource = Some(("emergency_access", emergency.id));
    teller.history.entries.push(start);
    for (minutes, action) in [
        (1, "patient.read"),
        (2, "timeline.list"),
        (9, "vitals.list"),
    ] {
        let at = started_at + TimeDelta::minutes(minutes);
        teller.open(&session, at, action, patient.id, DemoGround::Emergency);
    }
    emergency
}
