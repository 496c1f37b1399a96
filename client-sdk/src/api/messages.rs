//! What is said in rooms.

use serde_json::json;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    AmendMessage, CreateMessage, ListMessages, Message, MessageAcknowledger, MessageVersion,
    MoveMessage, Page,
};
use crate::request::Request;

/// Calls about messages.
#[derive(Clone, Copy, Debug)]
pub struct Messages<'a>(pub(crate) &'a Client);

impl Messages<'_> {
    /// One page of a room, newest first.
    pub async fn list(&self, room_id: Uuid, query: &ListMessages) -> Result<Page<Message>> {
        let path = format!("/v1/rooms/{room_id}/messages");
        self.0
            .call(Request::get("list_messages", path).query(query)?)
            .await
    }

    /// Writes a message.
    pub async fn create(&self, room_id: Uuid, message: &CreateMessage) -> Result<Message> {
        let path = format!("/v1/rooms/{room_id}/messages");
        let request = Request::post("create_message", path).json(message)?;
        self.0.call(request).await
    }

    /// One message.
    pub async fn find(&self, message_id: Uuid) -> Result<Message> {
        let path = format!("/v1/messages/{message_id}");
        self.0.call(Request::get("find_message", path)).await
    }

    /// All versions of a message, oldest first.
    pub async fn versions(&self, message_id: Uuid) -> Result<Page<MessageVersion>> {
        let path = format!("/v1/messages/{message_id}/versions");
        self.0
            .call(Request::get("list_message_versions", path))
            .await
    }

    /// Amends a message of the caller's; `version` is the one that the caller has seen.
    pub async fn amend(
        &self,
        message_id: Uuid,
        version: i64,
        amendment: &AmendMessage,
    ) -> Result<Message> {
        let path = format!("/v1/messages/{message_id}/amend");
        let request = Request::post("amend_message", path)
            .if_match(version)
            .json(amendment)?;
        self.0.call(request).await
    }

    /// Takes a message of the caller's back.
    pub async fn retract(
        &self,
        message_id: Uuid,
        version: i64,
        reason: Option<&str>,
    ) -> Result<Message> {
        let path = format!("/v1/messages/{message_id}/retract");
        let request = Request::post("retract_message", path)
            .if_match(version)
            .json(&json!({ "reason": reason }))?;
        self.0.call(request).await
    }

    /// Acknowledges a message. A second time changes nothing.
    pub async fn acknowledge(&self, message_id: Uuid) -> Result<Message> {
        let path = format!("/v1/messages/{message_id}/acknowledge");
        let request = Request::post("acknowledge_message", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Who has acknowledged a message and who has not.
    pub async fn acknowledgements(&self, message_id: Uuid) -> Result<Page<MessageAcknowledger>> {
        let path = format!("/v1/messages/{message_id}/acknowledgements");
        self.0
            .call(Request::get("list_message_acknowledgements", path))
            .await
    }

    /// Moves a message to the timeline of a patient.
    pub async fn relocate(
        &self,
        message_id: Uuid,
        version: i64,
        to: &MoveMessage,
    ) -> Result<Message> {
        let path = format!("/v1/messages/{message_id}/move");
        let request = Request::post("move_message", path)
            .if_match(version)
            .json(to)?;
        self.0.call(request).await
    }
}
