//! What a post is beside its text: named readers, the family's channel, mentions, conversations, reactions, pins, entry on
//! behalf of somebody, wounds, histories.

use chrono::{TimeDelta, Utc};
use tsumugi_client::{
    Client,
    models::{
        AmendPost, Channel, CreateConsent, CreatePost, EndCareTeamMember, ListPatients, ListPosts,
        ListTimeline, PostKind, PostWound, Profession, Reaction, RelationKind, RetractPost,
        VitalSigns,
    },
    new_id,
};
use uuid::Uuid;

use crate::support::{Person, Team, refused, team::today};

async fn write(person: &Person, team: &Team, new: &CreatePost) -> Uuid {
    let timeline = person.client.timeline();
    timeline.create_post(team.patient, new).await.unwrap().id
}

async fn refuses(person: &Person, team: &Team, new: &CreatePost) {
    let timeline = person.client.timeline();
    let made = timeline.create_post(team.patient, new).await;
    refused(made, 422, "invalid_input");
}

async fn listed(client: &Client, team: &Team) -> Vec<Uuid> {
    let (timeline, all) = (client.timeline(), ListTimeline::default());
    let page = timeline.list(team.patient, &all).await;
    page.unwrap().items.iter().map(|post| post.id).collect()
}

#[actix_web::test]
async fn the_family_reads_and_answers_what_is_shared_with_it_and_nothing_else() {
    let team = Team::new().await;
    let consent = CreateConsent::on_paper(today()).including(["FM".to_owned(), "PT".to_owned()]);
    let consents = team.care_manager.client.consents();
    consents.create(team.patient, &consent).await.unwrap();
    let daughter = team.relative("hanako", RelationKind::Family).await;
    let patient = team.relative("kazuko", RelationKind::Patient).await;
    let inner = write(
        &team.nurse,
        &team,
        &CreatePost::note(Channel::Team, "内輪の記録"),
    )
    .await;
    let shared = CreatePost::note(Channel::Family, "今日は落ち着いていらっしゃいます");
    let shared = write(&team.nurse, &team, &shared).await;
    for client in [&daughter, &patient] {
        assert_eq!(listed(client, &team).await, [shared]);
        refused(client.timeline().find_post(inner).await, 404, "not_found");
        refused(
            client.timeline().thread(inner, &ListPosts::default()).await,
            404,
            "not_found",
        );
    }
    // The family answers, and asks; the whole team reads it.
    let answer = CreatePost::note(Channel::Family, "ありがとうございます").replying_to(shared);
    daughter
        .timeline()
        .create_post(team.patient, &answer)
        .await
        .unwrap();
    let elsewhere = CreatePost::note(Channel::Team, "ここには書けない");
    let made = daughter
        .timeline()
        .create_post(team.patient, &elsewhere)
        .await;
    refused(made, 403, "forbidden");
    for person in [&team.physician, &team.helper, &team.care_manager] {
        assert_eq!(listed(&person.client, &team).await[0], answer.id);
    }
    let thread = patient
        .timeline()
        .thread(answer.id, &ListPosts::default())
        .await
        .unwrap();
    let thread: Vec<Uuid> = thread.items.iter().map(|post| post.id).collect();
    assert_eq!(thread, [shared, answer.id]);
    // A relative reacts and can be mentioned there, and only there.
    let thanked = daughter
        .timeline()
        .react(shared, Reaction::Thanks)
        .await
        .unwrap();
    assert!(thanked.reactions[0].mine);
    let me = daughter
        .sessions()
        .me()
        .await
        .unwrap()
        .staff_member
        .unwrap()
        .id;
    let to_her = CreatePost::note(Channel::Family, "花子さんへ").mentioning(vec![me]);
    write(&team.nurse, &team, &to_her).await;
    let about_her = CreatePost::note(Channel::Team, "花子さんのこと").mentioning(vec![me]);
    refuses(&team.nurse, &team, &about_her).await;
    // She enters nothing on behalf of anybody, and names nobody.
    let entered = CreatePost::note(Channel::Family, "看護師さんより").on_behalf_of(team.nurse.id);
    let made = daughter
        .timeline()
        .create_post(team.patient, &entered)
        .await;
    refused(made, 403, "forbidden");
    let named = CreatePost::naming(vec![team.nurse.id], "看護師さんだけに");
    let made = daughter.timeline().create_post(team.patient, &named).await;
    refused(made, 403, "forbidden");
}

