//! Two networks filled alike (AZ-08), and the operator's people (AZ-20).

use std::{collections::BTreeSet, time::Duration};

use chrono::Days;
use serde_json::json;
use tsumugi_client::{
    Client,
    models::{
        Channel, CreateFacility, CreatePost, CreateSystemClient, EvidenceType, FacilityKind,
        NewPatientIdentifier, Sensitivity,
    },
    new_id,
};
use uuid::Uuid;

use crate::features::findings::look_through_log;
use crate::support::{
    Invited, Person, Team, World,
    calls::{self, Call, Things},
    calls_attachments::Files,
    calls_posts::PostThings,
    calls_rooms::Rooms,
    team::{HOSPITAL_NUMBER, join, new_patient, register, today},
    world::new_staff_member,
};

const KITA: &str = "CANARY-KITA";
const MINAMI: &str = "CANARY-MINAMI";
/// What ends the session where it is done.
const LAST: [&str; 3] = ["delete_session", "lock_session", "end_other_sessions"];
/// The mailbox of a demonstration asks nobody who they are, and holds the mail of every network.
const MAILBOX: &str = "list_mails";

/// Waits until the worker has nothing left to do.
pub async fn at_rest(world: &World) {
    let sql = "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM events), (SELECT count(*) FROM mails)";
    let (mut before, mut same) = ((-1, -1, -1), 0);
    for _ in 0..100 {
        let row = world.db.admin.query_one(sql, &[]).await.unwrap();
        let now: (i64, i64, i64) = (row.get(0), row.get(1), row.get(2));
        same = if now == before { same + 1 } else { 0 };
        before = now;
        if same >= 4 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the worker does not come to rest");
}

/// How far the worker has looked: it moves on with what other networks do.
const HOW_FAR: [&str; 2] = ["audit_cursors", "finding_progress"];

async fn tables(world: &World) -> Vec<String> {
    let sql = "SELECT c.table_name::text FROM information_schema.columns c JOIN information_schema.tables t \
         USING (table_schema, table_name) WHERE table_schema = 'public' AND column_name = 'tenant_id' \
         AND table_type = 'BASE TABLE' ORDER BY 1";
    let rows = world.db.admin.query(sql, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Count and digest of everything that a network holds, table by table.
pub async fn digests(world: &World, slug: &str, skipped: &[&str]) -> Vec<(String, i64, String)> {
    let mut found = Vec::new();
    for table in tables(world).await {
        if skipped.contains(&table.as_str()) {
            continue;
        }
        let sql = format!(
            "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t \
             WHERE tenant_id = (SELECT tenant_id FROM tenants WHERE slug = $1)"
        );
        let row = world.db.admin.query_one(&sql, &[&slug]).await.unwrap();
        found.push((table, row.get(0), row.get(1)));
    }
    found
}

/// What a network was filled with.
struct Side {
    people: Vec<(&'static str, Person)>,
    hospital: Client,
    patient: Uuid,
    things: Things,
    evidence: Uuid,
}

impl Side {
    fn take(&mut self, login: &str) -> Person {
        let place = self.people.iter().position(|(known, _)| *known == login);
        self.people.remove(place.unwrap()).1
    }

    /// Every id that a call of the lists may name, always in the same order.
    fn ids(&self, team: &[Uuid]) -> Vec<Uuid> {
        let things = &self.things;
        let mut all = vec![
            self.patient,
            things.post,
            things.document,
            things.waiting,
            things.consent,
            things.posts.wound,
            things.posts.entered[0],
            things.posts.entered[1],
            things.posts.template,
            things.membership,
            things.facility,
            things.rooms.room,
            things.rooms.message,
            things.rooms.sent,
            things.appointment,
            things.fact,
            things.files.shown,
            things.files.upload,
            self.evidence,
        ];
        all.extend(team);
        all
    }

    fn posts_and_accounts(&self) -> Vec<Uuid> {
        let each = self.people.iter();
        each.flat_map(|(_, person)| [person.id, person.account])
            .collect()
    }
}

const PEOPLE: [(&str, &str, &str); 9] = [
    ("physician", "physician", "clinic"),
    ("nurse", "nurse", "station"),
    ("care-manager", "care_manager", "office"),
    ("helper", "home_helper", "office"),
    ("hospital-nurse", "nurse", "hospital"),
    ("outsider", "nurse", "clinic"),
    ("auditor", "auditor", "office"),
    ("equipment", "equipment_consultant", "office"),
    ("support", "support", "office"),
];

async fn fill(world: &World, administrator: &Person, slug: &str, canary: &str) -> Side {
    let client = &administrator.client;
    let mut facilities = Vec::new();
    for (name, kind) in [
        ("clinic", FacilityKind::Clinic),
        ("station", FacilityKind::VisitingNursingStation),
        ("office", FacilityKind::CareManagementOffice),
        ("hospital", FacilityKind::Hospital),
    ] {
        let new = CreateFacility {
            id: new_id(),
            name: format!("北の{name} {canary}"),
            institution_code: (name == "hospital").then(|| "3212345670".to_owned()),
            kind,
        };
        facilities.push((name, client.facilities().create(&new).await.unwrap().id));
    }
    let facility = |name: &str| {
        facilities
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1
    };
    let mut people = Vec::new();
    for (login, profession, at) in PEOPLE {
        let email = format!("{login}@{slug}.example");
        let mut new = new_staff_member(login, &email, profession, facility(at));
        new.name = format!("試験 {login} {canary}");
        if profession == "support" {
            new.ends_on = today().checked_add_days(Days::new(3));
        }
        let made = client.staff_members().create(&new).await.unwrap();
        let code = made.invitation.unwrap().code;
        let invited = Invited::by_mail(&world.db.admin, &email, code).await;
        people.push((login, invited.enrol(&world.anyone, &world.app).await));
    }
    let person = |login: &str| &people.iter().find(|(known, _)| *known == login).unwrap().1;
    let new = CreateSystemClient::new(facility("hospital"), format!("連携 {canary}"));
    let made = client.clients().create(&new).await.unwrap();
    let hospital = world
        .anyone
        .with_client_credentials(made.client_id, made.client_secret);

    let manager = person("care-manager");
    let mut new = new_patient("出雲 和子", "イズモ カズコ");
    new.address = format!("{canary} 患者の住所");
    let patient = register(manager, new).await.id;
    for login in [
        "physician",
        "nurse",
        "helper",
        "hospital-nurse",
        "equipment",
    ] {
        join(manager, patient, person(login).id).await;
    }
    let number = NewPatientIdentifier {
        system: HOSPITAL_NUMBER.0.to_owned(),
        value: HOSPITAL_NUMBER.1.to_owned(),
        of_facility: true,
    };
    let numbers = person("hospital-nurse").client.patients();
    numbers.create_identifier(patient, &number).await.unwrap();
    let timeline = person("nurse").client.timeline();
    let text = format!("{canary} 患者の様子");
    for new in [
        CreatePost::note(Channel::Medical, &text),
        CreatePost::note(Channel::Family, &text),
        CreatePost::sensitive(Sensitivity::Abuse, &text),
        CreatePost::note(Channel::Team, &text).asking([person("physician").id]),
    ] {
        timeline.create_post(patient, &new).await.unwrap();
    }
    let post = person("nurse").notes(patient, &text).await.id;
    let opening = r#"<div xmlns=\"http://www.w3.org/1999/xhtml\">"#;
    let receive = async |bundle: &str| {
        let bundle = bundle.replace(opening, &format!("{opening}{canary} 患者の文書 "));
        assert!(bundle.contains(canary));
        hospital.bundles().receive(bundle).await.unwrap().document
    };
    let document = receive(include_str!(
        "../../fixtures/fhir/discharge-summary-01.json"
    ))
    .await;
    let waiting = receive(include_str!(
        "../../fixtures/fhir/discharge-summary-02.json"
    ))
    .await;
    let consents = manager.client.consents();
    let consent = consents.list(patient).await.unwrap().items[0].id;
    let form = format!("%PDF-1.7\n{canary}\n%%EOF\n");
    let evidence = consents
        .create_evidence(consent, EvidenceType::Pdf, form.into_bytes())
        .await
        .unwrap()
        .id;
    let members = manager
        .client
        .care_team()
        .list(patient)
        .await
        .unwrap()
        .items;
    let helper = person("helper").id;
    let membership = members
        .iter()
        .find(|m| m.staff_member.id == helper)
        .unwrap()
        .id;
    let things = Things {
        post,
        document,
        waiting,
        consent,
        membership,
        facility: facility("office"),
        relative: calls::relative(manager, patient).await,
        files: Files::of(world, person("nurse"), patient).await,
        fact: calls::fact(manager, patient).await,
        posts: PostThings::by(patient, person("nurse"), person("helper"), client).await,
        rooms: Rooms::of(person("nurse"), person("physician"), helper).await,
        appointment: calls::appointment(person("nurse"), patient).await,
    };
    Side {
        people,
        hospital,
        patient,
        things,
        evidence,
    }
}

/// A team of `kita` from what it was filled with, for the lists of calls; and those who are not in it.
async fn team_of(world: World, mut kita: Side) -> (Team, Things, Vec<(&'static str, Person)>) {
    let stranger = world.stranger("stranger", "nurse").await;
    let team = Team {
        physician: kita.take("physician"),
        nurse: kita.take("nurse"),
        care_manager: kita.take("care-manager"),
        helper: kita.take("helper"),
        hospital_nurse: kita.take("hospital-nurse"),
        outsider: kita.take("outsider"),
        auditor: kita.take("auditor"),
        stranger,
        hospital: kita.hospital,
        patient: kita.patient,
        world,
    };
    (team, kita.things, kita.people)
}

/// Calls beside the lists: on the account and the post of a person, on evidence, on the log, and a search.
fn more_calls(evidence: Uuid, post: Uuid, account: Uuid) -> Vec<Call> {
    let call = |operation, method, path: String, body: Option<serde_json::Value>| Call {
        operation,
        method,
        path,
        body: body.map(|body| body.to_string()),
        content_type: "application/json",
        if_match: None,
    };
    let reason = || Some(json!({ "reason": "届け出による" }));
    let of_account = |verb: &str| format!("/v1/accounts/{account}/{verb}");
    let code = json!({ "id": new_id(), "reason": "電話を忘れた", "minutes": 60 });
    let invitation = json!({ "account_id": account });
    let staff = format!("/v1/staff-members/{post}/leave");
    let leave = json!({ "on": today(), "at_once": true });
    vec![
        call(
            "find_consent_evidence",
            "GET",
            format!("/v1/consent-evidence/{evidence}"),
            None,
        ),
        call("list_account_sessions", "GET", of_account("sessions"), None),
        call("suspend_account", "POST", of_account("suspend"), reason()),
        call("reset_account", "POST", of_account("reset"), reason()),
        call(
            "end_account_sessions",
            "POST",
            of_account("end-sessions"),
            Some(json!({})),
        ),
        call(
            "create_temporary_code",
            "POST",
            of_account("temporary-code"),
            Some(code),
        ),
        call(
            "create_invitation",
            "POST",
            "/v1/invitations".to_owned(),
            Some(invitation),
        ),
        call("leave_staff_member", "POST", staff, Some(leave)),
    ]
}

/// Calls that everybody may make, whatever ids they name.
fn callers<'a>(team: &'a Team, others: &'a [(&str, Person)]) -> Vec<(&'a str, &'a Client)> {
    let mut all = vec![
        ("nurse", &team.nurse.client),
        ("physician", &team.physician.client),
        ("care manager", &team.care_manager.client),
        ("helper", &team.helper.client),
        ("hospital nurse", &team.hospital_nurse.client),
        ("outsider", &team.outsider.client),
        ("auditor", &team.auditor.client),
        ("administrator", &team.world.administrator.client),
        ("system", &team.hospital),
    ];
    all.extend(
        others
            .iter()
            .map(|(login, person)| (*login, &person.client)),
    );
    all
}

/// Makes a call of one network: status, and all that was said, in which nothing is of the other.
async fn heard(who: &str, client: &Client, call: &Call) -> (u16, String) {
    let answer = calls::make(client, call).await;
    let name = call.operation;
    let said = format!("{who} {name}: {} {}", answer.status, answer.text());
    assert!(!said.contains(MINAMI), "{said}");
    assert!(answer.status < 500, "{said}");
    (answer.status, said)
}

#[actix_web::test]
async fn az_08_nobody_of_one_network_sees_or_changes_a_byte_of_the_other() {
    let world = World::new().await;
    let kita = fill(&world, &world.administrator, "kita", KITA).await;
    let minami = fill(&world, &world.other_administrator, "minami", MINAMI).await;
    let kita_ids = kita.ids(&kita.posts_and_accounts());
    let minami_ids = minami.ids(&minami.posts_and_accounts());
    assert_eq!(kita_ids.len(), minami_ids.len());
    let (team, things, others) = team_of(world, kita).await;
    at_rest(&team.world).await;
    // What its own log shows, at this hour, is found before.
    look_through_log(&team.world, "minami").await;
    let before = digests(&team.world, "minami", &HOW_FAR).await;
    assert!(
        before.iter().filter(|(_, count, _)| *count > 0).count() > 20,
        "{before:?}"
    );

    // First with ids of the other network in the place of one's own.
    let nurse = &minami
        .people
        .iter()
        .find(|(login, _)| *login == "nurse")
        .unwrap()
        .1;
    let exchange = |text: &str| {
        let mut text = text.to_owned();
        for (own, other) in kita_ids.iter().zip(&minami_ids) {
            text = text.replace(&own.to_string(), &other.to_string());
        }
        text
    };
    let foreign: Vec<String> = minami_ids.iter().map(Uuid::to_string).collect();
    let mut refused = 0;
    for (who, client) in callers(&team, &others) {
        let mut all = calls::all(&team, &things);
        all.extend(more_calls(minami.evidence, nurse.id, nurse.account));
        for call in all {
            if LAST.contains(&call.operation)
                || ["stream_events", MAILBOX].contains(&call.operation)
            {
                continue;
            }
            let (path, body) = (exchange(&call.path), call.body.as_deref().map(exchange));
            // What names nothing of the other network is asked below.
            if path == call.path && body == call.body {
                continue;
            }
            let call = Call { path, body, ..call };
            let (status, said) = heard(who, client, &call).await;
            if foreign.iter().any(|id| call.path.contains(id)) {
                assert!([403, 404].contains(&status), "{said}");
                refused += 1;
            }
        }
    }
    assert!(refused > 300, "{refused}");

    // Then with one's own.
    let mut seen = 0;
    for (who, client) in callers(&team, &others) {
        for call in calls::all(&team, &things) {
            if LAST.contains(&call.operation)
                || ["withdraw_consent", MAILBOX].contains(&call.operation)
            {
                continue;
            }
            let (_, said) = heard(who, client, &call).await;
            seen += usize::from(said.contains(KITA));
        }
    }
    assert!(seen > 50, "the canary of the own network is seen: {seen}");

    at_rest(&team.world).await;
    // Mail, log, provisions and all else that the network holds now.
    for table in tables(&team.world).await {
        let sql = format!(
            "SELECT count(*) FROM {table} t WHERE tenant_id <> (SELECT tenant_id FROM tenants \
             WHERE slug = 'minami') AND t::text LIKE '%{MINAMI}%'"
        );
        let found: i64 = team.world.db.one(&sql).await;
        assert_eq!(found, 0, "{table}");
    }
    let after = digests(&team.world, "minami", &HOW_FAR).await;
    assert_eq!(after, before);
}

#[actix_web::test]
async fn az_20_support_sees_the_directory_the_settings_and_itself_and_nobody_who_is_cared_for() {
    let world = World::new().await;
    let kita = fill(&world, &world.administrator, "kita", KITA).await;
    let evidence = kita.evidence;
    let (team, things, others) = team_of(world, kita).await;
    let support = &others
        .iter()
        .find(|(login, _)| *login == "support")
        .unwrap()
        .1;
    let mut all = calls::all(&team, &things);
    all.extend(more_calls(evidence, team.nurse.id, team.nurse.account));
    let mut succeeded = BTreeSet::new();
    for call in all {
        // The mailbox of a demonstration asks nobody who they are.
        if LAST.contains(&call.operation)
            || ["list_mails", "stream_events"].contains(&call.operation)
        {
            continue;
        }
        let answer = calls::make(&support.client, &call).await;
        let said = format!("{}: {} {}", call.operation, answer.status, answer.text());
        assert!(answer.status < 500, "{said}");
        assert!(
            !said.contains("CANARY-KITA 患者") && !said.contains("出雲"),
            "{said}"
        );
        if answer.status < 300 {
            succeeded.insert(call.operation);
        }
    }
    let expected = BTreeSet::from([
        "create_passkey_challenge",
        "create_push_subscription",
        "create_recovery_codes",
        "explain_access",
        "find_attachment_rules",
        "find_factors",
        "find_health",
        "find_me",
        "find_notice_settings",
        "find_openapi",
        "find_readiness",
        "find_settings",
        "list_access_overrides",
        "list_duty_contacts",
        "list_facilities",
        // What auditors ask support about its own work.
        "list_justification_requests",
        "list_own_sessions",
        "list_post_templates",
        "list_professions",
        "list_staff_members",
        "start_passkey",
        "start_totp",
        "update_notice_settings",
    ]);
    assert_eq!(succeeded, expected);
}
