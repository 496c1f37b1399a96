//! Rooms: who is in them, by name and by post, and what is unread.

use chrono::{Days, TimeDelta};
use futures_util::StreamExt;
use serde_json::json;
use tsumugi_client::Error;
use tsumugi_client::models::{
    CreateMessage, CreateRoom, CreateRoomMember, CreateRoomRule, EventKind, FacilityKind,
    ListMessages, Message, Page, RelationKind, Room, RoomKind, UpdateRoom,
};
use tsumugi_server::worker;
use uuid::Uuid;

use crate::support::{Person, Team, World, refused, team::today};

/// A room of the nurse's, with these people in it.
async fn free(team: &Team, with: &[Uuid]) -> Uuid {
    let new = CreateRoom::new(RoomKind::Free, "勉強会").with(with.iter().copied());
    let rooms = team.nurse.client.rooms();
    rooms.create(&new).await.unwrap().room.id
}

async fn says(person: &Person, room: Uuid, text: &str) -> Message {
    let messages = person.client.messages();
    messages
        .create(room, &CreateMessage::new(text))
        .await
        .unwrap()
}

async fn page(person: &Person, room: Uuid) -> Result<Page<Message>, Error> {
    let query = ListMessages::default();
    person.client.messages().list(room, &query).await
}

async fn said(person: &Person, room: Uuid) -> Vec<String> {
    let items = page(person, room).await.unwrap().items;
    items
        .into_iter()
        .filter_map(|message| message.body)
        .collect()
}

async fn listed(person: &Person, room: Uuid) -> Option<Room> {
    let rooms = person.client.rooms().list().await.unwrap().items;
    rooms.into_iter().find(|found| found.id == room)
}

async fn unread(person: &Person, room: Uuid) -> i64 {
    listed(person, room).await.unwrap().unread
}

async fn names(person: &Person, room: Uuid) -> Vec<Uuid> {
    let members = person.client.rooms().find(room).await.unwrap().members;
    members.into_iter().map(|member| member.person.id).collect()
}

async fn facility_of(person: &Person) -> Uuid {
    let me = person.client.sessions().me().await.unwrap();
    me.staff_member.unwrap().facility.id
}

/// The end of somebody's post yesterday, as the calendar would bring it.
async fn gone(world: &World, who: Uuid) {
    let yesterday = today() - Days::new(1);
    let sql = format!(
        "UPDATE staff_members SET starts_on = starts_on - 9, ends_on = '{yesterday}' WHERE id = '{who}'"
    );
    world.db.admin.batch_execute(&sql).await.unwrap();
}

#[actix_web::test]
async fn who_is_not_in_a_room_hears_that_there_is_none() {
    let team = Team::new().await;
    let room = free(&team, &[team.physician.id]).await;
    let message = says(&team.nurse, room, "次回は金曜です").await;
    assert_eq!(said(&team.physician, room).await, ["次回は金曜です"]);
    for person in [
        &team.outsider,
        &team.stranger,
        &team.world.administrator,
        &team.auditor,
    ] {
        let client = &person.client;
        refused(client.rooms().find(room).await, 404, "not_found");
        refused(page(person, room).await, 404, "not_found");
        refused(client.messages().find(message.id).await, 404, "not_found");
        let new = CreateMessage::new("届かない");
        refused(client.messages().create(room, &new).await, 404, "not_found");
        if person.id != team.auditor.id {
            assert_eq!(listed(person, room).await, None);
        }
    }
    refused(team.auditor.client.rooms().list().await, 403, "forbidden");
}

#[actix_web::test]
async fn patients_and_families_are_in_no_room() {
    let team = Team::new().await;
    let family = team.relative("hanako", RelationKind::Family).await;
    let me = family
        .sessions()
        .me()
        .await
        .unwrap()
        .staff_member
        .unwrap()
        .id;
    refused(family.rooms().list().await, 403, "forbidden");
    let new = CreateRoom::new(RoomKind::Free, "家族");
    refused(family.rooms().create(&new).await, 403, "forbidden");
    let rooms = team.nurse.client.rooms();
    refused(
        rooms.create(&CreateRoom::direct(me)).await,
        422,
        "invalid_input",
    );
    let with = CreateRoom::new(RoomKind::Free, "家族").with([me]);
    refused(rooms.create(&with).await, 422, "invalid_input");
    // A rule for everybody is not for them.
    let everybody = CreateRoom::new(RoomKind::Free, "全員").rule(CreateRoomRule::everybody());
    let made = rooms.create(&everybody).await.unwrap();
    let members: Vec<Uuid> = made.members.iter().map(|member| member.person.id).collect();
    assert!(members.contains(&team.outsider.id));
    for other in [
        me,
        team.auditor.id,
        team.world.administrator.id,
        team.stranger.id,
    ] {
        assert!(!members.contains(&other));
    }
}

