//! Cedar, and how a question becomes its entities.

use std::{
    collections::{HashMap, HashSet},
    str::FromStr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use cedar_policy::{
    ActionConstraint, Authorizer, Context, Decision as CedarDecision, Effect, Entities, Entity,
    EntityId, EntityTypeName, EntityUid, PolicyId, PolicySet, Request,
    RestrictedExpression as Expr, Schema, ValidationMode, Validator,
};
use uuid::Uuid;

use super::{
    Scope,
    ground::{Ground, facts},
    question::{Asker, PostFacts, Purpose, Question, Resource, Standing},
    scope::scope_by,
};
use crate::spine::{
    auth::{Actor, Role},
    ids,
    professions::Rights,
};

/// An answer of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Ids of the rules that decided; empty when no rule spoke, which means no.
    pub rules: Vec<String>,
}

/// A rule, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// Whether it forbids.
    pub forbids: bool,
    /// Its reason in Japanese.
    pub reason_ja: String,
    /// Its reason in English.
    pub reason_en: String,
}

/// What of a timeline may be read, and the rules that say so.
pub(super) type Reading = (Scope, Vec<String>);
/// All that the rules look at when somebody reads a timeline.
type ReadingKey = (Asker, Ground, Purpose);

/// The rules, read and checked at start.
#[derive(Debug)]
pub struct Engine {
    authorizer: Authorizer,
    policies: PolicySet,
    /// For each act, the rules that are not about other acts: most are, and looking at them all costs twice the time.
    by_action: HashMap<String, PolicySet>,
    rules: HashMap<PolicyId, Rule>,
    digest: String,
    types: Types,
    /// The rules do not change while the process runs, so the same question always has the same answer; who asks and on
    /// what ground is loaded anew for every question.
    readings: Mutex<HashMap<ReadingKey, Reading>>,
}

/// How many readings are remembered before all are forgotten.
const READINGS: usize = 10_000;

#[derive(Debug)]
struct Types {
    action: EntityTypeName,
    account: EntityTypeName,
    system: EntityTypeName,
    network: EntityTypeName,
    patient: EntityTypeName,
    record: EntityTypeName,
    post: EntityTypeName,
    incoming_document: EntityTypeName,
    room: EntityTypeName,
    announcement: EntityTypeName,
}

/// Why the rules cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the access rules are not usable: {0}")]
pub struct BadRules(String);

impl Engine {
    /// Reads the published rules and holds them against their schema.
    pub fn new() -> Result<Self, BadRules> {
        Self::with_rules(tsumugi_schema::POLICIES)
    }

    /// Reads rules and holds them against the published schema.
    pub fn with_rules(text: &str) -> Result<Self, BadRules> {
        let bad = |e: &dyn std::fmt::Display| BadRules(e.to_string());
        let policies = PolicySet::from_str(text).map_err(|e| bad(&e))?;
        let (schema, _) =
            Schema::from_cedarschema_str(tsumugi_schema::POLICY_SCHEMA).map_err(|e| bad(&e))?;
        let mut by_action = HashMap::new();
        for action in schema.actions() {
            let action = action.id().unescaped();
            let about = rules_about(&policies, action)?;
            by_action.insert(action.to_owned(), about);
        }
        let checked = Validator::new(schema).validate(&policies, ValidationMode::Strict);
        if !checked.validation_passed() {
            return Err(bad(&checked));
        }
        let mut rules = HashMap::new();
        for policy in policies.policies() {
            let note = |key| {
                policy
                    .annotation(key)
                    .map(str::to_owned)
                    .ok_or_else(|| BadRules(format!("{} has no @{key}", policy.id())))
            };
            let rule = Rule {
                id: note("id")?,
                forbids: policy.effect() == Effect::Forbid,
                reason_ja: note("reason_ja")?,
                reason_en: note("reason_en")?,
            };
            rules.insert(policy.id().clone(), rule);
        }
        let named =
            |name: &str| EntityTypeName::from_str(name).map_err(|e| BadRules(e.to_string()));
        let types = Types {
            action: named("Action")?,
            account: named("Account")?,
            system: named("System")?,
            network: named("Network")?,
            patient: named("Patient")?,
            record: named("Record")?,
            post: named("Post")?,
            incoming_document: named("IncomingDocument")?,
            room: named("Room")?,
            announcement: named("Announcement")?,
        };
        let sources = [text, tsumugi_schema::PROFESSIONS, tsumugi_schema::MATRIX].concat();
        Ok(Self {
            authorizer: Authorizer::new(),
            policies,
            by_action,
            rules,
            digest: ids::hex_digest(sources.as_bytes()),
            types,
            readings: Mutex::default(),
        })
    }

