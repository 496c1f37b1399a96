//! Requests to acknowledge or to answer: who is asked, what closes them, reminders, and whom they go on to.

use chrono::{DateTime, TimeDelta, Utc};
use tsumugi_client::{
    Client,
    models::{
        Ask, AskAcknowledgement, AskFrom, AskPart, AskState, Channel, CreatePost,
        CreateSubstitution, ListAcknowledgements, MyAcknowledgement, NewDutyContact, Post,
        QuietHours, RetractPost, SetDutyContacts, SubstitutionReason, UpdateNoticeSettings,
    },
};
use uuid::Uuid;

use crate::support::{Person, Team, refused, team::join};

fn note(body: &str) -> CreatePost {
    CreatePost::note(Channel::Team, body)
}

async fn write(team: &Team, by: &Person, post: &CreatePost) -> Post {
    let timeline = by.client.timeline();
    timeline.create_post(team.patient, post).await.unwrap()
}

fn due(team: &Team, minutes: i64) -> DateTime<Utc> {
    team.world.app.clock.now() + TimeDelta::minutes(minutes)
}

fn people(ids: &[Uuid], due_at: Option<DateTime<Utc>>) -> AskAcknowledgement {
    AskAcknowledgement {
        staff_member_ids: ids.to_vec(),
        due_at,
        ..AskAcknowledgement::default()
    }
}

/// The only request of a post, as somebody sees it who signs in now: sessions end while nothing is done.
async fn ask_of(person: &Person, post: Uuid) -> Ask {
    seen(&person.again().await, post).await
}

async fn seen(client: &Client, post: Uuid) -> Ask {
    let post = client.timeline().find_post(post).await.unwrap();
    assert_eq!(post.acknowledgement.asks.len(), 1);
    post.acknowledgement.asks.into_iter().next().unwrap()
}

async fn later(team: &Team, minutes: i64) {
    team.world.app.clock.advance(TimeDelta::minutes(minutes));
    team.world.run_jobs().await;
}

fn went(ask: &Ask) -> Vec<&str> {
    ask.steps.iter().map(|step| step.what.as_str()).collect()
}

/// Somebody of the facility of another person, of the same network.
async fn colleague(team: &Team, of: &Person, login: &str, profession: &str) -> Person {
    let sql = format!(
        "SELECT facility_id FROM staff_members WHERE id = '{}'",
        of.id
    );
    let facility: Uuid = team.world.db.one(&sql).await;
    team.world.person(login, profession, facility).await
}

async fn facility_of(team: &Team, person: &Person) -> Uuid {
    let sql = format!(
        "SELECT facility_id FROM staff_members WHERE id = '{}'",
        person.id
    );
    team.world.db.one(&sql).await
}

/// Quiet hours of a person from an hour ago, for so many hours.
async fn quiet(team: &Team, person: &Person, hours: i64) {
    let clock = |hours: i64| {
        let at = team.world.app.clock.now() + TimeDelta::hours(9 + hours);
        at.format("%H:%M").to_string()
    };
    let settings = UpdateNoticeSettings {
        kinds: Vec::new(),
        quiet_hours: Some(QuietHours {
            from: clock(-1),
            to: clock(hours),
        }),
        digest_at: "07:30".to_owned(),
    };
    let kept = person.client.notices().update_settings(&settings).await;
    assert!(kept.unwrap().quiet_hours.is_some());
}

#[actix_web::test]
async fn one_of_a_profession_is_enough_unless_each_is_asked() {
    let team = Team::new().await;
    let any = AskAcknowledgement {
        professions: vec!["nurse".into()],
        ..AskAcknowledgement::default()
    };
    let post = write(
        &team,
        &team.physician,
        &note("採血をお願いします").asking_for(any.clone()),
    )
    .await;
    let ask = &post.acknowledgement.asks[0];
    assert_eq!((ask.people.len(), &ask.state), (2, &AskState::Asked));
    for nurse in [&team.nurse, &team.hospital_nurse] {
        assert_eq!(nurse.client.work().counts().await.unwrap().asked, 1);
    }
    team.nurse
        .client
        .timeline()
        .acknowledge_post(post.id)
        .await
        .unwrap();
    let ask = ask_of(&team.physician, post.id).await;
    assert_eq!(ask.state, AskState::Acknowledged);
    assert_eq!(went(&ask), ["acknowledged"]);
    // The other nurse has nothing to do any more, and has acknowledged nothing.
    assert_eq!(
        team.hospital_nurse
            .client
            .work()
            .counts()
            .await
            .unwrap()
            .asked,
        0
    );
    let seen = team
        .hospital_nurse
        .client
        .timeline()
        .find_post(post.id)
        .await
        .unwrap();
    assert_eq!(seen.acknowledgement.mine, MyAcknowledgement::None);
    let each = AskAcknowledgement {
        from: Some(AskFrom::Each),
        ..any
    };
    let post = write(&team, &team.physician, &note("全員の確認").asking_for(each)).await;
    assert_eq!(post.acknowledgement.asks.len(), 2);
    team.nurse
        .client
        .timeline()
        .acknowledge_post(post.id)
        .await
        .unwrap();
    assert_eq!(
        team.hospital_nurse
            .client
            .work()
            .counts()
            .await
            .unwrap()
            .asked,
        1
    );
}

