use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{policy, queries};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    spine::{
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
        .service(withdraw_consent);
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
}

/// Who agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum GrantedBy {
    /// 本人
    Patient,
    /// 代理人
    Proxy,
    /// 緊急時
    Emergency,
}

impl GrantedBy {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Proxy => "proxy",
            Self::Emergency => "emergency",
        }
    }
}

/// How it was given.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Method {
    /// 書面
    Paper,
    /// 画面
    OnScreen,
    /// 登録カード
    Card,
}

impl Method {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Paper => "paper",
            Self::OnScreen => "on_screen",
            Self::Card => "card",
        }
    }
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
    /// Remarks, up to 500 characters.
    #[serde(default)]
    pub(super) note: Option<String>,
}

impl CreateConsent {
    /// Checks the consent as part of something larger.
    pub fn check_within(&self, prefix: &str, errors: &mut Vec<FieldError>) {
        text::check_optional(
            &format!("{prefix}proxy_name"),
            self.proxy_name.as_deref(),
            100,
            errors,
        );
        text::check_optional(
            &format!("{prefix}proxy_relation"),
            self.proxy_relation.as_deref(),
            50,
            errors,
        );
        if let Some(note) = &self.note {
            text::check(&format!("{prefix}note"), note, 500, true, errors);
        }
        if self.granted_by == GrantedBy::Proxy && self.proxy_name.is_none() {
            errors.push(FieldError::new(
                format!("{prefix}proxy_name"),
                "required",
                "when a proxy agreed",
            ));
        }
    }
}

impl Check for CreateConsent {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.check_within("", errors);
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

/// Record a consent.
#[utoipa::path(
    tag = "consents",
    request_body = CreateConsent,
    responses((status = 201, body = Page<ConsentView>), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/consents")]
async fn create_consent(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreateConsent>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = policy::may_write(tx, *patient_id).await?;
        queries::insert(tx, permit, *patient_id, &input.value).await?;
        tx.record(
            Entry::new("consent.create")
                .of_patient(*patient_id)
                .on("consent", input.value.id),
        );
        Ok(Reply::created(Page {
            items: queries::list(tx, *patient_id).await?,
            next: None,
        })
        .of_patient(*patient_id))
    })
    .await
}

/// Withdraw a consent. Reading stops with the next request, unless another consent stands.
#[utoipa::path(
    tag = "consents",
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
        if !queries::withdraw(tx, permit, *consent_id, &input.value.reason).await? {
            return Err(Error::Conflict(
                "consent_withdrawn",
                "the consent has been withdrawn before",
            ));
        }
        tx.record(
            Entry::new("consent.withdraw")
                .of_patient(patient_id)
                .on("consent", *consent_id),
        );
        Ok(Reply::ok(Page {
            items: queries::list(tx, patient_id).await?,
            next: None,
        }))
    })
    .await
}