    /// The same rules, of which none is left out beforehand: to hold that choice against.
    #[must_use]
    pub fn looking_at_every_rule(self) -> Self {
        Self {
            by_action: HashMap::new(),
            ..self
        }
    }

    /// SHA-256 of the rules and the matrix in force, for the access log.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// All rules, for people.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// The rule with this id.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules().find(|rule| rule.id == id)
    }

    /// Decides. Whatever cannot be asked is refused.
    pub fn decide(&self, question: &Question) -> Decision {
        self.ask(question).unwrap_or(Decision {
            allowed: false,
            rules: Vec::new(),
        })
    }

    /// What of a timeline `actor` may read with `ground`.
    pub(super) fn reading(
        &self,
        actor: &Actor,
        tenant_id: Uuid,
        ground: Ground,
        purpose: Purpose,
    ) -> Reading {
        let Some(asker) = Asker::of(actor) else {
            return (Scope::nothing(), Vec::new());
        };
        let key = (asker.anybody_like_this(), ground, purpose);
        if let Some(known) = self.known_readings().get(&key) {
            return known.clone();
        }
        let mut rules = Vec::new();
        let facility = asker.facility();
        let scope = scope_by(facility, |post: PostFacts| {
            let decision = self.decide(&Question {
                asker: asker.clone(),
                tenant: tenant_id,
                action: "post.read".to_owned(),
                resource: Resource::Post(post),
                ground: Some(ground),
                purpose,
            });
            rules.extend(decision.rules);
            decision.allowed
        });
        rules.sort();
        rules.dedup();
        let reading = (scope, rules);
        let mut known = self.known_readings();
        if known.len() >= READINGS {
            known.clear();
        }
        known.insert(key, reading.clone());
        reading
    }

    fn known_readings(&self) -> MutexGuard<'_, HashMap<ReadingKey, Reading>> {
        // Nothing that holds the lock can leave the map half changed.
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(&self, question: &Question) -> Option<Decision> {
        let principal = self.principal(&question.asker)?;
        let resource = self.resource(question)?;
        let action = EntityUid::from_type_name_and_id(
            self.types.action.clone(),
            EntityId::new(&question.action),
        );
        let context = context(question)?;
        let request = Request::new(
            principal.uid(),
            action.clone(),
            resource.uid(),
            context,
            None,
        )
        .ok()?;
        let action = self.action(action, &question.action)?;
        let entities = Entities::from_entities([principal, resource, action], None).ok()?;
        let policies = self.by_action.get(&question.action);
        let policies = policies.unwrap_or(&self.policies);
        let answer = self.authorizer.is_authorized(&request, policies, &entities);
        // A rule that could not be evaluated must not be the one that would have forbidden.
        if let Some(error) = answer.diagnostics().errors().next() {
            tracing::error!(%error, "an access rule failed");
            return None;
        }
        let mut rules: Vec<String> = answer
            .diagnostics()
            .reason()
            .filter_map(|id| self.rules.get(id))
            .map(|rule| rule.id.clone())
            .collect();
        rules.sort();
        Some(Decision {
            allowed: answer.decision() == CedarDecision::Allow,
            rules,
        })
    }

    /// The action with the group that it belongs to, as the schema declares it.
    fn action(&self, uid: EntityUid, name: &str) -> Option<Entity> {
        let group = action_group(name).map(|group| {
            EntityUid::from_type_name_and_id(self.types.action.clone(), EntityId::new(group))
        });
        Entity::new(uid, HashMap::new(), group.into_iter().collect()).ok()
    }

    fn principal(&self, asker: &Asker) -> Option<Entity> {
        let types = &self.types;
        match asker {
            Asker::Person {
                tenant,
                account,
                staff_member,
                facility,
                role,
                standing,
            } => Entity::new(
                uid(&types.account, *account),
                person_attributes((*tenant, *staff_member, *facility), *role, standing)?,
                HashSet::new(),
            )
            .ok(),
            Asker::System {
                tenant,
                client,
                facility,
            } => {
                let attributes = HashMap::from([
                    ("tenant".to_owned(), text(*tenant)),
                    ("facility".to_owned(), text(*facility)),
                ]);
                Entity::new(uid(&types.system, *client), attributes, HashSet::new()).ok()
            }
        }
    }

    fn resource(&self, question: &Question) -> Option<Entity> {
        let types = &self.types;
        let mut attributes = HashMap::from([("tenant".to_owned(), text(question.tenant))]);
        let uid = match &question.resource {
            Resource::Network => uid(&types.network, question.tenant),
            Resource::Patient { id } => uid(&types.patient, *id),
            Resource::Record { kind, .. } => {
                EntityUid::from_type_name_and_id(types.record.clone(), EntityId::new(kind))
            }
            Resource::Post(post) => {
                attributes.insert("kind".to_owned(), Expr::new_string(post.kind.clone()));
                attributes.insert("channel".to_owned(), Expr::new_string(post.channel.clone()));
                attributes.insert("author".to_owned(), text(post.author));
                attributes.insert("recipient".to_owned(), Expr::new_bool(post.recipient));
                let principal = post.on_behalf_of.map(|id| id.to_string());
                let principal = Expr::new_string(principal.unwrap_or_default());
                attributes.insert("on_behalf_of".to_owned(), principal);
                uid(&types.post, post.id)
            }
            Resource::IncomingDocument { facility } => {
                attributes.insert("facility".to_owned(), text(*facility));
                uid(&types.incoming_document, *facility)
            }
            Resource::Room(room) => {
                attributes.insert("kind".to_owned(), Expr::new_string(room.kind.clone()));
                uid(&types.room, room.id)
            }
            Resource::Announcement(about) => {
                attributes.insert("wide".to_owned(), Expr::new_bool(about.wide));
                uid(&types.announcement, about.id)
            }
        };
        Entity::new(uid, attributes, HashSet::new()).ok()
    }
}

