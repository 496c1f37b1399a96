use std::collections::BTreeSet;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use diesel::Queryable;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    evidence,
    model::{GROUPS, GrantedBy, KINDS, Method, REPLACED, SENSITIVE},
    policy, queries,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access::Permit,
        audit::{Denial, Entry},
        input::{Check, Input},
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_consents)
        .service(create_consent)
        .service(withdraw_consent)
        .service(evidence::create_consent_evidence)
        .service(evidence::find_consent_evidence);
}

/// A consent.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsentView {
    /// Identifier.
    pub id: Uuid,
    /// Day on which it was given.
    pub granted_on: NaiveDate,
    /// `patient`, `proxy` or `emergency`.
    pub granted_by: String,
    /// Name of the proxy.
    pub proxy_name: Option<String>,
    /// Relation of the proxy to the patient.
    pub proxy_relation: Option<String>,
    /// `paper`, `on_screen` or `card`.
    pub method: String,
    /// Remarks.
    pub note: Option<String>,
    /// When it was entered.
    pub recorded_at: DateTime<Utc>,
    /// Who entered it.
    pub recorded_by: String,
    /// When it was withdrawn.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Who recorded the withdrawal.
    pub withdrawn_by: Option<String>,
    /// Why it was withdrawn.
    pub withdrawal_reason: Option<String>,
    /// Facilities that it covers; null: all of the network.
    pub facilities: Option<Vec<ConsentedFacilityView>>,
    /// Groups of professions that it covers, such as `NS`; null: all.
    pub profession_groups: Option<Vec<String>>,
    /// Kinds of information that it covers; null: all that need no word of their own.
    pub kinds: Option<Vec<String>>,
    /// Sensitive subjects that it names: `psychiatry`, `hiv`, `abuse`, `violence`, `finances`.
    pub sensitive: Vec<String>,
    /// Groups for which it includes what needs a word of its own, such as `FM` for the family.
    pub separate: Vec<String>,
    /// Last day; null: until it is withdrawn.
    pub valid_until: Option<NaiveDate>,
    /// What shows it.
    pub evidence: Vec<EvidenceView>,
    /// Whether it is good today.
    pub standing: bool,
}

/// A facility that a consent names.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConsentedFacilityView {
    /// Identifier.
    pub id: Uuid,
    /// Official name.
    pub name: String,
}

/// A file that shows a consent.
#[derive(Debug, Clone, Serialize, ToSchema, Queryable)]
pub struct EvidenceView {
    /// Identifier.
    pub id: Uuid,
    /// `application/pdf`, `image/png` or `image/jpeg`.
    pub media_type: String,
    /// When it was taken in.
    pub uploaded_at: DateTime<Utc>,
    /// Who sent it.
    pub uploaded_by: String,
}

/// A consent to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateConsent {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// Day on which it was given, not in the future.
    pub(super) granted_on: NaiveDate,
    /// Who agreed.
    pub(super) granted_by: GrantedBy,
    /// Name of the proxy; required when a proxy agreed.
    #[serde(default)]
    pub(super) proxy_name: Option<String>,
    /// Relation of the proxy to the patient.
    #[serde(default)]
    pub(super) proxy_relation: Option<String>,
    /// How it was given.
    pub(super) method: Method,
    /// Remarks, up to 500 characters; required in an emergency, where it says why nobody could be asked.
    #[serde(default)]
    pub(super) note: Option<String>,
    /// Facilities that it covers; null or left out: all of the network.
    #[serde(default)]
    pub(super) facilities: Option<Vec<Uuid>>,
    /// Groups of professions that it covers, such as `NS`; null or left out: all.
    #[serde(default)]
    pub(super) profession_groups: Option<Vec<String>>,
    /// Kinds of information that it covers; null or left out: all that need no word of their own.
    #[serde(default)]
    pub(super) kinds: Option<Vec<String>>,
    /// Sensitive subjects that it names: `psychiatry`, `hiv`, `abuse`, `violence`, `finances`.
    #[serde(default)]
    pub(super) sensitive: Vec<String>,
    /// Groups for which it includes what needs a word of its own, such as `FM` for the family.
    #[serde(default)]
    pub(super) separate: Vec<String>,
    /// Last day, not before today; until it is withdrawn when left out. In an emergency at most 14 days after
    /// `granted_on`, and that when left out.
    #[serde(default)]
    pub(super) valid_until: Option<NaiveDate>,
    /// The consent that this one takes the place of: it is withdrawn in the same act.
    #[serde(default)]
    pub(super) replaces: Option<Uuid>,
}

