//! The address at which a calendar program fetches one's appointments, without names.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CalendarFeed, NewCalendarFeed, Page};
use crate::request::Request;

/// Calls about calendar feeds.
#[derive(Clone, Copy, Debug)]
pub struct CalendarFeeds<'a>(pub(crate) &'a Client);

impl CalendarFeeds<'_> {
    /// The caller's addresses; at most one is open.
    pub async fn list(&self) -> Result<Page<CalendarFeed>> {
        self.0
            .call(Request::get("list_calendar_feeds", "/v1/calendar-feeds"))
            .await
    }

    /// Makes an address; the one before ends. It is shown this once.
    pub async fn create(&self) -> Result<NewCalendarFeed> {
        let body = serde_json::json!({ "id": crate::new_id() });
        let request = Request::post("create_calendar_feed", "/v1/calendar-feeds").json(&body)?;
        self.0.call(request).await
    }

    /// Ends an address at once.
    pub async fn revoke(&self, feed_id: Uuid) -> Result<()> {
        let path = format!("/v1/calendar-feeds/{feed_id}/revoke");
        let request = Request::post("revoke_calendar_feed", path).body("application/json", "{}");
        self.0.execute(request).await.map(drop)
    }

    /// What a calendar program gets; `token` is what the address ends with, before `.ics`.
    pub async fn read(&self, token: &str) -> Result<String> {
        let path = format!("/v1/calendar-feeds/{token}.ics");
        let request = Request::get("read_calendar_feed", path)
            .header("accept", "*/*")
            .anonymous();
        let body = self.0.execute(request).await?.body;
        Ok(String::from_utf8_lossy(&body).into_owned())
    }
}