#[actix_web::test]
async fn a_post_for_named_people_is_for_its_author_and_them() {
    let team = Team::new().await;
    let new = CreatePost::naming(vec![team.physician.id], "先生だけにご相談です");
    let id = write(&team.nurse, &team, &new).await;
    let unread = async |person: &Person| {
        let page = person
            .client
            .patients()
            .list(&ListPatients::default())
            .await;
        let item = page.unwrap().items.remove(0);
        (item.unread, item.last_post.map(|post| post.id))
    };
    for person in [&team.nurse, &team.physician] {
        assert_eq!(listed(&person.client, &team).await, [id]);
        let post = person.client.timeline().find_post(id).await.unwrap();
        let named: Vec<Uuid> = post.recipients.iter().map(|p| p.staff_member_id).collect();
        assert_eq!(named, [team.physician.id]);
    }
    assert_eq!(unread(&team.physician).await, (1, Some(id)));
    for person in [&team.helper, &team.care_manager, &team.hospital_nurse] {
        let timeline = person.client.timeline();
        assert!(listed(&person.client, &team).await.is_empty());
        assert_eq!(unread(person).await, (0, None));
        refused(timeline.find_post(id).await, 404, "not_found");
        refused(timeline.list_post_versions(id).await, 404, "not_found");
        refused(
            timeline.thread(id, &ListPosts::default()).await,
            404,
            "not_found",
        );
        refused(timeline.react(id, Reaction::Noted).await, 404, "not_found");
        refused(timeline.pin(id).await, 404, "not_found");
        refused(timeline.acknowledge_post(id).await, 404, "not_found");
        let reply = CreatePost::note(Channel::Named, "割り込み").replying_to(id);
        refuses(person, &team, &reply).await;
    }
    // An answer goes to the same people, whoever writes it; its author does not choose them.
    let answer = CreatePost::note(Channel::Named, "承知しました").replying_to(id);
    let answer = write(&team.physician, &team, &answer).await;
    assert_eq!(listed(&team.nurse.client, &team).await, [answer, id]);
    assert!(listed(&team.helper.client, &team).await.is_empty());
    let wider = CreatePost::naming(vec![team.helper.id], "広げる").replying_to(id);
    refuses(&team.nurse, &team, &wider).await;
}

#[actix_web::test]
async fn nobody_is_named_who_may_not_read_the_post() {
    let team = Team::new().await;
    let named = |people: Vec<Uuid>| CreatePost::naming(people, "指名");
    for people in [
        vec![],
        vec![team.outsider.id],
        vec![team.stranger.id],
        vec![new_id()],
        vec![team.nurse.id],
        vec![team.physician.id, team.outsider.id],
        vec![team.physician.id, team.physician.id],
    ] {
        refuses(&team.nurse, &team, &named(people)).await;
    }
    // What a profession does not read is not opened to it by its name: a helper reads no lists of medicines.
    let medicines = CreatePost {
        kind: PostKind::Medication,
        ..named(vec![team.helper.id])
    };
    refuses(&team.nurse, &team, &medicines).await;
    let elsewhere = CreatePost {
        recipient_ids: vec![team.physician.id],
        ..CreatePost::note(Channel::Team, "チーム")
    };
    refuses(&team.nurse, &team, &elsewhere).await;
    assert!(listed(&team.nurse.client, &team).await.is_empty());
}

#[actix_web::test]
async fn whoever_leaves_the_team_reads_nothing_that_named_them() {
    let team = Team::new().await;
    let id = write(
        &team.nurse,
        &team,
        &CreatePost::naming(vec![team.helper.id], "指名"),
    )
    .await;
    assert_eq!(listed(&team.helper.client, &team).await, [id]);
    let members = team.care_manager.client.care_team();
    let all = members.list(team.patient).await.unwrap().items;
    let hers = all.iter().find(|m| m.staff_member.id == team.helper.id);
    let hers = hers.unwrap();
    let end = EndCareTeamMember { ends_on: today() };
    members.end(hers.id, &end).await.unwrap();
    team.world.app.clock.advance(TimeDelta::hours(24));
    let helper = team.helper.again().await;
    refused(helper.timeline().find_post(id).await, 404, "not_found");
}

