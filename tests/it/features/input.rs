//! What is sent wrongly, anywhere: the right refusal, and nothing else.

use crate::support::{Team, World};

#[actix_web::test]
async fn broken_bodies_get_the_right_refusal() {
    let team = Team::new().await;
    let path = format!("/v1/patients/{}/timeline", team.patient);
    let json = "application/json";
    let deep = format!("{}1{}", "[".repeat(3000), "]".repeat(3000));
    let large = format!("{{\"body\":\"{}\"}}", "x".repeat(300_000));
    for (kind, body, status, code) in [
        (json, b"{".to_vec(), 400, "malformed_json"),
        (json, b"".to_vec(), 400, "malformed_json"),
        (json, b"{\"body\":\"\xff\"}".to_vec(), 400, "malformed_json"),
        (json, deep.into_bytes(), 422, "invalid_input"),
        (json, b"[]".to_vec(), 422, "invalid_input"),
        (json, b"null".to_vec(), 422, "invalid_input"),
        (json, large.into_bytes(), 413, "body_too_large"),
        ("text/plain", b"{}".to_vec(), 415, "unsupported_media_type"),
        (
            "application/x-www-form-urlencoded",
            b"a=b".to_vec(),
            415,
            "unsupported_media_type",
        ),
    ] {
        let headers = [("content-type", kind)];
        let answer = team
            .nurse
            .client
            .send_raw("POST", &path, &headers, body)
            .await
            .unwrap();
        assert_eq!(
            (answer.status, answer.error().unwrap().code().unwrap()),
            (status, code),
            "{}",
            answer.text()
        );
        assert_eq!(
            answer.header("content-type"),
            Some("application/problem+json")
        );
        assert!(answer.header("x-request-id").is_some());
    }
}

#[actix_web::test]
async fn addresses_queries_and_headers_are_read_strictly() {
    let team = Team::new().await;
    let patient = team.patient;
    for (method, path, status, code) in [
        ("GET", "/v1/patients/5".to_owned(), 404, "not_found"),
        ("GET", format!("/v1/posts/{patient}"), 404, "not_found"),
        (
            "GET",
            format!("/v1/patients/{}", team.nurse.id),
            404,
            "not_found",
        ),
        ("GET", "/v1/nothing".to_owned(), 404, "not_found"),
        (
            "PATCH",
            format!("/v1/patients/{patient}"),
            405,
            "method_not_allowed",
        ),
        (
            "DELETE",
            "/v1/patients".to_owned(),
            405,
            "method_not_allowed",
        ),
        ("TRACE", "/v1/me".to_owned(), 405, "method_not_allowed"),
        (
            "GET",
            "/v1/patients?qurey=x".to_owned(),
            422,
            "invalid_input",
        ),
        (
            "GET",
            "/v1/patients?limit=0".to_owned(),
            422,
            "invalid_input",
        ),
        (
            "GET",
            "/v1/patients?limit=101".to_owned(),
            422,
            "invalid_input",
        ),
        (
            "GET",
            "/v1/patients?limit=x".to_owned(),
            422,
            "invalid_input",
        ),
        (
            "GET",
            "/v1/patients?cursor=abc".to_owned(),
            422,
            "invalid_input",
        ),
        (
            "GET",
            format!("/v1/patients/{patient}/timeline?cursor=WyJ4IiwxXQ"),
            422,
            "invalid_input",
        ),
    ] {
        let answer = team.nurse.raw(method, &path, "").await;
        let found = answer.error().unwrap();
        assert_eq!(
            (answer.status, found.code().unwrap()),
            (status, code),
            "{method} {path} {}",
            answer.text()
        );
    }
    let long = "x".repeat(101);
    for key in ["", "with space", long.as_str()] {
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", key),
        ];
        let answer = team
            .nurse
            .client
            .send_raw("POST", "/v1/patients", &headers, "{}")
            .await
            .unwrap();
        assert_eq!(answer.status, 422, "{key:?}");
    }
}

#[actix_web::test]
async fn answers_carry_no_more_than_they_should() {
    let world = World::new().await;
    let answer = world.administrator.raw("GET", "/v1/me", "").await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(
        answer
            .header("content-security-policy")
            .unwrap()
            .contains("frame-ancestors 'none'")
    );
    assert!(answer.header("server").is_none());
    let ready = world.anyone.health().find_readiness().await.unwrap();
    assert!(ready.database && ready.migrations);
}
