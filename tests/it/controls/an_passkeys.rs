//! AN-03: signing in with passkeys, and every way in which an answer may be wrong.

use serde_json::{Value, json};
use tsumugi_client::models::FacilityKind;
use tsumugi_server::spine::ids::{from_base64, to_base64};
use webauthn_authenticator_rs::{
    AuthenticatorBackend, WebauthnAuthenticator,
    prelude::{CreationChallengeResponse, PublicKeyCredential, RequestChallengeResponse, Url},
    softpasskey::SoftPasskey,
};

use crate::support::{
    Wire, World,
    wire::{code, refused},
};

pub(super) const ORIGIN: &str = "http://localhost";

/// An authenticator in software, with the one passkey that it made.
pub(super) struct Authenticator {
    soft: SoftPasskey,
    credential_id: String,
    pub(super) passkey_id: String,
    account: String,
}

impl Authenticator {
    /// Registers a passkey in a session.
    pub(super) async fn register(owner: &Wire, name: &str) -> Self {
        let begun = Wire::done(owner.post("/v1/me/passkeys/challenge", json!({})).await);
        let (soft, made) = make(&begun);
        let body = json!({
            "challenge_id": begun["challenge_id"],
            "credential": made,
            "name": name,
        });
        let passkey = Wire::done(owner.post("/v1/me/passkeys", body).await);
        assert_eq!(passkey["name"], name);
        Self {
            soft,
            credential_id: made["id"].as_str().unwrap().to_owned(),
            passkey_id: passkey["id"].as_str().unwrap().to_owned(),
            account: owner.account(),
        }
    }

    /// Answers a challenge, after `change` has been at what the authenticator is asked.
    pub(super) fn answer(
        &mut self,
        begun: &Value,
        origin: &str,
        change: impl Fn(&mut Value),
    ) -> Value {
        let mut options = begun["options"].clone();
        options["publicKey"]["allowCredentials"] =
            json!([{ "type": "public-key", "id": self.credential_id }]);
        change(&mut options);
        let options: RequestChallengeResponse = serde_json::from_value(options).unwrap();
        let origin: Url = origin.parse().unwrap();
        // Not through the browser's part, which would refuse what is wrong by itself.
        let answer: PublicKeyCredential = self
            .soft
            .perform_auth(origin, options.public_key, 60_000)
            .unwrap();
        let mut answer = serde_json::to_value(answer).unwrap();
        let account: uuid::Uuid = self.account.parse().unwrap();
        answer["response"]["userHandle"] = to_base64(account.as_bytes()).into();
        answer
    }
}

