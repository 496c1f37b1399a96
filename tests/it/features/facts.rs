//! The current state: what is so with a patient, for whom, since when, and what was so before.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tsumugi_client::models::{
    Channel, ConfirmFact, CreateConsent, CreateFact, EndFact, Fact, FactList, FactSight,
    FactSourceKind, ListFacts, RelationKind, Sensitivity, WithdrawConsent,
};

use crate::support::{Person, Team, refused, team::today};

/// A good value of every kind, with what is asked of whoever may not write it.
fn every_kind() -> Vec<(&'static str, Value)> {
    vec![
        (
            "allergy",
            json!({ "state": "present", "category": "medicine", "substance": "ペニシリン", "reaction": "全身の発疹", "severity": "severe", "onset": "2011" }),
        ),
        (
            "infection",
            json!({ "state": "present", "infection": "mrsa", "site": "喀痰", "measures": ["standard", "contact"] }),
        ),
        (
            "device",
            json!({ "device": "urinary_catheter", "size": "16Fr", "last_exchanged_on": "2026-02-15", "exchange_days": 28, "exchanged_by": "visiting_nurse" }),
        ),
        (
            "medicine",
            json!({ "name": "アムロジピン錠5mg", "yj": "2171022F1029", "dose": "1錠", "usage": "1日1回 朝食後", "route": "oral", "prescriber": "北診療所" }),
        ),
        (
            "problem",
            json!({ "name": "慢性心不全", "icd10": "I50.0", "status": "active", "onset": "2019-04", "main": true }),
        ),
        (
            "adl",
            json!({ "moving": "partial", "transfer": "watch", "bathing": "full", "indoor_aids": ["walker"], "pads": "night" }),
        ),
        (
            "barthel",
            json!({ "eating": "10", "transfer": "10", "grooming": "5", "toilet": "5", "bathing": "0", "moving": "10", "stairs": "5", "dressing": "5", "bowels": "10", "bladder": "5" }),
        ),
        (
            "disability_level",
            json!({ "grade": "B1", "judged_by": "physician" }),
        ),
        (
            "dementia_level",
            json!({ "grade": "IIa", "judged_by": "care_manager" }),
        ),
        (
            "diet",
            json!({ "route": ["oral"], "texture": "2-1", "staple": "porridge", "thickening": "2", "swallowing": "sometimes" }),
        ),
        (
            "pressure_injury",
            json!({ "site": "sacrum", "side": "middle", "depth": "D3", "exudate": "e3", "size": "s6", "inflammation": "I3C", "granulation": "g3", "necrosis": "N3", "pocket": "P6", "length": 3.2, "width": 2.5 }),
        ),
        (
            "wishes",
            json!({ "matters": "家で庭を見て過ごしたい", "last_place": "home", "resuscitation": "declines", "hospital": "then", "proxy_name": "出雲 花子", "proxy_relation": "長女", "discussed_on": "2026-01-20", "present": "本人、長女、医師、訪問看護師" }),
        ),
        (
            "contact",
            json!({ "name": "出雲 花子", "relation": "長女", "key_person": true, "phone": "090-0000-1204", "order": 1 }),
        ),
        (
            "service",
            json!({ "service": "visiting_nursing", "provider": "北訪問看護ステーション", "days": ["mon", "thu"], "starts": "10:00", "ends": "11:00" }),
        ),
    ]
}

pub(super) async fn write(person: &Person, team: &Team, kind: &str, value: Value) -> Fact {
    let new = CreateFact::seen(kind, value);
    person
        .client
        .facts()
        .create(team.patient, &new)
        .await
        .unwrap()
}

pub(super) async fn all(person: &Person, team: &Team) -> FactList {
    let facts = person.client.facts();
    facts
        .list(team.patient, &ListFacts::default())
        .await
        .unwrap()
}

/// Puts this consent in the place of every other.
async fn consent_to(team: &Team, consent: CreateConsent) {
    withdraw(team).await;
    let consents = team.care_manager.client.consents();
    consents.create(team.patient, &consent).await.unwrap();
}

async fn withdraw(team: &Team) {
    let consents = team.care_manager.client.consents();
    let all = consents.list(team.patient).await.unwrap().items;
    for old in all.iter().filter(|old| old.standing) {
        let reason = "変更".to_owned();
        let withdrawal = WithdrawConsent { reason };
        consents.withdraw(old.id, &withdrawal).await.unwrap();
    }
}

pub(super) fn allergy(substance: &str) -> Value {
    json!({ "state": "present", "substance": substance })
}

