//! SE-10, SE-11, AN-14, AZ-18: registered devices, changing places on a shared tablet, and help when a device fails.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::{models::FacilityKind, new_id};
use uuid::Uuid;

use crate::support::{
    Person, Wire, World,
    wire::{code, refused},
    world::PASSWORD,
};

/// A network with two nurses.
struct Scene {
    world: World,
    station: Uuid,
    sato: Person,
    suzuki: Person,
    administrator: Wire,
}

impl Scene {
    async fn new() -> Self {
        let world = World::new().await;
        let station = world
            .facility("北訪問看護", FacilityKind::VisitingNursingStation)
            .await;
        let sato = world.person("sato", "nurse", station).await;
        let suzuki = world.person("suzuki", "nurse", station).await;
        let administrator = Wire::sign_in(&world.administrator).await;
        Self {
            world,
            station,
            sato,
            suzuki,
            administrator,
        }
    }

    /// Registers a device; answers with its id and code.
    async fn register(&self, kind: &str) -> (String, String) {
        let body = json!({
            "id": new_id(),
            "name": "訪問用タブレット1",
            "kind": kind,
            "facility_id": self.station,
        });
        let made = Wire::done(self.administrator.post("/v1/devices", body).await);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        (text(&made["device"]["id"]), text(&made["enrolment_code"]))
    }

    async fn enrol(&self, network: &str, code: &str) -> (u16, Value) {
        let nobody = Wire::nobody(&self.world.anyone);
        let body = json!({ "network": network, "code": code });
        nobody.post("/v1/devices/enrol", body).await
    }

    /// A device that is enrolled: its id, and nobody on it yet.
    async fn device(&self, kind: &str) -> (String, Wire) {
        let (id, code) = self.register(kind).await;
        let enrolled = Wire::done(self.enrol("kita", &code).await);
        assert_eq!(enrolled["device"]["id"], id.as_str());
        let wire = Wire {
            device: enrolled["device_token"].as_str().map(str::to_owned),
            ..Wire::nobody(&self.world.anyone)
        };
        (id, wire)
    }

    async fn switch(&self, tablet: &Wire, account: &str, pin: &str) -> (u16, Value) {
        let body = json!({ "account_id": account, "pin": pin });
        tablet.post("/v1/sessions/switch", body).await
    }

    /// Begins a shift on a tablet, with a PIN.
    async fn begin(&self, tablet: &Wire, person: &Person, pin: &str) -> Wire {
        let wire = tablet.signed_in(person).await;
        let set = wire
            .put("/v1/sessions/current/pin", json!({ "pin": pin }))
            .await;
        assert_eq!(set.0, 204, "{set:?}");
        wire
    }
}

