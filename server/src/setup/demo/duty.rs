//! Who of the demonstration's facilities is turned to when nobody answers: in the daytime one of them, at night another.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tsumugi_schema::tables::duty_contacts as contacts;

use crate::{commands::Outcome, demo::DemoTenant};

/// Half past eight, and half past five.
const DAY: (i16, i16) = (510, 1050);

/// Writes two duty contacts for each facility whose people have accounts.
pub(super) async fn insert(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let mut rows = Vec::new();
    for facility in &tenant.facilities {
        let mut people = tenant.staff.iter().filter(|one| {
            let account = one.account.as_ref();
            one.facility_id == facility.id && account.is_some_and(|account| account.role == "staff")
        });
        let Some(by_day) = people.next() else {
            continue;
        };
        let by_night = people.next().unwrap_or(by_day);
        let hours = [(1_i16, by_day, DAY), (2, by_night, (DAY.1, DAY.0))];
        for (position, person, (from, to)) in hours {
            rows.push((
                contacts::tenant_id.eq(tenant.id),
                contacts::facility_id.eq(facility.id),
                contacts::position.eq(position),
                contacts::staff_member_id.eq(person.id),
                contacts::weekdays.eq(127_i16),
                contacts::from_minute.eq(from),
                contacts::to_minute.eq(to),
                contacts::set_by.eq(person.id),
                contacts::set_at.eq(now),
            ));
        }
    }
    diesel::insert_into(contacts::table)
        .values(&rows)
        .execute(c)
        .await?;
    Ok(())
}
