//! How far consent opens a patient to others (AZ-14).

use chrono::TimeDelta;
use tsumugi_client::{
    Client,
    models::{
        Channel, CreateConsent, CreatePost, InformationKind, RelationKind, Sensitivity, VitalSigns,
        WithdrawConsent,
    },
};
use uuid::Uuid;

use crate::support::{Person, Team, refused, team::today};

/// Puts a consent in the place of all that stand.
pub async fn consent_to(team: &Team, consent: CreateConsent) {
    let consents = team.nurse.client.consents();
    let before = consents.list(team.patient).await.unwrap().items;
    for old in before.iter().filter(|old| old.standing) {
        let reason = "変更".to_owned();
        consents
            .withdraw(old.id, &WithdrawConsent { reason })
            .await
            .unwrap();
    }
    consents.create(team.patient, &consent).await.unwrap();
}

/// Whether something was found; what is hidden is answered as if it were not there.
fn found<T>(answer: tsumugi_client::Result<T>) -> bool {
    let Err(error) = answer else { return true };
    assert_eq!(
        (error.status(), error.code()),
        (Some(404), Some("not_found"))
    );
    false
}

pub async fn reads(client: &Client, post: Uuid) -> bool {
    found(client.timeline().find_post(post).await)
}

pub async fn opens(client: &Client, patient: Uuid) -> bool {
    found(client.patients().find(patient).await)
}

#[actix_web::test]
async fn az_14_a_consent_opens_no_more_than_its_facilities_groups_kinds_and_days() {
    let team = Team::new().await;
    let patient = team.patient;
    let facilities = team.nurse.client.facilities();
    let facilities = facilities.list(&Default::default()).await.unwrap().items;
    let facility = |name: &str| facilities.iter().find(|f| f.name == name).unwrap().id;
    let note = team.helper.notes(patient, "CANARY 訪問").await.id;
    let pulse = VitalSigns {
        pulse: Some(72.0),
        ..Default::default()
    };
    let timeline = team.helper.client.timeline();
    let vitals = CreatePost::vitals(Channel::Team, pulse);
    let vitals = timeline.create_post(patient, &vitals).await.unwrap().id;
    let day = today();
    let seen = async |person: &Person| {
        let client = &person.client;
        (
            opens(client, patient).await,
            reads(client, note).await,
            reads(client, vitals).await,
        )
    };
    assert_eq!(seen(&team.nurse).await, (true, true, true));
    assert_eq!(seen(&team.physician).await, (true, true, true));

    let station = facility("北訪問看護ステーション");
    consent_to(
        &team,
        CreateConsent::on_paper(day).for_facilities([station]),
    )
    .await;
    assert_eq!(seen(&team.nurse).await, (true, true, true));
    assert_eq!(seen(&team.physician).await, (false, false, false));

    consent_to(
        &team,
        CreateConsent::on_paper(day).for_groups(["DR".to_owned()]),
    )
    .await;
    assert_eq!(seen(&team.nurse).await, (false, false, false));
    assert_eq!(seen(&team.physician).await, (true, true, true));

    let kinds = [InformationKind::Basic, InformationKind::Note];
    consent_to(&team, CreateConsent::on_paper(day).for_kinds(kinds)).await;
    assert_eq!(seen(&team.nurse).await, (true, true, false));
    assert_eq!(team.nurse.timeline(patient).await.len(), 1);
    consent_to(
        &team,
        CreateConsent::on_paper(day).for_kinds([InformationKind::Vitals]),
    )
    .await;
    assert_eq!(seen(&team.nurse).await, (false, false, true));

    let last = day + TimeDelta::days(3);
    consent_to(&team, CreateConsent::on_paper(day).until(last)).await;
    assert_eq!(seen(&team.nurse).await, (true, true, true));
    team.world.app.clock.advance(TimeDelta::days(3));
    assert!(reads(&team.physician.again().await, note).await);
    team.world.app.clock.advance(TimeDelta::days(1));
    let physician = team.physician.again().await;
    assert!(!reads(&physician, note).await && !opens(&physician, patient).await);
}

