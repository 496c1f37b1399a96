use actix_web::{
    get, put,
    web::{Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::Hours,
    policy,
    queries::{self, DutyContact},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        clock::{parse_minute, write_minute},
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_duty_contacts)
        .service(set_duty_contacts);
}

/// A duty contact to be entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDutyContact {
    /// Somebody of the facility.
    staff_member_id: Uuid,
    /// Days of the week: Monday is 1, Sunday 7.
    weekdays: Vec<u8>,
    /// From when, by the clock in Japan: `08:30`.
    from: String,
    /// Until when: `17:30`. When it is not after `from`, it is on the next day; `24:00` is the end of the day.
    to: String,
}

impl NewDutyContact {
    fn hours(&self) -> Option<Hours> {
        let (from, to) = (parse_minute(&self.from)?, parse_minute(&self.to)?);
        let to = if to == 0 { 1440 } else { to };
        if self.weekdays.iter().any(|day| !(1..=7).contains(day)) {
            return None;
        }
        let weekdays = self
            .weekdays
            .iter()
            .fold(0, |bits, day| bits | 1_i16 << (day - 1));
        (weekdays != 0 && from < 1440).then_some(Hours { weekdays, from, to })
    }
}

/// The duty contacts of a facility, whoever is turned to first being first.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetDutyContacts {
    /// At most 20.
    contacts: Vec<NewDutyContact>,
}

impl Check for SetDutyContacts {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.contacts.len() > 20 {
            errors.push(FieldError::new("contacts", "too_long", "at most 20"));
        }
        for (contact, place) in self.contacts.iter().zip(0..) {
            if contact.hours().is_none() {
                let field = format!("contacts.{place}");
                let message = "days from 1 to 7, hours such as 08:30";
                errors.push(FieldError::new(field, "not_allowed", message));
            }
        }
    }
}

/// A duty contact.
#[derive(Debug, Serialize, ToSchema)]
struct DutyContactView {
    /// Who.
    staff_member_id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession.
    profession: String,
    /// Days of the week: Monday is 1, Sunday 7.
    weekdays: Vec<u8>,
    /// From when.
    from: String,
    /// Until when.
    to: String,
    /// Whether the contact is on duty at this moment.
    on_duty: bool,
}

/// The duty contacts of a facility.
#[derive(Debug, Serialize, ToSchema)]
struct DutyContactsView {
    /// Whoever is turned to first is first.
    contacts: Vec<DutyContactView>,
    /// Whether the caller may change them.
    may_keep: bool,
}

/// See whom a facility lets be turned to when somebody there does not answer.
#[utoipa::path(
    tag = "duty_contacts",
    responses((status = 200, body = DutyContactsView), (status = "4XX", body = Problem)),
)]
#[get("/v1/facilities/{facility_id}/duty-contacts")]
async fn list_duty_contacts(ctx: Ctx, facility_id: Path<Uuid>) -> Result<Json<DutyContactsView>> {
    let view = ctx.read(async |tx| {
        let _permit = policy::may_list(tx)?;
        if !queries::is_facility(tx, *facility_id).await? {
            return Err(Error::NotFound);
        }
        let view = view(tx, *facility_id).await?;
        tx.record(
            Entry::new("duty_contacts.list")
                .on("facility", *facility_id)
                .listing(view.contacts.len()),
        );
        Ok(view)
    });
    Ok(Json(view.await?))
}

/// Say whom a facility lets be turned to, and when. The list replaces the one before. For whoever manages the facility,
/// its duty contacts, and network administrators.
#[utoipa::path(
    tag = "duty_contacts",
    request_body = SetDutyContacts,
    responses((status = 200, body = DutyContactsView), (status = "4XX", body = Problem)),
)]
#[put("/v1/facilities/{facility_id}/duty-contacts")]
async fn set_duty_contacts(
    ctx: Ctx,
    facility_id: Path<Uuid>,
    input: Input<SetDutyContacts>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx, *facility_id).await?;
        if !queries::is_facility(tx, *facility_id).await? {
            return Err(Error::NotFound);
        }
        let contacts = &input.value.contacts;
        let people: Vec<Uuid> = contacts.iter().map(|one| one.staff_member_id).collect();
        let staff = queries::list_staff(tx, *facility_id, &people).await?;
        if let Some(place) = people.iter().position(|one| !staff.contains(one)) {
            let field = format!("contacts.{place}.staff_member_id");
            return Err(Error::invalid(
                field,
                "not_allowed",
                "nobody of this facility",
            ));
        }
        let rows: Vec<(Uuid, Hours)> = contacts
            .iter()
            .filter_map(|one| Some((one.staff_member_id, one.hours()?)))
            .collect();
        queries::replace(tx, permit, *facility_id, &rows).await?;
        tx.record(Entry::new("duty_contacts.update").on("facility", *facility_id));
        Ok(Reply::ok(view(tx, *facility_id).await?))
    })
    .await
}

async fn view(tx: &Tx<'_>, facility_id: Uuid) -> Result<DutyContactsView> {
    let contacts = queries::of(tx, &[facility_id]).await?;
    let one = |row: DutyContact| DutyContactView {
        on_duty: row.next_from(tx.now) <= tx.now,
        staff_member_id: row.staff_member_id,
        weekdays: (1..=7)
            .filter(|day| row.weekdays & (1 << (day - 1)) != 0)
            .collect(),
        from: write_minute(row.from_minute),
        to: write_minute(row.to_minute),
        name: row.name,
        profession: row.profession,
    };
    Ok(DutyContactsView {
        contacts: contacts.into_iter().map(one).collect(),
        may_keep: policy::keeps(tx, facility_id).await?,
    })
}
