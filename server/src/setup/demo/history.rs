//! The access log of the demonstration, with what it is about: emergency access, nights on call, families, homes.
//!
//! What the rules decided is not made up: they are asked, as they would have been.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use tsumugi_schema::tables::{
    accounts, emergency_accesses as emergencies, patient_relations as relations, persons,
    staff_members as posts, substitutions, watched_patients as watched,
};
use uuid::Uuid;

use crate::{
    commands::Outcome,
    demo::{DemoEntry, DemoGround, DemoHistory, DemoQuestion, DemoRelative, DemoStaff, DemoTenant},
    ledger::entry::{Entry, SALT, What, Where, Who},
    spine::{
        access::{Asker, Cover, Engine, Ground, PostFacts, Purpose, Question, Resource, Standing},
        address, audit,
        auth::Role,
        clock::{Quality, japanese_day},
        seal::Seal,
        text,
    },
};

/// Writes the history of a network; answers how many entries its log has.
pub(super) async fn insert(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    history: &DemoHistory,
    seal: &Seal,
) -> Outcome<usize> {
    insert_homes(c, tenant, history, seal).await?;
    for relative in &history.relatives {
        insert_relative(c, tenant, relative).await?;
    }
    insert_emergencies(c, tenant, history).await?;
    insert_nights(c, tenant, history).await?;
    insert_watched(c, tenant, history).await?;
    let asking = Asking::new(tenant)?;
    let mut entries: Vec<(Entry, Option<Uuid>)> = Vec::with_capacity(history.entries.len());
    let mut answers = HashMap::new();
    for entry in &history.entries {
        entries.extend(
            asking
                .complete(entry, &mut answers)?
                .map(|whole| (whole, entry.patient)),
        );
    }
    audit::write_many_by_owner(c, seal, &mut entries).await?;
    Ok(entries.len())
}

async fn insert_homes(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    history: &DemoHistory,
    seal: &Seal,
) -> Outcome<()> {
    for (person, home) in &history.homes {
        let digest = address::digest(seal, tenant.id, home).map(Vec::from);
        diesel::update(persons::table.find((tenant.id, *person)))
            .set(persons::home_digest.eq(digest))
            .execute(c)
            .await?;
    }
    Ok(())
}

/// Somebody of a family, with an account that nobody has enrolled for yet.
async fn insert_relative(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    relative: &DemoRelative,
) -> Outcome<()> {
    let registrar = tenant.staff.iter().find(|staff| staff.id == relative.by);
    let registrar = registrar.ok_or("nobody has registered the relative")?;
    let patient = tenant
        .patients
        .iter()
        .find(|one| one.id == relative.patient);
    let since = patient.ok_or("the relative is of nobody")?.registered_at;
    let (name, kana) = (relative.name, relative.kana);
    diesel::insert_into(persons::table)
        .values((
            persons::tenant_id.eq(tenant.id),
            persons::id.eq(relative.person),
            persons::name.eq(name),
            persons::kana.eq(kana),
            persons::created_at.eq(since),
        ))
        .execute(c)
        .await?;
    diesel::insert_into(posts::table)
        .values((
            posts::tenant_id.eq(tenant.id),
            posts::id.eq(relative.person),
            posts::person_id.eq(relative.person),
            posts::facility_id.eq(registrar.facility_id),
            posts::name.eq(name),
            posts::kana.eq(kana),
            posts::search_text.eq(text::fold(&format!("{name} {kana}"))),
            posts::sort_key.eq(text::sort_key(kana)),
            posts::profession.eq("family"),
            posts::starts_on.eq(japanese_day(since)),
            posts::created_at.eq(since),
        ))
        .execute(c)
        .await?;
    diesel::insert_into(accounts::table)
        .values((
            accounts::tenant_id.eq(tenant.id),
            accounts::id.eq(relative.account),
            accounts::login_name.eq(relative.login_name),
            accounts::role.eq(Role::Family.code()),
            accounts::staff_member_id.eq(relative.person),
            accounts::person_id.eq(relative.person),
            accounts::created_at.eq(since),
        ))
        .execute(c)
        .await?;
    diesel::insert_into(relations::table)
        .values((
            relations::tenant_id.eq(tenant.id),
            relations::id.eq(relative.id),
            relations::patient_id.eq(relative.patient),
            relations::account_id.eq(relative.account),
            relations::relation.eq("family"),
            relations::label.eq(relative.label),
            relations::starts_on.eq(japanese_day(since)),
            relations::created_at.eq(since),
            relations::created_by.eq(relative.by),
        ))
        .execute(c)
        .await?;
    Ok(())
}