#[actix_web::test]
async fn every_kind_is_written_by_who_writes_it_and_read_as_it_was_written() {
    let team = Team::new().await;
    for (kind, value) in every_kind() {
        let author = if kind == "service" {
            &team.care_manager
        } else {
            &team.nurse
        };
        let made = write(author, &team, kind, value.clone()).await;
        assert_eq!(
            (made.kind.as_str(), made.version, made.summary_only),
            (kind, 1, false)
        );
        for (field, said) in value.as_object().unwrap() {
            assert_eq!(&made.value[field], said, "{kind} {field}");
        }
        assert_eq!(made.author.id, author.id);
        assert_eq!(made.source.kind, FactSourceKind::Observation);
        assert!(made.changeable && made.ended.is_none() && made.contradicts.is_empty());
        assert_eq!(author.client.facts().find(made.id).await.unwrap(), made);
    }
    let seen = all(&team.physician, &team).await;
    assert_eq!(seen.items.len(), every_kind().len());
    let of = |kind: &str| seen.items.iter().find(|fact| fact.kind == kind).unwrap();
    assert_eq!(of("device").value["next_exchange_on"], "2026-03-15");
    let injury = of("pressure_injury").score.as_ref().unwrap();
    assert_eq!((injury.points, injury.highest), (3 + 6 + 3 + 3 + 3 + 6, 66));
    assert_eq!(injury.notation.as_deref(), Some("D3-e3s6I3Cg3N3P6"));
    assert_eq!(of("barthel").score.as_ref().unwrap().points, 65);
    let only = ListFacts {
        kind: Some("device".into()),
        ..ListFacts::default()
    };
    let facts = team.physician.client.facts();
    assert_eq!(
        facts.list(team.patient, &only).await.unwrap().items.len(),
        1
    );
}

#[actix_web::test]
async fn what_does_not_fit_its_kind_is_refused_and_named() {
    let team = Team::new().await;
    let facts = team.nurse.client.facts();
    let tried = async |kind: &str, value: Value| {
        let new = CreateFact::seen(kind, value);
        refused(facts.create(team.patient, &new).await, 422, "invalid_input");
    };
    tried("mood", json!({})).await;
    tried("allergy", json!({ "state": "none", "substance": "卵" })).await;
    tried("allergy", json!({ "state": "present" })).await;
    tried(
        "device",
        json!({ "device": "urinary_catheter", "last_exchanged_on": "2026-02-30" }),
    )
    .await;
    tried(
        "device",
        json!({ "device": "urinary_catheter", "colour": "red" }),
    )
    .await;
    tried("disability_level", json!({ "grade": "D1" })).await;
    tried("diet", json!({ "route": ["oral"], "texture": "5" })).await;
    tried("wishes", json!({ "matters": "自宅で" })).await;
    tried(
        "contact",
        json!({ "name": "出雲 花子", "relation": "長女", "phone": "なし" }),
    )
    .await;
    tried(
        "infection",
        json!({ "state": "present", "infection": "hiv" }),
    )
    .await;
    let tomorrow = CreateFact {
        since: today().succ_opt(),
        ..CreateFact::seen("allergy", allergy("卵"))
    };
    refused(
        facts.create(team.patient, &tomorrow).await,
        422,
        "invalid_input",
    );
    let future = CreateFact {
        observed_at: Some(team.world.app.clock.now() + TimeDelta::hours(1)),
        ..CreateFact::seen("allergy", allergy("卵"))
    };
    refused(
        facts.create(team.patient, &future).await,
        422,
        "invalid_input",
    );
    for state in ["none", "unknown", "not_asked"] {
        write(&team.nurse, &team, "allergy", json!({ "state": state })).await;
    }
    let again = CreateFact::seen("problem", json!({ "name": "高血圧症", "status": "stable" }));
    facts.create(team.patient, &again).await.unwrap();
    refused(facts.create(team.patient, &again).await, 409, "fact_exists");
}

#[actix_web::test]
async fn each_profession_sees_and_writes_its_kinds_of_information() {
    let team = Team::new().await;
    for (kind, value) in every_kind() {
        let author = if kind == "service" {
            &team.care_manager
        } else {
            &team.physician
        };
        let new = CreateFact {
            note: Some("詳しい事情".into()),
            ..CreateFact::seen(kind, value)
        };
        author
            .client
            .facts()
            .create(team.patient, &new)
            .await
            .unwrap();
    }
    let helper = all(&team.helper, &team).await;
    let of = |kind: &str| helper.items.iter().find(|fact| fact.kind == kind).unwrap();
    let allergy = of("allergy");
    assert!(allergy.summary_only && !allergy.changeable && allergy.note.is_none());
    assert_eq!(allergy.value["substance"], "ペニシリン");
    assert_eq!(allergy.value.get("reaction"), None);
    assert!(!of("adl").summary_only && of("adl").changeable);
    let rights = |list: &FactList, kind: &str| {
        let found = list.kinds.iter().find(|known| known.kind == kind).unwrap();
        (found.sees.clone(), found.writes)
    };
    assert_eq!(rights(&helper, "allergy"), (FactSight::Summary, false));
    assert_eq!(rights(&helper, "medicine"), (FactSight::Summary, false));
    assert_eq!(rights(&helper, "adl"), (FactSight::All, true));
    assert_eq!(rights(&helper, "contact"), (FactSight::All, false));
    for (kind, value) in every_kind() {
        let new = CreateFact::seen(kind, value);
        let (_, writes) = rights(&helper, kind);
        let outcome = team.helper.client.facts().create(team.patient, &new).await;
        if writes {
            outcome.unwrap();
        } else {
            refused(outcome, 403, "forbidden");
        }
    }
    let first = of("allergy");
    let end = EndFact::because("誤り");
    refused(
        team.helper.client.facts().end(first.id, 1, &end).await,
        403,
        "forbidden",
    );
    for nobody in [&team.outsider, &team.stranger] {
        let facts = nobody.client.facts();
        refused(
            facts.list(team.patient, &ListFacts::default()).await,
            404,
            "not_found",
        );
        refused(facts.find(first.id).await, 404, "not_found");
        refused(facts.list_versions(first.id).await, 404, "not_found");
        refused(facts.end(first.id, 1, &end).await, 404, "not_found");
        let new = CreateFact::seen("allergy", json!({ "state": "none" }));
        refused(facts.create(team.patient, &new).await, 404, "not_found");
    }
    // The patient reads what is open to patients, and writes nothing of it.
    let patient = team.relative("izumo", RelationKind::Patient).await;
    let own = patient
        .facts()
        .list(team.patient, &ListFacts::default())
        .await
        .unwrap();
    assert!(
        own.items
            .iter()
            .any(|fact| fact.kind == "allergy" && !fact.summary_only)
    );
    assert!(own.kinds.iter().all(|kind| !kind.writes));
}