#[actix_web::test]
async fn whoever_is_asked_may_read_the_post() {
    let team = Team::new().await;
    let ask = |professions: &[&str], facility_ids: Vec<Uuid>| AskAcknowledgement {
        professions: professions.iter().map(|code| (*code).into()).collect(),
        facility_ids,
        ..AskAcknowledgement::default()
    };
    let medical = |ask| CreatePost::note(Channel::Medical, "医療職のみ").asking_for(ask);
    let timeline = team.nurse.client.timeline();
    for wrong in [
        ask(&["home_helper"], Vec::new()),
        ask(&["dentist"], Vec::new()),
        ask(&[], vec![facility_of(&team, &team.helper).await]),
        ask(&[], vec![facility_of(&team, &team.outsider).await]),
        people(&[team.helper.id], None),
        AskAcknowledgement::default(),
    ] {
        let outcome = timeline.create_post(team.patient, &medical(wrong)).await;
        refused(outcome, 422, "invalid_input");
    }
    let clinic = facility_of(&team, &team.physician).await;
    let post = write(&team, &team.nurse, &medical(ask(&[], vec![clinic]))).await;
    assert_eq!(post.acknowledgement.asks[0].people.len(), 1);
    assert_eq!(
        team.physician
            .client
            .work()
            .find()
            .await
            .unwrap()
            .asked
            .len(),
        1
    );
}

#[actix_web::test]
async fn a_reply_is_the_answer_where_one_is_asked_for() {
    let team = Team::new().await;
    let ask = AskAcknowledgement {
        answer: true,
        ..people(&[team.physician.id], None)
    };
    let post = write(
        &team,
        &team.nurse,
        &note("内服を続けてよいですか").asking_for(ask),
    )
    .await;
    let timeline = team.physician.client.timeline();
    let acknowledged = timeline.acknowledge_post(post.id).await.unwrap();
    assert_eq!(acknowledged.acknowledgement.mine, MyAcknowledgement::Answer);
    // Somebody else's reply answers nothing.
    write(&team, &team.helper, &note("私からも").replying_to(post.id)).await;
    assert_eq!(ask_of(&team.nurse, post.id).await.state, AskState::Asked);
    let reply = write(
        &team,
        &team.physician,
        &note("続けてください").replying_to(post.id),
    )
    .await;
    let ask = ask_of(&team.nurse, post.id).await;
    assert_eq!(ask.state, AskState::Answered);
    assert_eq!(ask.answer_post_id, Some(reply.id));
    // Whoever asked finds the answer in My work, and takes it off.
    let work = team.nurse.client.work();
    let notice = work.find().await.unwrap().notices.remove(0);
    assert_eq!(notice.about_id, reply.id);
    for _ in 0..2 {
        team.nurse.client.notices().finish(notice.id).await.unwrap();
    }
    assert!(work.find().await.unwrap().notices.is_empty());
    refused(
        team.helper.client.notices().finish(notice.id).await,
        404,
        "not_found",
    );
}