#[actix_web::test]
async fn se_10_a_code_enrols_one_device_once_for_a_quarter_of_an_hour() {
    let scene = Scene::new().await;
    let (id, code) = scene.register("shared").await;
    assert_eq!(code.len(), 8);
    for (network, code) in [("kita", "AAAAAAAA"), ("minami", &code), ("nowhere", &code)] {
        refused(&scene.enrol(network, code).await, 404, "not_found");
    }
    let spoken = format!("{}-{}", &code[..4], code[4..].to_lowercase());
    let enrolled = Wire::done(scene.enrol("kita", &spoken).await);
    refused(&scene.enrol("kita", &code).await, 404, "not_found");
    let tablet = Wire {
        device: enrolled["device_token"].as_str().map(str::to_owned),
        ..Wire::nobody(&scene.world.anyone)
    };
    let current = Wire::done(tablet.get("/v1/devices/current").await);
    assert_eq!(current["name"], "訪問用タブレット1");
    assert_eq!(current["network"]["slug"], "kita");
    assert_eq!(current["people"], json!([]));
    let nobody = Wire::nobody(&scene.world.anyone);
    refused(&nobody.get("/v1/devices/current").await, 404, "not_found");
    // The secret is kept as a digest only.
    let kept =
        "SELECT count(*) FROM devices WHERE length(token_digest) = 32 AND enrolment_digest IS NULL";
    let row = scene.world.db.admin.query_one(kept, &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 1);
    // Another code for the same device puts the old secret out of use, once it is used; too late it is good for nothing.
    let path = format!("/v1/devices/{id}/enrolment-code");
    let renewed = Wire::done(scene.administrator.post(&path, json!({})).await);
    let late = renewed["enrolment_code"].as_str().unwrap().to_owned();
    scene.world.app.clock.advance(TimeDelta::minutes(15));
    refused(&scene.enrol("kita", &late).await, 404, "not_found");
    assert_eq!(tablet.get("/v1/devices/current").await.0, 200);
    let administrator = Wire::sign_in(&scene.world.administrator).await;
    let renewed = Wire::done(administrator.post(&path, json!({})).await);
    let code = renewed["enrolment_code"].as_str().unwrap();
    Wire::done(scene.enrol("kita", code).await);
    refused(&tablet.get("/v1/devices/current").await, 404, "not_found");
    // A browser gets the secret where scripts cannot read it.
    let renewed = Wire::done(administrator.post(&path, json!({})).await);
    let body =
        json!({ "network": "kita", "code": renewed["enrolment_code"], "transport": "cookie" });
    let headers = [("content-type", "application/json")];
    let answer = scene
        .world
        .anyone
        .send_raw("POST", "/v1/devices/enrol", &headers, body.to_string())
        .await
        .unwrap();
    let cookie = answer.header("set-cookie").unwrap().to_owned();
    for flag in [
        "tsumugi_device=",
        "HttpOnly",
        "Secure",
        "SameSite=Strict",
        "Path=/v1;",
    ] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(answer.json::<Value>().unwrap()["device_token"].is_null());
    let pair = cookie.split(';').next().unwrap();
    let answer = scene
        .world
        .anyone
        .send_raw("GET", "/v1/devices/current", &[("cookie", pair)], "")
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    // Only administrators keep devices.
    let nurse = Wire::sign_in(&scene.sato).await;
    refused(&nurse.get("/v1/devices").await, 403, "forbidden");
    refused(&nurse.post(&path, json!({})).await, 403, "forbidden");
}

#[actix_web::test]
async fn se_10_a_network_may_demand_registered_devices() {
    let scene = Scene::new().await;
    let (id, tablet) = scene.device("personal").await;
    let anywhere = Wire::sign_in(&scene.sato).await;
    let settings = Wire::done(scene.administrator.get("/v1/settings").await);
    let mut demand = settings.clone();
    demand["registered_devices_only"] = true.into();
    // Not from where it would lock its author out.
    let outcome = scene
        .administrator
        .put("/v1/settings", demand.clone())
        .await;
    refused(&outcome, 403, "device_required");
    let administrator = tablet.signed_in(&scene.world.administrator).await;
    Wire::done(administrator.put("/v1/settings", demand).await);
    // Sessions from elsewhere are out, and nobody gets in without a device.
    refused(&anywhere.get("/v1/me").await, 403, "device_required");
    refused(&anywhere.try_renew().await, 403, "device_required");
    let nobody = Wire::nobody(&scene.world.anyone);
    refused(
        &nobody.try_sign_in(&scene.sato).await,
        403,
        "device_required",
    );
    let forged = Wire {
        device: tablet.device.as_ref().map(|token| format!("{token}A")),
        ..nobody.clone()
    };
    refused(
        &forged.try_sign_in(&scene.sato).await,
        403,
        "device_required",
    );
    let nurse = tablet.signed_in(&scene.sato).await;
    assert_eq!(nurse.look().await.0, 200);
    // The token of a session is good for nothing without its device.
    let stolen = Wire {
        device: None,
        ..nurse.clone()
    };
    refused(&stolen.get("/v1/me").await, 403, "device_required");
    refused(&stolen.try_renew().await, 403, "device_required");
    let revoke = format!("/v1/devices/{id}/revoke");
    // Taken out of use, it opens nothing from the next request on.
    Wire::done(administrator.post(&revoke, json!({})).await);
    assert_eq!(nurse.look().await, (403, "device_required".to_owned()));
    refused(&nurse.try_renew().await, 403, "device_required");
    refused(
        &tablet.try_sign_in(&scene.sato).await,
        403,
        "device_required",
    );
    refused(&tablet.get("/v1/devices/current").await, 404, "not_found");
}

