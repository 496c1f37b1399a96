//! One sensible call of every operation about conversations, reactions, pins, approvals, wounds and templates of posts: a
//! part of `calls.rs`.

use serde_json::{Value, json};
use tsumugi_client::{
    Client,
    models::{Channel, CreatePost, CreatePostTemplate, PostKind, PostWound},
    new_id,
};
use uuid::Uuid;

use super::{
    Person, Team,
    calls::{Call, Things},
};

/// What these calls are about.
pub struct PostThings {
    /// A post about a wound, by the nurse.
    pub wound: Uuid,
    /// Two posts that the helper entered on behalf of the nurse.
    pub entered: [Uuid; 2],
    /// A template of the network.
    pub template: Uuid,
}

impl PostThings {
    pub async fn of(team: &Team) -> Self {
        let keeper = &team.world.administrator.client;
        Self::by(team.patient, &team.nurse, &team.helper, keeper).await
    }

    /// The same for people of any network.
    pub async fn by(patient: Uuid, nurse: &Person, helper: &Person, keeper: &Client) -> Self {
        let wound = CreatePost {
            wound: Some(PostWound {
                site: "sacrum".to_owned(),
                label: None,
            }),
            ..CreatePost::of_kind(PostKind::Wound, Channel::Team, "CANARY 発赤があります。")
        };
        let timeline = nurse.client.timeline();
        timeline.create_post(patient, &wound).await.unwrap();
        let mut entered = [Uuid::nil(); 2];
        for id in &mut entered {
            let new = CreatePost::note(Channel::Team, "CANARY 電話で聞き取りました。")
                .on_behalf_of(nurse.id);
            let timeline = helper.client.timeline();
            timeline.create_post(patient, &new).await.unwrap();
            *id = new.id;
        }
        let template = CreatePostTemplate {
            id: new_id(),
            facility_id: None,
            profession: None,
            kind: PostKind::Note,
            title: "申し送り".to_owned(),
            body: "申し送り：\n".to_owned(),
        };
        keeper.post_templates().create(&template).await.unwrap();
        Self {
            wound: wound.id,
            entered,
            template: template.id,
        }
    }
}

fn call(operation: &'static str, method: &'static str, path: String, body: Option<&Value>) -> Call {
    Call {
        operation,
        method,
        path,
        body: body.map(Value::to_string),
        content_type: "application/json",
        if_match: None,
    }
}

/// Every call.
pub fn posts(team: &Team, things: &Things) -> Vec<Call> {
    let things = &things.posts;
    let of_patient = |rest: &str| format!("/v1/patients/{}{rest}", team.patient);
    let of_post = |post: Uuid, rest: &str| format!("/v1/posts/{post}{rest}");
    let get = |operation, path| call(operation, "GET", path, None);
    let post = |operation, path: String, body: Value| call(operation, "POST", path, Some(&body));
    let seen = |call: Call| Call {
        if_match: Some("\"1\""),
        ..call
    };
    let template = json!({ "kind": "note", "title": "申し送り", "body": "申し送り：" });
    let mut new_template = template.clone();
    new_template["id"] = json!(new_id());
    let of_template = |rest: &str| format!("/v1/post-templates/{}{rest}", things.template);
    let thanks = json!({ "reaction": "thanks" });
    vec![
        get("list_post_thread", of_post(things.wound, "/thread")),
        post(
            "set_post_reaction",
            of_post(things.wound, "/reactions"),
            thanks.clone(),
        ),
        post(
            "remove_post_reaction",
            of_post(things.wound, "/reactions/remove"),
            thanks,
        ),
        post("set_post_pin", of_post(things.wound, "/pin"), json!({})),
        get("list_post_pins", of_patient("/pins")),
        post(
            "remove_post_pin",
            of_post(things.wound, "/unpin"),
            json!({}),
        ),
        get("list_approvals", "/v1/approvals".to_owned()),
        seen(post(
            "approve_post",
            of_post(things.entered[0], "/approve"),
            json!({}),
        )),
        seen(post(
            "return_post",
            of_post(things.entered[1], "/return"),
            json!({ "reason": "時刻を確かめてください" }),
        )),
        get("list_wounds", of_patient("/wounds")),
        get("list_wound_posts", of_post(things.wound, "/wound-series")),
        get("list_post_templates", "/v1/post-templates".to_owned()),
        post(
            "create_post_template",
            "/v1/post-templates".to_owned(),
            new_template,
        ),
        seen(call(
            "update_post_template",
            "PUT",
            of_template(""),
            Some(&template),
        )),
        post("remove_post_template", of_template("/remove"), json!({})),
    ]
}