/// The list of everybody is what they could open one by one, of posts with every set of readers.
#[actix_web::test]
async fn lists_hold_exactly_the_posts_for_named_people_that_could_be_opened() {
    let team = Team::new().await;
    let people = [
        &team.physician,
        &team.nurse,
        &team.helper,
        &team.care_manager,
        &team.hospital_nurse,
    ];
    let mut written = Vec::new();
    for (n, author) in people.iter().enumerate() {
        for mask in [0b00001_usize, 0b00110, 0b11000, 0b10101, 0b11111] {
            let chosen = people
                .iter()
                .enumerate()
                .filter(|(at, person)| mask & (1 << ((at + n) % 5)) != 0 && person.id != author.id);
            let named: Vec<Uuid> = chosen.map(|(_, person)| person.id).collect();
            if named.is_empty() {
                continue;
            }
            written.push(write(author, &team, &CreatePost::naming(named, "指名")).await);
        }
        written.push(write(author, &team, &CreatePost::note(Channel::Team, "全員")).await);
    }
    let mut seen = 0;
    for person in people.iter().copied().chain([&team.outsider]) {
        let mut opened = Vec::new();
        for id in written.iter().rev() {
            if person.client.timeline().find_post(*id).await.is_ok() {
                opened.push(*id);
            }
        }
        seen += opened.len();
        let query = ListTimeline {
            limit: Some(100),
            ..Default::default()
        };
        let list = person.client.timeline().list(team.patient, &query).await;
        let list: Vec<Uuid> = match list {
            Ok(page) => page.items.iter().map(|post| post.id).collect(),
            Err(_) => Vec::new(),
        };
        assert_eq!(list, opened);
    }
    assert!(seen > 40, "{seen}");
}

#[actix_web::test]
async fn a_mention_reaches_only_those_who_may_read() {
    let team = Team::new().await;
    let mut new = CreatePost::note(Channel::Team, "@看護師 @ヘルパー お願いします");
    new.mentions.staff_member_ids = vec![team.helper.id];
    new.mentions.professions = vec![Profession::from("physician")];
    let id = write(&team.nurse, &team, &new).await;
    for (person, mine) in [
        (&team.helper, true),
        (&team.physician, true),
        (&team.care_manager, false),
        (&team.nurse, false),
    ] {
        let post = person.client.timeline().find_post(id).await.unwrap();
        assert_eq!(post.mentions.mine, mine);
        assert_eq!(post.mentions.people[0].staff_member_id, team.helper.id);
        assert_eq!(post.mentions.professions.len(), 1);
    }
    let on = |channel, people: Vec<Uuid>, professions: Vec<&str>| {
        let mut new = CreatePost::note(channel, "言及");
        new.mentions.staff_member_ids = people;
        new.mentions.professions = professions.into_iter().map(Profession::from).collect();
        new
    };
    for new in [
        on(Channel::Medical, vec![team.helper.id], vec![]),
        on(Channel::Medical, vec![], vec!["home_helper"]),
        on(Channel::Team, vec![team.outsider.id], vec![]),
        on(Channel::Team, vec![], vec!["dentist"]),
        on(Channel::Team, vec![], vec!["nobody_knows"]),
        on(Channel::Team, vec![team.helper.id, team.helper.id], vec![]),
    ] {
        refuses(&team.nurse, &team, &new).await;
    }
    // For named people: only they.
    let named = CreatePost::naming(vec![team.physician.id], "指名");
    refuses(
        &team.nurse,
        &team,
        &named.clone().mentioning(vec![team.helper.id]),
    )
    .await;
    refuses(
        &team.nurse,
        &team,
        &named.clone().asking(vec![team.helper.id]),
    )
    .await;
    write(
        &team.nurse,
        &team,
        &named.mentioning(vec![team.physician.id]),
    )
    .await;
    // What was taken back mentions nobody.
    let retract = RetractPost {
        reason: "誤り".to_owned(),
    };
    let timeline = team.nurse.client.timeline();
    timeline.retract_post(id, 1, &retract).await.unwrap();
    let post = team.helper.client.timeline().find_post(id).await.unwrap();
    assert!(!post.mentions.mine && post.mentions.people.is_empty());
}

