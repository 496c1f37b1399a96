//! People who come, move and leave: more calls about staff members.

use bytes::Bytes;
use serde::Serialize;
use uuid::Uuid;

use super::StaffMembers;
use crate::error::Result;
use crate::models::{ImportReport, LeaveStaffMember, MoveStaffMember, PostChange};
use crate::request::Request;

#[derive(Serialize)]
struct Trial {
    dry_run: bool,
}

/// For network administrators; needs fresh factors (`step_up_required`).
impl StaffMembers<'_> {
    /// Moves a person to another post. The account goes with the person; memberships in care
    /// teams end, or are handed over. Refused with `staff_member_exists` when the new id is taken.
    pub async fn move_to(&self, staff_member_id: Uuid, to: &MoveStaffMember) -> Result<PostChange> {
        let path = format!("/v1/staff-members/{staff_member_id}/move");
        let request = Request::post("move_staff_member", path).json(to)?;
        self.0.call(request).await
    }

    /// Ends a person's post with a day. Sessions end, memberships in care teams end or are handed
    /// over; what the person wrote stays.
    pub async fn leave(
        &self,
        staff_member_id: Uuid,
        leave: &LeaveStaffMember,
    ) -> Result<PostChange> {
        let path = format!("/v1/staff-members/{staff_member_id}/leave");
        let request = Request::post("leave_staff_member", path).json(leave)?;
        self.0.call(request).await
    }

    /// Registers people from a CSV file, UTF-8 or Shift_JIS, with the columns
    /// 氏名,フリガナ,職種,施設,ログイン名,メール,開始日,終了日,免許番号,免許期限. The first four
    /// are required.
    ///
    /// With `dry_run` nothing is written. A mistake in any row is reported, not refused, and
    /// nothing is written then either. Codes to hand over are shown this once; people who are
    /// there already stay as they are. Never repeated by itself: the answer is a secret.
    pub async fn import(
        &self,
        csv: impl Into<Bytes> + Send,
        dry_run: bool,
    ) -> Result<ImportReport> {
        let request = Request::post("import_staff_members", "/v1/staff-members/import")
            .query(&Trial { dry_run })?
            .unkeyed()
            .body("text/csv", csv);
        self.0.call(request).await
    }
}