#[actix_web::test]
async fn az_14_sensitive_subjects_are_opened_by_name_and_one_by_one() {
    let team = Team::new().await;
    let write = async |subject| {
        let new = CreatePost::sensitive(subject, "CANARY 機微");
        let timeline = team.nurse.client.timeline();
        timeline.create_post(team.patient, &new).await.unwrap().id
    };
    let psychiatry = write(Sensitivity::Psychiatry).await;
    let hiv = write(Sensitivity::Hiv).await;
    let seen = async |person: &Person| {
        let both = (
            reads(&person.client, psychiatry).await,
            reads(&person.client, hiv).await,
        );
        let listed = person.timeline(team.patient).await;
        let listed = |id| listed.iter().any(|post| post.id == id);
        assert_eq!((listed(psychiatry), listed(hiv)), both);
        both
    };
    // Whoever recorded it has it.
    assert_eq!(seen(&team.nurse).await, (true, true));
    assert_eq!(seen(&team.physician).await, (false, false));
    let consent = CreateConsent::on_paper(today()).naming([Sensitivity::Psychiatry]);
    consent_to(&team, consent).await;
    assert_eq!(seen(&team.physician).await, (true, false));
    assert_eq!(seen(&team.care_manager).await, (true, false));
    assert_eq!(seen(&team.helper).await, (false, false));
    consent_to(&team, CreateConsent::on_paper(today())).await;
    assert_eq!(seen(&team.physician).await, (false, false));
}

#[actix_web::test]
async fn az_14_the_family_needs_a_word_of_its_own() {
    let team = Team::new().await;
    let family = team.relative("izumo.hanako", RelationKind::Family).await;
    let write = async |channel| {
        let new = CreatePost::note(channel, "CANARY 連絡");
        let timeline = team.nurse.client.timeline();
        timeline.create_post(team.patient, &new).await.unwrap().id
    };
    let shared = write(Channel::Family).await;
    let (inner, medical) = (write(Channel::Team).await, write(Channel::Medical).await);
    let seen = async || {
        (
            reads(&family, shared).await,
            reads(&family, inner).await,
            reads(&family, medical).await,
        )
    };
    assert_eq!(seen().await, (false, false, false));
    let consent = CreateConsent::on_paper(today()).including(["FM".to_owned()]);
    consent_to(&team, consent).await;
    assert_eq!(seen().await, (true, false, false));
    consent_to(&team, CreateConsent::on_paper(today())).await;
    assert_eq!(seen().await, (false, false, false));
}

#[actix_web::test]
async fn az_14_after_withdrawal_each_facility_has_what_it_recorded_and_no_more() {
    let team = Team::new().await;
    let patient = team.patient;
    let by_nurse = team.nurse.notes(patient, "CANARY 看護").await.id;
    let by_hospital = team.hospital_nurse.notes(patient, "CANARY 病院").await.id;
    let by_manager = team.care_manager.notes(patient, "CANARY ケアマネ").await.id;
    let consents = team.care_manager.client.consents();
    let consent = consents.list(patient).await.unwrap().items.remove(0).id;
    let reason = "本人の申し出".to_owned();
    let withdrawal = WithdrawConsent { reason };
    consents.withdraw(consent, &withdrawal).await.unwrap();
    let seen = async |person: &Person| {
        let mut seen = Vec::new();
        for post in [by_nurse, by_hospital, by_manager] {
            seen.push(reads(&person.client, post).await);
        }
        (opens(&person.client, patient).await, seen)
    };
    // A facility that wrote something still opens her, for that alone; who wrote nothing does not find her.
    assert_eq!(
        seen(&team.care_manager).await,
        (true, vec![false, false, true])
    );
    assert_eq!(
        seen(&team.hospital_nurse).await,
        (true, vec![false, true, false])
    );
    assert_eq!(seen(&team.nurse).await, (true, vec![true, false, false]));
    assert_eq!(seen(&team.physician).await, (false, vec![false; 3]));
    for (person, own) in [
        (&team.care_manager, by_manager),
        (&team.hospital_nurse, by_hospital),
        (&team.nurse, by_nurse),
    ] {
        let listed = person.timeline(patient).await;
        let listed: Vec<Uuid> = listed.iter().map(|post| post.id).collect();
        assert_eq!(listed, [own]);
    }
    for person in [&team.physician, &team.helper] {
        let mine = person.client.patients().list(&Default::default()).await;
        assert!(mine.unwrap().items.is_empty());
        let timeline = person.client.timeline();
        let list = timeline.list(patient, &Default::default()).await;
        refused(list, 404, "not_found");
    }
}