#[actix_web::test]
async fn se_10_a_device_out_of_use_ends_its_sessions_where_devices_are_not_demanded() {
    let scene = Scene::new().await;
    let (id, tablet) = scene.device("personal").await;
    let nurse = tablet.signed_in(&scene.sato).await;
    let elsewhere = Wire::sign_in(&scene.sato).await;
    let revoke = format!("/v1/devices/{id}/revoke");
    Wire::done(scene.administrator.post(&revoke, json!({})).await);
    assert_eq!(nurse.look().await, (403, "device_required".to_owned()));
    assert_eq!(elsewhere.look().await.0, 200);
    let again = format!("/v1/devices/{id}/enrolment-code");
    let outcome = scene.administrator.post(&again, json!({})).await;
    refused(&outcome, 409, "device_revoked");
}

#[actix_web::test]
async fn se_11_people_change_places_by_pin_on_their_tablet_only() {
    let scene = Scene::new().await;
    let (_, tablet) = scene.device("shared").await;
    let (_, other) = scene.device("shared").await;
    let sato = scene.begin(&tablet, &scene.sato, "482915").await;
    let suzuki = scene.begin(&tablet, &scene.suzuki, "739204").await;
    // One session lasts at a time.
    assert_eq!(sato.look().await, (401, "session_ended".to_owned()));
    assert_eq!(suzuki.look().await.0, 200);
    let current = Wire::done(tablet.get("/v1/devices/current").await);
    assert_eq!(current["people"].as_array().unwrap().len(), 2, "{current}");
    assert_eq!(current["people"][0]["pin_set"], true);
    let (status, session) = scene.switch(&tablet, &sato.account(), "482915").await;
    assert_eq!(status, 200, "{session}");
    let back = tablet.with_session(session);
    assert_eq!(back.account(), sato.account());
    // The store on the device is the same; nobody else's session goes on.
    assert_eq!(back.session["cache_key"], sato.session["cache_key"]);
    assert_ne!(back.session["cache_key"], suzuki.session["cache_key"]);
    assert_eq!(suzuki.look().await, (401, "session_ended".to_owned()));
    let listed = Wire::done(back.get("/v1/me/sessions").await);
    assert_eq!(listed["items"][0]["amr"], json!(["swk", "pin"]));
    assert_eq!(listed["items"][0]["device"]["kind"], "shared");
    // The PIN of one does not open the other, and none opens anything elsewhere.
    let wrong = scene.switch(&tablet, &suzuki.account(), "482915").await;
    refused(&wrong, 401, "invalid_credentials");
    for elsewhere in [&other, &Wire::nobody(&scene.world.anyone)] {
        let outcome = scene.switch(elsewhere, &sato.account(), "482915").await;
        refused(&outcome, 401, "full_sign_in_required");
    }
    // Locking keeps the shift; signing out ends it.
    assert_eq!(
        back.post("/v1/sessions/current/lock", json!({})).await.0,
        204
    );
    assert_eq!(back.look().await, (401, "session_ended".to_owned()));
    let (status, session) = scene.switch(&tablet, &sato.account(), "482915").await;
    assert_eq!(status, 200, "{session}");
    let back = tablet.with_session(session);
    assert_eq!(back.delete("/v1/sessions/current").await.0, 204);
    let outcome = scene.switch(&tablet, &sato.account(), "482915").await;
    refused(&outcome, 401, "full_sign_in_required");
    let current = Wire::done(tablet.get("/v1/devices/current").await);
    assert_eq!(current["people"].as_array().unwrap().len(), 1, "{current}");
    // A suspended account has no way back, its shift is over.
    let suspend = format!("/v1/accounts/{}/suspend", suzuki.account());
    let because = json!({ "reason": "確認のため" });
    Wire::done(scene.administrator.post(&suspend, because).await);
    let outcome = scene.switch(&tablet, &suzuki.account(), "739204").await;
    refused(&outcome, 401, "full_sign_in_required");
}

