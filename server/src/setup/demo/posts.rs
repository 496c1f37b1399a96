//! The posts of a demonstration patient, with their versions and acknowledgements.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};
use tsumugi_schema::tables::{
    acknowledgement_asks as asks, acknowledgement_requests, acknowledgements, post_versions, posts,
    search_entries,
};
use uuid::Uuid;

use crate::{
    commands::Outcome,
    demo::{DemoPatient, DemoPost, DemoVitals},
    features::search::{Author, Entry, Place, Row, Source},
    spine::{access, ids},
};

/// What a version of a post holds, with who wrote it when.
#[derive(Insertable)]
#[diesel(table_name = post_versions)]
#[expect(clippy::struct_field_names, reason = "the fields are the columns")]
struct Version<'a> {
    tenant_id: Uuid,
    post_id: Uuid,
    version: i32,
    body: Option<&'a str>,
    vitals: Option<Value>,
    reason: Option<&'a str>,
    retracted: bool,
    written_by_staff: Uuid,
    written_at: DateTime<Utc>,
}

fn versions<'a>(tenant_id: Uuid, post: &'a DemoPost) -> Vec<Version<'a>> {
    let version =
        |body: Option<&'a str>, vitals: Option<DemoVitals>, reason, retracted, written_at| {
            Version {
                tenant_id,
                post_id: post.id,
                version: 0,
                body,
                vitals: vitals.map(vitals_json),
                reason,
                retracted,
                written_by_staff: post.author,
                written_at,
            }
        };
    let first = version(
        post.body.as_deref(),
        post.vitals,
        None,
        false,
        post.recorded_at,
    );
    let amended = post
        .amendments
        .iter()
        .map(|a| version(a.body.as_deref(), a.vitals, Some(a.reason), false, a.at));
    let retracted = post
        .retraction
        .iter()
        .map(|r| version(None, None, Some(r.reason), true, r.at));
    let mut all: Vec<Version<'a>> = std::iter::once(first)
        .chain(amended)
        .chain(retracted)
        .collect();
    for (version, number) in all.iter_mut().zip(1..) {
        version.version = number;
    }
    all
}

fn vitals_json(vitals: DemoVitals) -> Value {
    let all = [
        ("temperature", vitals.temperature),
        ("systolic", vitals.systolic.map(f64::from)),
        ("diastolic", vitals.diastolic.map(f64::from)),
        ("pulse", vitals.pulse.map(f64::from)),
        ("spo2", vitals.spo2.map(f64::from)),
        ("respiration", vitals.respiration.map(f64::from)),
        ("weight", vitals.weight),
    ];
    all.into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), json!(value?))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

pub(super) async fn insert_posts(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    patient: &DemoPatient,
    facilities: &BTreeMap<Uuid, Uuid>,
) -> Outcome<()> {
    // What each answer's conversation began with; an answer comes after what it answers.
    let mut threads: BTreeMap<Uuid, Uuid> = BTreeMap::new();
    for post in &patient.posts {
        if let Some(parent) = post.reply_to {
            let root = threads.get(&parent).copied().unwrap_or(parent);
            threads.insert(post.id, root);
        }
    }
    for chunk in patient.posts.chunks(500) {
        let versions: Vec<Version<'_>> = chunk
            .iter()
            .flat_map(|post| versions(tenant_id, post))
            .collect();
        let rows: Vec<_> = chunk
            .iter()
            .map(|post| {
                let newest = 1 + post.amendments.len() + usize::from(post.retraction.is_some());
                Ok((
                    posts::tenant_id.eq(tenant_id),
                    posts::id.eq(post.id),
                    posts::patient_id.eq(patient.id),
                    posts::kind.eq(post.kind),
                    posts::channel.eq(post.channel),
                    posts::author_staff_id.eq(post.author),
                    posts::reply_to.eq(post.reply_to),
                    posts::thread_id.eq(threads.get(&post.id).copied()),
                    posts::observed_at.eq(post.observed_at),
                    posts::recorded_at.eq(post.recorded_at),
                    posts::version.eq(i32::try_from(newest).unwrap_or(1)),
                    posts::facility_id.eq(super::facility_of(facilities, post.author)?),
                ))
            })
            .collect::<Outcome<_>>()?;
        diesel::insert_into(posts::table)
            .values(&rows)
            .execute(c)
            .await?;
        diesel::insert_into(post_versions::table)
            .values(&versions)
            .execute(c)
            .await?;
        insert_acknowledgements(c, tenant_id, patient.id, chunk).await?;
        insert_findable(c, tenant_id, patient.id, chunk, facilities).await?;
    }
    Ok(())
}