async fn insert_emergencies(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    history: &DemoHistory,
) -> Outcome<()> {
    for emergency in &history.emergencies {
        let staff = tenant
            .staff
            .iter()
            .find(|staff| staff.id == emergency.staff);
        let account = staff.and_then(|staff| staff.account.as_ref());
        let reviewed = emergency.reviewed;
        diesel::insert_into(emergencies::table)
            .values((
                emergencies::tenant_id.eq(tenant.id),
                emergencies::id.eq(emergency.id),
                emergencies::patient_id.eq(emergency.patient),
                emergencies::staff_member_id.eq(emergency.staff),
                emergencies::account_id.eq(account.ok_or("somebody has no account")?.id),
                emergencies::reason.eq(emergency.reason),
                emergencies::started_at.eq(emergency.started_at),
                emergencies::expires_at.eq(emergency.started_at + chrono::TimeDelta::minutes(60)),
                emergencies::ended_at.eq(emergency.ended_at),
                emergencies::reviewed_at.eq(reviewed.map(|(at, _)| at)),
                emergencies::reviewed_by.eq(reviewed.map(|(_, by)| by)),
                emergencies::finding.eq(reviewed.map(|_| "justified")),
                emergencies::review_note.eq(reviewed.map(|_| "往診記録と照合し、妥当と確認した")),
            ))
            .execute(c)
            .await?;
    }
    Ok(())
}

async fn insert_nights(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    history: &DemoHistory,
) -> Outcome<()> {
    let nights: Vec<_> = history
        .on_call
        .iter()
        .map(|night| {
            (
                substitutions::tenant_id.eq(tenant.id),
                substitutions::id.eq(night.id),
                substitutions::absent_id.eq(night.absent),
                substitutions::substitute_id.eq(night.staff),
                substitutions::reason.eq("on_call"),
                substitutions::starts_at.eq(night.starts_at),
                substitutions::ends_at.eq(night.ends_at),
                substitutions::created_at.eq(night.starts_at - chrono::TimeDelta::days(3)),
                substitutions::created_by.eq(night.absent),
            )
        })
        .collect();
    diesel::insert_into(substitutions::table)
        .values(nights)
        .execute(c)
        .await?;
    Ok(())
}

async fn insert_watched(
    c: &mut AsyncPgConnection,
    tenant: &DemoTenant,
    history: &DemoHistory,
) -> Outcome<()> {
    for watch in &history.watched {
        diesel::insert_into(watched::table)
            .values((
                watched::tenant_id.eq(tenant.id),
                watched::id.eq(watch.id),
                watched::patient_id.eq(watch.patient),
                watched::reason.eq(watch.reason),
                watched::starts_on.eq(japanese_day(watch.since)),
                watched::created_at.eq(watch.since),
                watched::created_by.eq(watch.by),
            ))
            .execute(c)
            .await?;
    }
    Ok(())
}

/// The rules, and those who asked them.
struct Asking<'a> {
    engine: Engine,
    tenant: Uuid,
    staff: BTreeMap<Uuid, &'a DemoStaff>,
}

/// Answers of the rules by everything that they look at.
type Answers = HashMap<String, (bool, Vec<String>)>;

impl<'a> Asking<'a> {
    fn new(tenant: &'a DemoTenant) -> Outcome<Self> {
        Ok(Self {
            engine: Engine::new()?,
            tenant: tenant.id,
            staff: tenant.staff.iter().map(|staff| (staff.id, staff)).collect(),
        })
    }