#[actix_web::test]
async fn se_11_the_fifth_wrong_pin_asks_for_a_full_sign_in() {
    let scene = Scene::new().await;
    let (_, tablet) = scene.device("shared").await;
    let sato = scene.begin(&tablet, &scene.sato, "482915").await;
    let account = sato.account();
    for _ in 0..4 {
        let outcome = scene.switch(&tablet, &account, "739204").await;
        refused(&outcome, 401, "invalid_credentials");
    }
    // The right one forgets the wrong ones.
    assert_eq!(scene.switch(&tablet, &account, "482915").await.0, 200);
    // However many come at once, five are looked at.
    let tries = (0..20).map(|_| scene.switch(&tablet, &account, "739204"));
    let outcomes = futures_util::future::join_all(tries).await;
    let looked_at = outcomes
        .iter()
        .filter(|(_, body)| code(body) == "invalid_credentials")
        .count();
    assert!(looked_at <= 4, "{looked_at}");
    let outcome = scene.switch(&tablet, &account, "482915").await;
    refused(&outcome, 401, "full_sign_in_required");
    // What has not been sent yet is not lost; the PIN is to be set anew.
    let again = tablet.signed_in(&scene.sato).await;
    assert_eq!(again.session["cache_key"], sato.session["cache_key"]);
    let outcome = scene.switch(&tablet, &account, "482915").await;
    refused(&outcome, 401, "full_sign_in_required");
}

#[actix_web::test]
async fn se_11_a_pin_is_good_for_a_shift_and_is_no_fresh_factor() {
    let scene = Scene::new().await;
    let (_, tablet) = scene.device("shared").await;
    let wire = tablet.signed_in(&scene.sato).await;
    for pin in ["000000", "123456", "987654", "121212", "112233", "850101"] {
        let (status, body) = wire
            .put("/v1/sessions/current/pin", json!({ "pin": pin }))
            .await;
        assert_eq!(
            (status, &body["fields"][0]["code"]),
            (422, &json!("blocked"))
        );
    }
    let elsewhere = Wire::sign_in(&scene.sato).await;
    let pin = json!({ "pin": "482915" });
    let outcome = elsewhere.put("/v1/sessions/current/pin", pin.clone()).await;
    refused(&outcome, 409, "no_shift");
    let sato = scene.begin(&tablet, &scene.sato, "482915").await;
    scene.world.app.clock.advance(TimeDelta::minutes(6));
    let (_, session) = scene.switch(&tablet, &sato.account(), "482915").await;
    let back = tablet.with_session(session);
    let outcome = back.post("/v1/me/passkeys/challenge", json!({})).await;
    refused(&outcome, 403, "step_up_required");
    // Whoever came back by PIN does not set another.
    let outcome = back.put("/v1/sessions/current/pin", pin).await;
    refused(&outcome, 403, "step_up_required");
    // On a shared tablet fifteen minutes are enough, and the shift goes on.
    scene.world.app.clock.advance(TimeDelta::minutes(15));
    refused(&back.try_renew().await, 401, "token_expired");
    let (status, session) = scene.switch(&tablet, &sato.account(), "482915").await;
    assert_eq!(status, 200, "{session}");
    // Twelve hours after it began it is over, whatever happened meanwhile.
    scene
        .world
        .app
        .clock
        .advance(TimeDelta::minutes(12 * 60 - 22));
    let (status, session) = scene.switch(&tablet, &sato.account(), "482915").await;
    assert_eq!(status, 200, "{session}");
    scene.world.app.clock.advance(TimeDelta::minutes(1));
    let outcome = scene.switch(&tablet, &sato.account(), "482915").await;
    refused(&outcome, 401, "full_sign_in_required");
    let last = tablet.with_session(session);
    refused(&last.try_renew().await, 401, "token_expired");
}

async fn temporary_code(scene: &Scene, account: &str, minutes: i64) -> (u16, Value) {
    let path = format!("/v1/accounts/{account}/temporary-code");
    let body = json!({ "id": new_id(), "reason": "認証端末の故障", "minutes": minutes });
    scene.administrator.post(&path, body).await
}

async fn step_up(wire: &Wire, code: &Value) -> (u16, Value) {
    let body = json!({ "password": PASSWORD, "code": code });
    wire.post("/v1/sessions/current/step-up", body).await
}

