//! Cedar, and how the server's rows become its entities.

use std::{
    collections::{HashMap, HashSet},
    str::FromStr,
    sync::{Mutex, MutexGuard, PoisonError},
};

use cedar_policy::{
    Authorizer, Context, Decision as CedarDecision, Entities, Entity, EntityId, EntityTypeName,
    EntityUid, PolicyId, PolicySet, Request, RestrictedExpression as Expr, Schema, ValidationMode,
    Validator,
};
use uuid::Uuid;

use super::{Ground, PostFacts, Scope, pairs, sample};
use crate::spine::{
    auth::{Actor, Person, Role},
    ids, professions,
};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Resource<'a> {
    /// The network as a whole.
    Network,
    /// A patient.
    Patient(Uuid),
    /// A post.
    Post(PostFacts<'a>),
    /// A document of this facility whose patient is not known yet.
    IncomingDocument(Uuid),
}

/// An answer of the rules.
#[derive(Debug, Clone)]
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
    /// Its reason in Japanese.
    pub reason_ja: String,
    /// Its reason in English.
    pub reason_en: String,
}

/// The rules, read and checked at start.
#[derive(Debug)]
pub struct Engine {
    authorizer: Authorizer,
    policies: PolicySet,
    rules: HashMap<PolicyId, Rule>,
    digest: String,
    types: Types,
    /// What of a timeline may be read, by all that the rules look at in the reader. The rules do not change while the
    /// process runs, so the same question always has the same answer; the ground is loaded anew for every question.
    readings: Mutex<HashMap<(Role, String, Ground), Reading>>,
}

/// What of a timeline may be read, and the rules that say so.
pub(super) type Reading = (Scope, Vec<String>);

#[derive(Debug)]
struct Types {
    action: EntityTypeName,
    account: EntityTypeName,
    system: EntityTypeName,
    network: EntityTypeName,
    patient: EntityTypeName,
    post: EntityTypeName,
    incoming_document: EntityTypeName,
}

/// Why the rules cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the access rules are not usable: {0}")]
pub struct BadRules(String);

