//! Moving: one post ends, the same person begins another.

use actix_web::{post, web::Path};
use chrono::{Days, NaiveDate};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::{
        model::{StaffMemberView, role_of},
        policy, queries as staff,
    },
    closing::{self, ChangeView},
    queries::{self, NewPost, Post},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::professions,
    spine::{
        audit::Entry,
        auth::Role,
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// A move.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MoveStaffMember {
    /// Identifier of the new post, chosen by the caller.
    new_id: Uuid,
    /// Where the person works from then on.
    facility_id: Uuid,
    /// Code of the profession, when it changes.
    #[serde(default)]
    profession: Option<String>,
    /// First day of the new post; the old one ends the day before.
    on: NaiveDate,
    /// Who goes on with the patients from that day; `new_id` when the person keeps them. Left out: memberships end.
    #[serde(default)]
    hand_over_to: Option<Uuid>,
}

impl Check for MoveStaffMember {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.on.checked_sub_days(Days::new(1)).is_none() {
            errors.push(FieldError::new("on", "out_of_range", "not a day of ours"));
        }
    }
}

/// Move somebody to another post from a day on (異動): the old post and its memberships of care teams end the day
/// before. Sessions that act for the old post end with it. Network administrators only.
#[utoipa::path(
    tag = "staff_members",
    request_body = MoveStaffMember,
    extensions(("x-step-up" = json!(true))),
    responses((status = 200, body = ChangeView), (status = "4XX", body = Problem)),
)]
#[post("/v1/staff-members/{staff_member_id}/move")]
pub(crate) async fn move_staff_member(
    ctx: Ctx,
    staff_member_id: Path<Uuid>,
    input: Input<MoveStaffMember>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_move(tx)?;
        let old = queries::find_for_update(tx, *staff_member_id).await?;
        let old = old.ok_or(Error::NotFound)?;
        begin(tx, &old, new).await?;
        let last_day = new.on.checked_sub_days(Days::new(1)).unwrap_or(new.on);
        let closed = closing::close(tx, &permit, &old, last_day, new.hand_over_to).await?;
        if new.on <= tx.today()
            && let Some((account, post)) = queries::find_account(tx, old.person_id).await?
            && post == old.id
        {
            queries::set_default_post(tx, account, new.new_id).await?;
        }
        tx.record(
            Entry::new("staff_member.move")
                .on("staff_member", old.id)
                .listing(closed.memberships)
                .naming(closed.patients),
        );
        let made = staff::find(tx, new.new_id).await?.ok_or(Error::NotFound)?;
        Ok(Reply::ok(ChangeView {
            staff_member: StaffMemberView::from(made),
            ended_memberships: closed.memberships,
            patients_without_team: closed.without_team,
        }))
    })
    .await
}

/// Begins the new post.
async fn begin(tx: &Tx<'_>, old: &Post, new: &MoveStaffMember) -> Result<()> {
    closing::check_day(tx, new.on)?;
    if !staff::facility_exists(tx, new.facility_id).await? {
        return Err(Error::invalid(
            "facility_id",
            "not_allowed",
            "no such facility",
        ));
    }
    let profession = new.profession.as_deref().unwrap_or(&old.profession);
    if professions::resolve(tx, profession).await?.is_none() {
        return Err(Error::invalid(
            "profession",
            "not_allowed",
            "no such profession",
        ));
    }
    // What an account is for does not change by a move: that is another account, with an invitation of its own.
    if role_of(profession) != role_of(&old.profession) {
        return Err(Error::invalid(
            "profession",
            "not_allowed",
            "makes an account of another role",
        ));
    }
    let post = NewPost {
        id: new.new_id,
        person_id: old.person_id,
        facility_id: new.facility_id,
        name: &old.name,
        kana: &old.kana,
        profession,
        starts_on: new.on,
        // Support stays for as long as it was let in.
        ends_on: old
            .ends_on
            .filter(|_| role_of(profession) == Role::Support)
            .map(|last| last.max(new.on)),
        work_plan: old.work_plan.as_deref(),
    };
    queries::add_post(tx, &post).await
}
