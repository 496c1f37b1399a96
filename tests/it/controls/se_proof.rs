//! SE-05: a token that is bound to a key is of use to nobody else.

use chrono::TimeDelta;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, jwk::Jwk};
use serde_json::{Value, json};
use tsumugi_client::{
    Client,
    models::{CreateSystemClient, CreatedSystemClient, FacilityKind},
    new_id,
};
use tsumugi_server::spine::ids;
use uuid::Uuid;

use crate::support::{Team, World};

/// Where systems send documents.
const BUNDLES: &str = "/fhir/r4/Bundle/$receive";
const SUMMARY: &str = include_str!("../../fixtures/fhir/discharge-summary-01.json");

/// Somebody else's program, written by hand.
struct Program {
    key: EncodingKey,
    public: Jwk,
}

/// What a proof says.
#[derive(Clone)]
struct Says {
    method: &'static str,
    url: String,
    token: Option<String>,
    number: String,
    seconds: i64,
    kind: &'static str,
}

impl Program {
    fn new() -> Self {
        let pair = rcgen::KeyPair::generate().unwrap();
        let key = EncodingKey::from_ec_der(&pair.serialize_der());
        let public = Jwk::from_encoding_key(&key, Algorithm::ES256).unwrap();
        Self { key, public }
    }

    fn sign(&self, world: &World, says: &Says) -> String {
        let header = Header {
            typ: Some(says.kind.to_owned()),
            jwk: Some(self.public.clone()),
            ..Header::new(Algorithm::ES256)
        };
        let at = world.app.clock.now() + TimeDelta::seconds(says.seconds);
        let mut claims = json!({
            "jti": says.number,
            "htm": says.method,
            "htu": says.url,
            "iat": at.timestamp(),
        });
        if let Some(token) = &says.token {
            claims["ath"] = ids::to_base64(&ids::digest(token.as_bytes())).into();
        }
        encode(&header, &claims, &self.key).unwrap()
    }
}

fn says(base: &str, path: &str, token: Option<&str>) -> Says {
    Says {
        method: "POST",
        url: format!("{base}{path}"),
        token: token.map(str::to_owned),
        number: new_id().to_string(),
        seconds: 0,
        kind: "dpop+jwt",
    }
}

/// Asks for a token, with or without a proof: status and answer.
async fn ask(anyone: &Client, made: &CreatedSystemClient, proof: Option<&str>) -> (u16, Value) {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        made.client_id.replace('@', "%40"),
        made.client_secret.expose()
    );
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(proof.map(|proof| ("dpop", proof)));
    let answer = anyone.send_raw("POST", "/oauth/token", &headers, form);
    let answer = answer.await.unwrap();
    (answer.status, answer.json().unwrap())
}

/// Sends a document: status and code of the refusal.
async fn send(anyone: &Client, headers: &[(&str, &str)]) -> (u16, String) {
    let mut all = vec![("content-type", "application/fhir+json")];
    all.extend(headers);
    let answer = anyone.send_raw("POST", BUNDLES, &all, SUMMARY).await;
    let answer = answer.unwrap();
    let body: Value = answer.json().unwrap();
    let code = &body["issue"][0]["details"]["coding"][0]["code"];
    (answer.status, code.as_str().unwrap_or_default().to_owned())
}

async fn scene() -> (World, CreatedSystemClient) {
    let world = World::new().await;
    let hospital = world.facility("北病院", FacilityKind::Hospital).await;
    let new = CreateSystemClient::new(hospital, "退院支援システム").bound();
    let made = world.program(&new).await;
    (world, made)
}

#[actix_web::test]
async fn se_05_a_captured_token_is_refused_from_everybody_who_has_not_the_key() {
    let (world, made) = scene().await;
    let other = world.second_node();
    let moved = world.app.clock.now() - other.app.clock.now();
    other.app.clock.advance(moved);
    let base = world.anyone.base_url();
    let (program, thief) = (Program::new(), Program::new());
    let proof = program.sign(&world, &says(base, "/oauth/token", None));
    let (status, answer) = ask(&world.anyone, &made, Some(&proof)).await;
    assert_eq!((status, &answer["token_type"]), (200, &json!("DPoP")));
    let token = answer["access_token"].as_str().unwrap();
    let refused = (401, "invalid_proof".to_owned());

    // As a bearer token, and without a proof.
    let bearer = format!("Bearer {token}");
    let bound = format!("DPoP {token}");
    for header in [&bearer, &bound] {
        let answer = send(&world.anyone, &[("authorization", header)]).await;
        assert_eq!(answer, refused);
    }
    // With a proof of somebody else, or of another request.
    let right = says(base, BUNDLES, Some(token));
    let wrong = [
        (&thief, right.clone()),
        (
            &program,
            Says {
                method: "GET",
                ..right.clone()
            },
        ),
        (&program, says(base, "/fhir/r4/Bundle", Some(token))),
        (
            &program,
            says("http://elsewhere.example", BUNDLES, Some(token)),
        ),
        (&program, says(base, BUNDLES, Some("another token"))),
        (&program, says(base, BUNDLES, None)),
        (
            &program,
            Says {
                seconds: -90,
                ..right.clone()
            },
        ),
        (
            &program,
            Says {
                seconds: 90,
                ..right.clone()
            },
        ),
        (
            &program,
            Says {
                number: String::new(),
                ..right.clone()
            },
        ),
        (
            &program,
            Says {
                kind: "JWT",
                ..right.clone()
            },
        ),
    ];
    for (number, (who, says)) in wrong.iter().enumerate() {
        let proof = who.sign(&world, says);
        for header in [&bearer, &bound] {
            let headers = [("authorization", header.as_str()), ("dpop", &proof)];
            assert_eq!(send(&world.anyone, &headers).await, refused, "{number}");
        }
    }
    for text in ["", "x", "a.b.c"] {
        let headers = [("authorization", bound.as_str()), ("dpop", text)];
        assert_eq!(send(&world.anyone, &headers).await, refused, "{text}");
    }
    // Two proofs are none.
    let (one, two) = (
        program.sign(&world, &right),
        program.sign(&world, &says(base, BUNDLES, Some(token))),
    );
    let headers = [
        ("authorization", bound.as_str()),
        ("dpop", &one),
        ("dpop", &two),
    ];
    assert_eq!(send(&world.anyone, &headers).await, refused);
}