/// Makes the posts findable by words.
async fn insert_findable(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    patient_id: Uuid,
    chunk: &[DemoPost],
    facilities: &BTreeMap<Uuid, Uuid>,
) -> Outcome<()> {
    let mut rows = Vec::with_capacity(chunk.len());
    for post in chunk.iter().filter(|post| post.retraction.is_none()) {
        let amended = post.amendments.last().map(|amendment| &amendment.body);
        let body = amended.unwrap_or(&post.body).as_deref().unwrap_or_default();
        let entry = Entry {
            source: Source::Post,
            id: post.id,
            kind: post.kind,
            place: Place::Patient(patient_id, access::class(post.channel, post.kind, None)),
            post_id: Some(post.id),
            facility_id: super::facility_of(facilities, post.author)?,
            author: Some(Author::Staff(post.author)),
            at: post.recorded_at,
            title: "",
            body,
        };
        rows.extend(Row::of(tenant_id, &entry));
    }
    diesel::insert_into(search_entries::table)
        .values(&rows)
        .execute(c)
        .await?;
    Ok(())
}

async fn insert_acknowledgements(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    patient_id: Uuid,
    chunk: &[DemoPost],
) -> Outcome<()> {
    let asked = chunk.iter().flat_map(|post| {
        let ask = post.ack_request.iter();
        ask.flat_map(move |ask| {
            ask.asked
                .iter()
                .map(move |staff| (post, *staff, ask.due_at))
        })
    });
    let (asked, people): (Vec<_>, Vec<_>) = asked
        .map(|(post, staff, due_at)| {
            let id = ids::derived_id(format!("ask {} {staff}", post.id).as_bytes());
            let given = post.acknowledgements.iter().find(|(who, _)| *who == staff);
            let closed_at = given
                .map(|(_, at)| *at)
                .or_else(|| post.retraction.as_ref().map(|_| post.recorded_at));
            let state = match (given, closed_at) {
                (Some(_), _) => "acknowledged",
                (None, Some(_)) => "withdrawn",
                (None, None) => "asked",
            };
            let ask = (
                asks::tenant_id.eq(tenant_id),
                asks::id.eq(id),
                asks::post_id.eq(post.id),
                asks::patient_id.eq(patient_id),
                asks::asked_by.eq(post.author),
                asks::asked_at.eq(post.recorded_at),
                asks::due_at.eq(due_at),
                asks::staff_member_id.eq(staff),
                asks::answer.eq(false),
                asks::urgent.eq(false),
                asks::state.eq(state),
                asks::step.eq(3_i16),
                asks::closed_at.eq(closed_at),
                asks::closed_by.eq(given.map(|(who, _)| *who)),
            );
            let person = (
                acknowledgement_requests::tenant_id.eq(tenant_id),
                acknowledgement_requests::ask_id.eq(id),
                acknowledgement_requests::post_id.eq(post.id),
                acknowledgement_requests::staff_member_id.eq(staff),
                acknowledgement_requests::patient_id.eq(patient_id),
                acknowledgement_requests::due_at.eq(due_at),
                acknowledgement_requests::part.eq("asked"),
                acknowledgement_requests::closed_at.eq(closed_at),
            );
            (ask, person)
        })
        .unzip();
    diesel::insert_into(asks::table)
        .values(&asked)
        .execute(c)
        .await?;
    diesel::insert_into(acknowledgement_requests::table)
        .values(&people)
        .execute(c)
        .await?;
    insert_given(c, tenant_id, chunk).await
}

async fn insert_given(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    chunk: &[DemoPost],
) -> Outcome<()> {
    let given: Vec<_> = chunk
        .iter()
        .flat_map(|post| {
            post.acknowledgements
                .iter()
                .map(move |(staff, at)| (post.id, *staff, *at))
        })
        .map(|(post, staff, at)| {
            (
                acknowledgements::tenant_id.eq(tenant_id),
                acknowledgements::post_id.eq(post),
                acknowledgements::staff_member_id.eq(staff),
                acknowledgements::acknowledged_at.eq(at),
            )
        })
        .collect();
    diesel::insert_into(acknowledgements::table)
        .values(&given)
        .execute(c)
        .await?;
    Ok(())
}