#[actix_web::test]
async fn people_are_asked_later_and_what_was_asked_is_taken_back() {
    let team = Team::new().await;
    let post = team.nurse.notes(team.patient, "転倒がありました").await;
    let asks = team.care_manager.client.acknowledgements();
    let made = asks
        .ask(post.id, &people(&[team.helper.id], None))
        .await
        .unwrap();
    assert!(made.items[0].mine);
    let by_me = asks
        .list(&ListAcknowledgements::by_me())
        .await
        .unwrap()
        .items;
    assert_eq!((by_me.len(), &by_me[0].part), (1, &AskPart::Asker));
    let of_me = team.helper.client.acknowledgements();
    let of_me = of_me
        .list(&ListAcknowledgements::of_me())
        .await
        .unwrap()
        .items;
    assert_eq!(of_me[0].patient_id, Some(team.patient));
    let id = made.items[0].id;
    refused(
        team.nurse.client.acknowledgements().withdraw(id).await,
        403,
        "forbidden",
    );
    refused(
        team.outsider.client.acknowledgements().withdraw(id).await,
        404,
        "not_found",
    );
    for _ in 0..2 {
        assert_eq!(asks.withdraw(id).await.unwrap().state, AskState::Withdrawn);
    }
    assert_eq!(team.helper.client.work().counts().await.unwrap().asked, 0);
    let outsider = team.outsider.client.acknowledgements();
    refused(
        outsider
            .ask(post.id, &people(&[team.helper.id], None))
            .await,
        404,
        "not_found",
    );
    // Taking the post back takes back what was asked about it.
    asks.ask(post.id, &people(&[team.helper.id], None))
        .await
        .unwrap();
    let reason = RetractPost {
        reason: "誤記".to_owned(),
    };
    team.nurse
        .client
        .timeline()
        .retract_post(post.id, 1, &reason)
        .await
        .unwrap();
    assert_eq!(team.helper.client.work().counts().await.unwrap().asked, 0);
    let outcome = asks.ask(post.id, &people(&[team.helper.id], None)).await;
    refused(outcome, 409, "post_retracted");
}

/// Somebody at the office of the care manager who is on duty there at any hour, and who stands in for the care manager.
async fn on_duty_and_deputy(team: &Team) -> (Person, Person) {
    let manager = colleague(team, &team.care_manager, "office", "facility_administrator").await;
    let deputy = colleague(team, &team.care_manager, "deputy", "care_manager").await;
    let office = facility_of(team, &manager).await;
    let contacts = SetDutyContacts {
        contacts: vec![NewDutyContact::always(manager.id)],
    };
    refused(
        team.nurse
            .client
            .duty_contacts()
            .set(office, &contacts)
            .await,
        403,
        "forbidden",
    );
    let kept = manager
        .client
        .duty_contacts()
        .set(office, &contacts)
        .await
        .unwrap();
    assert!(kept.contacts[0].on_duty && kept.may_keep);
    let now = team.world.app.clock.now();
    let leave = CreateSubstitution::during_leave(
        team.care_manager.id,
        deputy.id,
        now - TimeDelta::minutes(1),
        now + TimeDelta::days(1),
    );
    team.care_manager
        .client
        .substitutions()
        .create(&leave)
        .await
        .unwrap();
    (manager, deputy)
}

#[actix_web::test]
async fn silence_goes_to_the_deputy_and_then_to_the_duty_contact() {
    let team = Team::new().await;
    let (manager, deputy) = on_duty_and_deputy(&team).await;
    let ask = AskAcknowledgement {
        urgent: true,
        ..people(&[team.care_manager.id], Some(due(&team, 20)))
    };
    let post = write(
        &team,
        &team.nurse,
        &note("ショートステイの調整").asking_for(ask),
    )
    .await;
    later(&team, 14).await;
    assert_eq!(ask_of(&team.nurse, post.id).await.state, AskState::Asked);
    later(&team, 2).await;
    let ask = ask_of(&team.nurse, post.id).await;
    assert_eq!(
        (&ask.state, went(&ask)),
        (&AskState::Reminded, vec!["reminded"])
    );
    later(&team, 5).await;
    let ask = ask_of(&team.nurse, post.id).await;
    assert_eq!(
        (&ask.state, went(&ask)),
        (&AskState::Escalated, vec!["reminded", "deputy"])
    );
    let work = deputy.again().await.work().find().await.unwrap();
    assert_eq!(work.escalated[0].part, AskPart::Deputy);
    assert!(work.escalated[0].overdue && work.escalated[0].patient_id == Some(team.patient));
    // Doing it again does nothing twice.
    team.world.run_jobs().await;
    later(&team, 11).await;
    let ask = ask_of(&team.nurse, post.id).await;
    assert_eq!(went(&ask), ["reminded", "deputy", "told"]);
    // The duty contact is not on the care team: told whom to find, and nothing of the patient.
    let office_now = manager.again().await;
    let told = office_now.work().find().await.unwrap().escalated.remove(0);
    assert_eq!(told.part, AskPart::Told);
    assert!(told.patient_id.is_none() && told.patient_name.is_none() && told.excerpt.is_none());
    assert_eq!(told.ask.of.staff_member_id, Some(team.care_manager.id));
    refused(
        office_now.timeline().find_post(post.id).await,
        404,
        "not_found",
    );
    later(&team, 600).await;
    // Whoever asked hears of it; the deputy closes it for everybody.
    let nurse = team.nurse.again().await;
    let kinds: Vec<String> = nurse
        .work()
        .find()
        .await
        .unwrap()
        .notices
        .iter()
        .map(|n| n.kind.to_string())
        .collect();
    assert_eq!(kinds, ["unanswered"]);
    let deputy_now = deputy.again().await;
    deputy_now
        .timeline()
        .acknowledge_post(post.id)
        .await
        .unwrap();
    assert_eq!(
        manager.again().await.work().counts().await.unwrap().asked,
        0
    );
    assert!(nurse.work().find().await.unwrap().notices.is_empty());
    let sql = "SELECT count(*) FROM audit_events WHERE action IN ('acknowledgement.remind', 'acknowledgement.escalate')";
    assert_eq!(team.world.db.one::<i64>(sql).await, 3);
}