#[actix_web::test]
async fn each_kind_of_room_is_opened_by_whom_it_is_for() {
    let team = Team::new().await;
    let facility = facility_of(&team.physician).await;
    let manager = team
        .world
        .person("manager", "facility_administrator", facility)
        .await;
    let coordinator = team
        .world
        .person("coordinator", "regional_coordinator", facility)
        .await;
    let opens = async |person: &Person, new: CreateRoom| {
        person
            .client
            .rooms()
            .create(&new.kept_by([team.nurse.id]))
            .await
    };
    let regional = || CreateRoom::new(RoomKind::Regional, "全体");
    let committee = || CreateRoom::new(RoomKind::Committee, "認知症部会");
    let own = || CreateRoom::of_facility(facility, "北診療所");
    for new in [regional(), committee(), own()] {
        refused(opens(&team.nurse, new).await, 403, "forbidden");
    }
    opens(&coordinator, regional()).await.unwrap();
    opens(&coordinator, committee()).await.unwrap();
    refused(opens(&coordinator, own()).await, 403, "forbidden");
    let made = opens(&manager, own()).await.unwrap();
    // Everybody who works there is in it.
    assert!(
        made.members
            .iter()
            .any(|m| m.person.id == team.physician.id && m.by_post)
    );
    let elsewhere = CreateRoom::of_facility(facility_of(&team.nurse).await, "よその施設");
    refused(opens(&manager, elsewhere).await, 403, "forbidden");
    let administrator = &team.world.administrator;
    let region = opens(administrator, regional()).await.unwrap().room.id;
    // Whoever opened it for others looks after it without reading in it.
    let found = administrator.client.rooms().find(region).await.unwrap();
    assert!(found.can_keep && !found.room.member);
    refused(page(administrator, region).await, 403, "forbidden");
}

#[actix_web::test]
async fn membership_by_post_follows_the_posts() {
    let team = Team::new().await;
    let facility = facility_of(&team.nurse).await;
    let rule = CreateRoomRule::everybody().at(facility).of("nurse");
    let new = CreateRoom::new(RoomKind::Free, "訪問看護").rule(rule);
    let made = team.physician.client.rooms().create(&new).await.unwrap();
    let room = made.room.id;
    assert_eq!(names(&team.physician, room).await.len(), 2);
    says(&team.physician, room, "最初の発言").await;
    // Who joins the facility in the profession is in; who joins it in another is not.
    let joined = team.world.person("joined", "nurse", facility).await;
    let other = team
        .world
        .person("other", "physical_therapist", facility)
        .await;
    assert_eq!(said(&joined, room).await, ["最初の発言"]);
    assert_eq!(
        unread(&joined, room).await,
        0,
        "what was said before is not unread"
    );
    assert_eq!(listed(&other, room).await, None);
    says(&team.physician, room, "二つめ").await;
    assert_eq!(unread(&joined, room).await, 1);
    // Who leaves is out at that moment, with all that was said.
    gone(&team.world, team.nurse.id).await;
    assert!(!names(&team.physician, room).await.contains(&team.nurse.id));
    assert!(page(&team.nurse, room).await.is_err());
    // And who was in it by the rule only is out when the rule ends.
    let rule = team
        .physician
        .client
        .rooms()
        .find(room)
        .await
        .unwrap()
        .rules[0]
        .id;
    team.physician.client.rooms().end_rule(rule).await.unwrap();
    assert_eq!(listed(&joined, room).await, None);
    refused(page(&joined, room).await, 404, "not_found");
}

