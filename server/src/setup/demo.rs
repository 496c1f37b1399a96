//! Loading the demonstration network.

mod appointments;
mod beside;
mod duty;
mod facts;
mod history;
mod posts;
mod rooms;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection, TransactionManager};
use serde_json::{Value, json};
use tsumugi_schema::tables::{
    care_team_members, clients, consents, patient_identifiers, patients, read_marks, tenants,
};
use uuid::Uuid;

use self::{appointments::Days, facts::insert_facts, posts::insert_posts};
use super::{
    Manager, NewAccount, begin, insert_account, insert_facility, insert_staff, insert_tenant,
};
use crate::{
    commands::Outcome,
    demo::{DemoNetwork, DemoPatient, DemoPost, DemoSeeded, DemoTenant, PASSWORD},
    features::second_factors::seal_seed,
    spine::{
        auth::{password::Passwords, totp::Seed},
        ids,
        professions::{self, Rights},
        seal::Seal,
        text,
    },
};

/// What was loaded.
#[derive(Debug)]
pub struct Loaded {
    /// Accounts by what they are in the story, for the sign-in page, the self-check and tests.
    pub accounts: BTreeMap<&'static str, Value>,
    /// For people.
    pub summary: String,
    /// What the rules of the findings are to find in the log, and nothing else; for tests.
    pub seeded: Vec<DemoSeeded>,
}

/// Loads the demonstration network. Refuses when there is a network already.
pub async fn load_demo(
    connection: &mut AsyncPgConnection,
    seal: &Seal,
    seed: u64,
    now: DateTime<Utc>,
) -> Outcome<Loaded> {
    let existing: i64 = tenants::table.count().get_result(connection).await?;
    if existing > 0 {
        return Err(
            "the database holds a network already; the demonstration needs an empty one".into(),
        );
    }
    let network = crate::demo::generate(seed, now);
    let factors = Factors {
        seal,
        phc: Passwords::new(65536)?.hash_blocking(PASSWORD)?,
    };
    super::log::add_past_months(connection, now, 4).await?;
    let mut secrets = BTreeMap::new();
    let mut counts = (0, 0, 0, 0);
    let (mut entries, mut seeded) = (0, Vec::new());
    for tenant in &network.tenants {
        begin(connection, tenant.id).await?;
        insert_people(connection, tenant, &factors, &mut secrets, now).await?;
        duty::insert(connection, tenant, now).await?;
        let professions = tenant
            .staff
            .iter()
            .map(|staff| (staff.id, staff.profession))
            .collect();
        let facilities = tenant
            .staff
            .iter()
            .map(|staff| (staff.id, staff.facility_id))
            .collect();
        let mut days = Days::new(&professions, now);
        let mut told = tenant.clone();
        for patient in &mut told.patients {
            *patient = within_the_rules(patient, &professions);
            insert_patient(connection, tenant.id, patient, &facilities).await?;
            days.insert(connection, tenant.id, patient).await?;
            insert_facts(connection, tenant.id, patient, &facilities, &professions).await?;
            counts.3 += patient.posts.len();
            if patient.id == network.cast.patient {
                beside::insert(connection, tenant.id, &network.cast, &facilities, now).await?;
            }
        }
        rooms::insert_rooms(connection, tenant, now).await?;
        let history = crate::demo::history(&told, seed, now);
        entries += history::insert(connection, &told, &history, seal).await?;
        seeded.extend(history.seeded);
        Manager::commit_transaction(connection).await?;
        counts.0 += tenant.facilities.len();
        counts.1 += tenant.staff.len();
        counts.2 += tenant.patients.len();
    }
    connection.batch_execute("ANALYZE").await?;
    let (facilities, staff, patients, posts) = counts;
    let networks = network.tenants.len();
    let summary = format!(
        "{networks} networks, {facilities} facilities, {staff} staff members, {patients} patients, {posts} posts, {entries} entries of the access log"
    );
    Ok(Loaded {
        accounts: cast(&network, &secrets),
        summary,
        seeded,
    })
}

/// What the accounts of the demonstration are given before anybody enrols: the same password, and a seed each.
struct Factors<'a> {
    seal: &'a Seal,
    phc: String,
}

