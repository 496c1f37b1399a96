//! What holds for every seed: the rules of the product, and of believable text.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeZone, Utc};

use super::circle::MEDICAL;
use super::*;

const PROFESSIONS: &[&str] = &[
    "physician",
    "dentist",
    "pharmacist",
    "nurse",
    "assistant_nurse",
    "public_health_nurse",
    "physical_therapist",
    "occupational_therapist",
    "speech_therapist",
    "dietitian",
    "dental_hygienist",
    "social_worker",
    "medical_social_worker",
    "care_manager",
    "home_helper",
    "care_worker",
    "day_care_staff",
    "equipment_consultant",
    "support_center_staff",
    "regional_coordinator",
    "administrator",
    "auditor",
];

const KINDS: &[&str] = &[
    "hospital",
    "clinic",
    "dental_clinic",
    "pharmacy",
    "visiting_nursing_station",
    "care_management_office",
    "home_help_office",
    "day_care_center",
    "nursing_home",
    "support_center",
    "municipality",
    "medical_association",
];

fn noon() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 21, 3, 0, 0).unwrap()
}

fn networks() -> Vec<(DateTime<Utc>, DemoNetwork)> {
    let evening = Utc.with_ymd_and_hms(2027, 3, 3, 11, 30, 0).unwrap();
    let night = Utc.with_ymd_and_hms(2026, 7, 31, 17, 10, 5).unwrap();
    [(1, noon()), (2, evening), (77, night)]
        .map(|(seed, now)| (now, generate(seed, now)))
        .into()
}

fn patients(network: &DemoNetwork) -> impl Iterator<Item = (&DemoTenant, &DemoPatient)> {
    network
        .tenants
        .iter()
        .flat_map(|tenant| tenant.patients.iter().map(move |patient| (tenant, patient)))
}

fn member_on(patient: &DemoPatient, staff: uuid::Uuid, at: DateTime<Utc>) -> bool {
    let day = moment::day_of(at);
    patient.team.iter().any(|member| {
        member.staff_id == staff
            && member.starts_on <= day
            && member.ends_on.is_none_or(|end| day <= end)
    })
}

fn profession(tenant: &DemoTenant, staff: uuid::Uuid) -> &'static str {
    tenant
        .staff
        .iter()
        .find(|person| person.id == staff)
        .map(|person| person.profession)
        .unwrap()
}

fn katakana(text: &str) -> bool {
    text.chars().all(|c| matches!(c, 'ァ'..='ヶ' | 'ー' | ' ')) && text.contains(' ')
}

#[test]
fn same_seed_and_time_give_the_same_bytes() {
    assert_eq!(
        format!("{:?}", generate(5, noon())),
        format!("{:?}", generate(5, noon()))
    );
    assert_ne!(generate(5, noon()), generate(6, noon()));
}

#[test]
fn the_network_is_large_enough() {
    for (_, network) in networks() {
        let tenants = &network.tenants;
        assert_eq!(tenants.len(), 2);
        assert!(
            tenants
                .iter()
                .map(|tenant| tenant.facilities.len())
                .sum::<usize>()
                >= 12
        );
        assert!(
            tenants
                .iter()
                .map(|tenant| tenant.staff.len())
                .sum::<usize>()
                >= 40
        );
        assert!(patients(&network).count() >= 60);
        let posts: Vec<&DemoPost> = patients(&network)
            .flat_map(|(_, patient)| &patient.posts)
            .collect();
        assert!(posts.len() >= 3_000, "{}", posts.len());
        assert!(posts.iter().filter(|post| post.vitals.is_some()).count() > 800);
        assert!(posts.iter().filter(|post| post.reply_to.is_some()).count() > 200);
        assert!(
            posts
                .iter()
                .filter(|post| post.channel == "medical")
                .count()
                > 60
        );
        assert!(
            posts
                .iter()
                .filter(|post| !post.amendments.is_empty())
                .count()
                > 10
        );
        assert!(
            posts
                .iter()
                .filter(|post| post.retraction.is_some())
                .count()
                >= 3
        );
        let used: BTreeSet<&str> = tenants
            .iter()
            .flat_map(|tenant| &tenant.staff)
            .map(|staff| staff.profession)
            .collect();
        assert!(used.len() >= 15);
    }
}

#[test]
fn some_requests_are_open_and_some_overdue() {
    for (now, network) in networks() {
        let (mut open, mut overdue) = (0, 0);
        for (_, patient) in patients(&network) {
            for post in &patient.posts {
                let Some(request) = &post.ack_request else {
                    continue;
                };
                let waiting = request
                    .asked
                    .iter()
                    .filter(|asked| {
                        post.acknowledgements
                            .iter()
                            .all(|(staff, _)| staff != *asked)
                    })
                    .count();
                match request.due_at {
                    Some(due) if due < now => overdue += waiting,
                    _ => open += waiting,
                }
            }
        }
        assert!(open >= 5 && overdue >= 3, "{open} open, {overdue} overdue");
    }
}