#[actix_web::test]
async fn a_room_says_whether_one_reads_what_was_said_before() {
    let team = Team::new().await;
    let new = CreateRoom::new(RoomKind::Free, "相談").from_joining();
    let rooms = team.nurse.client.rooms();
    let room = rooms.create(&new).await.unwrap().room.id;
    let before = says(&team.nurse, room, "前の話").await;
    team.world.app.clock.advance(TimeDelta::seconds(5));
    rooms
        .add(room, &CreateRoomMember::new(team.physician.id))
        .await
        .unwrap();
    says(&team.nurse, room, "後の話").await;
    assert_eq!(said(&team.physician, room).await, ["後の話"]);
    let messages = team.physician.client.messages();
    refused(messages.find(before.id).await, 404, "not_found");
    let reply = CreateMessage::new("前の話について").reply_to(before.id);
    refused(messages.create(room, &reply).await, 422, "invalid_input");
    // The other way round the room may be set as well.
    let open = UpdateRoom {
        name: "相談".into(),
        purpose: None,
        history: tsumugi_client::models::RoomHistory::All,
    };
    rooms.update(room, &open).await.unwrap();
    assert_eq!(said(&team.physician, room).await.len(), 2);
}

#[actix_web::test]
async fn a_room_always_has_somebody_who_looks_after_it() {
    let team = Team::new().await;
    let room = free(&team, &[team.physician.id, team.helper.id]).await;
    let rooms = team.nurse.client.rooms();
    refused(rooms.leave(room).await, 409, "room_needs_responsible");
    refused(
        team.physician.client.rooms().close(room).await,
        403,
        "forbidden",
    );
    rooms.assign(room, &[team.physician.id]).await.unwrap();
    refused(rooms.close(room).await, 403, "forbidden");
    rooms.leave(room).await.unwrap();
    assert_eq!(listed(&team.nurse, room).await, None);
    // When the last who did is gone, whoever has been in it longest does.
    gone(&team.world, team.physician.id).await;
    let found = team.helper.client.rooms().find(room).await.unwrap();
    assert!(found.can_keep && found.members[0].responsible);
    // A closed room is read, and nothing is written in it.
    says(&team.helper, room, "終わります").await;
    let rooms = team.helper.client.rooms();
    rooms.close(room).await.unwrap();
    assert_eq!(said(&team.helper, room).await, ["終わります"]);
    let new = CreateMessage::new("もう一つ");
    let late = team.helper.client.messages().create(room, &new).await;
    refused(late, 409, "room_closed");
    rooms.reopen(room).await.unwrap();
    says(&team.helper, room, "再開します").await;
}

#[actix_web::test]
async fn between_two_people_there_is_one_room() {
    let team = Team::new().await;
    let rooms = team.nurse.client.rooms();
    let made = rooms
        .create(&CreateRoom::direct(team.physician.id))
        .await
        .unwrap();
    let id = made.room.id;
    assert_eq!(made.room.partner.unwrap().id, team.physician.id);
    let back = team.physician.client.rooms();
    let again = back
        .create(&CreateRoom::direct(team.nurse.id))
        .await
        .unwrap();
    assert_eq!(
        (again.room.id, again.room.partner.unwrap().id),
        (id, team.nurse.id)
    );
    refused(rooms.leave(id).await, 403, "forbidden");
    let third = CreateRoomMember::new(team.helper.id);
    refused(rooms.add(id, &third).await, 403, "forbidden");
    refused(
        rooms.create(&CreateRoom::direct(team.nurse.id)).await,
        422,
        "invalid_input",
    );
    refused(
        rooms.create(&CreateRoom::direct(team.stranger.id)).await,
        422,
        "invalid_input",
    );
}

#[actix_web::test]
async fn the_mark_is_the_same_on_every_device_and_moves_forward_only() {
    let team = Team::new().await;
    let room = free(&team, &[team.physician.id]).await;
    let first = says(&team.nurse, room, "一").await;
    let second = says(&team.nurse, room, "二").await;
    assert_eq!(
        (
            unread(&team.physician, room).await,
            unread(&team.nurse, room).await
        ),
        (2, 0)
    );
    let tablet = team.physician.again().await;
    let mark = tablet.rooms().read_until(room, second.id).await.unwrap();
    assert_eq!(unread(&team.physician, room).await, 0);
    let back = team
        .physician
        .client
        .rooms()
        .read_until(room, first.id)
        .await
        .unwrap();
    assert_eq!(back.read_seq, mark.read_seq);
    // What is taken back is not unread.
    let third = says(&team.nurse, room, "三").await;
    assert_eq!(unread(&team.physician, room).await, 1);
    let messages = team.nurse.client.messages();
    messages.retract(third.id, 1, None).await.unwrap();
    assert_eq!(unread(&team.physician, room).await, 0);
    assert_eq!(messages.find(second.id).await.unwrap().read_by, 1);
}

