//! The rooms of the demonstration, with what is said in them, and something that is passed round.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tsumugi_schema::tables::{
    announcement_recipients, announcements, message_acknowledgement_requests,
    message_acknowledgements, message_versions, messages, room_members, room_rules, rooms,
};
use uuid::Uuid;

use crate::{commands::Outcome, demo::DemoTenant, spine::ids};

/// A room: key, kind, name, what it is for, whose facility, who is in it by name (the first looks after it), whether
/// everybody of the network is in it by post.
type Told = (
    &'static str,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    Option<&'static str>,
    &'static [&'static str],
    bool,
);

const ROOMS: [Told; 5] = [
    (
        "region",
        "regional",
        Some("地域の連絡"),
        Some("研修・会議・災害時の連絡に使います"),
        None,
        &["care-manager", "administrator"],
        true,
    ),
    (
        "station",
        "facility",
        Some("ステーション内の連絡"),
        Some("勤務の調整など、職場の連絡に使います"),
        Some("visiting-nurse"),
        &["visiting-nurse"],
        false,
    ),
    (
        "swallowing",
        "committee",
        Some("食支援の部会"),
        Some("毎月第2木曜に集まります"),
        None,
        &["physician", "visiting-nurse", "care-manager", "pharmacist"],
        false,
    ),
    (
        "direct-nurse",
        "direct",
        None,
        None,
        None,
        &["physician", "visiting-nurse"],
        false,
    ),
    (
        "direct-manager",
        "direct",
        None,
        None,
        None,
        &["care-manager", "hospital-nurse"],
        false,
    ),
];

/// What is said: room, who, hours ago, text, whether everybody is asked to acknowledge it.
const SAID: [(&str, &str, i64, &str, bool); 11] = [
    (
        "region",
        "care-manager",
        190,
        "来月の多職種研修は、市民会館の小会議室で行います。テーマは「退院前カンファレンスの進め方」です。",
        false,
    ),
    (
        "region",
        "pharmacist",
        170,
        "薬局からは2名参加します。",
        false,
    ),
    (
        "region",
        "care-manager",
        30,
        "会場の都合で、開始が18時30分に変わりました。参加される方は確認をお願いします。",
        true,
    ),
    (
        "station",
        "visiting-nurse",
        52,
        "連休中の当番表を掲示しました。交代の希望は金曜までにお願いします。",
        false,
    ),
    (
        "swallowing",
        "physician",
        120,
        "次回は嚥下調整食の学会分類の読み合わせをします。資料は当日配ります。",
        false,
    ),
    (
        "swallowing",
        "visiting-nurse",
        100,
        "現場で困った例を、お名前を伏せて一つずつ持ち寄るのはいかがでしょうか。",
        false,
    ),
    (
        "swallowing",
        "pharmacist",
        98,
        "賛成です。とろみ剤と薬の相性についても少しお話しできます。",
        false,
    ),
    (
        "direct-nurse",
        "visiting-nurse",
        26,
        "明日の往診の同行は、13時に診療所集合でよろしいでしょうか。",
        false,
    ),
    (
        "direct-nurse",
        "physician",
        25,
        "はい、13時でお願いします。",
        false,
    ),
    (
        "direct-manager",
        "hospital-nurse",
        8,
        "来週の退院前カンファレンスの件で、一度お電話してもよいですか。",
        false,
    ),
    (
        "direct-manager",
        "care-manager",
        7,
        "本日15時以降でしたら事務所におります。",
        false,
    ),
];

fn id_of(tenant: &DemoTenant, what: &str) -> Uuid {
    ids::derived_id(format!("{}/{what}", tenant.id).as_bytes())
}

