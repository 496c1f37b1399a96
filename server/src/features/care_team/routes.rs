use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy,
    queries::{self, Membership},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        events,
        facilities::FacilityRef,
        staff_members::{self, StaffMember, StaffMemberView},
    },
    spine::{
        access::{self, PatientAccess},
        audit::{Denial, Entry},
        input::{Check, Input},
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_care_team)
        .service(create_care_team_member)
        .service(end_care_team_member);
}

/// A member of a care team.
#[derive(Debug, Serialize, ToSchema)]
struct TeamMemberView {
    /// Identifier of the membership.
    id: Uuid,
    /// Who.
    staff_member: StaffMemberView,
    /// What the member does for this patient, such as 主治医.
    duty: Option<String>,
    /// First day.
    starts_on: NaiveDate,
    /// Last day.
    ends_on: Option<NaiveDate>,
    /// Whether today is between the two.
    active: bool,
}

/// A member to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateCareTeamMember {
    /// Identifier of the membership, chosen by the caller.
    pub(super) id: Uuid,
    /// Who.
    pub(super) staff_member_id: Uuid,
    /// What the member does for this patient, up to 50 characters.
    #[serde(default)]
    pub(super) duty: Option<String>,
    /// First day.
    pub(super) starts_on: NaiveDate,
    /// Last day, when it is known.
    #[serde(default)]
    pub(super) ends_on: Option<NaiveDate>,
}

impl Check for CreateCareTeamMember {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check_optional("duty", self.duty.as_deref(), 50, errors);
        if self.ends_on.is_some_and(|end| end < self.starts_on) {
            errors.push(FieldError::new(
                "ends_on",
                "out_of_range",
                "not before starts_on",
            ));
        }
    }
}

/// The end of a membership.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndCareTeamMember {
    /// Last day. Yesterday or earlier ends the access at once.
    ends_on: NaiveDate,
}

impl Check for EndCareTeamMember {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// List everybody who is or was on the care team.
#[utoipa::path(tag = "care_team", responses((status = 200, body = Page<TeamMemberView>), (status = "4XX", body = Problem)))]
#[get("/v1/patients/{patient_id}/care-team")]
async fn list_care_team(ctx: Ctx, patient_id: Path<Uuid>) -> Result<Json<Page<TeamMemberView>>> {
    let page = ctx.read(async |tx| {
        let (_, _permit) = policy::may_read(tx, *patient_id).await?;
        let page = team(tx, *patient_id).await?;
        tx.record(
            Entry::new("care_team.list")
                .of_patient(*patient_id)
                .listing(page.items.len()),
        );
        Ok(page)
    });
    Ok(Json(page.await?))
}

/// Add a member to the care team.
#[utoipa::path(
    tag = "care_team",
    request_body = CreateCareTeamMember,
    responses((status = 201, body = Page<TeamMemberView>), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/care-team")]
async fn create_care_team_member(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreateCareTeamMember>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = policy::may_write(tx, *patient_id).await?;
        if !staff_members::exists(tx, new.staff_member_id).await? {
            return Err(Error::invalid(
                "staff_member_id",
                "not_allowed",
                "no such staff member",
            ));
        }
        queries::insert(tx, permit, *patient_id, new).await?;
        tx.record(
            Entry::new("care_team.add")
                .of_patient(*patient_id)
                .on("staff_member", new.staff_member_id),
        );
        events::enqueue_team_change(tx, *patient_id).await?;
        Ok(Reply::created(team(tx, *patient_id).await?).of_patient(*patient_id))
    })
    .await
}

/// End a membership on a day.
#[utoipa::path(
    tag = "care_team",
    request_body = EndCareTeamMember,
    responses((status = 200, body = Page<TeamMemberView>), (status = "4XX", body = Problem)),
)]
#[post("/v1/care-team-members/{care_team_member_id}/end")]
async fn end_care_team_member(
    ctx: Ctx,
    care_team_member_id: Path<Uuid>,
    input: Input<EndCareTeamMember>,
) -> Result<Answer> {
    let (id, ends_on) = (*care_team_member_id, input.value.ends_on);
    ctx.write(&input.digest, async |tx| {
        let Some((patient_id, who, starts_on, already)) = queries::find(tx, id).await? else {
            let denial = Denial::hidden("care_team.write").on("care_team_member", id);
            return Err(Error::Denied(Box::new(denial)));
        };
        let (_, permit) = policy::may_write(tx, patient_id).await?;
        if ends_on < starts_on {
            return Err(Error::invalid(
                "ends_on",
                "out_of_range",
                "not before the first day",
            ));
        }
        if ends_on > tx.today() + TimeDelta::days(3660) {
            return Err(Error::invalid(
                "ends_on",
                "out_of_range",
                "at most ten years ahead",
            ));
        }
        if already.is_some_and(|day| day < tx.today()) {
            let message = "the membership has ended; add the member again";
            return Err(Error::Conflict("membership_ended", message));
        }
        // Somebody must be left who can open the patient.
        let others = queries::list_current(tx, patient_id).await?;
        if ends_on <= tx.today() && !others.iter().any(|(member, ..)| *member != who) {
            let message = "the last member of a care team stays until another is added";
            return Err(Error::Conflict("last_care_team_member", message));
        }
        queries::end(tx, permit, id, ends_on).await?;
        tx.record(
            Entry::new("care_team.end")
                .of_patient(patient_id)
                .on("care_team_member", id),
        );
        events::enqueue_team_change(tx, patient_id).await?;
        Ok(Reply::ok(team(tx, patient_id).await?).of_patient(patient_id))
    })
    .await
}

/// Everybody who is or was on the team, for copies of the record; nothing for whoever may not see the team.
pub async fn copy(tx: &Tx<'_>, access: &PatientAccess) -> Result<Option<Vec<serde_json::Value>>> {
    if !access::offers::<policy::Read>(tx, access) {
        return Ok(None);
    }
    let (_, _permit) = policy::may_read(tx, access.patient_id()).await?;
    let members = team(tx, access.patient_id()).await?.items;
    let values = members.iter().map(serde_json::to_value);
    let values: Result<Vec<_>, _> = values.collect();
    values.map(Some).map_err(Error::internal)
}

async fn team(tx: &Tx<'_>, patient_id: Uuid) -> Result<Page<TeamMemberView>> {
    let today = tx.today();
    let rows = queries::list(tx, patient_id).await?;
    let view =
        |(membership, staff, facility): (Membership, StaffMember, FacilityRef)| TeamMemberView {
            id: membership.id,
            staff_member: StaffMemberView::from((staff, facility)),
            duty: membership.duty,
            starts_on: membership.starts_on,
            ends_on: membership.ends_on,
            active: membership.starts_on <= today
                && membership.ends_on.is_none_or(|end| end >= today),
        };
    Ok(Page {
        items: rows.into_iter().map(view).collect(),
        next: None,
    })
}