#[actix_web::test]
async fn members_are_told_as_it_happens_and_nobody_else() {
    let team = Team::new().await;
    let room = free(&team, &[team.physician.id]).await;
    let mut member = team.physician.client.events().stream(None).await.unwrap();
    let mut outsider = team.outsider.client.events().stream(None).await.unwrap();
    let message = says(&team.nurse, room, "お知らせ").await;
    let next = async |stream: &mut tsumugi_client::groups::EventStream, kind: EventKind| loop {
        let event = tokio::time::timeout(std::time::Duration::from_secs(10), stream.next());
        let event = event.await.unwrap().unwrap().unwrap();
        if event.kind == kind {
            break event;
        }
    };
    let event = next(&mut member, EventKind::MessageCreated).await;
    assert_eq!(
        (event.room_id, event.message_id),
        (Some(room), Some(message.id))
    );
    team.physician
        .client
        .messages()
        .acknowledge(message.id)
        .await
        .unwrap();
    let event = next(&mut member, EventKind::MessageChanged).await;
    assert_eq!(event.message_id, Some(message.id));
    // Whoever is taken out is told that, and then of nothing more.
    let found = team.nurse.client.rooms().find(room).await.unwrap();
    let of_physician = found
        .members
        .iter()
        .find(|m| m.person.id == team.physician.id);
    let membership = of_physician.unwrap().membership_id.unwrap();
    team.nurse.client.rooms().remove(membership).await.unwrap();
    next(&mut member, EventKind::RoomChanged).await;
    says(&team.nurse, room, "聞こえない").await;
    let heard = tokio::time::timeout(std::time::Duration::from_millis(400), member.next()).await;
    assert!(heard.is_err(), "{heard:?}");
    let heard = tokio::time::timeout(std::time::Duration::from_millis(100), outsider.next()).await;
    assert!(heard.is_err(), "{heard:?}");
}

#[actix_web::test]
async fn an_answer_is_not_repeated_to_who_has_left() {
    let team = Team::new().await;
    let room = free(&team, &[team.physician.id]).await;
    let path = format!("/v1/rooms/{room}/messages");
    let body = json!({ "id": tsumugi_client::new_id(), "body": "一度だけ" }).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", "offline-1"),
    ];
    let send = async || {
        let client = &team.physician.client;
        client
            .send_raw("POST", &path, &headers, body.clone())
            .await
            .unwrap()
    };
    assert_eq!(send().await.status, 201);
    assert_eq!(send().await.status, 201);
    assert_eq!(said(&team.nurse, room).await.len(), 1);
    team.physician.client.rooms().leave(room).await.unwrap();
    let answer = send().await;
    assert_eq!(answer.status, 404, "{}", answer.text());
}

/// Who of the people of the model are nurses.
const NURSES: [bool; 5] = [true, false, false, true, true];

/// What a room is, told in the plainest way, to hold the server against.
#[derive(Default)]
struct Naive {
    /// Since when each is in the room by name, by the number of the next message at that moment; the first is the nurse,
    /// who looks after it.
    named: Vec<Option<usize>>,
    /// Since when the rule for nurses stands.
    rule: Option<usize>,
    /// Author and whether it is kept.
    messages: Vec<(usize, bool)>,
    /// Up to where each has read.
    read: Vec<usize>,
}

impl Naive {
    /// Since when somebody is in it: the earliest of what holds now.
    fn since(&self, who: usize) -> Option<usize> {
        let by_rule = self.rule.filter(|_| NURSES[who]);
        self.named[who].into_iter().chain(by_rule).min()
    }

    fn unread(&self, who: usize) -> Option<i64> {
        let from = self.since(who)?.max(self.read[who]);
        let of_others = |(author, kept): &&(usize, bool)| *author != who && *kept;
        let count = self.messages[from.min(self.messages.len())..]
            .iter()
            .filter(of_others)
            .count();
        Some(i64::try_from(count).unwrap())
    }
}

