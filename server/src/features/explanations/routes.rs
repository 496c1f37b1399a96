use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{policy, queries};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access::{
            self, Asker, CHANNELS, Explanation, Ground, KINDS, PostFacts, Purpose, Question,
            Resource, SENSITIVE,
        },
        audit::Entry,
        auth::Actor,
        input::{Check, Input},
        professions,
        reply::{Answer, Reply},
    },
};

/// Acts that can be asked about.
const ACTIONS: [&str; 12] = [
    "patient.read",
    "care_team.read",
    "care_team.write",
    "consent.read",
    "consent.write",
    "post.read",
    "post.create",
    "record.read",
    "record.summary",
    "record.write",
    "record.sign",
    "emergency_access.open",
];

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(explain_access_log_entry)
        .service(explain_access);
}

/// A question to the rules.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExplainAccess {
    /// The patient.
    patient_id: Uuid,
    /// The act: `patient.read`, `care_team.read`, `care_team.write`, `consent.read`, `consent.write`, `post.read`,
    /// `post.create`, `record.read`, `record.summary`, `record.write`, `record.sign`, `emergency_access.open`.
    action: String,
    /// Kind of post (`note`, `vitals`, `document`) or of record (of the matrix); for acts on those.
    #[serde(default)]
    kind: Option<String>,
    /// Channel of a post; `team` when left out.
    #[serde(default)]
    channel: Option<String>,
    /// What makes a post sensitive; required on the sensitive channel.
    #[serde(default)]
    sensitivity: Option<String>,
    /// Who; oneself when left out. Administrators and auditors may ask about others.
    #[serde(default)]
    staff_member_id: Option<Uuid>,
}

impl Check for ExplainAccess {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let mut one_of = |field: &str, value: Option<&str>, known: &[&str]| {
            if value.is_some_and(|value| !known.contains(&value)) {
                errors.push(FieldError::new(field, "not_allowed", known.join(", ")));
            }
        };
        one_of("action", Some(&self.action), &ACTIONS);
        one_of("channel", self.channel.as_deref(), &CHANNELS);
        one_of("sensitivity", self.sensitivity.as_deref(), &SENSITIVE);
        if self.action.starts_with("post.") {
            one_of("kind", Some(self.kind.as_deref().unwrap_or("")), &KINDS);
        }
        if self.action.starts_with("record.")
            && self.kind.as_deref().and_then(professions::place).is_none()
        {
            let message = "a kind of the matrix";
            errors.push(FieldError::new("kind", "not_allowed", message));
        }
        if (self.channel.as_deref() == Some("sensitive")) != self.sensitivity.is_some() {
            let message = "on the sensitive channel, and only there";
            errors.push(FieldError::new("sensitivity", "required", message));
        }
    }
}

impl ExplainAccess {
    /// What is asked for: as somebody else of another facility would have written it.
    fn resource(&self) -> Resource {
        let kind = self.kind.clone().unwrap_or_default();
        if self.action.starts_with("post.") {
            Resource::Post(PostFacts {
                id: Uuid::nil(),
                kind,
                channel: self.channel.clone().unwrap_or_else(|| "team".to_owned()),
                sensitivity: self.sensitivity.clone(),
                author: Uuid::nil(),
                facility: Uuid::nil(),
                // On the channel for named people: as if it named whoever is asked about.
                recipient: true,
                on_behalf_of: None,
            })
        } else if self.action.starts_with("record.") {
            Resource::Record {
                kind,
                facility: Uuid::nil(),
            }
        } else {
            Resource::patient(self.patient_id)
        }
    }
}

/// An explanation.
#[derive(Debug, Serialize, ToSchema)]
struct ExplanationView {
    /// Why.
    #[serde(flatten)]
    explanation: Explanation,
    /// Whether the rules have not changed since; null for a question about now.
    same_rules: Option<bool>,
    /// When it was decided.
    decided_at: DateTime<Utc>,
}

/// Explain the decision behind an entry of the access log, by asking the same question again.
#[utoipa::path(tag = "explanations", responses((status = 200, body = ExplanationView), (status = "4XX", body = Problem)))]
#[get("/v1/access-log/{event_id}/explanation")]
async fn explain_access_log_entry(ctx: Ctx, event_id: Path<Uuid>) -> Result<Json<ExplanationView>> {
    let view = ctx.read_log(async |tx| {
        let permit = policy::may_explain_entry(tx)?;
        let entry = queries::find_entry(tx, permit, *event_id).await?;
        let entry = entry.ok_or(Error::NotFound)?;
        let log = Entry::new("access_log.explain").on("audit_event", *event_id);
        tx.record(match entry.patient_id {
            Some(patient_id) => log.of_patient(patient_id),
            None => log,
        });
        let engine = &tx.app().access;
        let question: Option<Question> = entry
            .decision
            .as_deref()
            .map(serde_json::from_str)
            .transpose()
            .map_err(Error::internal)?;
        let allowed = entry.outcome == "allowed";
        let explanation = match question {
            // What the rules said is what the log holds; the words come from asking again.
            Some(question) => Explanation {
                allowed,
                rules: access::reasons_of(engine, &entry.rules),
                ..access::explain(engine, &question)
            },
            None => access::without_question(engine, allowed, &entry.rules),
        };
        Ok(ExplanationView {
            explanation,
            same_rules: Some(entry.policy_digest == engine.digest()),
            decided_at: entry.at,
        })
    });
    Ok(Json(view.await?))
}

/// Explain what the rules would say now: about oneself, or (administrators and auditors) about others.
#[utoipa::path(
    tag = "explanations",
    request_body = ExplainAccess,
    responses((status = 200, body = ExplanationView), (status = "4XX", body = Problem)),
)]
#[post("/v1/access-explanations")]
async fn explain_access(ctx: Ctx, input: Input<ExplainAccess>) -> Result<Answer> {
    let asked = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (actor, ground, purpose) = match asked.staff_member_id {
            Some(other) if other != tx.actor.ids().0 => {
                let permit = policy::may_explain_others(tx)?;
                let actor = queries::find_person(tx, permit, other).await?;
                let actor = actor.ok_or(Error::NotFound)?;
                let ids = [asked.patient_id];
                let ground = access::grounds_of(tx, &actor, &ids).await?;
                let ground = ground.get(&asked.patient_id).copied();
                let purpose = match &actor {
                    Actor::Person(person) => Purpose::usual(person.role),
                    _ => tx.purpose,
                };
                (actor, ground.ok_or(Error::NotFound)?, purpose)
            }
            _ => {
                policy::may_explain_own(tx)?;
                (
                    tx.actor.clone(),
                    own_ground(tx, asked.patient_id).await?,
                    tx.purpose,
                )
            }
        };
        let question = Question {
            asker: Asker::of(&actor).ok_or(Error::NotFound)?,
            tenant: tx.tenant_id,
            action: asked.action.clone(),
            resource: asked.resource(),
            ground: Some(ground),
            purpose,
        };
        tx.record(Entry::new("access.explain").of_patient(asked.patient_id));
        Ok(Reply::ok(ExplanationView {
            explanation: access::explain(&tx.app().access, &question),
            same_rules: None,
            decided_at: tx.now,
        }))
    })
    .await
}

/// The caller's own ground. A patient whom the caller may not see looks like one that does not exist.
async fn own_ground(tx: &Tx<'_>, patient_id: Uuid) -> Result<Ground> {
    let ground = access::ground(tx, patient_id).await?;
    Ok(ground
        .filter(|ground| {
            access::is_visible(tx, patient_id, *ground) || ground.member || ground.substitute
        })
        .unwrap_or_default())
}
