//! Everything that the rules of access can be asked, as far as it can be told apart.

use std::collections::BTreeSet;

use tsumugi_server::spine::{
    access::{
        AnnouncementFacts, Asker, CHANNELS, Cover, Ground, KINDS, Membership,
        NAMED as NAMED_CHANNEL, Narrowing, PostFacts, Purpose, Question, Resource, RoomFacts,
        Standing,
    },
    auth::{Actor, Person, Role},
    professions,
};
use uuid::Uuid;

pub const NETWORK: Uuid = Uuid::from_u128(1);
pub const OTHER_NETWORK: Uuid = Uuid::from_u128(2);
pub const STAFF_MEMBER: Uuid = Uuid::from_u128(3);
pub const SOMEBODY_ELSE: Uuid = Uuid::from_u128(4);
pub const FACILITY: Uuid = Uuid::from_u128(16);
pub const OTHER_FACILITY: Uuid = Uuid::from_u128(32);
pub const THING: Uuid = Uuid::from_u128(7);
pub const ACCOUNT: Uuid = Uuid::from_u128(8);

pub fn person(role: Role, standing: Standing) -> Person {
    Person {
        tenant_id: NETWORK,
        account_id: ACCOUNT,
        session_id: THING,
        person_id: STAFF_MEMBER,
        staff_member_id: STAFF_MEMBER,
        facility_id: FACILITY,
        profession: standing.rights_of.clone(),
        role,
        standing,
        authenticated_at: chrono::DateTime::UNIX_EPOCH,
        device_id: None,
        via: None,
    }
}

pub fn asker(role: Role, standing: Standing) -> Asker {
    Asker::of(&Actor::Person(person(role, standing))).unwrap()
}

/// Everybody that there can be, with a name for the sheet: one profession of each column of the matrix, the other
/// roles, a nurse without a licence and with rights taken away, a system.
pub fn askers() -> Vec<(String, Asker)> {
    let mut found = vec![(
        "a system".to_owned(),
        Asker::System {
            tenant: NETWORK,
            client: ACCOUNT,
            facility: FACILITY,
        },
    )];
    let mut columns = BTreeSet::new();
    for profession in professions::all() {
        if columns.insert(&profession.column) && !["PT", "FM"].contains(&&*profession.column) {
            let name = format!("staff {} ({})", profession.code, profession.column);
            found.push((name, asker(Role::Staff, Standing::of(&profession.code))));
        }
    }
    for (role, profession) in [
        (Role::NetworkAdministrator, "administrator"),
        (Role::Auditor, "auditor"),
        (Role::Support, "support"),
        (Role::Patient, "patient"),
        (Role::Family, "family"),
    ] {
        found.push((
            role.code().to_owned(),
            asker(role, Standing::of(profession)),
        ));
    }
    let manager = Standing::of("facility_administrator");
    found.push((
        "staff facility_administrator".to_owned(),
        asker(Role::Staff, manager),
    ));
    let nurse = Standing::of("nurse");
    let taken = |read, write| Standing {
        narrowing: Narrowing { read, write },
        ..nurse.clone()
    };
    let unlicensed = Standing {
        licensed: false,
        ..nurse.clone()
    };
    found.push((
        "staff nurse without a licence".to_owned(),
        asker(Role::Staff, unlicensed),
    ));
    found.push((
        "staff nurse who may not read by agreement".to_owned(),
        asker(Role::Staff, taken(u32::MAX, 0)),
    ));
    found.push((
        "staff nurse who may not write by agreement".to_owned(),
        asker(Role::Staff, taken(0, u32::MAX)),
    ));
    found
}

pub const PLAIN: Cover = Cover {
    kinds: u32::MAX,
    separate: false,
    sensitive: 0,
};
pub const SEPARATE: Cover = Cover {
    separate: true,
    ..PLAIN
};
pub const NAMED: Cover = Cover {
    sensitive: u8::MAX,
    ..SEPARATE
};