#[actix_web::test]
async fn se_05_a_proof_is_good_once_at_all_servers() {
    let team = Team::new().await;
    let world = &team.world;
    let node = world.second_node();
    node.app
        .clock
        .advance(world.app.clock.now() - node.app.clock.now());
    let me = team.hospital_nurse.client.sessions().me().await.unwrap();
    let hospital = me.staff_member.unwrap().facility.id;
    let made = world
        .program(&CreateSystemClient::new(hospital, "連携").bound())
        .await;
    let program = Program::new();
    let base = world.anyone.base_url();
    let proof = program.sign(world, &says(base, "/oauth/token", None));
    let (_, answer) = ask(&world.anyone, &made, Some(&proof)).await;
    // Not even for another token.
    let (status, again) = ask(&world.anyone, &made, Some(&proof)).await;
    assert_eq!(
        (status, &again["error"]),
        (400, &json!("invalid_dpop_proof"))
    );

    let token = answer["access_token"].as_str().unwrap();
    let authorization = format!("DPoP {token}");
    let proof = program.sign(world, &says(base, BUNDLES, Some(token)));
    let headers = [
        ("authorization", authorization.as_str()),
        ("dpop", proof.as_str()),
        ("content-type", "application/fhir+json"),
    ];
    let first = world
        .anyone
        .send_raw("POST", BUNDLES, &headers, SUMMARY)
        .await
        .unwrap();
    assert!(first.status < 300, "{} {}", first.status, first.text());
    let count = "SELECT count(*) FROM documents";
    let before: i64 = world.db.one(count).await;
    let refused = (401, "invalid_proof".to_owned());
    assert_eq!(send(&world.anyone, &headers[..2]).await, refused);
    // The other server is asked under the name that the proof was made for.
    let host = base.trim_start_matches("http://");
    let there = [headers[0], headers[1], ("host", host)];
    assert_eq!(send(&node.anyone, &there).await, refused);
    let after: i64 = world.db.one(count).await;
    assert_eq!(after, before);
}

#[actix_web::test]
async fn se_05_who_has_to_prove_gets_no_other_token_and_the_library_proves() {
    let (world, made) = scene().await;
    let (status, answer) = ask(&world.anyone, &made, None).await;
    assert_eq!(
        (status, &answer["error"]),
        (400, &json!("invalid_dpop_proof"))
    );
    let secret = made.client_secret.clone();
    let careless = world
        .anyone
        .with_client_credentials(made.client_id.clone(), secret.clone());
    let refused = careless.access_token().await.unwrap_err();
    assert_eq!(refused.code(), Some("invalid_dpop_proof"));
    let careful = world
        .anyone
        .with_bound_client_credentials(made.client_id, secret)
        .unwrap();
    // Twice: every request has a proof of its own.
    for _ in 0..2 {
        let answer = careful.bundles().receive("{}").await.unwrap_err();
        assert_ne!(answer.status(), Some(401), "{answer}");
    }
    let token = careful.access_token().await.unwrap().unwrap();
    let stolen = world.anyone.with_token(token);
    let answer = stolen.bundles().receive("{}").await.unwrap_err();
    assert_eq!(
        (answer.status(), answer.code()),
        (Some(401), Some("invalid_proof"))
    );
    // A token that is bound to nothing is not dressed up as one that is.
    let facility: Uuid = made.facility.id;
    let plain = world
        .program(&CreateSystemClient::new(facility, "旧"))
        .await;
    let (_, answer) = ask(&world.anyone, &plain, None).await;
    let token = answer["access_token"].as_str().unwrap();
    let proof = Program::new().sign(&world, &says(world.anyone.base_url(), BUNDLES, Some(token)));
    let authorization = format!("DPoP {token}");
    let headers = [("authorization", authorization.as_str()), ("dpop", &proof)];
    let answer = send(&world.anyone, &headers).await;
    assert_eq!(answer, (401, "invalid_proof".to_owned()));
}
