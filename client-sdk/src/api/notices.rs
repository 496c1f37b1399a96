//! How people are told of what waits for them.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreatePushSubscription, FinishedNotice, NoticeSettings, PushSubscription, UpdateNoticeSettings,
};
use crate::request::Request;

/// Calls about notices.
#[derive(Clone, Copy, Debug)]
pub struct Notices<'a>(pub(crate) &'a Client);

impl Notices<'_> {
    /// How the caller is told.
    pub async fn settings(&self) -> Result<NoticeSettings> {
        let request = Request::get("find_notice_settings", "/v1/notice-settings");
        self.0.call(request).await
    }

    /// Says how the caller wants to be told.
    pub async fn update_settings(&self, settings: &UpdateNoticeSettings) -> Result<NoticeSettings> {
        let request = Request::put("update_notice_settings", "/v1/notice-settings");
        self.0.call(request.json(settings)?).await
    }

    /// Lets a browser be told.
    pub async fn subscribe(&self, new: &CreatePushSubscription) -> Result<PushSubscription> {
        let request = Request::post("create_push_subscription", "/v1/push-subscriptions");
        self.0.call(request.json(new)?).await
    }

    /// Lets a browser not be told any more.
    pub async fn unsubscribe(&self, push_subscription_id: Uuid) -> Result<()> {
        let path = format!("/v1/push-subscriptions/{push_subscription_id}");
        self.0
            .execute(Request::delete("delete_push_subscription", path))
            .await?;
        Ok(())
    }

    /// Takes something that was seen off the caller's work. A second time changes nothing.
    pub async fn finish(&self, notice_id: Uuid) -> Result<FinishedNotice> {
        let path = format!("/v1/notices/{notice_id}/finish");
        let request = Request::post("finish_notice", path).body("application/json", "{}");
        self.0.call(request).await
    }
}
