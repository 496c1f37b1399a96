//! Invitations to enrol. For network administrators.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{Invitation, NewInvitation, Page};
use crate::request::Request;

/// Calls about invitations.
#[derive(Clone, Copy, Debug)]
pub struct Invitations<'a>(pub(crate) &'a Client);

impl Invitations<'_> {
    /// All invitations that have not been taken up.
    pub async fn list(&self) -> Result<Page<Invitation>> {
        let request = Request::get("list_invitations", "/v1/invitations");
        self.0.call(request).await
    }

    /// Invites the owner of an account again; an earlier invitation is good no more.
    pub async fn create(&self, account_id: Uuid) -> Result<NewInvitation> {
        let request = Request::post("create_invitation", "/v1/invitations")
            .unkeyed()
            .json(&serde_json::json!({ "account_id": account_id }))?;
        self.0.call(request).await
    }

    /// Revokes an invitation.
    pub async fn revoke(&self, invitation_id: Uuid) -> Result<()> {
        let path = format!("/v1/invitations/{invitation_id}/revoke");
        let request = Request::post("revoke_invitation", path).json(&serde_json::json!({}))?;
        self.0.execute(request).await.map(drop)
    }
}
