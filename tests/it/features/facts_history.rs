//! The current state: what was so before, who said it, and what contradicts what.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join;
use serde_json::{Value, json};
use tsumugi_client::{
    models::{
        ChangeFact, Channel, ConfirmFact, CreateFact, CreatePost, EndFact, Fact, FactAct,
        FactConfidence, FactSourceKind, FactVersion, ListFacts, NewFactSource, PostKind,
        RetractPost, Sensitivity,
    },
    new_id,
};
use uuid::Uuid;

use super::facts::{all, allergy, write};
use crate::support::{Person, Team, refused};

async fn with_history(person: &Person, team: &Team) -> Vec<Fact> {
    let query = ListFacts {
        history: Some(true),
        ..ListFacts::default()
    };
    person
        .client
        .facts()
        .list(team.patient, &query)
        .await
        .unwrap()
        .items
}

#[actix_web::test]
async fn of_two_who_change_the_same_one_hears_it_and_nothing_is_lost() {
    let team = Team::new().await;
    let first = write(
        &team.nurse,
        &team,
        "diet",
        json!({ "route": ["oral"], "texture": "4" }),
    )
    .await;
    let change = |texture: &str| ChangeFact::seen(json!({ "route": ["oral"], "texture": texture }));
    let (softer, softest) = (change("3"), change("2-1"));
    let (by_nurse, by_physician) = (team.nurse.client.facts(), team.physician.client.facts());
    let (one, other) = join(
        by_nurse.change(first.id, 1, &softer),
        by_physician.change(first.id, 1, &softest),
    )
    .await;
    assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    let late = if one.is_ok() { other } else { one };
    refused(late, 412, "stale_version");
    let now = by_nurse.find(first.id).await.unwrap();
    assert_eq!(now.version, 2);
    let after = by_physician.change(first.id, 2, &softest).await.unwrap();
    assert_eq!(after.value["texture"], "2-1");
    let versions = by_nurse.list_versions(first.id).await.unwrap().items;
    assert_eq!(
        versions.iter().map(|v| v.version).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(versions[0].value.as_ref().unwrap()["texture"], "4");
    let unseen = team
        .nurse
        .raw("POST", &format!("/v1/facts/{}/confirm", first.id), "{}")
        .await;
    assert_eq!(unseen.status, 428);
}

#[actix_web::test]
async fn what_was_so_stays_with_its_source_and_author() {
    let team = Team::new().await;
    let told = CreateFact {
        confidence: FactConfidence::Reported,
        source: NewFactSource {
            text: Some("長女より電話で".into()),
            ..NewFactSource::of(FactSourceKind::Interview)
        },
        since: Some("2026-01-05".parse().unwrap()),
        ..CreateFact::seen("disability_level", json!({ "grade": "A2" }))
    };
    let fact = team
        .nurse
        .client
        .facts()
        .create(team.patient, &told)
        .await
        .unwrap();
    team.world.app.clock.advance(TimeDelta::days(2));
    let (first, second) = (team.nurse.anew().await, team.physician.anew().await);
    let (nurse, physician) = (first.client.facts(), second.client.facts());
    let still = physician
        .confirm(fact.id, 1, &ConfirmFact::default())
        .await
        .unwrap();
    assert_eq!((still.version, &still.value), (2, &fact.value));
    assert!(still.confirmed_at > fact.confirmed_at && still.recorded_at == fact.recorded_at);
    assert_eq!(still.author.id, team.nurse.id);
    let worse = ChangeFact {
        reason: Some("肺炎のあと".into()),
        ..ChangeFact::seen(json!({ "grade": "B2" }))
    };
    let now = physician.change(fact.id, 2, &worse).await.unwrap();
    assert_eq!((now.version, now.author.id), (3, team.physician.id));
    assert_eq!(now.confidence, FactConfidence::Confirmed);
    let better = write(&second, &team, "disability_level", json!({ "grade": "B1" })).await;
    let end = EndFact {
        superseded_by: Some(better.id),
        ..EndFact::because("再評価")
    };
    let wrong = EndFact {
        superseded_by: Some(fact.id),
        ..end.clone()
    };
    refused(nurse.end(fact.id, 3, &wrong).await, 422, "invalid_input");
    let ended = nurse.end(fact.id, 3, &end).await.unwrap();
    let told = ended.ended.unwrap();
    assert_eq!(
        (told.reason.as_str(), told.superseded_by, told.author.id),
        ("再評価", Some(better.id), team.nurse.id)
    );
    refused(
        nurse.confirm(fact.id, 4, &ConfirmFact::default()).await,
        409,
        "fact_ended",
    );
    refused(
        nurse.confirm(fact.id, 3, &ConfirmFact::default()).await,
        412,
        "stale_version",
    );
    let current = all(&first, &team).await.items;
    assert_eq!(
        current.iter().map(|fact| fact.id).collect::<Vec<_>>(),
        [better.id]
    );
    let everything = with_history(&first, &team).await;
    let old = everything.iter().find(|other| other.id == fact.id).unwrap();
    let before = old.earlier.as_ref().unwrap();
    assert_eq!(before.len(), 1);
    let source = before[0].source.as_ref().unwrap();
    assert_eq!(
        (&source.kind, source.text.as_deref()),
        (&FactSourceKind::Interview, Some("長女より電話で"))
    );
    assert_eq!(before[0].confidence, Some(FactConfidence::Reported));
    let acts: Vec<FactAct> = nurse
        .list_versions(fact.id)
        .await
        .unwrap()
        .items
        .into_iter()
        .map(|v| v.act)
        .collect();
    assert_eq!(
        acts,
        [
            FactAct::Create,
            FactAct::Confirm,
            FactAct::Change,
            FactAct::End
        ]
    );
}

#[actix_web::test]
async fn facts_that_contradict_each_other_stand_side_by_side() {
    let team = Team::new().await;
    let none = write(
        &team.care_manager,
        &team,
        "contact",
        json!({ "name": "出雲 花子", "relation": "長女", "phone": "090-0000-1204" }),
    )
    .await;
    let other = write(
        &team.nurse,
        &team,
        "contact",
        json!({ "name": "出雲　花子", "relation": "長女", "phone": "090-0000-9999" }),
    )
    .await;
    assert_eq!(other.contradicts, [none.id]);
    let no = write(&team.nurse, &team, "allergy", json!({ "state": "none" })).await;
    let egg = write(&team.physician, &team, "allergy", allergy("卵")).await;
    let seen = all(&team.physician, &team).await.items;
    let of = |id: Uuid| seen.iter().find(|fact| fact.id == id).unwrap();
    assert_eq!(of(no.id).contradicts, [egg.id]);
    assert_eq!(of(egg.id).contradicts, [no.id]);
    let end = EndFact {
        superseded_by: Some(egg.id),
        ..EndFact::because("本人に確認")
    };
    team.physician
        .client
        .facts()
        .end(no.id, 1, &end)
        .await
        .unwrap();
    assert!(
        all(&team.nurse, &team)
            .await
            .items
            .iter()
            .all(|fact| fact.kind != "allergy" || fact.contradicts.is_empty())
    );
}

#[actix_web::test]
async fn a_post_becomes_a_fact_for_no_more_people_than_it_was_for() {
    let team = Team::new().await;
    let timeline = team.nurse.client.timeline();
    let new = CreatePost::of_kind(
        PostKind::Medication,
        Channel::Team,
        "アムロジピンが始まりました",
    );
    let post = timeline.create_post(team.patient, &new).await.unwrap();
    let facts = team.nurse.client.facts();
    let medicine =
        CreateFact::seen("medicine", json!({ "name": "アムロジピン錠5mg" })).of_post(post.id);
    let fact = facts.create(team.patient, &medicine).await.unwrap();
    assert_eq!(
        (fact.source.kind.clone(), fact.source.id),
        (FactSourceKind::Post, Some(post.id))
    );
    let made_of = ListFacts {
        source_id: Some(post.id),
        ..ListFacts::default()
    };
    let found = facts.list(team.patient, &made_of).await.unwrap().items;
    assert_eq!(
        found.iter().map(|fact| fact.id).collect::<Vec<_>>(),
        [fact.id]
    );
    let taken_back = RetractPost {
        reason: "別の方の記録".into(),
    };
    timeline
        .retract_post(post.id, 1, &taken_back)
        .await
        .unwrap();
    assert!(facts.find(fact.id).await.unwrap().source.retracted);
    refused(
        facts
            .create(
                team.patient,
                &CreateFact {
                    id: new_id(),
                    ..medicine.clone()
                },
            )
            .await,
        422,
        "invalid_input",
    );
    // What was told in confidence stays there.
    let told = CreatePost::sensitive(Sensitivity::Psychiatry, "通院歴あり");
    let told = timeline.create_post(team.patient, &told).await.unwrap();
    let problem = CreateFact::seen("problem", json!({ "name": "うつ病", "status": "active" }))
        .of_post(told.id);
    refused(
        facts.create(team.patient, &problem).await,
        422,
        "invalid_input",
    );
    facts
        .create(
            team.patient,
            &problem.clone().sensitive(Sensitivity::Psychiatry),
        )
        .await
        .unwrap();
    let by_other = CreateFact {
        id: new_id(),
        ..problem.sensitive(Sensitivity::Psychiatry)
    };
    refused(
        team.physician
            .client
            .facts()
            .create(team.patient, &by_other)
            .await,
        422,
        "invalid_input",
    );
    let missing = CreateFact::seen("medicine", json!({ "name": "薬" })).of_post(new_id());
    refused(
        facts.create(team.patient, &missing).await,
        422,
        "invalid_input",
    );
}

/// What the versions say together, told once more and in another way than the server does.
fn fold(versions: &[FactVersion]) -> (Option<Value>, DateTime<Utc>, bool) {
    let mut state = (None, DateTime::<Utc>::MIN_UTC, false);
    for version in versions {
        match version.act {
            FactAct::Create | FactAct::Change => {
                state = (version.value.clone(), version.observed_at, false);
            }
            FactAct::Confirm => state.1 = state.1.max(version.observed_at),
            _ => state.2 = true,
        }
    }
    state
}

#[actix_web::test]
async fn what_is_so_is_what_the_history_says_whatever_is_tried() {
    let team = Team::new().await;
    let people = [&team.nurse, &team.physician, &team.hospital_nurse];
    let mut facts: Vec<Uuid> = Vec::new();
    // A sequence that looks like chance and is the same every time.
    let mut seed = 20_260_301_u64;
    let mut dice = |sides: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % sides
    };
    let grades = ["J1", "J2", "A1", "A2", "B1", "B2", "C1", "C2"];
    for _ in 0..120 {
        let api = people[usize::try_from(dice(3)).unwrap()].client.facts();
        let grade = json!({ "grade": grades[usize::try_from(dice(8)).unwrap()] });
        let observed_at = Some(
            team.world.app.clock.now() - TimeDelta::minutes(i64::try_from(dice(500)).unwrap()),
        );
        if facts.is_empty() || dice(12) == 0 {
            let new = CreateFact {
                observed_at,
                ..CreateFact::seen("disability_level", grade)
            };
            facts.push(api.create(team.patient, &new).await.unwrap().id);
            continue;
        }
        let id = facts[usize::try_from(dice(facts.len().try_into().unwrap())).unwrap()];
        let known = api.find(id).await.unwrap();
        let version = known.version - i64::try_from(dice(5) / 4).unwrap();
        let outcome = match dice(10) {
            0 => api.end(id, version, &EndFact::because("終了")).await,
            1..5 => api.confirm(id, version, &ConfirmFact { observed_at }).await,
            _ => {
                let now = ChangeFact {
                    observed_at,
                    ..ChangeFact::seen(grade)
                };
                api.change(id, version, &now).await
            }
        };
        match outcome {
            Ok(after) => assert_eq!(
                (after.version, known.ended.is_none()),
                (known.version + 1, true)
            ),
            Err(error) if version != known.version => assert_eq!(error.status(), Some(412)),
            Err(error) => assert_eq!(
                (error.code(), known.ended.is_some()),
                (Some("fact_ended"), true)
            ),
        }
    }
    let listed = with_history(&team.physician, &team).await;
    assert_eq!(listed.len(), facts.len());
    for fact in listed {
        let versions = team
            .physician
            .client
            .facts()
            .list_versions(fact.id)
            .await
            .unwrap()
            .items;
        let (value, confirmed_at, ended) = fold(&versions);
        assert_eq!(
            (Some(&fact.value), fact.confirmed_at),
            (value.as_ref(), confirmed_at)
        );
        assert_eq!(
            (fact.ended.is_some(), fact.version),
            (ended, i64::try_from(versions.len()).unwrap())
        );
        let said = versions
            .iter()
            .filter(|version| version.value.is_some())
            .count();
        assert_eq!(fact.earlier.unwrap().len(), said - 1);
    }
}
