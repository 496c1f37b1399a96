//! Documents that hospitals push.

use tsumugi_client::models::{LinkIncomingDocument, ListIncomingDocuments, ReceiptOutcome};

use crate::support::{
    Team, refused,
    team::{join, new_patient, register},
};

const SUMMARY: &str = include_str!("../../fixtures/fhir/discharge-summary-01.json");

/// A document about somebody else, as the hospital of these tests would send it.
fn other_summary() -> String {
    include_str!("../../fixtures/fhir/discharge-summary-02.json")
        .replace("3211122330", "3212345670")
}

#[actix_web::test]
async fn a_document_is_kept_byte_for_byte_and_sent_once() {
    let team = Team::new().await;
    let first = team.hospital.bundles().receive(SUMMARY).await.unwrap();
    let again = team.hospital.bundles().receive(SUMMARY).await.unwrap();
    assert_eq!(first.outcome, ReceiptOutcome::Posted);
    assert_eq!(
        (again.outcome, again.document),
        (ReceiptOutcome::AlreadyReceived, first.document)
    );
    let original = team
        .physician
        .client
        .documents()
        .find_original(first.document)
        .await
        .unwrap();
    assert_eq!(original, SUMMARY.as_bytes());
    assert_eq!(team.physician.timeline(team.patient).await.len(), 1);
    // A home helper does not read discharge summaries.
    assert!(team.helper.timeline(team.patient).await.is_empty());
    refused(
        team.helper.client.documents().find(first.document).await,
        404,
        "not_found",
    );
    refused(
        team.helper
            .client
            .documents()
            .find_original(first.document)
            .await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn the_same_number_with_other_bytes_replaces() {
    let team = Team::new().await;
    let first = team.hospital.bundles().receive(SUMMARY).await.unwrap();
    let mut corrected: serde_json::Value = serde_json::from_str(SUMMARY).unwrap();
    corrected["entry"][0]["resource"]["title"] = "退院時サマリー（訂正版）".into();
    let second = team
        .hospital
        .bundles()
        .receive(corrected.to_string())
        .await
        .unwrap();
    assert_eq!(
        (second.outcome, second.post),
        (ReceiptOutcome::Replaced, first.post)
    );
    let timeline = team.physician.timeline(team.patient).await;
    assert_eq!(timeline.len(), 1);
    assert_eq!(
        (
            timeline[0].version,
            timeline[0].document.as_ref().unwrap().id
        ),
        (2, second.document)
    );
    let versions = team
        .physician
        .client
        .timeline()
        .list_post_versions(timeline[0].id)
        .await
        .unwrap()
        .items;
    let documents: Vec<_> = versions
        .iter()
        .map(|version| version.document_id.unwrap())
        .collect();
    assert_eq!(documents, [first.document, second.document]);
    team.physician
        .client
        .documents()
        .find(first.document)
        .await
        .unwrap();
}

#[actix_web::test]
async fn a_document_of_somebody_unknown_waits_until_a_person_names_the_patient() {
    let team = Team::new().await;
    let other = other_summary();
    let receipt = team
        .hospital
        .bundles()
        .receive(other.clone())
        .await
        .unwrap();
    assert_eq!(
        (receipt.outcome, receipt.patient),
        (ReceiptOutcome::Waiting, None)
    );
    let list = ListIncomingDocuments::default();
    let waiting = team
        .hospital_nurse
        .client
        .documents()
        .list_incoming(&list)
        .await
        .unwrap()
        .items;
    assert_eq!(waiting.len(), 1);
    assert!(waiting[0].candidates.is_empty());
    // Only at the facility that sent it.
    assert!(
        team.nurse
            .client
            .documents()
            .list_incoming(&list)
            .await
            .unwrap()
            .items
            .is_empty()
    );
    refused(
        team.nurse.client.documents().find(receipt.document).await,
        404,
        "not_found",
    );
    refused(
        team.helper.client.documents().list_incoming(&list).await,
        403,
        "forbidden",
    );
    // The person is registered; now there is a candidate.
    let sent = &waiting[0].document.patient;
    let mut new = new_patient(&sent.name, sent.kana.as_deref().unwrap());
    new.birth_date = sent.birth_date.unwrap();
    new.sex = sent.sex.clone().unwrap();
    let patient = register(&team.hospital_nurse, new).await.id;
    join(&team.hospital_nurse, patient, team.nurse.id).await;
    let waiting = team
        .hospital_nurse
        .client
        .documents()
        .list_incoming(&list)
        .await
        .unwrap()
        .items;
    assert_eq!(waiting[0].candidates[0].patient_id, patient);
    let name = LinkIncomingDocument {
        patient_id: patient,
    };
    refused(
        team.nurse
            .client
            .documents()
            .link_incoming(receipt.document, &name)
            .await,
        404,
        "not_found",
    );
    team.hospital_nurse
        .client
        .documents()
        .link_incoming(receipt.document, &name)
        .await
        .unwrap();
    refused(
        team.hospital_nurse
            .client
            .documents()
            .link_incoming(receipt.document, &name)
            .await,
        409,
        "document_linked",
    );
    let post = team.nurse.timeline(patient).await.remove(0);
    assert_eq!(post.document.unwrap().id, receipt.document);
    assert_eq!(post.author.kind.as_str(), "system");
    // The next one finds its way by itself.
    let next = other.replacen("\"timestamp\"", " \"timestamp\"", 1);
    let receipt = team.hospital.bundles().receive(next).await.unwrap();
    assert_eq!(receipt.patient, Some(patient));
}

#[actix_web::test]
async fn a_number_with_another_birth_date_is_not_believed() {
    let team = Team::new().await;
    let swapped = SUMMARY.replace("1943-05-12", "1953-05-12");
    assert_ne!(swapped, SUMMARY);
    let receipt = team.hospital.bundles().receive(swapped).await.unwrap();
    assert_eq!(receipt.outcome, ReceiptOutcome::Waiting);
    assert!(team.physician.timeline(team.patient).await.is_empty());
}

#[actix_web::test]
async fn without_consent_a_document_waits() {
    let team = Team::new().await;
    let standing = team
        .care_manager
        .client
        .consents()
        .list(team.patient)
        .await
        .unwrap()
        .items
        .remove(0);
    let reason = tsumugi_client::models::WithdrawConsent {
        reason: "申し出".into(),
    };
    team.care_manager
        .client
        .consents()
        .withdraw(standing.id, &reason)
        .await
        .unwrap();
    assert_eq!(
        team.hospital
            .bundles()
            .receive(SUMMARY)
            .await
            .unwrap()
            .outcome,
        ReceiptOutcome::Waiting
    );
}

#[actix_web::test]
async fn what_is_not_a_bundle_is_refused_with_its_reason_and_not_kept() {
    let team = Team::new().await;
    let fhir = [("content-type", "application/fhir+json")];
    let push = async |body: Vec<u8>| {
        team.hospital
            .send_raw("POST", "/fhir/r4/Bundle/$receive", &fhir, body)
            .await
            .unwrap()
    };
    for (body, status, code) in [
        (b"not json".to_vec(), 400, "not_json"),
        (b"\xff\xfe".to_vec(), 400, "invalid_utf8"),
        (
            b"{\"resourceType\":\"Patient\"}".to_vec(),
            422,
            "not_a_bundle",
        ),
        (b"{\"a\":1}".to_vec(), 422, "not_fhir"),
        (
            b"{\"resourceType\":\"Bundle\",\"type\":\"transaction\"}".to_vec(),
            422,
            "bundle_wrong_type",
        ),
        ("[".repeat(100_000).into_bytes(), 400, "too_deep"),
        (vec![b' '; 5 * 1024 * 1024 + 1], 413, "body_too_large"),
    ] {
        let answer = push(body).await;
        let outcome: serde_json::Value = answer.json().unwrap();
        assert_eq!(outcome["resourceType"], "OperationOutcome", "{code}");
        let codes: Vec<_> = outcome["issue"]
            .as_array()
            .unwrap()
            .iter()
            .map(|i| i["details"]["coding"][0]["code"].clone())
            .collect();
        assert!(codes.contains(&code.into()), "{code}: {codes:?}");
        assert!(
            answer.status == status || (code == "too_deep" && answer.status == 422),
            "{code} {}",
            answer.status
        );
        assert_eq!(answer.header("content-type"), Some("application/fhir+json"));
    }
    let count: i64 = team.world.db.one("SELECT count(*) FROM documents").await;
    assert_eq!(count, 0);
    // People do not push, and systems do nothing else.
    refused(
        team.physician.client.bundles().receive(SUMMARY).await,
        403,
        "forbidden",
    );
    refused(
        team.hospital.patients().find(team.patient).await,
        404,
        "not_found",
    );
    refused(
        team.hospital
            .timeline()
            .list(team.patient, &Default::default())
            .await,
        404,
        "not_found",
    );
}