#[actix_web::test]
async fn without_consent_a_facility_keeps_what_it_said_and_sees_no_more() {
    let team = Team::new().await;
    let own = write(&team.nurse, &team, "allergy", allergy("卵")).await;
    let other = write(&team.physician, &team, "allergy", allergy("牛乳")).await;
    // A consent that leaves an information out hides it.
    let new = CreateConsent {
        kinds: Some(vec![
            "basic".into(),
            "note".into(),
            "assessment".into(),
            "consent".into(),
            "roster".into(),
        ]),
        ..CreateConsent::on_paper(today())
    };
    consent_to(&team, new).await;
    let seen = all(&team.nurse, &team).await;
    assert_eq!(
        seen.items.iter().map(|fact| fact.id).collect::<Vec<_>>(),
        [own.id]
    );
    let kind = seen
        .kinds
        .iter()
        .find(|kind| kind.kind == "allergy")
        .unwrap();
    assert_eq!((kind.sees.clone(), kind.writes), (FactSight::Own, false));
    refused(
        team.nurse.client.facts().find(other.id).await,
        404,
        "not_found",
    );
    let more = CreateFact::seen("allergy", allergy("そば"));
    refused(
        team.nurse.client.facts().create(team.patient, &more).await,
        403,
        "forbidden",
    );
    withdraw(&team).await;
    let facts = team.physician.client.facts();
    refused(facts.find(own.id).await, 404, "not_found");
    assert_eq!(facts.find(other.id).await.unwrap().id, other.id);
    let confirm = facts.confirm(other.id, 1, &ConfirmFact::default()).await;
    refused(confirm, 403, "forbidden");
}

#[actix_web::test]
async fn what_is_sensitive_needs_a_consent_that_names_it() {
    let team = Team::new().await;
    let hiv = json!({ "state": "present", "infection": "hiv" });
    let new = CreateFact::seen("infection", hiv).sensitive(Sensitivity::Hiv);
    let fact = team
        .nurse
        .client
        .facts()
        .create(team.patient, &new)
        .await
        .unwrap();
    assert_eq!(fact.channel, Channel::Sensitive);
    let seen = async |person: &Person| {
        let found = person.client.facts().find(fact.id).await.is_ok();
        let listed = all(person, &team)
            .await
            .items
            .iter()
            .any(|other| other.id == fact.id);
        let history = person.client.facts().list_versions(fact.id).await.is_ok();
        assert_eq!((listed, history), (found, found));
        found
    };
    assert!(seen(&team.nurse).await);
    assert!(!seen(&team.physician).await && !seen(&team.helper).await);
    consent_to(
        &team,
        CreateConsent::on_paper(today()).naming([Sensitivity::Hiv]),
    )
    .await;
    assert!(seen(&team.physician).await && !seen(&team.helper).await);
    consent_to(
        &team,
        CreateConsent::on_paper(today()).naming([Sensitivity::Finances]),
    )
    .await;
    assert!(!seen(&team.physician).await);
    // Facts for medical professions only are for those who read such posts.
    let medical = CreateFact {
        channel: Channel::Medical,
        ..CreateFact::seen("problem", json!({ "name": "胃癌", "status": "active" }))
    };
    let medical = team
        .physician
        .client
        .facts()
        .create(team.patient, &medical)
        .await
        .unwrap();
    assert!(team.nurse.client.facts().find(medical.id).await.is_ok());
    refused(
        team.helper.client.facts().find(medical.id).await,
        404,
        "not_found",
    );
    let open = CreateFact {
        channel: Channel::Family,
        ..CreateFact::seen("problem", json!({ "name": "胃癌", "status": "active" }))
    };
    refused(
        team.physician
            .client
            .facts()
            .create(team.patient, &open)
            .await,
        422,
        "invalid_input",
    );
}