/// Makes a passkey, as a registration asks.
fn make(begun: &Value) -> (SoftPasskey, Value) {
    let mut options = begun["options"].clone();
    let selection = &mut options["publicKey"]["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["userVerification"], "required");
    // This authenticator keeps no names; the test does that for it.
    selection["requireResidentKey"] = false.into();
    let mut soft = SoftPasskey::new(true);
    let options: CreationChallengeResponse = serde_json::from_value(options).unwrap();
    let made = soft
        .do_registration(ORIGIN.parse().unwrap(), options)
        .unwrap();
    (soft, serde_json::to_value(made).unwrap())
}

async fn challenge(world: &World, network: &str) -> Value {
    let nobody = Wire::nobody(&world.anyone);
    let body = json!({ "network": network });
    let (status, begun) = nobody.post("/v1/sessions/passkey-challenge", body).await;
    assert_eq!(status, 201, "{begun}");
    begun
}

async fn try_sign_in(
    world: &World,
    network: &str,
    begun: &Value,
    credential: &Value,
) -> (u16, Value) {
    let body = json!({
        "network": network,
        "challenge_id": begun["challenge_id"],
        "credential": credential,
        "device_name": "試験用の端末",
    });
    let nobody = Wire::nobody(&world.anyone);
    nobody.post("/v1/sessions/passkey", body).await
}

/// A world with an administrator's passkey.
async fn with_passkey() -> (World, Wire, Authenticator) {
    let world = World::new().await;
    let owner = Wire::sign_in(&world.administrator).await;
    let key = Authenticator::register(&owner, "仕事用のキー").await;
    (world, owner, key)
}

#[actix_web::test]
async fn an_03_a_passkey_signs_in_as_two_factors() {
    let (world, _, mut key) = with_passkey().await;
    for _ in 0..2 {
        let begun = challenge(&world, "kita").await;
        let answer = key.answer(&begun, ORIGIN, |_| {});
        let (status, session) = try_sign_in(&world, "kita", &begun, &answer).await;
        assert_eq!(status, 201, "{session}");
        let wire = Wire::nobody(&world.anyone).with_session(session);
        assert_eq!(wire.look().await.0, 200);
        let listed = Wire::done(wire.get("/v1/me/sessions").await);
        let current = &listed["items"][0];
        assert_eq!(current["current"], true);
        assert_eq!(current["amr"], json!(["hwk", "user"]));
        assert_eq!(current["label"], "試験用の端末");
    }
    // What the server remembers of a ceremony is sealed, and is used up.
    let rows =
        "SELECT count(*), count(used_at), bool_or(state::text LIKE '%credentials%') FROM challenges
                WHERE kind LIKE 'passkey%'";
    let row = world.db.admin.query_one(rows, &[]).await.unwrap();
    assert_eq!(
        (
            row.get::<_, i64>(0),
            row.get::<_, i64>(1),
            row.get::<_, bool>(2)
        ),
        (3, 3, false)
    );
}

/// The one refusal: status and body, whatever was wrong.
async fn refusal(world: &World) -> (u16, Value) {
    let begun = challenge(world, "nowhere").await;
    let refusal = try_sign_in(world, "nowhere", &begun, &json!({})).await;
    refused(&refusal, 401, "invalid_credentials");
    refusal
}

/// Signs in with an answer that was changed, and insists that it is refused like everything else.
async fn refuses(change_options: impl Fn(&mut Value), origin: &str, change: impl Fn(&mut Value)) {
    let (world, _, mut key) = with_passkey().await;
    let begun = challenge(&world, "kita").await;
    let mut answer = key.answer(&begun, origin, change_options);
    change(&mut answer);
    let outcome = try_sign_in(&world, "kita", &begun, &answer).await;
    assert_eq!(outcome, refusal(&world).await);
    // Nothing else is broken: the right answer to another challenge is taken.
    let begun = challenge(&world, "kita").await;
    let answer = key.answer(&begun, ORIGIN, |_| {});
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await.0, 201);
}

#[actix_web::test]
async fn an_03_another_origin_is_refused() {
    refuses(|_| {}, "http://localhost.evil.example", |_| {}).await;
}

#[actix_web::test]
async fn an_03_another_host_is_refused() {
    let other = |options: &mut Value| options["publicKey"]["rpId"] = "evil.example".into();
    refuses(other, ORIGIN, |_| {}).await;
}

#[actix_web::test]
async fn an_03_without_user_verification_it_is_refused() {
    let unverified =
        |options: &mut Value| options["publicKey"]["userVerification"] = "discouraged".into();
    refuses(unverified, ORIGIN, |_| {}).await;
}

#[actix_web::test]
async fn an_03_another_challenge_text_is_refused() {
    let other = |options: &mut Value| {
        options["publicKey"]["challenge"] = to_base64(&[7; 32]).into();
    };
    refuses(other, ORIGIN, |_| {}).await;
}

#[actix_web::test]
async fn an_03_another_signature_is_refused() {
    refuses(
        |_| {},
        ORIGIN,
        |answer| {
            let text = answer["response"]["signature"].as_str().unwrap();
            let mut bytes = from_base64(text).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            answer["response"]["signature"] = to_base64(&bytes).into();
        },
    )
    .await;
}

#[actix_web::test]
async fn an_03_an_answer_of_another_kind_is_refused() {
    refuses(
        |_| {},
        ORIGIN,
        |answer| {
            let text = answer["response"]["clientDataJSON"].as_str().unwrap();
            let bytes = from_base64(text).unwrap();
            let changed = String::from_utf8(bytes)
                .unwrap()
                .replace("webauthn.get", "webauthn.create");
            answer["response"]["clientDataJSON"] = to_base64(changed.as_bytes()).into();
        },
    )
    .await;
}

#[actix_web::test]
async fn an_03_what_is_no_answer_is_refused_alike() {
    let (world, _, _) = with_passkey().await;
    for credential in [json!({}), json!([]), json!("x"), json!({ "id": 1 })] {
        let begun = challenge(&world, "kita").await;
        let outcome = try_sign_in(&world, "kita", &begun, &credential).await;
        assert_eq!(outcome, refusal(&world).await);
    }
}