/// Grounds that differ in what the rules look at, with the purpose; `usual` stands for that of the role.
pub fn grounds() -> Vec<(&'static str, Ground, Option<Purpose>)> {
    let nothing = Ground::default();
    let member = Ground {
        member: true,
        ..nothing
    };
    let with = |ground: Ground, cover| Ground { cover, ..ground };
    let substitute = Ground {
        substitute: true,
        ..nothing
    };
    let emergency = Ground {
        emergency: true,
        ..nothing
    };
    let registered = Ground {
        registered: true,
        ..nothing
    };
    let own = Ground {
        own_patient: true,
        ..member
    };
    let patient = Ground {
        patient: true,
        ..nothing
    };
    let family = Ground {
        family: true,
        ..nothing
    };
    let urgent = Some(Purpose::EmergencyTreatment);
    vec![
        ("nothing", nothing, None),
        ("consent", with(nothing, NAMED), None),
        ("member", member, None),
        ("member+consent", with(member, PLAIN), None),
        ("member+separate", with(member, SEPARATE), None),
        ("member+named", with(member, NAMED), None),
        (
            "member+consent+care-management",
            with(member, PLAIN),
            Some(Purpose::CareManagement),
        ),
        ("member+consent+ETREAT", with(member, PLAIN), urgent),
        (
            "member+consent+HSYSADMIN",
            with(member, PLAIN),
            Some(Purpose::Administration),
        ),
        ("own-patient", own, None),
        ("substitute+consent", with(substitute, PLAIN), None),
        ("emergency", emergency, None),
        ("emergency+ETREAT", emergency, urgent),
        ("registered+consent", with(registered, PLAIN), None),
        ("patient", patient, None),
        ("patient+separate", with(patient, SEPARATE), None),
        ("family+consent", with(family, PLAIN), None),
        ("family+separate", with(family, SEPARATE), None),
    ]
}

/// An action of the rules' schema, with what it is done to and whether it needs a ground.
#[derive(Debug)]
pub struct Action {
    pub name: String,
    pub group: Option<String>,
    pub resource: String,
    pub needs_ground: bool,
}

/// Every action that the schema of the rules declares.
pub fn actions() -> Vec<Action> {
    let text: String = tsumugi_schema::POLICY_SCHEMA
        .lines()
        .map(|line| line.split("//").next().unwrap())
        .collect();
    let mut found = Vec::new();
    for part in text.split("action ").skip(1) {
        let Some((names, applies)) = part.split_once("appliesTo") else {
            continue;
        };
        let applies = applies.split(';').next().unwrap();
        let (_, resource) = applies.split_once("resource:").unwrap();
        let (names, group) = names
            .split_once(" in [")
            .map_or((names, None), |(names, group)| {
                (names, Some(group.split(']').next().unwrap().to_owned()))
            });
        for name in names.split('"').skip(1).step_by(2) {
            found.push(Action {
                name: name.to_owned(),
                group: group.clone(),
                resource: resource.split(',').next().unwrap().trim().to_owned(),
                needs_ground: applies.contains("ground: Ground"),
            });
        }
    }
    assert_eq!(
        found.len(),
        tsumugi_schema::POLICY_SCHEMA.matches('"').count() / 2
    );
    found
}

/// Everything of a type that the rules can tell apart, with a name for the sheet.
pub fn resources(kind: &str) -> Vec<(String, Resource)> {
    let named = |name: &str, resource| (name.to_owned(), resource);
    match kind {
        "Network" => vec![named("", Resource::Network)],
        "Patient" => vec![named("", Resource::patient(THING))],
        "IncomingDocument" => vec![
            named(
                "of the own facility",
                Resource::IncomingDocument { facility: FACILITY },
            ),
            named(
                "of another facility",
                Resource::IncomingDocument {
                    facility: OTHER_FACILITY,
                },
            ),
        ],
        // The kinds are the other sheet's.
        "Record" => ["conditions", "referral", "acp"]
            .into_iter()
            .flat_map(|kind| [(kind, "own", FACILITY), (kind, "other", OTHER_FACILITY)])
            .map(|(kind, whose, facility)| {
                let record = Resource::Record {
                    kind: kind.to_owned(),
                    facility,
                };
                (format!("{kind}/{whose}"), record)
            })
            .collect(),
        "Post" => posts(),
        "Room" => rooms(),
        "Announcement" => announcements(),
        other => panic!("the matrix does not know what a {other} is"),
    }
}