#[test]
fn nobody_writes_reads_or_acknowledges_outside_their_membership() {
    for (now, network) in networks() {
        for (tenant, patient) in patients(&network) {
            assert!(member_on(
                patient,
                patient.registered_by,
                patient.registered_at
            ));
            let posts: BTreeSet<_> = patient.posts.iter().map(|post| post.id).collect();
            for post in &patient.posts {
                assert!(
                    member_on(patient, post.author, post.recorded_at),
                    "{} {post:?}",
                    patient.name
                );
                let asked = post.ack_request.iter().flat_map(|request| &request.asked);
                assert!(asked.clone().all(|staff| *staff != post.author));
                assert!(
                    asked
                        .clone()
                        .all(|staff| member_on(patient, *staff, post.recorded_at))
                );
                for (staff, at) in &post.acknowledgements {
                    assert!(member_on(patient, *staff, *at) && *staff != post.author);
                    assert!(*at > post.recorded_at && *at <= now);
                }
                let once: BTreeSet<_> = post
                    .acknowledgements
                    .iter()
                    .map(|(staff, _)| staff)
                    .collect();
                assert_eq!(once.len(), post.acknowledgements.len());
                if post.channel == "medical" {
                    assert!(MEDICAL.contains(&profession(tenant, post.author)));
                    assert!(
                        asked
                            .clone()
                            .all(|staff| MEDICAL.contains(&profession(tenant, *staff)))
                    );
                }
                assert!(post.reply_to.is_none_or(|to| posts.contains(&to)));
            }
            for (staff, post) in &patient.read_marks {
                assert!(
                    member_on(patient, *staff, now - TimeDelta::days(3))
                        || member_on(patient, *staff, now)
                );
                assert!(posts.contains(post));
            }
        }
    }
}

#[test]
fn posts_are_in_order_and_never_later_than_now() {
    for (now, network) in networks() {
        for (_, patient) in patients(&network) {
            assert!(
                patient
                    .posts
                    .iter()
                    .all(|post| post.observed_at <= post.recorded_at)
            );
            assert!(
                patient
                    .posts
                    .iter()
                    .all(|post| patient.registered_at < post.recorded_at)
            );
            assert!(patient.posts.iter().all(|post| post.recorded_at <= now));
            assert!(
                patient
                    .posts
                    .windows(2)
                    .all(|pair| pair[0].recorded_at < pair[1].recorded_at)
            );
            let times: BTreeMap<_, _> = patient
                .posts
                .iter()
                .map(|post| (post.id, post.recorded_at))
                .collect();
            for post in &patient.posts {
                assert!(post.reply_to.is_none_or(|to| times[&to] < post.recorded_at));
                assert!(
                    post.amendments
                        .iter()
                        .all(|amendment| amendment.at > post.recorded_at && amendment.at <= now)
                );
                assert!(
                    post.retraction
                        .iter()
                        .all(|retraction| retraction.at > post.recorded_at && retraction.at <= now)
                );
            }
        }
    }
}

#[test]
fn vitals_stay_inside_the_published_limits() {
    for (_, network) in networks() {
        for post in patients(&network).flat_map(|(_, patient)| &patient.posts) {
            let amended = post
                .amendments
                .iter()
                .filter_map(|amendment| amendment.vitals);
            for vitals in post.vitals.into_iter().chain(amended) {
                assert!(
                    vitals
                        .temperature
                        .is_none_or(|value| (34.5..=41.0).contains(&value)),
                    "{vitals:?}"
                );
                assert!(
                    vitals
                        .systolic
                        .is_none_or(|value| (60..=220).contains(&value)),
                    "{vitals:?}"
                );
                assert!(
                    vitals
                        .diastolic
                        .is_none_or(|value| (30..=130).contains(&value)),
                    "{vitals:?}"
                );
                assert!(vitals.diastolic < vitals.systolic);
                assert!(
                    vitals.pulse.is_none_or(|value| (35..=280).contains(&value)),
                    "{vitals:?}"
                );
                assert!(
                    vitals.spo2.is_none_or(|value| (70..=100).contains(&value)),
                    "{vitals:?}"
                );
                assert!(
                    vitals
                        .respiration
                        .is_none_or(|value| (6..=45).contains(&value)),
                    "{vitals:?}"
                );
                assert!(
                    vitals
                        .weight
                        .is_none_or(|value| (25.0..=110.0).contains(&value)),
                    "{vitals:?}"
                );
            }
            assert_eq!(post.kind == "vitals", post.vitals.is_some());
            assert!(post.kind == "vitals" || post.body.is_some());
        }
    }
}

