//! One use that is carried out of every operation about the log itself, and of moving and leaving: the continuation of
//! `au_01_good_uses.rs`.

use chrono::{Days, TimeDelta};
use serde_json::{Value, json};
use tsumugi_client::{Client, models::RelationKind, new_id};
use tsumugi_server::spine::ids;
use uuid::Uuid;

use crate::{
    features::findings::look_through,
    support::{
        Person, Team, log::seal, refused, team::today, witnessing::OtherLog,
        world::new_staff_member,
    },
};

/// Somebody whose requests are numbered by their operations.
struct Who(Client);

impl Who {
    async fn of(person: &Person) -> Self {
        Self(person.again().await)
    }

    /// Sends what is not JSON, or has a version, and insists on a success.
    async fn sends(
        &self,
        operation: &str,
        (method, path): (&str, &str),
        (kind, version): (&str, Option<&str>),
        body: String,
    ) -> Value {
        let number = format!("{operation}.good");
        let mut headers = vec![("content-type", kind), ("x-request-id", number.as_str())];
        headers.extend(version.map(|version| ("if-match", version)));
        let answer = self.0.send_raw(method, path, &headers, body).await.unwrap();
        let said = format!("{operation}: {} {}", answer.status, answer.text());
        assert!((200..300).contains(&answer.status), "{said}");
        answer.json().unwrap_or(Value::Null)
    }

    async fn gets(&self, operation: &str, path: &str) -> Value {
        let plain = ("application/json", None);
        self.sends(operation, ("GET", path), plain, String::new())
            .await
    }

    async fn posts(&self, operation: &str, path: &str, body: Value) -> Value {
        let plain = ("application/json", None);
        self.sends(operation, ("POST", path), plain, body.to_string())
            .await
    }
}

pub async fn make(team: &Team) {
    let keeper = Who::of(&team.world.administrator).await;
    let auditor = Who::of(&team.auditor).await;
    kept(team, &keeper, &auditor).await;
    witnessed(team, &keeper).await;
    looked(team).await;
    reviewed(team, &auditor).await;
    moved(team, &keeper).await;
}

/// What is kept for a while: watched patients, what is withheld, what is held.
async fn kept(team: &Team, keeper: &Who, auditor: &Who) {
    let watch = json!({ "id": new_id(), "patient_id": team.patient, "reason": "著名な方のため" });
    let made = auditor
        .posts("create_watched_patient", "/v1/watched-patients", watch)
        .await;
    let path = format!("/v1/watched-patients/{}/end", id(&made));
    auditor.posts("end_watched_patient", &path, json!({})).await;
    let withheld = json!({
        "id": new_id(), "patient_id": team.patient, "from_on": today(), "to_on": today(), "audience": "family",
        "legal_basis": "高齢者虐待防止法に基づく市の調査への協力依頼", "decided_by": "管理者 管理 花子", "until_on": today()
    });
    let made = keeper
        .posts("create_withholding", "/v1/withholdings", withheld)
        .await;
    let path = format!("/v1/withholdings/{}/end", id(&made));
    keeper.posts("end_withholding", &path, json!({})).await;
    let hold = json!({ "id": new_id(), "from_on": "2015-04-01", "to_on": "2015-04-30", "reason": "訴訟のため" });
    let made = auditor
        .posts("create_legal_hold", "/v1/legal-holds", hold)
        .await;
    let path = format!("/v1/legal-holds/{}/release", id(&made));
    let reason = json!({ "reason": "訴訟が終わったため" });
    auditor.posts("release_legal_hold", &path, reason).await;
}

async fn witnessed(team: &Team, keeper: &Who) {
    let mail = json!({ "id": new_id(), "kind": "mail", "name": "安全 太郎", "address": "anzen@example.jp" });
    let made = keeper.posts("create_witness", "/v1/witnesses", mail).await;
    let path = format!("/v1/witnesses/{}/end", id(&made));
    keeper.posts("end_witness", &path, json!({})).await;
    let log = OtherLog::new(3);
    let watched =
        json!({ "id": new_id(), "name": "南部", "public_key": log.verifier().to_string() });
    let made = keeper
        .posts("create_witnessed_log", "/v1/witnessed-logs", watched)
        .await;
    let nobody = Who(team.world.anyone.clone());
    let path = ("POST", "/v1/witness/kita/add-checkpoint");
    let submission = log.submission(0, 3).to_string();
    nobody
        .sends("cosign_checkpoint", path, ("text/plain", None), submission)
        .await;
    let hash = ids::hex_digest(log.origin.as_bytes());
    let path = format!("/v1/witness/kita/{hash}/checkpoint");
    nobody.gets("find_cosigned_checkpoint", &path).await;
    let path = format!("/v1/witnessed-logs/{}/end", id(&made));
    keeper.posts("end_witnessed_log", &path, json!({})).await;
}

