//! Rooms.

use serde_json::json;
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreateRoom, CreateRoomMember, CreateRoomRule, Page, Room, RoomDetail, RoomReadMark, UpdateRoom,
};
use crate::request::Request;

/// Calls about rooms.
#[derive(Clone, Copy, Debug)]
pub struct Rooms<'a>(pub(crate) &'a Client);

impl Rooms<'_> {
    /// The caller's rooms, the one with the newest message first.
    pub async fn list(&self) -> Result<Page<Room>> {
        self.0.call(Request::get("list_rooms", "/v1/rooms")).await
    }

    /// Opens a room; between two people, the one that there is when there is one.
    pub async fn create(&self, room: &CreateRoom) -> Result<RoomDetail> {
        let request = Request::post("create_room", "/v1/rooms").json(room)?;
        self.0.call(request).await
    }

    /// A room with those who are in it.
    pub async fn find(&self, room_id: Uuid) -> Result<RoomDetail> {
        let path = format!("/v1/rooms/{room_id}");
        self.0.call(Request::get("find_room", path)).await
    }

    /// Changes what a room is called and what it is for.
    pub async fn update(&self, room_id: Uuid, room: &UpdateRoom) -> Result<RoomDetail> {
        let path = format!("/v1/rooms/{room_id}");
        let request = Request::put("update_room", path).json(room)?;
        self.0.call(request).await
    }

    /// Closes a room: nothing is written in it any more.
    pub async fn close(&self, room_id: Uuid) -> Result<RoomDetail> {
        let path = format!("/v1/rooms/{room_id}/close");
        let request = Request::post("close_room", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Uses a room again that was closed.
    pub async fn reopen(&self, room_id: Uuid) -> Result<RoomDetail> {
        let path = format!("/v1/rooms/{room_id}/reopen");
        let request = Request::post("reopen_room", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Adds somebody by name.
    pub async fn add(&self, room_id: Uuid, member: &CreateRoomMember) -> Result<RoomDetail> {
        let path = format!("/v1/rooms/{room_id}/members");
        let request = Request::post("create_room_member", path).json(member)?;
        self.0.call(request).await
    }

    /// Takes somebody out who is in it by name.
    pub async fn remove(&self, membership_id: Uuid) -> Result<RoomDetail> {
        let path = format!("/v1/room-members/{membership_id}/end");
        let request = Request::post("end_room_member", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Says who looks after a room.
    pub async fn assign(&self, room_id: Uuid, people: &[Uuid]) -> Result<RoomDetail> {
        let path = format!("/v1/rooms/{room_id}/assign");
        let body = json!({ "staff_member_ids": people });
        let request = Request::post("assign_room", path).json(&body)?;
        self.0.call(request).await
    }

    /// Leaves a room.
    pub async fn leave(&self, room_id: Uuid) -> Result<()> {
        let path = format!("/v1/rooms/{room_id}/leave");
        let request = Request::post("leave_room", path).body("application/json", "{}");
        self.0.execute(request).await.map(drop)
    }

    /// Lets everybody of a facility, a profession or both in.
    pub async fn add_rule(&self, room_id: Uuid, rule: &CreateRoomRule) -> Result<RoomDetail> {
        let path = format!("/v1/rooms/{room_id}/rules");
        let request = Request::post("create_room_rule", path).json(rule)?;
        self.0.call(request).await
    }

    /// Ends a rule.
    pub async fn end_rule(&self, rule_id: Uuid) -> Result<RoomDetail> {
        let path = format!("/v1/room-rules/{rule_id}/end");
        let request = Request::post("end_room_rule", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Remembers that the caller has read a room up to this message.
    pub async fn read_until(&self, room_id: Uuid, message_id: Uuid) -> Result<RoomReadMark> {
        let path = format!("/v1/rooms/{room_id}/read-mark");
        let body = json!({ "message_id": message_id });
        let request = Request::put("update_room_read_mark", path).json(&body)?;
        self.0.call(request).await
    }
}