#[actix_web::test]
async fn an_14_a_temporary_code_stands_in_once_and_for_a_short_time() {
    let scene = Scene::new().await;
    let sato = Wire::sign_in(&scene.sato).await;
    let suzuki = Wire::sign_in(&scene.suzuki).await;
    for minutes in [4, 1441] {
        let (status, body) = temporary_code(&scene, &sato.account(), minutes).await;
        assert_eq!(
            (status, &body["fields"][0]["code"]),
            (422, &json!("out_of_range"))
        );
    }
    let path = format!("/v1/accounts/{}/temporary-code", sato.account());
    let body = json!({ "id": new_id(), "reason": "故障", "minutes": 10 });
    refused(&suzuki.post(&path, body).await, 403, "forbidden");
    let given = Wire::done(temporary_code(&scene, &sato.account(), 10).await);
    assert!(given["code"].as_str().unwrap().starts_with("T-"), "{given}");
    // For its account only, and with the right password only.
    refused(
        &step_up(&suzuki, &given["code"]).await,
        401,
        "invalid_credentials",
    );
    let body = json!({ "password": "something else!1", "code": given["code"] });
    let outcome = sato.post("/v1/sessions/current/step-up", body).await;
    refused(&outcome, 401, "invalid_credentials");
    let (status, session) = step_up(&sato, &given["code"]).await;
    assert_eq!(status, 200, "{session}");
    let helped = sato.with_session(session);
    refused(&step_up(&helped, &given["code"]).await, 401, "code_used");
    // The session lasts as long as the code would.
    scene.world.app.clock.advance(TimeDelta::minutes(9));
    assert_eq!(helped.try_renew().await.0, 200);
    scene.world.app.clock.advance(TimeDelta::minutes(1));
    assert_eq!(helped.look().await, (401, "token_expired".to_owned()));
    // Too late for a code that was not used.
    let administrator = Wire::sign_in(&scene.world.administrator).await;
    let scene = Scene {
        administrator,
        ..scene
    };
    let suzuki = Wire::sign_in(&scene.suzuki).await;
    let given = Wire::done(temporary_code(&scene, &suzuki.account(), 5).await);
    scene.world.app.clock.advance(TimeDelta::minutes(5));
    let mut late = suzuki.clone();
    late.renew().await;
    refused(
        &step_up(&late, &given["code"]).await,
        401,
        "invalid_credentials",
    );
    // Who gave it, to whom, why and until when.
    let told = "SELECT count(*) FROM temporary_codes c JOIN audit_events e
                    ON e.action = 'temporary_code.create' AND e.resource_id = c.account_id
                WHERE c.reason = '認証端末の故障' AND c.issued_by = e.staff_member_id AND c.expires_at > c.issued_at";
    let row = scene.world.db.admin.query_one(told, &[]).await.unwrap();
    assert_eq!(row.get::<_, i64>(0), 2);
}

#[actix_web::test]
async fn az_18_when_things_are_right_again_every_temporary_code_and_its_sessions_end() {
    let scene = Scene::new().await;
    let (_, tablet) = scene.device("shared").await;
    let sato = scene.begin(&tablet, &scene.sato, "482915").await;
    let suzuki = Wire::sign_in(&scene.suzuki).await;
    let used = Wire::done(temporary_code(&scene, &sato.account(), 600).await);
    let unused = Wire::done(temporary_code(&scene, &suzuki.account(), 600).await);
    let helped = sato.with_session(Wire::done(step_up(&sato, &used["code"]).await));
    let end = "/v1/temporary-codes/end-all";
    refused(&suzuki.post(end, json!({})).await, 403, "forbidden");
    let ended = Wire::done(scene.administrator.post(end, json!({})).await);
    assert_eq!(ended, json!({ "ended_codes": 2, "ended_sessions": 1 }));
    assert_eq!(helped.look().await, (401, "session_ended".to_owned()));
    refused(
        &step_up(&suzuki, &unused["code"]).await,
        401,
        "invalid_credentials",
    );
    assert_eq!(suzuki.look().await.0, 200);
    // Nor is there a way back by PIN for whoever was helped.
    let outcome = scene.switch(&tablet, &sato.account(), "482915").await;
    refused(&outcome, 401, "full_sign_in_required");
}
