//! Entry on behalf of somebody (代行入力): it waits, is approved or given back, and everybody sees where it stands.

use tsumugi_client::{
    models::{
        AmendPost, ApprovalPart, ApprovalState, Channel, CreatePost, ListApprovals, RetractPost,
    },
    new_id,
};
use uuid::Uuid;

use crate::support::{Person, Team, refused};

async fn write(person: &Person, team: &Team, new: &CreatePost) -> Uuid {
    let timeline = person.client.timeline();
    timeline.create_post(team.patient, new).await.unwrap().id
}

async fn refuses(person: &Person, team: &Team, new: &CreatePost) {
    let timeline = person.client.timeline();
    let made = timeline.create_post(team.patient, new).await;
    refused(made, 422, "invalid_input");
}

async fn approvals(person: &Person, part: ApprovalPart) -> Vec<Uuid> {
    let query = ListApprovals {
        part: Some(part),
        ..Default::default()
    };
    let page = person.client.timeline().approvals(&query).await.unwrap();
    page.items.iter().map(|item| item.post.id).collect()
}

#[actix_web::test]
async fn rc_05_what_is_entered_for_somebody_waits_for_their_approval() {
    let team = Team::new().await;
    let entered = CreatePost::note(Channel::Team, "往診の所見（電話で聞き取り）")
        .on_behalf_of(team.physician.id);
    let id = write(&team.nurse, &team, &entered).await;
    let state = async |person: &Person| {
        let post = person.client.timeline().find_post(id).await.unwrap();
        assert_eq!(post.author.id, team.nurse.id);
        let on_behalf = post.on_behalf.unwrap();
        assert_eq!(on_behalf.person.staff_member_id, team.physician.id);
        on_behalf.state
    };
    // Everybody sees that it waits; the physician is asked, and nobody else can answer: not whoever entered it either.
    assert_eq!(state(&team.helper).await, ApprovalState::Waiting);
    assert_eq!(
        approvals(&team.physician, ApprovalPart::Approver).await,
        [id]
    );
    assert_eq!(approvals(&team.nurse, ApprovalPart::Author).await, [id]);
    for person in [&team.nurse, &team.helper, &team.hospital_nurse] {
        assert!(approvals(person, ApprovalPart::Approver).await.is_empty());
        refused(
            person.client.timeline().approve(id, 1).await,
            403,
            "forbidden",
        );
    }
    refused(
        team.outsider.client.timeline().approve(id, 1).await,
        404,
        "not_found",
    );
    // Returned, amended, and then approved as it is by then.
    let physician = team.physician.client.timeline();
    let returned = physician
        .give_back(id, 1, "血圧の値を確かめてください")
        .await
        .unwrap();
    let on_behalf = returned.on_behalf.unwrap();
    assert_eq!(on_behalf.state, ApprovalState::Returned);
    assert_eq!(
        on_behalf.reason.as_deref(),
        Some("血圧の値を確かめてください")
    );
    assert!(
        approvals(&team.physician, ApprovalPart::Approver)
            .await
            .is_empty()
    );
    assert_eq!(approvals(&team.nurse, ApprovalPart::Author).await, [id]);
    refused(physician.approve(id, 1).await, 409, "approval_decided");
    let amend = AmendPost {
        body: Some("往診の所見 血圧132/78".to_owned()),
        vitals: None,
        attachment_ids: None,
        reason: "確認して訂正".to_owned(),
    };
    team.nurse
        .client
        .timeline()
        .amend_post(id, 1, &amend)
        .await
        .unwrap();
    assert_eq!(state(&team.helper).await, ApprovalState::Waiting);
    refused(physician.approve(id, 1).await, 412, "stale_version");
    physician.approve(id, 2).await.unwrap();
    assert_eq!(state(&team.helper).await, ApprovalState::Approved);
    assert!(
        approvals(&team.nurse, ApprovalPart::Author)
            .await
            .is_empty()
    );
    // What is changed after the approval waits again.
    let amend = AmendPost {
        body: Some("往診の所見 血圧134/78".to_owned()),
        ..amend
    };
    team.nurse
        .client
        .timeline()
        .amend_post(id, 2, &amend)
        .await
        .unwrap();
    assert_eq!(state(&team.helper).await, ApprovalState::Waiting);
    assert_eq!(
        approvals(&team.physician, ApprovalPart::Approver).await,
        [id]
    );
    let versions = team
        .helper
        .client
        .timeline()
        .list_post_versions(id)
        .await
        .unwrap();
    assert_eq!(versions.items.len(), 3);
    // Evidence is kept of each answer, and none of it can be changed.
    let sql = format!(
        "SELECT count(*) FROM post_approvals WHERE post_id = '{id}' AND length(digest) = 32"
    );
    let kept: i64 = team
        .world
        .db
        .admin
        .query_one(&*sql, &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(kept, 2);
}

#[actix_web::test]
async fn rc_05_an_entry_is_for_somebody_who_may_answer_for_it() {
    let team = Team::new().await;
    let medical = CreatePost::note(Channel::Medical, "所見");
    for new in [
        medical.clone().on_behalf_of(team.helper.id),
        medical.clone().on_behalf_of(team.outsider.id),
        medical.clone().on_behalf_of(team.nurse.id),
        medical.clone().on_behalf_of(new_id()),
        CreatePost::naming(vec![team.physician.id], "指名").on_behalf_of(team.care_manager.id),
    ] {
        refuses(&team.nurse, &team, &new).await;
    }
    // What was taken back waits for nobody.
    let id = write(&team.nurse, &team, &medical.on_behalf_of(team.physician.id)).await;
    let retract = RetractPost {
        reason: "別の方の記録".to_owned(),
    };
    let timeline = team.nurse.client.timeline();
    timeline.retract_post(id, 1, &retract).await.unwrap();
    assert!(
        approvals(&team.physician, ApprovalPart::Approver)
            .await
            .is_empty()
    );
    let physician = team.physician.client.timeline();
    refused(physician.approve(id, 2).await, 409, "post_retracted");
}
