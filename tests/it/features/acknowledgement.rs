//! Taking note of posts: acknowledgement, and the reading mark.

use tsumugi_client::{
    models::{Channel, CreatePost, ListPatients, MyAcknowledgement, UpdateReadMark},
    new_id,
};

use crate::support::{Person, Team, refused};

fn note(body: &str) -> CreatePost {
    CreatePost::note(Channel::Team, body)
}

async fn unread(team: &Team, person: &Person) -> u32 {
    let page = person
        .client
        .patients()
        .list(&ListPatients::default())
        .await
        .unwrap();
    page.items
        .into_iter()
        .find(|item| item.id == team.patient)
        .unwrap()
        .unread
}

#[actix_web::test]
async fn acknowledgement_is_asked_given_and_seen() {
    let team = Team::new().await;
    let ask =
        note("内服変更の確認をお願いします").asking(vec![team.care_manager.id, team.helper.id]);
    let post = team
        .nurse
        .client
        .timeline()
        .create_post(team.patient, &ask)
        .await
        .unwrap();
    assert_eq!(post.acknowledgement.asked.len(), 2);
    let pending = async |person: &Person| {
        person
            .client
            .patients()
            .list(&ListPatients::default())
            .await
            .unwrap()
            .items[0]
            .pending_acknowledgements
    };
    assert_eq!(
        (pending(&team.helper).await, pending(&team.physician).await),
        (1, 0)
    );
    let mine = team
        .helper
        .timeline(team.patient)
        .await
        .remove(0)
        .acknowledgement
        .mine;
    assert_eq!(mine, MyAcknowledgement::Asked);
    let first = team
        .helper
        .client
        .timeline()
        .acknowledge_post(post.id)
        .await
        .unwrap();
    let again = team
        .helper
        .client
        .timeline()
        .acknowledge_post(post.id)
        .await
        .unwrap();
    assert_eq!(first.acknowledgement, again.acknowledgement);
    assert_eq!(again.acknowledgement.mine, MyAcknowledgement::Done);
    let asked = team
        .nurse
        .timeline(team.patient)
        .await
        .remove(0)
        .acknowledgement
        .asked;
    let open: Vec<_> = asked
        .iter()
        .filter(|a| a.acknowledged_at.is_none())
        .map(|a| a.staff_member_id)
        .collect();
    assert_eq!(open, [team.care_manager.id]);
    assert_eq!(pending(&team.helper).await, 0);
    // Nobody outside the team can be asked.
    for other in [team.outsider.id, team.stranger.id, new_id()] {
        let ask = note("確認").asking(vec![other]);
        refused(
            team.nurse
                .client
                .timeline()
                .create_post(team.patient, &ask)
                .await,
            422,
            "invalid_input",
        );
    }
}

#[actix_web::test]
async fn a_reading_mark_only_moves_forward() {
    let team = Team::new().await;
    let mut posts = Vec::new();
    for n in 0..3 {
        posts.push(
            team.nurse
                .notes(team.patient, &format!("記録 {n}"))
                .await
                .id,
        );
    }
    assert_eq!(
        (
            unread(&team, &team.physician).await,
            unread(&team, &team.nurse).await
        ),
        (3, 0)
    );
    let mark = async |post: uuid::Uuid| {
        team.physician
            .client
            .timeline()
            .update_read_mark(team.patient, &UpdateReadMark { post_id: post })
            .await
    };
    mark(posts[1]).await.unwrap();
    assert_eq!(unread(&team, &team.physician).await, 1);
    mark(posts[0]).await.unwrap();
    assert_eq!(unread(&team, &team.physician).await, 1);
    let newest = team.physician.timeline(team.patient).await;
    assert_eq!(
        newest.iter().map(|post| post.unread).collect::<Vec<_>>(),
        [true, false, false]
    );
    refused(mark(new_id()).await, 404, "not_found");
}
