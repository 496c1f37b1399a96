//! Registration cards: a patient shows one, and a facility enters its own number.

use tsumugi_client::{
    Error,
    models::{
        CreateRegistrationCard, IssuedRegistrationCard, LinkRegistrationCard, LinkedCard, ReadCard,
        ReadRegistrationCard, WithdrawConsent,
    },
    new_id,
};

use crate::support::{
    Person, Team, refused,
    team::{HOSPITAL_NUMBER, new_patient, register},
};

async fn issue(team: &Team, by: &Person) -> IssuedRegistrationCard {
    let new = CreateRegistrationCard { id: new_id() };
    let cards = by.client.registration_cards();
    cards.create(team.patient, &new).await.unwrap()
}

async fn read(by: &Person, code: &str) -> Result<ReadCard, Error> {
    let code = code.to_owned();
    by.client
        .registration_cards()
        .read(&ReadRegistrationCard { code })
        .await
}

async fn link(
    by: &Person,
    code: &str,
    value: &str,
    system: Option<&str>,
) -> Result<LinkedCard, Error> {
    let new = LinkRegistrationCard {
        code: code.to_owned(),
        value: value.to_owned(),
        system: system.map(str::to_owned),
    };
    by.client.registration_cards().link(&new).await
}

#[actix_web::test]
async fn a_facility_that_reads_a_card_learns_who_it_is_and_enters_its_own_number() {
    let team = Team::new().await;
    let card = issue(&team, &team.nurse).await;
    assert_eq!(card.network, "北部地域ネットワーク");
    assert_eq!(card.patient.name, "出雲 和子");
    let typed = card.code.to_lowercase().replace('-', " ");
    let shown = read(&team.outsider, &typed);
    let shown = shown.await.unwrap().patient;
    assert_eq!(shown, card.patient);
    // Nothing else of the patient is open to the facility.
    let found = team.outsider.client.patients().find(team.patient).await;
    refused(found, 404, "not_found");

    // A facility without an institution code has to say whose numbers these are.
    let unnamed = link(&team.outsider, &card.code, "77", None).await;
    refused(unnamed, 422, "invalid_input");
    let linked = link(
        &team.outsider,
        &card.code,
        "77",
        Some("urn:oid:1.2.392.200"),
    )
    .await;
    assert_eq!(linked.unwrap().value, "77");
    // The hospital has one.
    let linked = link(&team.hospital_nurse, &card.code, "0099", None).await;
    assert_eq!(linked.unwrap().system, HOSPITAL_NUMBER.0);
    // The number that is hers already is hers still.
    let again = link(&team.hospital_nurse, &card.code, HOSPITAL_NUMBER.1, None).await;
    again.unwrap();
    let patient = team.care_manager.client.patients().find(team.patient).await;
    let numbers: Vec<_> = patient
        .unwrap()
        .identifiers
        .into_iter()
        .map(|number| (number.value, number.facility_name.unwrap_or_default()))
        .collect();
    assert_eq!(
        numbers,
        [
            (HOSPITAL_NUMBER.1.to_owned(), "北部総合病院".to_owned()),
            ("77".to_owned(), "東訪問看護ステーション".to_owned()),
            ("0099".to_owned(), "北部総合病院".to_owned()),
        ]
    );
}

#[actix_web::test]
async fn a_number_of_somebody_else_is_not_entered() {
    let team = Team::new().await;
    let other = register(
        &team.care_manager,
        new_patient("別人 花子", "ベツジン ハナコ"),
    )
    .await;
    let new = CreateRegistrationCard { id: new_id() };
    let cards = team.care_manager.client.registration_cards();
    let card = cards.create(other.id, &new).await.unwrap();
    let taken = link(&team.hospital_nurse, &card.code, HOSPITAL_NUMBER.1, None).await;
    refused(taken, 409, "identifier_taken");
}

#[actix_web::test]
async fn a_new_card_ends_the_one_before_and_a_lost_one_is_revoked() {
    let team = Team::new().await;
    let first = issue(&team, &team.nurse).await;
    let second = issue(&team, &team.care_manager).await;
    assert_ne!(first.code, second.code);
    let gone = read(&team.outsider, &first.code).await;
    refused(gone, 404, "registration_card_not_found");
    read(&team.outsider, &second.code).await.unwrap();
    let cards = team.nurse.client.registration_cards();
    refused(
        cards.revoke(first.id).await,
        409,
        "registration_card_revoked",
    );
    let revoked = cards.revoke(second.id).await.unwrap();
    assert!(revoked.revoked_at.is_some());
    let gone = read(&team.outsider, &second.code).await;
    refused(gone, 404, "registration_card_not_found");
    let gone = link(&team.hospital_nurse, &second.code, "1", None).await;
    refused(gone, 404, "registration_card_not_found");
    let listed = cards.list(team.patient).await.unwrap().items;
    let ids: Vec<_> = listed.iter().map(|card| card.id).collect();
    assert_eq!(ids, [second.id, first.id]);
    assert!(listed.iter().all(|card| card.revoked_at.is_some()));
    // An id is used once.
    let new = CreateRegistrationCard { id: first.id };
    let taken = cards.create(team.patient, &new).await;
    refused(taken, 409, "registration_card_exists");
}

#[actix_web::test]
async fn of_two_cards_issued_at_once_one_is_good() {
    let team = Team::new().await;
    let (one, two) = futures_util::join!(issue(&team, &team.nurse), issue(&team, &team.nurse));
    let good = [
        read(&team.outsider, &one.code).await.is_ok(),
        read(&team.outsider, &two.code).await.is_ok(),
    ];
    assert_eq!(good.iter().filter(|good| **good).count(), 1);
}

#[actix_web::test]
async fn a_card_is_good_only_while_a_consent_stands() {
    let team = Team::new().await;
    let card = issue(&team, &team.nurse).await;
    let consents = team.care_manager.client.consents();
    let standing = consents.list(team.patient).await.unwrap().items.remove(0);
    let reason = WithdrawConsent {
        reason: "本人の申し出".to_owned(),
    };
    consents.withdraw(standing.id, &reason).await.unwrap();
    let gone = read(&team.outsider, &card.code).await;
    refused(gone, 404, "registration_card_not_found");
}

#[actix_web::test]
async fn cards_are_for_those_who_take_consent_and_read_by_those_who_register() {
    let team = Team::new().await;
    let new = || CreateRegistrationCard { id: new_id() };
    for (person, status, code) in [
        (&team.helper, 403, "forbidden"),
        (&team.physician, 403, "forbidden"),
        (&team.outsider, 404, "not_found"),
        (&team.world.administrator, 404, "not_found"),
    ] {
        let cards = person.client.registration_cards();
        refused(cards.create(team.patient, &new()).await, status, code);
        refused(cards.list(team.patient).await, status, code);
    }
    let card = issue(&team, &team.nurse).await;
    let revoked = team
        .outsider
        .client
        .registration_cards()
        .revoke(card.id)
        .await;
    refused(revoked, 404, "not_found");
    for person in [&team.helper, &team.auditor, &team.world.administrator] {
        refused(read(person, &card.code).await, 403, "forbidden");
        let linked = link(person, &card.code, "1", Some("urn:oid:1.2.3")).await;
        refused(linked, 403, "forbidden");
    }
    // A card of another network is no card here.
    let gone = read(&team.stranger, &card.code).await;
    refused(gone, 404, "registration_card_not_found");
}
