//! People of the network.

use serde_json::json;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreateStaffMember, HomeAddress, ListStaffMembers, NewStaffMember, Page, StaffMember,
};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about staff members.
#[derive(Clone, Copy, Debug)]
pub struct StaffMembers<'a>(pub(crate) &'a Client);

impl StaffMembers<'_> {
    /// One page of staff members.
    pub async fn list(&self, query: &ListStaffMembers) -> Result<Page<StaffMember>> {
        let request = Request::get("list_staff_members", "/v1/staff-members").query(query)?;
        self.0.call(request).await
    }

    /// All staff members that match, page after page.
    pub fn stream(&self, query: ListStaffMembers) -> Rows<StaffMember> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.staff_members().list(&query).await }
        })
    }

    /// Registers a staff member, with an account if wanted: the answer then holds the code that
    /// belongs to the mailed link, this once. For network administrators.
    pub async fn create(&self, staff_member: &CreateStaffMember) -> Result<NewStaffMember> {
        let request =
            Request::post("create_staff_member", "/v1/staff-members").json(staff_member)?;
        self.0.call(request).await
    }

    /// Says where somebody lives, or that it is to be forgotten; only a keyed digest of it is kept.
    /// For network administrators; needs fresh factors (`step_up_required`).
    pub async fn update_home_address(
        &self,
        staff_member_id: Uuid,
        home_address: Option<&str>,
    ) -> Result<HomeAddress> {
        let path = format!("/v1/staff-members/{staff_member_id}/home-address");
        let request = Request::put("update_home_address", path)
            .json(&json!({ "home_address": home_address }))?;
        self.0.call(request).await
    }
}
