//! Registering, finding and opening patients.

use tsumugi_client::models::{ListPatients, NewPatientIdentifier};

use crate::support::{
    Team, refused,
    team::{new_patient, register, today},
};

#[actix_web::test]
async fn a_patient_is_found_however_the_name_is_written() {
    let team = Team::new().await;
    register(
        &team.care_manager,
        new_patient("髙橋 テル", "タカハシ テル"),
    )
    .await;
    let found = async |words: &str| {
        let page = team
            .care_manager
            .client
            .patients()
            .list(&ListPatients::matching(words))
            .await
            .unwrap();
        page.items
            .into_iter()
            .map(|item| item.name)
            .collect::<Vec<_>>()
    };
    for words in [
        "出雲",
        "和子",
        "いずも",
        "イズモ",
        "ｲｽﾞﾓ",
        "ズモ",
        "いずもかず",
        "0012345",
    ] {
        assert_eq!(found(words).await, ["出雲 和子"], "{words}");
    }
    for words in ["髙橋", "高橋", "たかはし"] {
        assert_eq!(found(words).await, ["髙橋 テル"], "{words}");
    }
    // What means something to the database means nothing here.
    for words in ["%", "_", "\\", "いすも"] {
        assert!(found(words).await.is_empty(), "{words}");
    }
    assert_eq!(found(" ").await, ["出雲 和子", "髙橋 テル"]);
}

#[actix_web::test]
async fn the_list_is_ordered_by_kana_and_paged_without_gaps() {
    let team = Team::new().await;
    for kana in [
        "ワタナベ",
        "アオキ",
        "ガモウ",
        "カトウ",
        "サトウ",
        "ハマダ",
        "バンバ",
    ] {
        register(&team.nurse, new_patient("試験", kana)).await;
    }
    let mut kana = Vec::new();
    let mut query = ListPatients {
        limit: Some(3),
        ..Default::default()
    };
    loop {
        let page = team.nurse.client.patients().list(&query).await.unwrap();
        kana.extend(page.items.into_iter().map(|item| item.kana));
        let Some(next) = page.next else { break };
        query.cursor = Some(next);
    }
    assert_eq!(
        kana,
        [
            "アオキ",
            "イズモ カズコ",
            "カトウ",
            "ガモウ",
            "サトウ",
            "ハマダ",
            "バンバ",
            "ワタナベ"
        ]
    );
}

#[actix_web::test]
async fn nobody_is_registered_without_what_belongs_to_it() {
    let team = Team::new().await;
    let good = serde_json::to_value(new_patient("試験 花子", "シケン ハナコ")).unwrap();
    let try_with = async |change: &dyn Fn(&mut serde_json::Value)| {
        let mut body = good.clone();
        change(&mut body);
        let answer = team
            .care_manager
            .raw("POST", "/v1/patients", &body.to_string())
            .await;
        let error: serde_json::Value = answer.json().unwrap();
        (
            answer.status,
            error["fields"][0]["field"]
                .as_str()
                .unwrap_or("")
                .to_owned(),
        )
    };
    let invalid = |field: &str| (422, field.to_owned());
    assert_eq!(
        try_with(&|b| {
            b.as_object_mut().unwrap().remove("consent");
        })
        .await,
        invalid("consent")
    );
    assert_eq!(
        try_with(&|b| b["kana"] = "漢字".into()).await,
        invalid("kana")
    );
    assert_eq!(try_with(&|b| b["name"] = " ".into()).await, invalid("name"));
    assert_eq!(
        try_with(&|b| b["birth_date"] = "2999-01-01".into()).await,
        invalid("birth_date")
    );
    assert_eq!(
        try_with(&|b| b["birth_date"] = "1943/05/12".into()).await,
        invalid("birth_date")
    );
    assert_eq!(try_with(&|b| b["sex"] = "F".into()).await, invalid("sex"));
    assert_eq!(
        try_with(&|b| b["tenant_id"] = "x".into()).await,
        invalid("tenant_id")
    );
    assert_eq!(
        try_with(&|b| b["consent"]["granted_by"] = "proxy".into()).await,
        invalid("consent.proxy_name")
    );
    assert_eq!(
        try_with(&|b| b["consent"]["granted_on"] = "2999-01-01".into()).await,
        invalid("granted_on")
    );
    // Nothing of it was kept.
    let count: i64 = team.world.db.one("SELECT count(*) FROM patients").await;
    assert_eq!(count, 1);
}

#[actix_web::test]
async fn a_number_belongs_to_one_patient() {
    let team = Team::new().await;
    let other = register(
        &team.hospital_nurse,
        new_patient("別人 花子", "ベツジン ハナコ"),
    )
    .await;
    let number = NewPatientIdentifier {
        system: crate::support::team::HOSPITAL_NUMBER.0.to_owned(),
        value: crate::support::team::HOSPITAL_NUMBER.1.to_owned(),
        of_facility: true,
    };
    let taken = team
        .hospital_nurse
        .client
        .patients()
        .create_identifier(other.id, &number)
        .await;
    refused(taken, 409, "identifier_taken");
}

#[actix_web::test]
async fn who_may_register_follows_from_the_profession() {
    let team = Team::new().await;
    let new = new_patient("試験 花子", "シケン ハナコ");
    refused(
        team.helper.client.patients().create(&new).await,
        403,
        "forbidden",
    );
    refused(
        team.auditor.client.patients().create(&new).await,
        403,
        "forbidden",
    );
    refused(
        team.world
            .administrator
            .client
            .patients()
            .create(&new)
            .await,
        403,
        "forbidden",
    );
    let made = team.nurse.client.patients().create(&new).await.unwrap();
    assert_eq!(made.consent.unwrap().granted_on, today());
    let again = team.nurse.client.patients().create(&new).await;
    refused(again, 409, "patient_exists");
}