/// What ties somebody to a room: nothing, being in it, looking after it, having written there.
fn memberships() -> [(&'static str, Membership); 4] {
    let outside = Membership::default();
    let member = Membership {
        member: true,
        ..outside
    };
    let responsible = Membership {
        responsible: true,
        ..member
    };
    let author = Membership {
        author: true,
        ..member
    };
    [
        ("outside", outside),
        ("member", member),
        ("responsible", responsible),
        ("author", author),
    ]
}

fn rooms() -> Vec<(String, Resource)> {
    let mut found = Vec::new();
    for kind in ["facility", "committee", "regional", "free", "direct"] {
        for (tie, membership) in memberships() {
            let room = |facility| RoomFacts {
                id: THING,
                kind: kind.to_owned(),
                facility,
                membership,
            };
            let facility = (kind == "facility").then_some(FACILITY);
            found.push((format!("{kind}/{tie}"), Resource::Room(room(facility))));
        }
    }
    found
}

fn announcements() -> Vec<(String, Resource)> {
    let mut found = Vec::new();
    for wide in [false, true] {
        for (tie, membership) in memberships() {
            let about = AnnouncementFacts {
                id: THING,
                wide,
                membership,
            };
            let reach = if wide { "wide" } else { "near" };
            found.push((format!("{reach}/{tie}"), Resource::Announcement(about)));
        }
    }
    found
}

pub fn posts() -> Vec<(String, Resource)> {
    let mut found = Vec::new();
    for channel in CHANNELS {
        for kind in KINDS {
            for (whose, author, facility, on_behalf_of) in [
                ("mine", STAFF_MEMBER, FACILITY, None),
                ("own", SOMEBODY_ELSE, FACILITY, None),
                ("other", SOMEBODY_ELSE, OTHER_FACILITY, None),
                ("for-me", SOMEBODY_ELSE, OTHER_FACILITY, Some(STAFF_MEMBER)),
                ("mine-for-me", STAFF_MEMBER, FACILITY, Some(STAFF_MEMBER)),
            ] {
                // What the rules do not tell apart for any act is not asked for every kind.
                if on_behalf_of.is_some() && kind != "note" {
                    continue;
                }
                let post = PostFacts {
                    id: THING,
                    kind: kind.to_owned(),
                    channel: channel.to_owned(),
                    sensitivity: (channel == "sensitive").then(|| "abuse".to_owned()),
                    author,
                    facility,
                    recipient: whose == "mine",
                    on_behalf_of,
                };
                if channel == NAMED_CHANNEL && whose != "mine" {
                    let named = PostFacts {
                        recipient: true,
                        ..post.clone()
                    };
                    let name = format!("{channel}/{kind}/{whose}-naming-me");
                    found.push((name, Resource::Post(named)));
                }
                found.push((format!("{channel}/{kind}/{whose}"), Resource::Post(post)));
            }
        }
    }
    found
}

/// The usual purpose of whoever asks.
pub fn usual(asker: &Asker) -> Purpose {
    match asker {
        Asker::Person { role, .. } => Purpose::usual(*role),
        Asker::System { .. } => Purpose::Treatment,
    }
}

/// A question with its place in the sheet.
pub struct Asked {
    pub who: String,
    pub on: &'static str,
    pub what: String,
    pub question: Question,
}

/// Everything that can be asked about things of `network`.
pub fn questions(askers: &[(String, Asker)], network: Uuid) -> Vec<Asked> {
    let mut found = Vec::new();
    for (who, asker) in askers {
        for action in actions() {
            let grounds = if action.needs_ground {
                grounds()
                    .into_iter()
                    .map(|(on, ground, purpose)| (on, Some(ground), purpose))
                    .collect()
            } else {
                vec![("any", None, None)]
            };
            for (what, resource) in resources(&action.resource) {
                for (on, ground, purpose) in &grounds {
                    found.push(Asked {
                        who: who.clone(),
                        on,
                        what: what.clone(),
                        question: Question {
                            asker: asker.clone(),
                            tenant: network,
                            action: action.name.clone(),
                            resource: resource.clone(),
                            ground: *ground,
                            purpose: purpose.unwrap_or_else(|| usual(asker)),
                        },
                    });
                }
            }
        }
    }
    found
}