#[actix_web::test]
async fn an_03_a_challenge_is_good_once_and_for_five_minutes() {
    let (world, _, mut key) = with_passkey().await;
    let begun = challenge(&world, "kita").await;
    // A wrong answer uses it up as well.
    let mut broken = key.answer(&begun, ORIGIN, |_| {});
    broken["response"]["signature"] = "AAAA".into();
    let refusal = refusal(&world).await;
    assert_eq!(try_sign_in(&world, "kita", &begun, &broken).await, refusal);
    let answer = key.answer(&begun, ORIGIN, |_| {});
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await, refusal);
    // An answer that was taken is not taken again, nor is it an answer to something else.
    let begun = challenge(&world, "kita").await;
    let answer = key.answer(&begun, ORIGIN, |_| {});
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await.0, 201);
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await, refusal);
    let other = challenge(&world, "kita").await;
    assert_eq!(try_sign_in(&world, "kita", &other, &answer).await, refusal);
    // Of two at once, one gets in.
    let begun = challenge(&world, "kita").await;
    let answer = key.answer(&begun, ORIGIN, |_| {});
    let (one, two) = tokio::join!(
        try_sign_in(&world, "kita", &begun, &answer),
        try_sign_in(&world, "kita", &begun, &answer)
    );
    let mut statuses = [one.0, two.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 401]);
    // Too late.
    let begun = challenge(&world, "kita").await;
    let answer = key.answer(&begun, ORIGIN, |_| {});
    world.app.clock.advance(chrono::TimeDelta::minutes(5));
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await, refusal);
}

#[actix_web::test]
async fn an_03_a_counter_that_goes_back_is_refused_and_told() {
    let (world, owner, mut key) = with_passkey().await;
    let mail = "UPDATE accounts SET email = 'kanri@example.jp'";
    world.db.admin.batch_execute(mail).await.unwrap();
    let (first, second) = (
        challenge(&world, "kita").await,
        challenge(&world, "kita").await,
    );
    let early = key.answer(&first, ORIGIN, |_| {});
    let late = key.answer(&second, ORIGIN, |_| {});
    assert_eq!(try_sign_in(&world, "kita", &second, &late).await.0, 201);
    let outcome = try_sign_in(&world, "kita", &first, &early).await;
    assert_eq!(outcome, refusal(&world).await);
    let told = "SELECT (SELECT count(*) FROM audit_events WHERE action = 'passkey.copied' AND resource_id = $1),
                       (SELECT count(*) FROM mails WHERE subject LIKE '%パスキーについての警告')";
    let id: uuid::Uuid = key.passkey_id.parse().unwrap();
    let row = world.db.admin.query_one(told, &[&id]).await.unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 1));
    assert_eq!(owner.look().await.0, 200);
}

#[actix_web::test]
async fn an_03_a_passkey_is_its_owners_only() {
    let (world, owner, mut key) = with_passkey().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let doctor = world.person("physician", "physician", clinic).await;
    let other = Wire::sign_in(&doctor).await;
    let refusal = refusal(&world).await;
    // The passkey of one with the name of another.
    let begun = challenge(&world, "kita").await;
    let mine = std::mem::replace(&mut key.account, other.account());
    let answer = key.answer(&begun, ORIGIN, |_| {});
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await, refusal);
    key.account = mine;
    // Without a name.
    let begun = challenge(&world, "kita").await;
    let mut answer = key.answer(&begun, ORIGIN, |_| {});
    answer["response"]["userHandle"] = Value::Null;
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await, refusal);
    // In another network, with a challenge of either.
    for network in ["kita", "minami"] {
        let begun = challenge(&world, network).await;
        let answer = key.answer(&begun, ORIGIN, |_| {});
        let outcome = try_sign_in(&world, "minami", &begun, &answer).await;
        assert_eq!(outcome, refusal, "challenge of {network}");
    }
    // A challenge for showing one's factors again opens no session, and only the owner's.
    let mut again = Authenticator::register(&other, "もう一つ").await;
    let begun = Wire::done(
        other
            .post("/v1/sessions/current/step-up-challenge", json!({}))
            .await,
    );
    let answer = again.answer(&begun, ORIGIN, |_| {});
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await, refusal);
    let begun = Wire::done(
        other
            .post("/v1/sessions/current/step-up-challenge", json!({}))
            .await,
    );
    let body = json!({
        "challenge_id": begun["challenge_id"],
        "credential": key.answer(&begun, ORIGIN, |_| {}),
    });
    let outcome = other.post("/v1/sessions/current/step-up", body).await;
    refused(&outcome, 401, "invalid_credentials");
    // A passkey that was removed opens nothing, and the last way in cannot be removed.
    let without = "UPDATE accounts SET totp_sealed = NULL WHERE login_name = 'physician'";
    world.db.admin.batch_execute(without).await.unwrap();
    let path = format!("/v1/me/passkeys/{}", key.passkey_id);
    let last = other
        .delete(&format!("/v1/me/passkeys/{}", again.passkey_id))
        .await;
    refused(&last, 409, "last_factor");
    refused(&other.delete(&path).await, 404, "not_found");
    assert_eq!(owner.delete(&path).await.0, 204);
    let begun = challenge(&world, "kita").await;
    let answer = key.answer(&begun, ORIGIN, |_| {});
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await, refusal);
}