#[actix_web::test]
async fn unread_counts_and_membership_are_those_of_a_naive_model() {
    let team = Team::new().await;
    let people = [
        &team.nurse,
        &team.physician,
        &team.helper,
        &team.outsider,
        &team.hospital_nurse,
    ];
    for seed in [3_u64, 11, 42] {
        let mut state = seed;
        let mut dice = |sides: usize| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(state >> 33).unwrap() % sides
        };
        let room = free(&team, &[]).await;
        let mut ids: Vec<Uuid> = Vec::new();
        let mut model = Naive {
            named: vec![Some(0), None, None, None, None],
            read: vec![0; 5],
            ..Naive::default()
        };
        for step in 0..60 {
            // So that every moment is one of its own, as it is where people act.
            team.world.app.clock.advance(TimeDelta::milliseconds(3));
            let who = dice(5);
            let rooms = people[who].client.rooms();
            let keeper = team.nurse.client.rooms();
            match dice(8) {
                0..=2 if model.since(who).is_some() => {
                    ids.push(says(people[who], room, "発言").await.id);
                    model.messages.push((who, true));
                }
                3 if model.since(who).is_some() && !ids.is_empty() => {
                    let until = dice(ids.len());
                    rooms.read_until(room, ids[until]).await.unwrap();
                    model.read[who] = model.read[who].max(until + 1);
                }
                4 if !ids.is_empty() => {
                    let which = dice(ids.len());
                    let (author, kept) = model.messages[which];
                    if kept && model.since(author).is_some() {
                        let messages = people[author].client.messages();
                        messages.retract(ids[which], 1, None).await.unwrap();
                        model.messages[which].1 = false;
                    }
                }
                5 if who > 0 && model.named[who].is_none() => {
                    keeper
                        .add(room, &CreateRoomMember::new(people[who].id))
                        .await
                        .unwrap();
                    model.named[who] = Some(ids.len());
                }
                6 if who > 0
                    && model.named[who].is_some()
                    && !(model.rule.is_some() && NURSES[who]) =>
                {
                    rooms.leave(room).await.unwrap();
                    model.named[who] = None;
                }
                7 if model.rule.is_some() => {
                    let rule = keeper.find(room).await.unwrap().rules[0].id;
                    keeper.end_rule(rule).await.unwrap();
                    model.rule = None;
                }
                7 => {
                    let rule = CreateRoomRule::everybody().of("nurse");
                    keeper.add_rule(room, &rule).await.unwrap();
                    model.rule = Some(ids.len());
                }
                _ => continue,
            }
            for (who, person) in people.iter().enumerate() {
                let found = listed(person, room).await.map(|room| room.unread);
                assert_eq!(
                    found,
                    model.unread(who),
                    "seed {seed}, step {step}, person {who}"
                );
            }
        }
        assert!(ids.len() > 5, "{}", ids.len());
    }
}

#[actix_web::test]
async fn who_moves_to_another_facility_is_out_of_the_rooms_of_the_first() {
    let team = Team::new().await;
    let facility = facility_of(&team.nurse).await;
    let administrator = &team.world.administrator;
    let new = CreateRoom::of_facility(facility, "北訪問看護").kept_by([team.nurse.id]);
    let room = administrator
        .client
        .rooms()
        .create(&new)
        .await
        .unwrap()
        .room
        .id;
    let clinic = team.world.facility("西診療所", FacilityKind::Clinic).await;
    let path = format!("/v1/staff-members/{}/move", team.nurse.id);
    let on = today() + Days::new(1);
    let body = json!({ "new_id": tsumugi_client::new_id(), "facility_id": clinic, "on": on });
    let answer = administrator.raw("POST", &path, &body.to_string()).await;
    assert!(answer.status < 300, "{}", answer.text());
    assert!(listed(&team.nurse, room).await.is_some());
    team.world.app.clock.advance(TimeDelta::days(1));
    let network: String = team
        .world
        .db
        .one("SELECT tenant_id::text FROM tenants WHERE slug = 'kita'")
        .await;
    worker::begin_day(&team.world.app, network.parse().unwrap())
        .await
        .unwrap();
    let nurse = team.nurse.anew().await;
    assert_eq!(listed(&nurse, room).await, None);
    refused(nurse.client.rooms().find(room).await, 404, "not_found");
}
