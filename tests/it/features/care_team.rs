//! The care team: from a day, to a day.

use chrono::TimeDelta;
use tsumugi_client::{
    models::{CreateCareTeamMember, EndCareTeamMember},
    new_id,
};

use crate::support::{
    Team, refused,
    team::{join, new_patient, register, today},
};

#[actix_web::test]
async fn membership_opens_the_patient_and_its_end_closes_it() {
    let team = Team::new().await;
    refused(
        team.outsider.client.patients().find(team.patient).await,
        404,
        "not_found",
    );
    join(&team.care_manager, team.patient, team.outsider.id).await;
    team.outsider
        .client
        .patients()
        .find(team.patient)
        .await
        .unwrap();
    let members = team
        .care_manager
        .client
        .care_team()
        .list(team.patient)
        .await
        .unwrap()
        .items;
    let membership = members
        .iter()
        .find(|member| member.staff_member.id == team.outsider.id)
        .unwrap();
    // Until the evening of the last day.
    let end = EndCareTeamMember { ends_on: today() };
    team.care_manager
        .client
        .care_team()
        .end(membership.id, &end)
        .await
        .unwrap();
    team.outsider
        .client
        .patients()
        .find(team.patient)
        .await
        .unwrap();
    team.world.app.clock.advance(TimeDelta::hours(24));
    let token = team.outsider.again().await;
    refused(token.patients().find(team.patient).await, 404, "not_found");
    assert!(
        token
            .patients()
            .list(&Default::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}

#[actix_web::test]
async fn a_membership_of_the_future_opens_nothing_yet() {
    let team = Team::new().await;
    let later = CreateCareTeamMember::new(team.outsider.id, today() + TimeDelta::days(7));
    team.care_manager
        .client
        .care_team()
        .create(team.patient, &later)
        .await
        .unwrap();
    refused(
        team.outsider.client.patients().find(team.patient).await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn the_roster_is_kept_by_those_who_may() {
    let team = Team::new().await;
    let new = CreateCareTeamMember::new(team.outsider.id, today());
    refused(
        team.helper
            .client
            .care_team()
            .create(team.patient, &new)
            .await,
        403,
        "forbidden",
    );
    refused(
        team.outsider
            .client
            .care_team()
            .create(team.patient, &new)
            .await,
        404,
        "not_found",
    );
    refused(
        team.outsider.client.care_team().list(team.patient).await,
        404,
        "not_found",
    );
    let nobody = CreateCareTeamMember::new(new_id(), today());
    refused(
        team.nurse
            .client
            .care_team()
            .create(team.patient, &nobody)
            .await,
        422,
        "invalid_input",
    );
    let stranger = CreateCareTeamMember::new(team.stranger.id, today());
    refused(
        team.nurse
            .client
            .care_team()
            .create(team.patient, &stranger)
            .await,
        422,
        "invalid_input",
    );
    refused(
        team.care_manager
            .client
            .care_team()
            .end(new_id(), &EndCareTeamMember { ends_on: today() })
            .await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn a_membership_ends_once_and_the_last_member_stays() {
    let team = Team::new().await;
    let alone = register(&team.nurse, new_patient("試験 花子", "シケン ハナコ"))
        .await
        .id;
    let members = team
        .nurse
        .client
        .care_team()
        .list(alone)
        .await
        .unwrap()
        .items;
    let end = EndCareTeamMember { ends_on: today() };
    let ended = team.nurse.client.care_team().end(members[0].id, &end).await;
    refused(ended, 409, "last_care_team_member");
    join(&team.nurse, alone, team.physician.id).await;
    team.nurse
        .client
        .care_team()
        .end(members[0].id, &end)
        .await
        .unwrap();
    team.world.app.clock.advance(TimeDelta::hours(24));
    let physician = team.physician.again().await;
    let again = physician
        .care_team()
        .end(
            members[0].id,
            &EndCareTeamMember {
                ends_on: today() + TimeDelta::days(30),
            },
        )
        .await;
    refused(again, 409, "membership_ended");
}