#[actix_web::test]
async fn without_a_substitute_the_next_of_the_profession_is_the_deputy() {
    let team = Team::new().await;
    let post = note("点滴の確認").asking_for(people(&[team.nurse.id], Some(due(&team, 40))));
    let post = write(&team, &team.physician, &post).await;
    later(&team, 41).await;
    let ask = ask_of(&team.physician, post.id).await;
    // The server was down when people were to be reminded: nobody is reminded of what has passed.
    assert_eq!(went(&ask), ["deputy"]);
    assert_eq!(ask.steps[0].name.as_deref(), Some("試験 hospital-nurse"));
    later(&team, 31).await;
    assert_eq!(
        went(&ask_of(&team.physician, post.id).await),
        ["deputy", "nobody"]
    );
}

#[actix_web::test]
async fn reminders_wait_for_the_end_of_quiet_hours_unless_somebody_is_on_call() {
    let team = Team::new().await;
    quiet(&team, &team.helper, 4).await;
    quiet(&team, &team.physician, 4).await;
    let now = team.world.app.clock.now();
    let on_call = CreateSubstitution {
        reason: SubstitutionReason::OnCall,
        ..CreateSubstitution::during_leave(
            team.hospital_nurse.id,
            team.nurse.id,
            now - TimeDelta::minutes(1),
            now + TimeDelta::days(1),
        )
    };
    let substitutions = team.world.administrator.client.substitutions();
    substitutions.create(&on_call).await.unwrap();
    quiet(&team, &team.nurse, 4).await;
    let ask = |person: &Person| people(&[person.id], Some(due(&team, 40)));
    let asleep = write(
        &team,
        &team.care_manager,
        &note("一").asking_for(ask(&team.helper)),
    )
    .await;
    let on_call = write(
        &team,
        &team.care_manager,
        &note("二").asking_for(ask(&team.nurse)),
    )
    .await;
    let urgent = AskAcknowledgement {
        urgent: true,
        ..ask(&team.physician)
    };
    let urgent = write(&team, &team.care_manager, &note("三").asking_for(urgent)).await;
    later(&team, 31).await;
    let manager = team.care_manager.again().await;
    for (post, steps) in [
        (&asleep, vec![]),
        (&on_call, vec!["reminded"]),
        (&urgent, vec!["reminded"]),
    ] {
        assert_eq!(went(&seen(&manager, post.id).await), steps);
    }
    // Nobody else of the profession and no duty contact: whoever asked is told.
    later(&team, 10).await;
    assert_eq!(
        went(&ask_of(&team.care_manager, asleep.id).await),
        ["nobody"]
    );
}

#[actix_web::test]
async fn a_duty_contact_is_turned_to_in_the_hours_of_duty() {
    let team = Team::new().await;
    let office = facility_of(&team, &team.helper).await;
    let manager = colleague(&team, &team.helper, "office", "service_supervisor").await;
    join(&team.care_manager, team.patient, manager.id).await;
    let clock = |minutes: i64| {
        let at = team.world.app.clock.now() + TimeDelta::minutes(9 * 60 + minutes);
        at.format("%H:%M").to_string()
    };
    let contact = NewDutyContact {
        from: clock(120),
        to: clock(240),
        ..NewDutyContact::always(manager.id)
    };
    let contacts = SetDutyContacts {
        contacts: vec![contact],
    };
    let administrator = team.world.administrator.client.duty_contacts();
    assert!(!administrator.set(office, &contacts).await.unwrap().contacts[0].on_duty);
    let stranger = SetDutyContacts {
        contacts: vec![NewDutyContact::always(team.nurse.id)],
    };
    refused(
        administrator.set(office, &stranger).await,
        422,
        "invalid_input",
    );
    let post = note("訪問時間").asking_for(people(&[team.helper.id], Some(due(&team, 40))));
    let post = write(&team, &team.nurse, &post).await;
    later(&team, 45).await;
    assert!(went(&ask_of(&team.nurse, post.id).await).is_empty());
    later(&team, 80).await;
    let ask = ask_of(&team.nurse, post.id).await;
    assert_eq!(went(&ask), ["duty"]);
}