#[actix_web::test]
async fn answers_stand_together_in_the_order_of_writing() {
    let team = Team::new().await;
    let root = write(
        &team.nurse,
        &team,
        &CreatePost::note(Channel::Team, "相談です"),
    )
    .await;
    let other = write(
        &team.nurse,
        &team,
        &CreatePost::note(Channel::Team, "別の件"),
    )
    .await;
    let reply = |to| CreatePost::note(Channel::Team, "返信").replying_to(to);
    let first = write(&team.physician, &team, &reply(root)).await;
    let second = write(&team.helper, &team, &reply(first)).await;
    let third = write(&team.nurse, &team, &reply(second)).await;
    let timeline = team.care_manager.client.timeline();
    for post in [root, first, third] {
        let page = timeline.thread(post, &ListPosts::default()).await.unwrap();
        let ids: Vec<Uuid> = page.items.iter().map(|post| post.id).collect();
        assert_eq!(ids, [root, first, second, third]);
    }
    let found = timeline.find_post(root).await.unwrap();
    assert_eq!((found.reply_count, found.thread_id), (3, None));
    let found = timeline.find_post(third).await.unwrap();
    assert_eq!((found.reply_count, found.thread_id), (0, Some(root)));
    assert_eq!(timeline.find_post(other).await.unwrap().reply_count, 0);
    // Page by page.
    let mut query = ListPosts {
        limit: Some(3),
        ..Default::default()
    };
    let page = timeline.thread(root, &query).await.unwrap();
    assert_eq!(page.items.len(), 3);
    query.cursor = page.next;
    let page = timeline.thread(root, &query).await.unwrap();
    assert_eq!((page.items[0].id, page.next), (third, None));
}