async fn insert_people(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    factors: &Factors<'_>,
    secrets: &mut BTreeMap<Uuid, String>,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let founded = now - chrono::TimeDelta::days(1500);
    insert_tenant(c, tenant.id, tenant.slug, tenant.name, founded).await?;
    for facility in &tenant.facilities {
        let row = (
            facility.id,
            facility.name,
            facility.kind,
            facility.institution_code.as_deref(),
        );
        insert_facility(c, tenant.id, row, founded).await?;
    }
    for staff in &tenant.staff {
        let row = (
            staff.id,
            staff.facility_id,
            staff.name,
            staff.kana,
            staff.profession,
        );
        insert_staff(c, tenant.id, row, founded).await?;
        if let Some(account) = &staff.account {
            let seed = Seed::new()?;
            let sealed = seal_seed(factors.seal, tenant.id, account.id, &seed)?;
            let new = NewAccount {
                id: account.id,
                login_name: account.login_name,
                role: account.role,
                staff_member_id: staff.id,
                email: Some(&format!("{}@{}.example", account.login_name, tenant.slug)),
                factors: Some((&factors.phc, sealed)),
            };
            insert_account(c, tenant.id, &new, founded).await?;
            secrets.insert(account.id, seed.to_base32());
        }
    }
    let administrator = tenant
        .staff
        .iter()
        .find(|staff| staff.profession == "administrator");
    let administrator = administrator
        .ok_or("the demonstration has no administrator")?
        .id;
    for client in &tenant.clients {
        let secret = ids::to_base64(&ids::secret()?);
        diesel::insert_into(clients::table)
            .values((
                clients::tenant_id.eq(tenant.id),
                clients::id.eq(client.id),
                clients::facility_id.eq(client.facility_id),
                clients::name.eq(client.name),
                clients::secret_digest.eq(ids::digest(secret.as_bytes()).to_vec()),
                clients::created_at.eq(founded),
                clients::created_by.eq(administrator),
            ))
            .execute(c)
            .await?;
        secrets.insert(client.id, secret);
    }
    Ok(())
}

/// Where somebody of the demonstration works.
fn facility_of(facilities: &BTreeMap<Uuid, Uuid>, staff: Uuid) -> Outcome<Uuid> {
    Ok(*facilities
        .get(&staff)
        .ok_or("somebody of the demonstration works nowhere")?)
}

async fn insert_patient(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    patient: &DemoPatient,
    facilities: &BTreeMap<Uuid, Uuid>,
) -> Outcome<()> {
    diesel::insert_into(patients::table)
        .values((
            patients::tenant_id.eq(tenant_id),
            patients::id.eq(patient.id),
            patients::name.eq(&patient.name),
            patients::kana.eq(&patient.kana),
            patients::search_text.eq(text::fold(&format!("{} {}", patient.name, patient.kana))),
            patients::sort_key.eq(text::sort_key(&patient.kana)),
            patients::birth_date.eq(patient.birth_date),
            patients::sex.eq(patient.sex),
            patients::address.eq(&patient.address),
            patients::phone.eq(&patient.phone),
            patients::registered_at.eq(patient.registered_at),
            patients::registered_by.eq(patient.registered_by),
            patients::facility_id.eq(facility_of(facilities, patient.registered_by)?),
        ))
        .execute(c)
        .await?;
    for (system, value, facility_id) in &patient.identifiers {
        diesel::insert_into(patient_identifiers::table)
            .values((
                patient_identifiers::tenant_id.eq(tenant_id),
                patient_identifiers::system.eq(system),
                patient_identifiers::value.eq(value),
                patient_identifiers::patient_id.eq(patient.id),
                patient_identifiers::facility_id.eq(facility_id),
                patient_identifiers::created_at.eq(patient.registered_at),
                patient_identifiers::created_by.eq(patient.registered_by),
            ))
            .execute(c)
            .await?;
    }
    insert_consent_and_team(c, tenant_id, patient).await?;
    insert_posts(c, tenant_id, patient, facilities).await?;
    let recorded: BTreeMap<Uuid, DateTime<Utc>> = patient
        .posts
        .iter()
        .map(|post| (post.id, post.recorded_at))
        .collect();
    let marks: Vec<_> = patient
        .read_marks
        .iter()
        .filter_map(|(staff, post)| {
            Some((
                read_marks::tenant_id.eq(tenant_id),
                read_marks::staff_member_id.eq(*staff),
                read_marks::patient_id.eq(patient.id),
                read_marks::read_until.eq(*recorded.get(post)?),
            ))
        })
        .collect();
    diesel::insert_into(read_marks::table)
        .values(&marks)
        .execute(c)
        .await?;
    Ok(())
}