impl CreateConsent {
    /// Checks the consent as part of something larger: the first of a patient, which replaces none.
    pub fn check_within(&self, prefix: &str, errors: &mut Vec<FieldError>) {
        self.check_all(prefix, errors);
        if self.replaces.is_some() {
            let message = "the first consent replaces none";
            errors.push(FieldError::new(
                format!("{prefix}replaces"),
                "not_allowed",
                message,
            ));
        }
    }

    fn check_all(&self, prefix: &str, errors: &mut Vec<FieldError>) {
        let field = |name: &str| format!("{prefix}{name}");
        text::check_optional(
            &field("proxy_name"),
            self.proxy_name.as_deref(),
            100,
            errors,
        );
        text::check_optional(
            &field("proxy_relation"),
            self.proxy_relation.as_deref(),
            50,
            errors,
        );
        if let Some(note) = &self.note {
            text::check(&field("note"), note, 500, true, errors);
        }
        let needed = match self.granted_by {
            GrantedBy::Patient => Vec::new(),
            GrantedBy::Proxy => vec![
                ("proxy_name", &self.proxy_name),
                ("proxy_relation", &self.proxy_relation),
            ],
            GrantedBy::Emergency => vec![("note", &self.note)],
        };
        for (name, _) in needed.iter().filter(|(_, value)| value.is_none()) {
            let message = "who agreed, or why nobody could be asked";
            errors.push(FieldError::new(field(name), "required", message));
        }
        if let Some(facilities) = &self.facilities {
            check_list(&field("facilities"), facilities, 500, |_| true, errors);
        }
        if let Some(groups) = &self.profession_groups {
            check_codes(&field("profession_groups"), groups, &GROUPS, errors);
        }
        if let Some(kinds) = &self.kinds {
            check_codes(&field("kinds"), kinds, &KINDS, errors);
        }
        // These two name nothing when they are empty, and that is what most consents do.
        if !self.sensitive.is_empty() {
            check_codes(&field("sensitive"), &self.sensitive, &SENSITIVE, errors);
        }
        if !self.separate.is_empty() {
            check_codes(&field("separate"), &self.separate, &GROUPS, errors);
        }
    }
}

fn check_codes(field: &str, codes: &[String], known: &[&str], errors: &mut Vec<FieldError>) {
    let is_known = |code: &String| known.contains(&code.as_str());
    check_list(field, codes, known.len(), is_known, errors);
}

/// Checks a list that narrows: empty it would cover nothing, which nobody means.
fn check_list<T: Ord>(
    field: &str,
    list: &[T],
    longest: usize,
    is_known: impl Fn(&T) -> bool,
    errors: &mut Vec<FieldError>,
) {
    if list.is_empty() {
        errors.push(FieldError::new(field, "required", "null covers all"));
    } else if list.len() > longest {
        let message = format!("at most {longest}");
        errors.push(FieldError::new(field, "too_long", message));
    } else if list.iter().collect::<BTreeSet<_>>().len() < list.len() {
        errors.push(FieldError::new(field, "not_allowed", "each once"));
    } else if !list.iter().all(is_known) {
        errors.push(FieldError::new(field, "not_allowed", "an unknown code"));
    }
}

impl Check for CreateConsent {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.check_all("", errors);
    }
}