/// Writes the rooms of the network in which the guides take place; nothing in one without their people.
pub(super) async fn insert_rooms(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let people: BTreeMap<&str, (Uuid, Uuid)> = tenant
        .staff
        .iter()
        .filter_map(|staff| {
            let account = staff.account.as_ref()?;
            Some((account.login_name, (staff.id, staff.facility_id)))
        })
        .collect();
    let all = ROOMS.iter().flat_map(|room| room.5);
    if all.into_iter().any(|login| !people.contains_key(login)) {
        return Ok(());
    }
    for told in &ROOMS {
        insert_room(c, tenant, told, &people, now).await?;
    }
    insert_messages(c, tenant, &people, now).await?;
    insert_announcement(c, tenant, &people, now).await
}

async fn insert_room(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    (key, kind, name, purpose, facility, logins, everybody): &Told,
    people: &BTreeMap<&str, (Uuid, Uuid)>,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let opened = now - TimeDelta::days(60);
    let id = id_of(tenant, key);
    let who: Vec<Uuid> = logins
        .iter()
        .filter_map(|login| Some(people.get(login)?.0))
        .collect();
    let first = *who
        .as_slice()
        .first()
        .ok_or("a room of the demonstration is empty")?;
    let direct = (*kind == "direct").then(|| (who.iter().min(), who.iter().max()));
    let facility = facility.and_then(|login| Some(people.get(login)?.1));
    let said = SAID.iter().filter(|(room, ..)| room == key).count();
    diesel::insert_into(rooms::table)
        .values((
            rooms::tenant_id.eq(tenant.id),
            rooms::id.eq(id),
            rooms::kind.eq(kind),
            rooms::name.eq(name),
            rooms::purpose.eq(purpose),
            rooms::history.eq("all"),
            rooms::facility_id.eq(facility),
            rooms::one.eq(direct.and_then(|(one, _)| one)),
            rooms::other.eq(direct.and_then(|(_, other)| other)),
            rooms::last_seq.eq(i64::try_from(said)?),
            rooms::created_by.eq(first),
            rooms::created_at.eq(opened),
        ))
        .execute(c)
        .await?;
    let members: Vec<_> = who
        .iter()
        .map(|member| {
            (
                room_members::tenant_id.eq(tenant.id),
                room_members::id.eq(id_of(tenant, &format!("{key}/{member}"))),
                room_members::room_id.eq(id),
                room_members::staff_member_id.eq(*member),
                room_members::responsible.eq(*member == first || *kind == "direct"),
                room_members::starts_at.eq(opened),
                room_members::added_by.eq(first),
            )
        })
        .collect();
    diesel::insert_into(room_members::table)
        .values(members)
        .execute(c)
        .await?;
    if *everybody || facility.is_some() {
        diesel::insert_into(room_rules::table)
            .values((
                room_rules::tenant_id.eq(tenant.id),
                room_rules::id.eq(id_of(tenant, &format!("{key}/rule"))),
                room_rules::room_id.eq(id),
                room_rules::facility_id.eq(facility),
                room_rules::starts_at.eq(opened),
                room_rules::added_by.eq(first),
            ))
            .execute(c)
            .await?;
    }
    Ok(())
}

async fn insert_messages(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    people: &BTreeMap<&str, (Uuid, Uuid)>,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let mut numbers: BTreeMap<&str, i64> = BTreeMap::new();
    for (room, login, hours, text, asks) in SAID {
        let number = numbers.entry(room).or_default();
        *number += 1;
        let id = id_of(tenant, &format!("{room}/{number}"));
        let at = now - TimeDelta::hours(hours);
        let author = people.get(login).ok_or("nobody says this")?.0;
        diesel::insert_into(messages::table)
            .values((
                messages::tenant_id.eq(tenant.id),
                messages::id.eq(id),
                messages::room_id.eq(id_of(tenant, room)),
                messages::seq.eq(*number),
                messages::author_id.eq(author),
                messages::recorded_at.eq(at),
                messages::version.eq(1),
                messages::state.eq("kept"),
                messages::acknowledge_by.eq(asks.then_some(now + TimeDelta::hours(40))),
                messages::asks.eq(asks),
            ))
            .execute(c)
            .await?;
        diesel::insert_into(message_versions::table)
            .values((
                message_versions::tenant_id.eq(tenant.id),
                message_versions::message_id.eq(id),
                message_versions::version.eq(1),
                message_versions::body.eq(text),
                message_versions::mentions.eq(Vec::<Uuid>::new()),
                message_versions::mentions_everyone.eq(asks),
                message_versions::state.eq("kept"),
                message_versions::written_by.eq(author),
                message_versions::written_at.eq(at),
            ))
            .execute(c)
            .await?;
        if asks {
            insert_asked(c, tenant, id, people, at).await?;
        }
    }
    Ok(())
}