impl Engine {
    /// Reads the published rules and holds them against their schema.
    pub fn new() -> Result<Self, BadRules> {
        let bad = |e: &dyn std::fmt::Display| BadRules(e.to_string());
        let policies = PolicySet::from_str(tsumugi_schema::POLICIES).map_err(|e| bad(&e))?;
        let (schema, _) =
            Schema::from_cedarschema_str(tsumugi_schema::POLICY_SCHEMA).map_err(|e| bad(&e))?;
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
            post: named("Post")?,
            incoming_document: named("IncomingDocument")?,
        };
        let digest = ids::hex_digest(
            format!(
                "{}{}",
                tsumugi_schema::POLICIES,
                tsumugi_schema::PROFESSIONS
            )
            .as_bytes(),
        );
        Ok(Self {
            authorizer: Authorizer::new(),
            policies,
            rules,
            digest,
            types,
            readings: Mutex::default(),
        })
    }

    /// SHA-256 of the rules in force, for the access log.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// All rules, for people.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }

    /// Decides. Whatever cannot be asked is refused.
    pub fn decide(
        &self,
        actor: &Actor,
        tenant_id: Uuid,
        action: &str,
        resource: &Resource<'_>,
        ground: Option<Ground>,
    ) -> Decision {
        self.ask(actor, tenant_id, action, resource, ground)
            .unwrap_or(Decision {
                allowed: false,
                rules: Vec::new(),
            })
    }

    /// What of a timeline `actor` may read with `ground`.
    pub(super) fn reading(&self, actor: &Actor, tenant_id: Uuid, ground: Ground) -> Reading {
        let Actor::Person(person) = actor else {
            return self.asked_reading(actor, tenant_id, ground);
        };
        let key = (person.role, person.profession.clone(), ground);
        if let Some(known) = self.known_readings().get(&key) {
            return known.clone();
        }
        let reading = self.asked_reading(actor, tenant_id, ground);
        self.known_readings().insert(key, reading.clone());
        reading
    }

    fn asked_reading(&self, actor: &Actor, tenant_id: Uuid, ground: Ground) -> Reading {
        let mut rules = Vec::new();
        let scope = Scope(pairs(|kind, channel| {
            let post = Resource::Post(sample(kind, channel));
            let decision = self.decide(actor, tenant_id, "post.read", &post, Some(ground));
            rules.extend(decision.rules);
            decision.allowed
        }));
        rules.sort();
        rules.dedup();
        (scope, rules)
    }

    fn known_readings(&self) -> MutexGuard<'_, HashMap<(Role, String, Ground), Reading>> {
        // Nothing that holds the lock can leave the map half changed.
        self.readings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask(
        &self,
        actor: &Actor,
        tenant_id: Uuid,
        action: &str,
        resource: &Resource<'_>,
        ground: Option<Ground>,
    ) -> Option<Decision> {
        let principal = self.principal(actor)?;
        let resource = self.resource(tenant_id, resource)?;
        let action =
            EntityUid::from_type_name_and_id(self.types.action.clone(), EntityId::new(action));
        let context = match ground {
            None => Context::empty(),
            Some(ground) => {
                Context::from_pairs([("ground".to_owned(), ground_record(ground)?)]).ok()?
            }
        };
        let request = Request::new(principal.uid(), action, resource.uid(), context, None).ok()?;
        let entities = Entities::from_entities([principal, resource], None).ok()?;
        let answer = self
            .authorizer
            .is_authorized(&request, &self.policies, &entities);
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

    fn principal(&self, actor: &Actor) -> Option<Entity> {
        let types = &self.types;
        match actor {
            Actor::Person(person) => Entity::new(
                uid(&types.account, person.account_id),
                person_attributes(person)?,
                HashSet::new(),
            )
            .ok(),
            Actor::System(system) => {
                let attributes = HashMap::from([
                    ("tenant".to_owned(), text(system.tenant_id)),
                    ("facility".to_owned(), text(system.facility_id)),
                ]);
                Entity::new(
                    uid(&types.system, system.client_id),
                    attributes,
                    HashSet::new(),
                )
                .ok()
            }
            Actor::Anonymous | Actor::Worker => None,
        }
    }

    fn resource(&self, tenant_id: Uuid, resource: &Resource<'_>) -> Option<Entity> {
        let types = &self.types;
        let mut attributes = HashMap::from([("tenant".to_owned(), text(tenant_id))]);
        let uid = match resource {
            Resource::Network => uid(&types.network, tenant_id),
            Resource::Patient(id) => uid(&types.patient, *id),
            Resource::Post(post) => {
                attributes.insert("kind".to_owned(), Expr::new_string(post.kind.to_owned()));
                attributes.insert(
                    "channel".to_owned(),
                    Expr::new_string(post.channel.to_owned()),
                );
                attributes.insert("author".to_owned(), text(post.author));
                uid(&types.post, post.id)
            }
            Resource::IncomingDocument(facility) => {
                attributes.insert("facility".to_owned(), text(*facility));
                uid(&types.incoming_document, *facility)
            }
        };
        Entity::new(uid, attributes, HashSet::new()).ok()
    }
}

fn person_attributes(person: &Person) -> Option<HashMap<String, Expr>> {
    let profession = professions::find(&person.profession)?;
    let set =
        |kinds: &[String]| Expr::new_set(kinds.iter().map(|kind| Expr::new_string(kind.clone())));
    Some(HashMap::from([
        ("tenant".to_owned(), text(person.tenant_id)),
        (
            "role".to_owned(),
            Expr::new_string(person.role.code().to_owned()),
        ),
        ("staff_member".to_owned(), text(person.staff_member_id)),
        ("facility".to_owned(), text(person.facility_id)),
        ("reads".to_owned(), set(&profession.reads)),
        ("writes".to_owned(), set(&profession.writes)),
    ]))
}

fn ground_record(ground: Ground) -> Option<Expr> {
    let pairs = [
        ("member", ground.member),
        ("consented", ground.consented),
        ("registered", ground.registered),
    ];
    Expr::new_record(pairs.map(|(name, value)| (name.to_owned(), Expr::new_bool(value)))).ok()
}

fn uid(kind: &EntityTypeName, id: Uuid) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id.to_string()))
}

fn text(id: Uuid) -> Expr {
    Expr::new_string(id.to_string())
}