/// The rules that an act, or the group that it belongs to, can fall under.
fn rules_about(policies: &PolicySet, action: &str) -> Result<PolicySet, BadRules> {
    let is_meant = |uid: &EntityUid| {
        [Some(action), action_group(action)].contains(&Some(uid.id().unescaped()))
    };
    let about = policies.policies().filter(|p| match p.action_constraint() {
        ActionConstraint::Any => true,
        ActionConstraint::In(uids) => uids.iter().any(is_meant),
        ActionConstraint::Eq(uid) => is_meant(&uid),
    });
    PolicySet::from_policies(about.cloned()).map_err(|e| BadRules(e.to_string()))
}

/// The group of acts that an act belongs to, as `tsumugi.cedarschema` declares it; a test holds the two together.
pub fn action_group(name: &str) -> Option<&'static str> {
    Some(match name {
        "appointment.read"
        | "appointment.outline"
        | "patient.read"
        | "care_team.read"
        | "consent.read"
        | "relative.read"
        | "provision.read"
        | "provision.export"
        | "record.read"
        | "vital_limits.read" => "read",
        "patient.summary" | "record.summary" => "summarize",
        "appointment.write"
        | "identifier.create"
        | "care_team.write"
        | "consent.write"
        | "relative.write"
        | "registration_card.write"
        | "record.write"
        | "vital_limits.write" => "write",
        "record.sign" => "sign",
        _ => return None,
    })
}