    /// The whole entry; nothing when it tells of something that the rules would have refused.
    fn complete(&self, told: &DemoEntry, answers: &mut Answers) -> Outcome<Option<Entry>> {
        let staff = told.staff.and_then(|id| self.staff.get(&id).copied());
        let question = staff.and_then(|staff| self.question(told, staff));
        let (allowed, rules) = match &question {
            Some(question) => self.answer(question, answers)?,
            None => (told.code.is_none(), Vec::new()),
        };
        if allowed != told.code.is_none() {
            return Ok(None);
        }
        let ground = question.as_ref().and_then(|question| question.ground);
        let decision = question.as_ref().map(serde_json::to_string).transpose()?;
        let mut patients: Vec<Uuid> = told.patient.into_iter().chain(told.named.clone()).collect();
        patients.sort();
        patients.dedup();
        Ok(Some(Entry {
            tenant: self.tenant,
            id: told.id,
            at: told.at,
            actor_kind: if staff.is_some() {
                "staff"
            } else {
                "anonymous"
            }
            .to_owned(),
            profession: staff.map(|staff| staff.profession.to_owned()),
            facility: staff.map(|staff| staff.facility_id),
            action: told.action.to_owned(),
            outcome: if allowed { "allowed" } else { "denied" }.to_owned(),
            code: told.code.map(str::to_owned),
            purpose: told.purpose.to_owned(),
            ground: ground.map(|ground| ground.word().to_owned()),
            resource_type: told.resource.map(|(kind, _)| kind.to_owned()),
            resource_version: None,
            count: told.count,
            rules,
            policy: self.engine.digest().to_owned(),
            clock: Quality::Unchecked.code().to_owned(),
            who: Who {
                account: staff.and_then(|staff| Some(staff.account.as_ref()?.id)),
                staff_member: told.staff,
                ..Who::default()
            },
            place: Where {
                request: Some(told.id.to_string()),
                session: told.session,
                source_ip: Some(told.source.clone()),
                ..Where::default()
            },
            what: What {
                decision,
                resource: told.resource.map(|(_, id)| id),
                ..What::default()
            },
            patients,
            salt: [0; SALT],
        }))
    }

    fn question(&self, told: &DemoEntry, staff: &DemoStaff) -> Option<Question> {
        let account = staff.account.as_ref()?;
        let patient = || told.patient.map(Resource::patient);
        let (action, resource, ground) = match told.asked {
            DemoQuestion::Nothing => return None,
            DemoQuestion::Network(action) => (action, Resource::Network, None),
            DemoQuestion::Patient(action, tie) => (action, patient()?, Some(ground(tie))),
            DemoQuestion::Post(action, kind, channel, author) => {
                let post = PostFacts {
                    id: told.resource?.1,
                    kind: kind.to_owned(),
                    channel: channel.to_owned(),
                    sensitivity: None,
                    author,
                    facility: self.staff.get(&author)?.facility_id,
                    recipient: true,
                    on_behalf_of: None,
                };
                let member = Some(ground(DemoGround::Member));
                (action, Resource::Post(post), member)
            }
        };
        Some(Question {
            asker: Asker::Person {
                tenant: self.tenant,
                account: account.id,
                staff_member: staff.id,
                facility: staff.facility_id,
                role: Role::parse(account.role)?,
                standing: Standing::of(staff.profession),
            },
            tenant: self.tenant,
            action: action.to_owned(),
            resource,
            ground,
            purpose: Purpose::parse(told.purpose)?,
        })
    }

    /// Asks the rules; once for all who are alike.
    fn answer(&self, question: &Question, answers: &mut Answers) -> Outcome<(bool, Vec<String>)> {
        let Asker::Person { standing, role, .. } = &question.asker else {
            return Ok((false, Vec::new()));
        };
        let about = match &question.resource {
            Resource::Post(post) => format!("{} {}", post.kind, post.channel),
            other => format!("{}", matches!(other, Resource::Network)),
        };
        let alike = serde_json::to_string(&(
            (&question.action, question.ground, question.purpose),
            (role, standing, about),
        ))?;
        let asked = answers.entry(alike).or_insert_with(|| {
            let decision = self.engine.decide(question);
            (decision.allowed, decision.rules)
        });
        Ok(asked.clone())
    }
}

fn ground(tie: DemoGround) -> Ground {
    let consent = Cover {
        kinds: u32::MAX,
        ..Cover::default()
    };
    Ground {
        member: tie == DemoGround::Member,
        emergency: tie == DemoGround::Emergency,
        cover: consent,
        ..Ground::default()
    }
}
