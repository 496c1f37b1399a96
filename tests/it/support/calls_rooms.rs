//! One sensible call of every operation about rooms, messages and announcements, made for the world of [`Team`]: a free room
//! of the nurse's, with the physician and the helper in it.

use serde_json::{Value, json};
use tsumugi_client::{
    models::{Audience, CreateAnnouncement, CreateMessage, CreateRoom, CreateRoomRule, RoomKind},
    new_id,
};
use uuid::Uuid;

use super::{Person, Team, calls::Call};

/// What the calls are about.
pub struct Rooms {
    pub room: Uuid,
    pub membership: Uuid,
    pub rule: Uuid,
    pub message: Uuid,
    pub second: Uuid,
    pub sent: Uuid,
    pub received: Uuid,
}

impl Rooms {
    pub async fn of(nurse: &Person, physician: &Person, helper: Uuid) -> Self {
        let new = CreateRoom::new(RoomKind::Free, "嚥下の勉強会")
            .with([physician.id, helper])
            .rule(CreateRoomRule::everybody().of("dentist"));
        let nurse = &nurse.client;
        let made = nurse.rooms().create(&new).await.unwrap();
        let room = made.room.id;
        let says = async |text: &str| {
            let new = CreateMessage::new(text);
            nurse.messages().create(room, &new).await.unwrap().id
        };
        let to = || Audience {
            room_id: Some(room),
            ..Audience::default()
        };
        let announces = async |client: &tsumugi_client::Client| {
            let new = CreateAnnouncement::new("勉強会の資料", "CANARY ご確認ください。", to());
            client.announcements().create(&new).await.unwrap().id
        };
        let helper = made.members.iter().find(|m| m.person.id == helper);
        Self {
            room,
            membership: helper.unwrap().membership_id.unwrap(),
            rule: made.rules[0].id,
            message: says("CANARY 出雲さんの食事について").await,
            second: says("CANARY 次回の日程").await,
            sent: announces(nurse).await,
            received: announces(&physician.client).await,
        }
    }
}

fn call(operation: &'static str, method: &'static str, path: String, body: Option<Value>) -> Call {
    Call {
        operation,
        method,
        path,
        body: body.map(|body| body.to_string()),
        content_type: "application/json",
        if_match: None,
    }
}

/// Every call, in an order in which the later ones still find what they need.
pub fn rooms(team: &Team, things: &Rooms) -> Vec<Call> {
    let get = |operation, path: String| call(operation, "GET", path, None);
    let post = |operation, path: String, body| call(operation, "POST", path, Some(body));
    let put = |operation, path: String, body| call(operation, "PUT", path, Some(body));
    let room = |rest: &str| format!("/v1/rooms/{}{rest}", things.room);
    let message = |rest: &str| format!("/v1/messages/{}{rest}", things.message);
    let sent = |rest: &str| format!("/v1/announcements/{}{rest}", things.sent);
    let seen = |version: &'static str, call: Call| Call {
        if_match: Some(version),
        ..call
    };
    let new = json!({ "id": new_id(), "kind": "free", "name": "呼吸ケアの集まり" });
    let setting = json!({ "name": "嚥下の勉強会（改）", "history": "all" });
    let member = json!({ "id": new_id(), "staff_member_id": team.outsider.id });
    let both = json!({ "staff_member_ids": [team.nurse.id, team.physician.id] });
    let rule = json!({ "id": new_id(), "profession": "pharmacist" });
    let says = json!({ "id": new_id(), "body": "承知しました。" });
    let to = json!({ "kind": "note", "channel": "team" });
    let moved = json!({ "post_id": new_id(), "patient_id": team.patient, "to": to });
    let wide =
        json!({ "id": new_id(), "title": "研修", "body": "ご参加ください。", "audience": [{}] });
    let ended = format!("/v1/room-members/{}/end", things.membership);
    let confirmed = format!("/v1/announcements/{}/confirm", things.received);
    let second = format!("/v1/messages/{}/retract", things.second);
    vec![
        get("list_rooms", "/v1/rooms".into()),
        post("create_room", "/v1/rooms".into(), new),
        get("find_room", room("")),
        put("update_room", room(""), setting),
        post("create_room_member", room("/members"), member),
        post("end_room_member", ended, json!({})),
        post("assign_room", room("/assign"), both),
        post("create_room_rule", room("/rules"), rule),
        post(
            "end_room_rule",
            format!("/v1/room-rules/{}/end", things.rule),
            json!({}),
        ),
        call("create_room_attachment", "POST", room("/attachments"), None),
        get("list_messages", room("/messages")),
        post("create_message", room("/messages"), says),
        get("find_message", message("")),
        get("list_message_versions", message("/versions")),
        post("acknowledge_message", message("/acknowledge"), json!({})),
        get(
            "list_message_acknowledgements",
            message("/acknowledgements"),
        ),
        put(
            "update_room_read_mark",
            room("/read-mark"),
            json!({ "message_id": things.message }),
        ),
        seen(
            "\"1\"",
            post(
                "amend_message",
                message("/amend"),
                json!({ "body": "CANARY 訂正" }),
            ),
        ),
        seen("\"2\"", post("move_message", message("/move"), moved)),
        seen(
            "\"1\"",
            post("retract_message", second, json!({ "reason": "誤送信" })),
        ),
        post("close_room", room("/close"), json!({})),
        post("reopen_room", room("/reopen"), json!({})),
        get("list_announcements", "/v1/announcements".into()),
        post("create_announcement", "/v1/announcements".into(), wide),
        get("find_announcement", sent("")),
        post("confirm_announcement", confirmed, json!({})),
        get("list_announcement_recipients", sent("/recipients")),
        get("export_announcement", sent("/export")),
        post("remind_announcement", sent("/remind"), json!({})),
        post(
            "withdraw_announcement",
            sent("/withdraw"),
            json!({ "reason": "内容の誤り" }),
        ),
        post("leave_room", room("/leave"), json!({})),
    ]
}