#[test]
fn texts_are_whole_and_never_the_same_twice_in_a_row() {
    for (_, network) in networks() {
        for (_, patient) in patients(&network) {
            let bodies: Vec<&str> = patient
                .posts
                .iter()
                .filter_map(|post| post.body.as_deref())
                .collect();
            assert!(
                bodies.windows(2).all(|pair| pair[0] != pair[1]),
                "{}",
                patient.name
            );
            for body in bodies {
                assert!(!body.contains(['[', ']', '{', '}', '|', '#']), "{body}");
                assert!(!body.contains("。。") && !body.contains("%%"), "{body}");
                assert!((1..=10_000).contains(&body.chars().count()));
                assert!(!body.starts_with(['\n', '・']), "{body}");
            }
        }
    }
}

#[test]
fn names_and_codes_are_the_published_ones() {
    let (_, network) = networks().remove(0);
    for tenant in &network.tenants {
        let facilities: BTreeSet<_> = tenant
            .facilities
            .iter()
            .map(|facility| facility.id)
            .collect();
        for facility in &tenant.facilities {
            assert!(KINDS.contains(&facility.kind), "{}", facility.kind);
            assert!(
                facility
                    .institution_code
                    .as_ref()
                    .is_none_or(|code| code.len() == 10)
            );
        }
        let mut logins = BTreeSet::new();
        for staff in &tenant.staff {
            assert!(
                PROFESSIONS.contains(&staff.profession) && katakana(staff.kana),
                "{staff:?}"
            );
            assert!(facilities.contains(&staff.facility_id));
            let account = staff.account.as_ref().unwrap();
            assert!(logins.insert(account.login_name));
        }
        let roles = |role| {
            tenant
                .staff
                .iter()
                .filter(|staff| staff.account.as_ref().is_some_and(|a| a.role == role))
                .count()
        };
        assert_eq!((roles("network_administrator"), roles("auditor")), (1, 1));
    }
    let names: BTreeSet<_> = patients(&network)
        .map(|(tenant, patient)| (tenant.slug, &patient.name))
        .collect();
    assert_eq!(names.len(), patients(&network).count());
    assert!(patients(&network).all(|(_, patient)| katakana(&patient.kana)));
    assert!(
        patients(&network).all(|(_, patient)| patient.consent.granted_by != "proxy"
            || patient.consent.proxy_name.is_some())
    );
}

#[test]
fn identifiers_of_things_are_unique() {
    let network = generate(3, noon());
    let mut seen = BTreeSet::new();
    for tenant in &network.tenants {
        assert!(seen.insert(tenant.id));
        assert!(
            tenant
                .facilities
                .iter()
                .all(|facility| seen.insert(facility.id))
        );
        assert!(tenant.staff.iter().all(|staff| seen.insert(staff.id)));
        for patient in &tenant.patients {
            assert!(seen.insert(patient.id) && seen.insert(patient.consent.id));
            assert!(patient.team.iter().all(|member| seen.insert(member.id)));
            assert!(patient.posts.iter().all(|post| seen.insert(post.id)));
        }
    }
}

#[test]
fn the_fixed_cast_is_in_place() {
    for (now, network) in networks() {
        let tenant = &network.tenants[0];
        let cast = network.cast;
        let patient = tenant
            .patients
            .iter()
            .find(|patient| patient.id == cast.patient)
            .unwrap();
        assert_eq!(
            (patient.name.as_str(), patient.kana.as_str()),
            ("出雲 和子", "イズモ カズコ")
        );
        assert_eq!(patient.birth_date.to_string(), "1943-05-12");
        let number = (
            "urn:oid:1.2.392.100495.20.3.51.13212345670".to_owned(),
            "0012345".to_owned(),
            Some(cast.hospital),
        );
        assert!(patient.identifiers.contains(&number));
        for staff in [
            cast.care_manager,
            cast.visiting_nurse,
            cast.physician,
            cast.pharmacist,
            cast.home_helper,
            cast.hospital_nurse,
            cast.therapist,
        ] {
            assert!(member_on(patient, staff, now));
        }
        assert!(
            patient
                .team
                .iter()
                .all(|member| member.staff_id != cast.outsider)
        );
        assert!(
            tenant
                .patients
                .iter()
                .any(|other| member_on(other, cast.outsider, now))
        );
        let lively = patient
            .posts
            .iter()
            .filter(|post| post.recorded_at > now - TimeDelta::hours(48))
            .count();
        assert!(lively >= 12, "{lively}");
        for tenant in &network.tenants {
            for login in [
                "care-manager",
                "visiting-nurse",
                "hospital-nurse",
                "outsider",
                "auditor",
            ] {
                assert!(
                    tenant
                        .staff
                        .iter()
                        .any(|s| s.account.as_ref().is_some_and(|a| a.login_name == login))
                );
            }
        }
    }
}