async fn insert_consent_and_team(
    c: &mut AsyncPgConnection,
    tenant_id: Uuid,
    patient: &DemoPatient,
) -> Outcome<()> {
    let consent = &patient.consent;
    diesel::insert_into(consents::table)
        .values((
            consents::tenant_id.eq(tenant_id),
            consents::id.eq(consent.id),
            consents::patient_id.eq(patient.id),
            consents::granted_on.eq(consent.granted_on),
            consents::granted_by.eq(consent.granted_by),
            consents::proxy_name.eq(&consent.proxy_name),
            consents::proxy_relation.eq(&consent.proxy_relation),
            consents::method.eq(consent.method),
            consents::note.eq(&consent.note),
            consents::recorded_at.eq(consent.recorded_at),
            consents::recorded_by.eq(consent.recorded_by),
            consents::sensitive.eq(Vec::<String>::new()),
            consents::separate.eq(Vec::<String>::new()),
        ))
        .execute(c)
        .await?;
    let team: Vec<_> = patient
        .team
        .iter()
        .map(|member| {
            (
                care_team_members::tenant_id.eq(tenant_id),
                care_team_members::id.eq(member.id),
                care_team_members::patient_id.eq(patient.id),
                care_team_members::staff_member_id.eq(member.staff_id),
                care_team_members::duty.eq(member.duty),
                care_team_members::starts_on.eq(member.starts_on),
                care_team_members::ends_on.eq(member.ends_on),
                care_team_members::created_at.eq(patient.registered_at),
                care_team_members::created_by.eq(patient.registered_by),
            )
        })
        .collect();
    diesel::insert_into(care_team_members::table)
        .values(&team)
        .execute(c)
        .await?;
    Ok(())
}

/// The stories are told freely; what a profession may not write or read by the matrix is left out.
fn within_the_rules(patient: &DemoPatient, staff: &BTreeMap<Uuid, &str>) -> DemoPatient {
    let may = |who: &Uuid, post: &DemoPost, right: Rights| {
        let profession = staff.get(who).and_then(|code| professions::find(code));
        profession.is_some_and(|profession| {
            let holds = |kind: &str| {
                let rights = profession.rights(kind);
                rights.has(right) && !rights.has(Rights::SEPARATE)
            };
            holds(post.kind) && (post.channel == "team" || holds(post.channel))
        })
    };
    let mut patient = patient.clone();
    patient
        .posts
        .retain(|post| may(&post.author, post, Rights::WRITE));
    let kept: BTreeSet<Uuid> = patient.posts.iter().map(|post| post.id).collect();
    for post in &mut patient.posts {
        post.reply_to = post.reply_to.filter(|parent| kept.contains(parent));
        let reads = post.clone();
        let may_read = |who: &Uuid| may(who, &reads, Rights::READ);
        post.acknowledgements.retain(|(who, _)| may_read(who));
        if let Some(ask) = &mut post.ack_request {
            ask.asked.retain(may_read);
        }
    }
    patient
}

/// The people of the story, as the sign-in page, the self-check and tests need them.
fn cast(network: &DemoNetwork, secrets: &BTreeMap<Uuid, String>) -> BTreeMap<&'static str, Value> {
    let cast = &network.cast;
    let mut found = BTreeMap::new();
    let people = [
        ("care_manager", cast.care_manager, "ケアマネジャー"),
        ("visiting_nurse", cast.visiting_nurse, "訪問看護師"),
        ("physician", cast.physician, "医師"),
        ("pharmacist", cast.pharmacist, "薬剤師"),
        ("home_helper", cast.home_helper, "訪問介護員"),
        (
            "hospital_nurse",
            cast.hospital_nurse,
            "病院の退院調整看護師",
        ),
        ("therapist", cast.therapist, "理学療法士"),
        ("outsider", cast.outsider, "チーム外の訪問看護師"),
        ("administrator", cast.administrator, "ネットワーク管理者"),
        ("auditor", cast.auditor, "監査者"),
    ];
    for tenant in &network.tenants {
        for staff in &tenant.staff {
            let Some(account) = &staff.account else {
                continue;
            };
            let login = format!("{}@{}", account.login_name, tenant.slug);
            if let Some((key, _, duty)) = people.iter().find(|(_, id, _)| *id == staff.id) {
                let label = format!("{} {duty}", staff.name);
                let value = json!({ "login": login, "password": PASSWORD, "totp_secret": secrets.get(&account.id), "name": staff.name, "label": label, "id": staff.id });
                found.insert(*key, value);
            } else if account.login_name == "visiting-nurse" {
                let label = format!("{} 訪問看護師（{}）", staff.name, tenant.name);
                let value = json!({ "login": login, "password": PASSWORD, "totp_secret": secrets.get(&account.id), "name": staff.name, "label": label, "id": staff.id });
                found.entry("other_tenant_nurse").or_insert(value);
            }
        }
        if let Some(patient) = tenant
            .patients
            .iter()
            .find(|patient| patient.id == cast.patient)
        {
            found.insert(
                "patient",
                json!({ "id": patient.id, "name": patient.name, "kana": patient.kana }),
            );
        }
        if let Some(client) = tenant
            .clients
            .iter()
            .find(|client| client.id == cast.client)
            && let Some(secret) = secrets.get(&client.id)
        {
            let client_id = format!("{}@{}", client.id, tenant.slug);
            found.insert(
                "client",
                json!({ "client_id": client_id, "client_secret": secret, "name": client.name }),
            );
        }
    }
    found
}
