//! Leaving: a post ends, and nothing follows.

use std::cell::RefCell;

use actix_web::{post, web::Path};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    super::{
        model::{StaffMemberView, role_of},
        policy, queries as staff,
    },
    closing::{self, ChangeView},
    queries,
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        auth::Role,
        input::{Check, Input},
        reply::{Answer, Reply},
    },
};

/// A departure.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LeaveStaffMember {
    /// Last day.
    on: NaiveDate,
    /// Who goes on with the patients from the next day. Left out: memberships end.
    #[serde(default)]
    hand_over_to: Option<Uuid>,
    /// Close the account and end its sessions now, for all posts of the person; `on` is today or earlier.
    #[serde(default)]
    at_once: bool,
}

impl Check for LeaveStaffMember {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Let somebody leave a post with a last day (退職): memberships of care teams end with it. When it was the last post of
/// the person, the account cannot be used after that day. Network administrators only.
#[utoipa::path(
    tag = "staff_members",
    request_body = LeaveStaffMember,
    extensions(("x-step-up" = json!(true))),
    responses((status = 200, body = ChangeView), (status = "4XX", body = Problem)),
)]
#[post("/v1/staff-members/{staff_member_id}/leave")]
pub(crate) async fn leave_staff_member(
    ctx: Ctx,
    staff_member_id: Path<Uuid>,
    input: Input<LeaveStaffMember>,
) -> Result<Answer> {
    let leave = &input.value;
    let closed_sessions = RefCell::new(Vec::new());
    let answer = ctx.write(&input.digest, async |tx| {
        let permit = policy::may_leave(tx)?;
        let post = queries::find_for_update(tx, *staff_member_id).await?;
        let post = post.ok_or(Error::NotFound)?;
        closing::check_day(tx, leave.on)?;
        if leave.at_once && leave.on > tx.today() {
            return Err(Error::invalid(
                "at_once",
                "not_allowed",
                "the last day is still to come",
            ));
        }
        if role_of(&post.profession) == Role::NetworkAdministrator
            && !queries::has_other_administrator(tx, post.person_id, leave.on).await?
        {
            let message = "nobody would administer the network any more";
            return Err(Error::Conflict("last_administrator", message));
        }
        let closed = closing::close(tx, &permit, &post, leave.on, leave.hand_over_to).await?;
        tx.record(
            Entry::new("staff_member.leave")
                .on("staff_member", post.id)
                .listing(closed.memberships)
                .naming(closed.patients),
        );
        if leave.at_once
            && let Some((account, _)) = queries::find_account(tx, post.person_id).await?
        {
            *closed_sessions.borrow_mut() = queries::close_account(tx, account).await?;
            tx.record(Entry::new("account.suspend").on("account", account));
        }
        let left = staff::find(tx, post.id).await?.ok_or(Error::NotFound)?;
        Ok(Reply::ok(ChangeView {
            staff_member: StaffMemberView::from(left),
            ended_memberships: closed.memberships,
            patients_without_team: closed.without_team,
        }))
    });
    let answer = answer.await?;
    for session in closed_sessions.take() {
        ctx.app().hub.end_session(session);
    }
    Ok(answer)
}