/// What the patient sees.
async fn looked(team: &Team) {
    let nurse = Who::of(&team.nurse).await;
    nurse
        .gets("find_patient", &format!("/v1/patients/{}", team.patient))
        .await;
    let network = crate::support::log::network(&team.world, "kita").await;
    seal(&team.world, network).await;
    let patient = Who(team.relative("izumo.kazuko", RelationKind::Patient).await);
    let path = format!("/v1/patients/{}/accesses", team.patient);
    let page = patient.gets("list_accesses", &path).await;
    let event = id(&page["items"].as_array().unwrap().last().unwrap().clone());
    patient
        .gets("find_access_proof", &format!("{path}/{event}/proof"))
        .await;
    patient
        .gets("export_accesses", &format!("{path}/bundle"))
        .await;
}

/// A finding from the question to the conclusion, and back.
async fn reviewed(team: &Team, auditor: &Who) {
    let outsider = team.outsider.again().await;
    refused(
        outsider.patients().find(team.patient).await,
        404,
        "not_found",
    );
    look_through(team).await;
    let page = auditor
        .gets("list_findings", "/v1/findings?rule=no_relation")
        .await;
    let path = format!("/v1/findings/{}", id(&page["items"][0]));
    let found = auditor.gets("find_finding", &path).await;
    let entry = id(&found["evidence"][0]);
    let by_hand = json!({ "id": new_id(), "entries": [entry], "note": "確認が必要" });
    auditor
        .posts("create_finding", "/v1/findings", by_hand)
        .await;
    let assigned = json!({ "auditor_id": team.auditor.id });
    let question = json!({ "id": new_id(), "question": "閲覧の理由を教えてください。" });
    step(auditor, "assign_finding", &path, "assign", assigned).await;
    step(auditor, "ask_finding", &path, "ask", question).await;
    let outsider = Who(outsider);
    let asked = outsider
        .gets("list_justification_requests", "/v1/justification-requests")
        .await;
    let answer = format!(
        "/v1/justification-requests/{}/answer",
        id(&asked["items"][0])
    );
    let said = json!({ "answer": "担当の方と取り違えました。" });
    outsider
        .posts("answer_justification_request", &answer, said)
        .await;
    let concluded = json!({ "conclusion": "not_justified", "note": "取り違え" });
    step(auditor, "close_finding", &path, "close", concluded).await;
    step(
        auditor,
        "reopen_finding",
        &path,
        "reopen",
        json!({ "note": "再確認" }),
    )
    .await;
}

/// A step of a review, with the version that the finding has now.
async fn step(auditor: &Who, operation: &str, path: &str, verb: &str, body: Value) {
    let found = auditor.gets("find_finding", path).await;
    let version = format!("\"{}\"", found["version"]);
    let to = format!("{path}/{verb}");
    let with = ("application/json", Some(version.as_str()));
    auditor
        .sends(operation, ("POST", &to), with, body.to_string())
        .await;
}

async fn moved(team: &Team, keeper: &Who) {
    let me = team.auditor.client.sessions().me().await.unwrap();
    let office = me.staff_member.unwrap().facility.id;
    let mut new = new_staff_member("utsuru", "utsuru@kita.example", "nurse", office);
    new.ends_on = None;
    keeper.0.staff_members().create(&new).await.unwrap();
    let path = format!("/v1/staff-members/{}/move", new.id);
    let (tomorrow, new_id) = (today() + Days::new(1), new_id());
    let to = json!({ "new_id": new_id, "facility_id": office, "on": tomorrow });
    keeper.posts("move_staff_member", &path, to).await;
    team.world.app.clock.advance(TimeDelta::days(2));
    let keeper = Who::of(&team.world.administrator).await;
    let path = format!("/v1/staff-members/{new_id}/leave");
    let last = json!({ "on": today() + Days::new(2) });
    keeper.posts("leave_staff_member", &path, last).await;
}

fn id(value: &Value) -> Uuid {
    let text = value["id"].as_str().unwrap_or_else(|| panic!("{value}"));
    text.parse().unwrap()
}
