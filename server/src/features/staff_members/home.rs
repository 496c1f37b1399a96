//! Where people who work here live: only a keyed digest is kept, to tell when somebody looks at a patient of the same house.

use actix_web::{put, web::Path};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{policy, queries};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        address,
        audit::Entry,
        input::{Check, Input},
        reply::{Answer, Reply},
        text,
    },
};

/// Where somebody lives.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateHomeAddress {
    /// The address down to the house number; null to forget it.
    home_address: Option<String>,
}

impl Check for UpdateHomeAddress {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check(self.home_address.as_deref(), errors);
    }
}

/// What is known of where somebody lives.
#[derive(Debug, Serialize, ToSchema)]
struct HomeAddressView {
    /// Whether a digest of the address is kept. The address itself is not.
    known: bool,
}

/// Checks that an address names a house.
pub(super) fn check(home_address: Option<&str>, errors: &mut Vec<FieldError>) {
    let Some(text) = home_address else { return };
    let before = errors.len();
    text::check("home_address", text, 200, false, errors);
    if errors.len() == before && address::form(text).is_none() {
        let message = "an address down to the house number";
        errors.push(FieldError::new("home_address", "not_allowed", message));
    }
}

/// Keeps the digest of where a person lives, as part of an act that was allowed.
pub(super) async fn keep(tx: &Tx<'_>, person_id: Uuid, home_address: Option<&str>) -> Result<()> {
    let seal = &tx.app().seal;
    let digest = home_address.and_then(|text| address::digest(seal, tx.tenant_id, text));
    queries::update_home(tx, person_id, digest).await
}

/// Say where somebody who works here lives, or that it is to be forgotten. Only a keyed digest of the address is kept.
/// Network administrators only.
#[utoipa::path(
    tag = "staff_members",
    request_body = UpdateHomeAddress,
    extensions(("x-step-up" = json!(true))),
    responses((status = 200, body = HomeAddressView), (status = "4XX", body = Problem)),
)]
#[put("/v1/staff-members/{staff_member_id}/home-address")]
pub(super) async fn update_home_address(
    ctx: Ctx,
    staff_member_id: Path<Uuid>,
    input: Input<UpdateHomeAddress>,
) -> Result<Answer> {
    let home_address = input.value.home_address.as_deref();
    ctx.write(&input.digest, async |tx| {
        let _permit = policy::may_keep_home(tx)?;
        let person = queries::find_person(tx, *staff_member_id).await?;
        let person = person.ok_or(Error::NotFound)?;
        keep(tx, person, home_address).await?;
        tx.record(Entry::new("home_address.update").on("staff_member", *staff_member_id));
        Ok(Reply::ok(HomeAddressView {
            known: home_address.is_some(),
        }))
    })
    .await
}