async fn insert_asked(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    message: Uuid,
    people: &BTreeMap<&str, (Uuid, Uuid)>,
    at: DateTime<Utc>,
) -> Outcome<()> {
    let logins = [
        "visiting-nurse",
        "physician",
        "pharmacist",
        "home-helper",
        "therapist",
    ];
    let asked: Vec<Uuid> = logins
        .iter()
        .filter_map(|login| Some(people.get(login)?.0))
        .collect();
    let rows: Vec<_> = asked
        .iter()
        .map(|who| {
            (
                message_acknowledgement_requests::tenant_id.eq(tenant.id),
                message_acknowledgement_requests::message_id.eq(message),
                message_acknowledgement_requests::staff_member_id.eq(*who),
            )
        })
        .collect();
    diesel::insert_into(message_acknowledgement_requests::table)
        .values(rows)
        .execute(c)
        .await?;
    let given: Vec<_> = asked
        .iter()
        .skip(2)
        .take(2)
        .map(|who| {
            (
                message_acknowledgements::tenant_id.eq(tenant.id),
                message_acknowledgements::message_id.eq(message),
                message_acknowledgements::staff_member_id.eq(*who),
                message_acknowledgements::acknowledged_at.eq(at + TimeDelta::hours(3)),
            )
        })
        .collect();
    diesel::insert_into(message_acknowledgements::table)
        .values(given)
        .execute(c)
        .await?;
    Ok(())
}

async fn insert_announcement(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    people: &BTreeMap<&str, (Uuid, Uuid)>,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let id = id_of(tenant, "announcement");
    let author = people.get("administrator").ok_or("nobody announces")?.0;
    let at = now - TimeDelta::hours(46);
    diesel::insert_into(announcements::table)
        .values((
            announcements::tenant_id.eq(tenant.id),
            announcements::id.eq(id),
            announcements::title.eq("台風が近づいたときの連絡体制について"),
            announcements::body.eq(
                "大雨・台風のときは、安否の確認を各事業所で行い、結果を「地域の連絡」に書いてください。停電のおそれがある方の医療機器の予備電源も、早めに確かめてください。",
            ),
            announcements::wide.eq(true),
            announcements::audience.eq(serde_json::json!([{}])),
            announcements::author_id.eq(author),
            announcements::recorded_at.eq(at),
            announcements::confirm_by.eq(now + TimeDelta::days(3)),
        ))
        .execute(c)
        .await?;
    let rows: Vec<_> = tenant
        .staff
        .iter()
        .filter(|staff| !["administrator", "auditor"].contains(&staff.profession))
        .zip(0..)
        .map(|(staff, place)| {
            let confirmed = (place % 3 == 2).then(|| at + TimeDelta::hours(1 + place));
            (
                announcement_recipients::tenant_id.eq(tenant.id),
                announcement_recipients::announcement_id.eq(id),
                announcement_recipients::staff_member_id.eq(staff.id),
                announcement_recipients::confirmed_at.eq(confirmed.filter(|at| *at < now)),
            )
        })
        .collect();
    diesel::insert_into(announcement_recipients::table)
        .values(rows)
        .execute(c)
        .await?;
    Ok(())
}
