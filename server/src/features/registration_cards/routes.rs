use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::CardCode,
    policy,
    queries::{self, Card},
    read::{self, CardHolderView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::patients,
    spine::{
        audit::{Denial, Entry},
        ids,
        input::{Check, Input, Nothing},
        page::Page,
        reply::{Answer, Reply},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_registration_cards)
        .service(create_registration_card)
        .service(revoke_registration_card)
        .service(read::read_registration_card)
        .service(read::link_registration_card);
}

/// A card.
#[derive(Debug, Serialize, ToSchema)]
struct RegistrationCardView {
    /// Identifier.
    id: Uuid,
    /// When it was issued.
    issued_at: DateTime<Utc>,
    /// Who issued it.
    issued_by: String,
    /// Since when it is refused.
    revoked_at: Option<DateTime<Utc>>,
}

/// A card to be printed. The code is told this once.
#[derive(Debug, Serialize, ToSchema)]
struct IssuedRegistrationCardView {
    /// Identifier.
    id: Uuid,
    /// What is printed on the card: `TSM-XXXX-XXXX-XXXX-XXXX`.
    code: String,
    /// Whose card it is.
    patient: CardHolderView,
    /// Name of the network.
    network: String,
}

/// A card to be issued.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateRegistrationCard {
    /// Identifier, chosen by the caller.
    id: Uuid,
}

impl Check for CreateRegistrationCard {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// List the cards of a patient, newest first, with those revoked.
#[utoipa::path(
    tag = "registration_cards",
    responses((status = 200, body = Page<RegistrationCardView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/registration-cards")]
async fn list_registration_cards(
    ctx: Ctx,
    patient_id: Path<Uuid>,
) -> Result<Json<Page<RegistrationCardView>>> {
    let rows = ctx
        .read(async |tx| {
            let (_, permit) = policy::may_keep(tx, *patient_id).await?;
            let rows = queries::list(tx, &permit, *patient_id).await?;
            tx.record(
                Entry::new("registration_cards.list")
                    .of_patient(*patient_id)
                    .listing(rows.len()),
            );
            Ok(rows)
        })
        .await?;
    Ok(Json(Page {
        items: rows.into_iter().map(RegistrationCardView::from).collect(),
        next: None,
    }))
}

/// Issue a card for a patient and get its code, once, to be printed. The card that the patient had is refused from now
/// on.
#[utoipa::path(
    tag = "registration_cards",
    extensions(("x-step-up" = json!(true))),
    request_body = CreateRegistrationCard,
    responses((status = 201, body = IssuedRegistrationCardView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/registration-cards")]
async fn create_registration_card(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreateRegistrationCard>,
) -> Result<Answer> {
    let id = input.value.id;
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = policy::may_issue(tx, *patient_id).await?;
        let code = CardCode::new(ids::secret()?);
        queries::insert(tx, permit, id, *patient_id, &code.digest()).await?;
        tx.record(
            Entry::new("registration_card.create")
                .of_patient(*patient_id)
                .on("registration_card", id),
        );
        let patient = patients::find(tx, *patient_id).await?;
        Ok(Reply::created(IssuedRegistrationCardView {
            id,
            code: code.to_string(),
            patient: patient.ok_or(Error::NotFound)?.into(),
            network: queries::find_network_name(tx).await?,
        })
        .of_patient(*patient_id)
        .once())
    })
    .await
}

/// Revoke a card, such as a lost one.
#[utoipa::path(
    tag = "registration_cards",
    request_body = Nothing,
    responses((status = 200, body = RegistrationCardView), (status = "4XX", body = Problem)),
)]
#[post("/v1/registration-cards/{card_id}/revoke")]
async fn revoke_registration_card(
    ctx: Ctx,
    card_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let Some(patient_id) = queries::find_patient(tx, *card_id).await? else {
            let denial =
                Denial::hidden("registration_card.write").on("registration_card", *card_id);
            return Err(Error::Denied(Box::new(denial)));
        };
        let (_, permit) = policy::may_keep(tx, patient_id).await?;
        if !queries::revoke(tx, &permit, *card_id).await? {
            return Err(Error::Conflict(
                "registration_card_revoked",
                "the card has been revoked before",
            ));
        }
        tx.record(
            Entry::new("registration_card.revoke")
                .of_patient(patient_id)
                .on("registration_card", *card_id),
        );
        let cards = queries::list(tx, &permit, patient_id).await?;
        let card = cards.into_iter().find(|card| card.id == *card_id);
        let view = RegistrationCardView::from(card.ok_or(Error::NotFound)?);
        Ok(Reply::ok(view).of_patient(patient_id))
    })
    .await
}

impl From<Card> for RegistrationCardView {
    fn from(row: Card) -> Self {
        Self {
            id: row.id,
            issued_at: row.issued_at,
            issued_by: row.issued_by,
            revoked_at: row.revoked_at,
        }
    }
}