/// A withdrawal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawConsent {
    /// Why, up to 500 characters.
    reason: String,
}

impl Check for WithdrawConsent {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 500, true, errors);
    }
}

/// List the consents of a patient, newest first, with those withdrawn.
#[utoipa::path(tag = "consents", responses((status = 200, body = Page<ConsentView>), (status = "4XX", body = Problem)))]
#[get("/v1/patients/{patient_id}/consents")]
async fn list_consents(ctx: Ctx, patient_id: Path<Uuid>) -> Result<Json<Page<ConsentView>>> {
    let items = ctx
        .read(async |tx| {
            let (_, _permit) = policy::may_read(tx, *patient_id).await?;
            let items = queries::list(tx, *patient_id).await?;
            tx.record(
                Entry::new("consents.list")
                    .of_patient(*patient_id)
                    .listing(items.len()),
            );
            Ok(items)
        })
        .await?;
    Ok(Json(Page { items, next: None }))
}

/// Record a consent. Consents stand side by side, and a narrow one takes nothing away from a wide one: to narrow what may
/// be shared, name the wider consent in `replaces`.
#[utoipa::path(
    tag = "consents",
    extensions(("x-step-up" = json!(true))),
    request_body = CreateConsent,
    responses((status = 201, body = Page<ConsentView>), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/consents")]
async fn create_consent(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreateConsent>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = policy::may_write(tx, *patient_id).await?;
        if let Some(old) = new.replaces {
            replace(tx, &permit, *patient_id, old).await?;
        }
        queries::insert(tx, permit, *patient_id, new).await?;
        tx.record(
            Entry::new("consent.create")
                .of_patient(*patient_id)
                .on("consent", new.id),
        );
        Ok(Reply::created(Page {
            items: queries::list(tx, *patient_id).await?,
            next: None,
        })
        .of_patient(*patient_id))
    })
    .await
}

/// Withdraws the consent that a new one takes the place of.
async fn replace(
    tx: &Tx<'_>,
    permit: &Permit<policy::Write>,
    patient_id: Uuid,
    old: Uuid,
) -> Result<()> {
    if queries::find_patient(tx, old).await? != Some(patient_id) {
        let message = "not a consent of this patient";
        return Err(Error::invalid("replaces", "not_allowed", message));
    }
    withdraw(tx, permit, patient_id, old, REPLACED).await
}

async fn withdraw(
    tx: &Tx<'_>,
    permit: &Permit<policy::Write>,
    patient_id: Uuid,
    consent_id: Uuid,
    reason: &str,
) -> Result<()> {
    if !queries::withdraw(tx, permit, consent_id, reason).await? {
        return Err(Error::Conflict(
            "consent_withdrawn",
            "the consent has been withdrawn before",
        ));
    }
    tx.record(
        Entry::new("consent.withdraw")
            .of_patient(patient_id)
            .on("consent", consent_id),
    );
    Ok(())
}

/// Withdraw a consent. Reading stops with the next request, unless another consent stands; what was recorded is kept.
#[utoipa::path(
    tag = "consents",
    extensions(("x-step-up" = json!(true))),
    request_body = WithdrawConsent,
    responses((status = 200, body = Page<ConsentView>), (status = "4XX", body = Problem)),
)]
#[post("/v1/consents/{consent_id}/withdraw")]
async fn withdraw_consent(
    ctx: Ctx,
    consent_id: Path<Uuid>,
    input: Input<WithdrawConsent>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let Some(patient_id) = queries::find_patient(tx, *consent_id).await? else {
            let denial = Denial::hidden("consent.write").on("consent", *consent_id);
            return Err(Error::Denied(Box::new(denial)));
        };
        let (_, permit) = policy::may_write(tx, patient_id).await?;
        withdraw(tx, &permit, patient_id, *consent_id, &input.value.reason).await?;
        Ok(Reply::ok(Page {
            items: queries::list(tx, patient_id).await?,
            next: None,
        }))
    })
    .await
}
