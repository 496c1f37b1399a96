//! What is passed round.

use bytes::Bytes;
use serde_json::json;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    Announcement, AnnouncementRecipient, AnnouncementsPage, CreateAnnouncement, ListAnnouncements,
    Page,
};
use crate::request::Request;

/// Calls about announcements.
#[derive(Clone, Copy, Debug)]
pub struct Announcements<'a>(pub(crate) &'a Client);

impl Announcements<'_> {
    /// What is passed round to the caller, or by the caller.
    pub async fn list(&self, query: &ListAnnouncements) -> Result<AnnouncementsPage> {
        let request = Request::get("list_announcements", "/v1/announcements").query(query)?;
        self.0.call(request).await
    }

    /// Passes something round.
    pub async fn create(&self, announcement: &CreateAnnouncement) -> Result<Announcement> {
        let request =
            Request::post("create_announcement", "/v1/announcements").json(announcement)?;
        self.0.call(request).await
    }

    /// One announcement.
    pub async fn find(&self, announcement_id: Uuid) -> Result<Announcement> {
        let path = format!("/v1/announcements/{announcement_id}");
        self.0.call(Request::get("find_announcement", path)).await
    }

    /// Confirms an announcement. A second time changes nothing.
    pub async fn confirm(&self, announcement_id: Uuid) -> Result<Announcement> {
        let path = format!("/v1/announcements/{announcement_id}/confirm");
        let request = Request::post("confirm_announcement", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Reminds everybody who has not confirmed.
    pub async fn remind(&self, announcement_id: Uuid) -> Result<Announcement> {
        let path = format!("/v1/announcements/{announcement_id}/remind");
        let request = Request::post("remind_announcement", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Withdraws an announcement of the caller's.
    pub async fn withdraw(&self, announcement_id: Uuid, reason: &str) -> Result<Announcement> {
        let path = format!("/v1/announcements/{announcement_id}/withdraw");
        let request =
            Request::post("withdraw_announcement", path).json(&json!({ "reason": reason }))?;
        self.0.call(request).await
    }

    /// Who has confirmed an announcement of the caller's and who has not.
    pub async fn recipients(&self, announcement_id: Uuid) -> Result<Page<AnnouncementRecipient>> {
        let path = format!("/v1/announcements/{announcement_id}/recipients");
        self.0
            .call(Request::get("list_announcement_recipients", path))
            .await
    }

    /// The same as a spreadsheet (CSV).
    pub async fn export(&self, announcement_id: Uuid) -> Result<Bytes> {
        let path = format!("/v1/announcements/{announcement_id}/export");
        let request = Request::get("export_announcement", path).header("accept", "*/*");
        Ok(self.0.execute(request).await?.body)
    }
}