#[actix_web::test]
async fn a_reaction_is_seen_with_names_and_acknowledges_nothing() {
    let team = Team::new().await;
    let ask = CreatePost::note(Channel::Team, "訪問をお願いできますか").asking(vec![team.nurse.id]);
    let id = write(&team.care_manager, &team, &ask).await;
    let timeline = team.nurse.client.timeline();
    timeline.react(id, Reaction::WillVisit).await.unwrap();
    timeline.react(id, Reaction::WillVisit).await.unwrap();
    let post = timeline.react(id, Reaction::Thanks).await.unwrap();
    assert_eq!(post.reactions.len(), 2);
    team.physician
        .client
        .timeline()
        .react(id, Reaction::WillVisit)
        .await
        .unwrap();
    let post = team.helper.client.timeline().find_post(id).await.unwrap();
    let visiting = post
        .reactions
        .iter()
        .find(|r| r.reaction == Reaction::WillVisit)
        .unwrap();
    let who: Vec<Uuid> = visiting.people.iter().map(|p| p.staff_member_id).collect();
    assert_eq!(
        (who, visiting.mine),
        (vec![team.nurse.id, team.physician.id], false)
    );
    assert!(post.acknowledgement.acknowledged.is_empty());
    let post = timeline
        .remove_reaction(id, Reaction::WillVisit)
        .await
        .unwrap();
    let post = {
        assert!(post.reactions.iter().all(|r| r.people.len() == 1));
        timeline
            .remove_reaction(post.id, Reaction::WillVisit)
            .await
            .unwrap()
    };
    assert_eq!(post.reactions.len(), 2);
    let path = format!("/v1/posts/{id}/reactions");
    let unknown = team.nurse.raw("POST", &path, r#"{"reaction":"like"}"#);
    assert_eq!(unknown.await.status, 422);
    let retract = RetractPost {
        reason: "誤り".to_owned(),
    };
    let author = team.care_manager.client.timeline();
    author.retract_post(id, 1, &retract).await.unwrap();
    refused(
        timeline.react(id, Reaction::Noted).await,
        409,
        "post_retracted",
    );
}

#[actix_web::test]
async fn pinned_posts_stay_on_top_for_those_who_may_read_them() {
    let team = Team::new().await;
    let open = write(
        &team.nurse,
        &team,
        &CreatePost::note(Channel::Team, "吸引器の電源"),
    )
    .await;
    let medical = CreatePost::note(Channel::Medical, "抗凝固薬を中止中");
    let medical = write(&team.nurse, &team, &medical).await;
    let by_helper = team.helper.client.timeline().pin(open).await.unwrap();
    assert!(by_helper.pin.is_some());
    team.physician.client.timeline().pin(medical).await.unwrap();
    let pins = async |person: &Person| -> Vec<Uuid> {
        let page = person.client.timeline().pins(team.patient).await.unwrap();
        page.items.iter().map(|post| post.id).collect()
    };
    assert_eq!(pins(&team.nurse).await, [medical, open]);
    assert_eq!(pins(&team.helper).await, [open]);
    refused(
        team.helper.client.timeline().unpin(medical).await,
        404,
        "not_found",
    );
    // Anybody who writes there takes it down; twice is as once.
    let timeline = team.nurse.client.timeline();
    timeline.unpin(open).await.unwrap();
    assert!(timeline.unpin(open).await.unwrap().pin.is_none());
    assert_eq!(pins(&team.nurse).await, [medical]);
    for n in 0..9 {
        let id = write(
            &team.nurse,
            &team,
            &CreatePost::note(Channel::Team, format!("{n}")),
        )
        .await;
        timeline.pin(id).await.unwrap();
    }
    refused(timeline.pin(open).await, 409, "pins_full");
    timeline.unpin(medical).await.unwrap();
    timeline.pin(open).await.unwrap();
    assert_eq!(pins(&team.nurse).await.len(), 10);
}

#[actix_web::test]
async fn a_wound_is_seen_as_a_series() {
    let team = Team::new().await;
    let about = |site: &str, label: Option<&str>, days: i64| CreatePost {
        wound: Some(PostWound {
            site: site.to_owned(),
            label: label.map(str::to_owned),
        }),
        observed_at: Some(Utc::now() - TimeDelta::days(days)),
        ..CreatePost::of_kind(PostKind::Wound, Channel::Team, "観察")
    };
    let sacrum = [
        write(&team.nurse, &team, &about("sacrum", None, 1)).await,
        write(&team.nurse, &team, &about("sacrum", None, 9)).await,
        write(&team.helper, &team, &about("sacrum", None, 4)).await,
    ];
    write(&team.nurse, &team, &about("heel_left", Some("外側"), 2)).await;
    let timeline = team.care_manager.client.timeline();
    let wounds = timeline.wounds(team.patient).await.unwrap().items;
    let sites: Vec<(&str, i64)> = wounds.iter().map(|w| (w.site.as_str(), w.posts)).collect();
    assert_eq!(sites, [("sacrum", 3), ("heel_left", 1)]);
    assert_eq!(wounds[0].post_id, sacrum[0]);
    let series = timeline
        .wound_series(sacrum[1], &ListPosts::default())
        .await
        .unwrap();
    let ids: Vec<Uuid> = series.items.iter().map(|post| post.id).collect();
    assert_eq!(ids, [sacrum[0], sacrum[2], sacrum[1]]);
    assert_eq!(series.items[0].wound.as_ref().unwrap().site, "sacrum");
    for new in [
        about("nose", None, 0),
        about("other", None, 0),
        CreatePost {
            kind: PostKind::Note,
            ..about("sacrum", None, 0)
        },
    ] {
        refuses(&team.nurse, &team, &new).await;
    }
}

#[actix_web::test]
async fn a_late_entry_keeps_both_times_and_a_history_has_no_gap() {
    let team = Team::new().await;
    let yesterday = Utc::now() - TimeDelta::days(1);
    let vitals = VitalSigns {
        systolic: Some(132.0),
        diastolic: Some(78.0),
        ..Default::default()
    };
    let new = CreatePost {
        observed_at: Some(yesterday),
        ..CreatePost::vitals(Channel::Team, vitals.clone())
    };
    let timeline = team.nurse.client.timeline();
    let post = timeline.create_post(team.patient, &new).await.unwrap();
    assert!(post.recorded_at - post.observed_at > TimeDelta::hours(23));
    for (version, systolic) in [(1, 134.0), (2, 136.0)] {
        let amend = AmendPost {
            body: None,
            vitals: Some(VitalSigns {
                systolic: Some(systolic),
                ..vitals.clone()
            }),
            attachment_ids: None,
            reason: "測り直し".to_owned(),
        };
        let of_old = timeline.amend_post(post.id, version - 1, &amend).await;
        assert!(of_old.is_err());
        timeline.amend_post(post.id, version, &amend).await.unwrap();
    }
    let reader = team.helper.client.timeline();
    let versions = reader.list_post_versions(post.id).await.unwrap().items;
    let told: Vec<_> = versions
        .iter()
        .map(|v| {
            (
                v.version,
                v.vitals.as_ref().and_then(|signs| signs.systolic),
            )
        })
        .collect();
    assert_eq!(told, [(1, Some(132.0)), (2, Some(134.0)), (3, Some(136.0))]);
    let now = reader.find_post(post.id).await.unwrap();
    assert_eq!((now.version, now.observed_at), (3, post.observed_at));
}
