//! The calendars of the demonstration: who comes to whom, week by week, so that nobody is in two places at once.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days as Later, NaiveDate, NaiveTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tsumugi_schema::tables::{
    appointment_people as people, appointment_versions as versions, appointments,
};
use uuid::Uuid;

use crate::{
    commands::Outcome,
    demo::DemoPatient,
    features::appointments::{Kind, Participant, Plan, last_day_of},
    spine::{
        clock::{day_begins, japanese_day},
        ids,
    },
};

/// The days of everybody, filled one after the other.
pub(super) struct Days<'a> {
    professions: &'a BTreeMap<Uuid, &'static str>,
    /// How many times a week each has.
    taken: BTreeMap<Uuid, u32>,
    /// The Monday four weeks ago: the calendars have a past.
    monday: NaiveDate,
    today: NaiveDate,
}

/// The weekdays of rules, Monday first.
const WEEKDAYS: [&str; 5] = ["MO", "TU", "WE", "TH", "FR"];

impl<'a> Days<'a> {
    pub(super) fn new(professions: &'a BTreeMap<Uuid, &'static str>, now: DateTime<Utc>) -> Self {
        let today = japanese_day(now);
        let since = today.weekday().num_days_from_monday();
        let monday = today - TimeDelta::days(i64::from(since) + 28);
        Self {
            professions,
            taken: BTreeMap::new(),
            monday,
            today,
        }
    }

    /// Enters what the team of a patient has planned.
    pub(super) async fn insert(
        &mut self,
        c: &mut AsyncPgConnection,
        tenant_id: Uuid,
        patient: &DemoPatient,
    ) -> Outcome<()> {
        let mut planned = Vec::new();
        let members: Vec<Uuid> = patient
            .team
            .iter()
            .filter(|member| member.ends_on.is_none_or(|end| end >= self.today))
            .map(|member| member.staff_id)
            .collect();
        // As a slice, because queries have a `first` of their own.
        let on_team = members.as_slice();
        for staff in on_team {
            planned.extend(self.visits(*staff).map(|plan| (*staff, plan)));
        }
        if let Some(author) = on_team.first().copied() {
            planned.push((author, self.conference(on_team)));
            if let Some(nurse) = self.of(on_team, "nurse") {
                planned.push((nurse, self.exchange(nurse)));
            }
        }
        for (at, (author, plan)) in planned.iter().enumerate() {
            let id = ids::derived_id(&[patient.id.as_bytes(), at.to_string().as_bytes()].concat());
            insert(
                c,
                tenant_id,
                (id, patient.id, *author),
                plan,
                day_begins(self.monday),
            )
            .await?;
        }
        Ok(())
    }

    fn of(&self, team: &[Uuid], profession: &str) -> Option<Uuid> {
        team.iter().copied().find(|id| {
            self.professions
                .get(id)
                .is_some_and(|code| *code == profession)
        })
    }

    /// The next free hour of somebody's week: place of the weekday, and the hour.
    fn slot(&mut self, staff: Uuid) -> (u32, u32) {
        let taken = self.taken.entry(staff).or_default();
        let slot = (*taken % 5, 9 + (*taken / 5) % 8);
        *taken += 1;
        slot
    }

    /// What somebody of this profession usually has with a patient.
    fn visits(&mut self, staff: Uuid) -> Option<Plan> {
        let (every, title) = match *self.professions.get(&staff)? {
            "nurse" => ("FREQ=WEEKLY", "訪問看護"),
            "home_helper" => ("FREQ=WEEKLY", "訪問介護"),
            "physical_therapist" | "occupational_therapist" => ("FREQ=WEEKLY", "訪問リハビリ"),
            "physician" => ("FREQ=WEEKLY;INTERVAL=2", "訪問診療"),
            "pharmacist" => ("FREQ=WEEKLY;INTERVAL=2", "訪問薬剤管理"),
            _ => return None,
        };
        let (weekday, hour) = self.slot(staff);
        let day = self.monday + TimeDelta::days(i64::from(weekday));
        let name = WEEKDAYS.get(usize::try_from(weekday).ok()?)?;
        Some(Plan {
            title: Some(title.to_owned()),
            for_family: true,
            recurrence: Some(format!("{every};BYDAY={name}")),
            ..timed(Kind::Visit, day, (hour, 0), 45, &[staff])
        })
    }

    /// In the evening, when nobody visits.
    fn conference(&self, team: &[Uuid]) -> Plan {
        let staff: Vec<Uuid> = team.iter().copied().take(5).collect();
        let day = self.monday + Later::new(28 + 10);
        Plan {
            title: Some("サービス担当者会議".to_owned()),
            place: Some("ご自宅".to_owned()),
            ..timed(Kind::Conference, day, (17, 30), 45, &staff)
        }
    }

    fn exchange(&self, nurse: Uuid) -> Plan {
        Plan {
            title: Some("膀胱留置カテーテルの交換".to_owned()),
            starts_at: None,
            ends_at: None,
            starts_on: Some(self.today + Later::new(6)),
            for_family: true,
            ..timed(Kind::Exchange, self.today, (9, 0), 30, &[nurse])
        }
    }
}

fn timed(
    kind: Kind,
    day: NaiveDate,
    (hour, minute): (u32, u32),
    minutes: i64,
    staff: &[Uuid],
) -> Plan {
    let since_midnight =
        NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default() - NaiveTime::MIN;
    let starts_at = day_begins(day) + since_midnight;
    Plan {
        kind,
        title: None,
        starts_at: Some(starts_at),
        ends_at: Some(starts_at + TimeDelta::minutes(minutes)),
        starts_on: None,
        ends_on: None,
        place: None,
        note: None,
        for_family: false,
        recurrence: None,
        participants: staff
            .iter()
            .map(|id| Participant {
                staff_member_id: Some(*id),
                ..Participant::default()
            })
            .collect(),
    }
}

async fn insert(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    (id, patient_id, author): (Uuid, Uuid, Uuid),
    plan: &Plan,
    written_at: DateTime<Utc>,
) -> Outcome<()> {
    let (Some(span), Some(last)) = (plan.span(), last_day_of(plan)) else {
        return Ok(());
    };
    diesel::insert_into(appointments::table)
        .values((
            appointments::tenant_id.eq(tenant_id),
            appointments::id.eq(id),
            appointments::patient_id.eq(patient_id),
            appointments::version.eq(1),
            appointments::first_on.eq(span.first_day()),
            appointments::last_on.eq(last),
            appointments::cancelled.eq(false),
            appointments::created_at.eq(written_at),
            appointments::created_by.eq(author),
        ))
        .execute(c)
        .await?;
    diesel::insert_into(versions::table)
        .values((
            versions::tenant_id.eq(tenant_id),
            versions::appointment_id.eq(id),
            versions::version.eq(1),
            versions::plan.eq(serde_json::to_value(plan)?),
            versions::exceptions.eq(serde_json::json!([])),
            versions::cancelled.eq(false),
            versions::change.eq("create"),
            versions::written_by.eq(author),
            versions::written_at.eq(written_at),
        ))
        .execute(c)
        .await?;
    for staff in plan.staff() {
        diesel::insert_into(people::table)
            .values((
                people::tenant_id.eq(tenant_id),
                people::staff_member_id.eq(staff),
                people::appointment_id.eq(id),
            ))
            .execute(c)
            .await?;
    }
    Ok(())
}