fn person_attributes(
    (tenant, staff_member, facility): (Uuid, Uuid, Uuid),
    role: Role,
    standing: &Standing,
) -> Option<HashMap<String, Expr>> {
    // A profession that is not of the register is nobody.
    crate::spine::professions::find(&standing.rights_of)?;
    Some(HashMap::from([
        ("tenant".to_owned(), text(tenant)),
        ("role".to_owned(), Expr::new_string(role.code().to_owned())),
        ("staff_member".to_owned(), text(staff_member)),
        ("facility".to_owned(), text(facility)),
        (
            "profession".to_owned(),
            Expr::new_string(standing.rights_of.clone()),
        ),
        ("licensed".to_owned(), Expr::new_bool(standing.licensed)),
        ("emergency".to_owned(), Expr::new_bool(standing.emergency())),
    ]))
}

fn context(question: &Question) -> Option<Context> {
    let (right, also, facility) = match &question.asker {
        Asker::Person {
            standing, facility, ..
        } => {
            let (first, second) = question.kinds();
            (standing.rights(first), standing.rights(second), *facility)
        }
        Asker::System { facility, .. } => (Rights::default(), Rights::default(), *facility),
    };
    let mut pairs = vec![
        ("right".to_owned(), words(right)),
        ("also".to_owned(), words(also)),
        (
            "purpose".to_owned(),
            Expr::new_string(question.purpose.code().to_owned()),
        ),
    ];
    if let Some(ground) = &question.ground {
        pairs.push((
            "ground".to_owned(),
            ground_record(question, ground, facility)?,
        ));
    }
    if matches!(
        question.resource,
        Resource::Room(_) | Resource::Announcement(_)
    ) {
        pairs.push(("membership".to_owned(), membership(question)?));
    }
    Context::from_pairs(pairs).ok()
}

/// What ties whoever asks to a room or to what is passed round; nothing for other things.
fn membership(question: &Question) -> Option<Expr> {
    let (facts, room_of) = match &question.resource {
        Resource::Room(room) => (room.membership, room.facility),
        Resource::Announcement(about) => (about.membership, None),
        _ => return None,
    };
    let (own, profession) = match &question.asker {
        Asker::Person {
            facility, standing, ..
        } => (room_of == Some(*facility), &*standing.rights_of),
        Asker::System { .. } => (false, ""),
    };
    let keeps_facility = profession == "facility_administrator";
    let coordinator = crate::spine::professions::find(profession)
        .is_some_and(|profession| profession.column == "CO");
    let pairs = [
        ("member", facts.member),
        ("responsible", facts.responsible),
        ("author", facts.author),
        ("manager", own && keeps_facility),
        ("coordinator", coordinator),
    ];
    Expr::new_record(pairs.map(|(name, value)| (name.to_owned(), Expr::new_bool(value)))).ok()
}

fn words(rights: Rights) -> Expr {
    Expr::new_set(rights.words().map(|word| Expr::new_string(word.to_owned())))
}

fn ground_record(question: &Question, ground: &Ground, facility: Uuid) -> Option<Expr> {
    let facts = facts(question, ground, facility);
    let pairs = [
        ("member", ground.member),
        ("substitute", ground.substitute),
        ("emergency", ground.emergency),
        ("patient", ground.patient),
        ("family", ground.family),
        ("registered", ground.registered),
        ("consented", facts.consented),
        ("separate", facts.separate),
        ("named", facts.named),
        ("own", facts.own),
    ];
    Expr::new_record(pairs.map(|(name, value)| (name.to_owned(), Expr::new_bool(value)))).ok()
}

fn uid(kind: &EntityTypeName, id: Uuid) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id.to_string()))
}

fn text(id: Uuid) -> Expr {
    Expr::new_string(id.to_string())
}
