//! The facts of a demonstration patient, with everything that was said of them.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use tsumugi_schema::tables::{fact_versions, facts};
use uuid::Uuid;

use crate::{
    commands::Outcome,
    demo::{DemoFact, DemoPatient},
    features::facts::{Said, find_kind, next_on},
    spine::professions::{self, Rights},
};

/// What is said of a fact at one moment: act, value, who, when.
type Saying<'a> = (
    &'static str,
    Option<&'a Value>,
    Uuid,
    chrono::DateTime<chrono::Utc>,
);

fn sayings(fact: &DemoFact) -> Vec<Saying<'_>> {
    let mut all = Vec::new();
    if let Some((value, by, at)) = &fact.before {
        all.push(("create", Some(value), *by, *at));
    }
    let act = if all.is_empty() { "create" } else { "change" };
    all.push((act, Some(&fact.value), fact.author, fact.at));
    if let Some((by, at)) = fact.confirmed {
        all.push(("confirm", None, by, at));
    }
    all
}

/// Whether everybody who says something of it may, by the profession.
fn within_the_rules(fact: &DemoFact, staff: &BTreeMap<Uuid, &str>) -> bool {
    let Some(kind) = find_kind(fact.kind) else {
        return false;
    };
    sayings(fact).iter().all(|(_, _, by, _)| {
        let profession = staff.get(by).and_then(|code| professions::find(code));
        profession.is_some_and(|profession| {
            let rights = profession.rights(&kind.information);
            rights.has(Rights::READ) && rights.has(Rights::WRITE)
        })
    })
}

pub(super) async fn insert_facts(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    patient: &DemoPatient,
    facilities: &BTreeMap<Uuid, Uuid>,
    staff: &BTreeMap<Uuid, &str>,
) -> Outcome<()> {
    for fact in patient
        .facts
        .iter()
        .filter(|fact| within_the_rules(fact, staff))
    {
        insert_fact(c, tenant_id, patient.id, fact, facilities).await?;
    }
    Ok(())
}

async fn insert_fact(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    patient_id: Uuid,
    fact: &DemoFact,
    facilities: &BTreeMap<Uuid, Uuid>,
) -> Outcome<()> {
    let kind = find_kind(fact.kind).ok_or("a fact of the demonstration is of no kind")?;
    let all = sayings(fact);
    let said: Said = fact.value.as_object().cloned().unwrap_or_default();
    let version = i32::try_from(all.len())?;
    let said_version = version - i32::from(fact.confirmed.is_some());
    let (confirmed_by, confirmed_at) = fact.confirmed.unwrap_or((fact.author, fact.at));
    let first = all.iter().map(|(.., at)| *at).min().unwrap_or(fact.at);
    diesel::insert_into(facts::table)
        .values((
            facts::tenant_id.eq(tenant_id),
            facts::id.eq(fact.id),
            facts::patient_id.eq(patient_id),
            facts::kind.eq(fact.kind),
            facts::information.eq(&kind.information),
            facts::channel.eq("team"),
            facts::version.eq(version),
            facts::said_version.eq(said_version),
            facts::confirmed_at.eq(confirmed_at),
            facts::confirmed_by.eq(confirmed_by),
            facts::ended.eq(false),
            facts::next_on.eq(next_on(kind, &said)),
            facts::created_at.eq(first),
        ))
        .execute(c)
        .await?;
    for (number, (act, value, by, at)) in (1..).zip(all) {
        let says = value.is_some();
        let newest = number == said_version;
        diesel::insert_into(fact_versions::table)
            .values((
                fact_versions::tenant_id.eq(tenant_id),
                fact_versions::fact_id.eq(fact.id),
                fact_versions::version.eq(number),
                fact_versions::act.eq(act),
                fact_versions::value.eq(value),
                fact_versions::confidence.eq(says.then_some(fact.confidence)),
                fact_versions::source.eq(says.then_some(if newest {
                    fact.source
                } else {
                    "observation"
                })),
                fact_versions::source_id.eq(fact.source_id.filter(|_| newest)),
                fact_versions::source_text.eq(fact.source_text.filter(|_| newest)),
                fact_versions::observed_at.eq(at),
                fact_versions::written_by.eq(by),
                fact_versions::facility_id.eq(super::facility_of(facilities, by)?),
                fact_versions::written_at.eq(at),
            ))
            .execute(c)
            .await?;
    }
    Ok(())
}
