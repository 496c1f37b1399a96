//! What posts of the demonstration's main patient are beside their text: named readers, a mention, an entry on behalf of
//! the physician, a wound in the course of days, reactions, a post on top; and a template of the network.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tsumugi_schema::tables::{
    post_pins, post_reactions, post_recipients, post_templates, post_versions, posts,
};
use uuid::Uuid;

use crate::{commands::Outcome, demo::Cast, spine::ids};

/// A post to be told.
#[derive(Clone, Copy)]
struct Told {
    hours_ago: i64,
    /// Hours from what was seen to its recording.
    late: i64,
    kind: &'static str,
    channel: &'static str,
    author: Uuid,
    on_behalf_of: Option<Uuid>,
    mentions: Option<Uuid>,
    names: Option<Uuid>,
    wound: Option<&'static str>,
    body: &'static str,
}

fn told(cast: &Cast) -> [Told; 7] {
    let note = Told {
        hours_ago: 30,
        late: 0,
        kind: "note",
        channel: "team",
        author: cast.visiting_nurse,
        on_behalf_of: None,
        mentions: None,
        names: None,
        wound: None,
        body: "",
    };
    let wound = |hours_ago, body| Told {
        hours_ago,
        kind: "wound",
        wound: Some("heel_left"),
        body,
        ..note
    };
    [
        wound(
            220,
            "左踵に2×2cmの発赤。指で押しても消えません。踵を浮かせるクッションを使い始めました。",
        ),
        wound(
            124,
            "左踵の発赤は1.5×1cmに縮小。水疱なし。クッションは続けています。",
        ),
        wound(52, "左踵の発赤はほぼ消えました。保湿と除圧を続けます。"),
        Told {
            hours_ago: 48,
            author: cast.care_manager,
            body: "【緊急時の連絡】平日の日中は診療所、夜間・休日は訪問看護ステーションの24時間電話へ。救急要請の前に、必ず一度お電話ください。",
            ..note
        },
        Told {
            hours_ago: 34,
            late: 3,
            on_behalf_of: Some(cast.physician),
            body: "往診後の先生からの電話を書き取りました。むくみは軽くなっている。利尿薬は今の量のまま。体重が2日で1kg以上増えたら連絡を。",
            ..note
        },
        Told {
            hours_ago: 32,
            channel: "named",
            names: Some(cast.physician),
            body: "ご家族から、これからの過ごし方について先に相談したいとお話がありました。次の往診の前に、お時間をいただけますか。",
            ..note
        },
        Told {
            hours_ago: 31,
            author: cast.care_manager,
            mentions: Some(cast.home_helper),
            body: "明日の受診の付き添いは10時出発に変わりました。お薬手帳の用意をお願いします。",
            ..note
        },
    ]
}

/// Tells all of it, in the past two weeks.
pub(super) async fn insert(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    cast: &Cast,
    facilities: &BTreeMap<Uuid, Uuid>,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let mut made = Vec::new();
    for one in told(cast) {
        let id = ids::new_id();
        insert_post(c, (tenant_id, id), cast.patient, &one, facilities, now).await?;
        made.push((id, one));
    }
    let urgent = made.iter().find(|(_, one)| one.body.starts_with('【'));
    if let Some((post, one)) = urgent {
        diesel::insert_into(post_pins::table)
            .values((
                post_pins::tenant_id.eq(tenant_id),
                post_pins::id.eq(ids::new_id()),
                post_pins::patient_id.eq(cast.patient),
                post_pins::post_id.eq(*post),
                post_pins::pinned_by.eq(one.author),
                post_pins::pinned_at.eq(now - TimeDelta::hours(one.hours_ago)),
            ))
            .execute(c)
            .await?;
    }
    for (post, one) in &made {
        let (who, reaction) = match one {
            one if one.mentions.is_some() => (cast.home_helper, "noted"),
            one if one.hours_ago == 52 => (cast.care_manager, "thanks"),
            _ => continue,
        };
        diesel::insert_into(post_reactions::table)
            .values((
                post_reactions::tenant_id.eq(tenant_id),
                post_reactions::post_id.eq(*post),
                post_reactions::staff_member_id.eq(who),
                post_reactions::reaction.eq(reaction),
                post_reactions::reacted_at.eq(now - TimeDelta::hours(one.hours_ago - 1)),
            ))
            .execute(c)
            .await?;
    }
    insert_template(c, tenant_id, cast, now).await
}

async fn insert_post(
    c: &mut AsyncPgConnection,
    (tenant_id, id): (Uuid, Uuid),
    patient_id: Uuid,
    one: &Told,
    facilities: &BTreeMap<Uuid, Uuid>,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let at = now - TimeDelta::hours(one.hours_ago);
    let mentions: Vec<Uuid> = one.mentions.into_iter().collect();
    diesel::insert_into(posts::table)
        .values((
            posts::tenant_id.eq(tenant_id),
            posts::id.eq(id),
            posts::patient_id.eq(patient_id),
            posts::kind.eq(one.kind),
            posts::channel.eq(one.channel),
            posts::author_staff_id.eq(one.author),
            posts::observed_at.eq(at - TimeDelta::hours(one.late)),
            posts::recorded_at.eq(at),
            posts::version.eq(1),
            posts::facility_id.eq(super::facility_of(facilities, one.author)?),
            posts::on_behalf_of.eq(one.on_behalf_of),
            posts::mentioned_staff.eq(mentions),
            posts::wound_site.eq(one.wound),
        ))
        .execute(c)
        .await?;
    diesel::insert_into(post_versions::table)
        .values((
            post_versions::tenant_id.eq(tenant_id),
            post_versions::post_id.eq(id),
            post_versions::version.eq(1),
            post_versions::body.eq(one.body),
            post_versions::retracted.eq(false),
            post_versions::written_by_staff.eq(one.author),
            post_versions::written_at.eq(at),
        ))
        .execute(c)
        .await?;
    if let Some(reader) = one.names {
        diesel::insert_into(post_recipients::table)
            .values((
                post_recipients::tenant_id.eq(tenant_id),
                post_recipients::post_id.eq(id),
                post_recipients::staff_member_id.eq(reader),
            ))
            .execute(c)
            .await?;
    }
    Ok(())
}

async fn insert_template(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    cast: &Cast,
    now: DateTime<Utc>,
) -> Outcome<()> {
    diesel::insert_into(post_templates::table)
        .values((
            post_templates::tenant_id.eq(tenant_id),
            post_templates::id.eq(ids::new_id()),
            post_templates::kind.eq("notice"),
            post_templates::title.eq("退院前カンファレンスのお願い"),
            post_templates::body.eq("退院予定日：\n日時：\n場所：\n確認したいこと：\n"),
            post_templates::version.eq(1),
            post_templates::kept_by.eq(cast.administrator),
            post_templates::kept_at.eq(now - TimeDelta::days(20)),
        ))
        .execute(c)
        .await?;
    Ok(())
}