#[actix_web::test]
async fn se_09_a_passkey_shown_again_opens_what_asks_for_fresh_factors() {
    let (world, mut owner, mut key) = with_passkey().await;
    world.app.clock.advance(chrono::TimeDelta::minutes(6));
    owner.renew().await;
    let stale = owner.post("/v1/me/passkeys/challenge", json!({})).await;
    refused(&stale, 403, "step_up_required");
    let begun = Wire::done(
        owner
            .post("/v1/sessions/current/step-up-challenge", json!({}))
            .await,
    );
    let allowed = &begun["options"]["publicKey"]["allowCredentials"];
    assert_eq!(allowed[0]["id"], key.credential_id.as_str());
    let body = json!({
        "challenge_id": begun["challenge_id"],
        "credential": key.answer(&begun, ORIGIN, |_| {}),
    });
    let (status, session) = owner.post("/v1/sessions/current/step-up", body).await;
    assert_eq!(status, 200, "{session}");
    assert_eq!(session["cache_key"], owner.session["cache_key"]);
    let fresh = owner.with_session(session);
    let opened = fresh.post("/v1/me/passkeys/challenge", json!({})).await;
    assert_eq!(code(&opened.1), "");
    // The old session has gone with its tokens, and the end is the same.
    assert_eq!(owner.look().await, (401, "session_ended".to_owned()));
    refused(&owner.try_renew().await, 401, "session_ended");
    let ends = "SELECT count(DISTINCT expires_at), count(DISTINCT id) FROM sessions
                WHERE account_id = $1 AND cache_key = (SELECT cache_key FROM sessions WHERE id = $2)";
    let listed = Wire::done(fresh.get("/v1/me/sessions").await);
    let current: uuid::Uuid = listed["items"][0]["id"].as_str().unwrap().parse().unwrap();
    let account: uuid::Uuid = owner.account().parse().unwrap();
    let row = world
        .db
        .admin
        .query_one(ends, &[&account, &current])
        .await
        .unwrap();
    assert_eq!((row.get::<_, i64>(0), row.get::<_, i64>(1)), (1, 2));
}

#[actix_web::test]
async fn an_03_somebody_who_is_invited_enrols_with_a_passkey_alone() {
    let world = World::new().await;
    let clinic = world.facility("北診療所", FacilityKind::Clinic).await;
    let invited = world.invited("physician", "physician", clinic).await;
    let nobody = Wire::nobody(&world.anyone);
    let halves = json!({ "token": invited.token.expose(), "code": invited.code.expose() });
    let begun = Wire::done(nobody.post("/v1/enrolments", halves).await);
    let enrolment = json!({ "enrolment": begun["enrolment"] });
    let path = "/v1/enrolments/passkey-challenge";
    let asked = Wire::done(nobody.post(path, enrolment).await);
    let (soft, made) = make(&asked);
    let finish = json!({
        "enrolment": begun["enrolment"],
        "challenge_id": asked["challenge_id"],
        "credential": made,
        "name": "仕事用のキー",
    });
    let (status, done) = nobody.post("/v1/enrolments/finish", finish.clone()).await;
    assert_eq!(status, 201, "{done}");
    assert_eq!(done["recovery_codes"], json!([]));
    let wire = nobody.with_session(done["session"].clone());
    assert_eq!(wire.look().await.0, 200);
    let again = nobody.post("/v1/enrolments/finish", finish).await;
    refused(&again, 404, "invitation_not_found");
    // And signs in with it; there is no password to try.
    let mut key = Authenticator {
        soft,
        credential_id: made["id"].as_str().unwrap().to_owned(),
        passkey_id: String::new(),
        account: wire.account(),
    };
    let begun = challenge(&world, "kita").await;
    let answer = key.answer(&begun, ORIGIN, |_| {});
    assert_eq!(try_sign_in(&world, "kita", &begun, &answer).await.0, 201);
}
