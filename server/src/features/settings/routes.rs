use std::ops::RangeInclusive;

use actix_web::{get, put, web::Json};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{policy, queries};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    spine::{
        audit::Entry,
        auth::Actor,
        input::{Check, Input},
        reply::{Answer, Reply},
        settings::{self, Settings},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(find_settings).service(update_settings);
}

/// What a network decides for itself.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateSettings {
    /// Whether passwords need letters, digits and signs.
    pub(super) password_composition: bool,
    /// Days after which a password has to be changed, 30 to 3650; null: never.
    pub(super) password_rotation_days: Option<i32>,
    /// Minutes without activity after which a session on a personal device ends, 1 to 30.
    pub(super) idle_minutes_personal: i32,
    /// Minutes without activity after which a session on a shared device ends, 1 to 15.
    pub(super) idle_minutes_shared: i32,
    /// Hours after which a session ends in any case, 1 to 12.
    pub(super) session_hours: i32,
    /// Whether people sign in on registered devices only.
    pub(super) registered_devices_only: bool,
    /// Whether a licensed profession counts only with a verified licence.
    pub(super) licence_required: bool,
    /// Whether patients see the names of those who looked at their record, or only profession and organization; left
    /// out: as it is.
    #[serde(default)]
    pub(super) show_names_to_patients: Option<bool>,
}

impl Check for UpdateSettings {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let mut within = |field: &str, value: i32, range: RangeInclusive<i32>| {
            if !range.contains(&value) {
                let message = format!("{} to {}", range.start(), range.end());
                errors.push(FieldError::new(field, "out_of_range", message));
            }
        };
        within("idle_minutes_personal", self.idle_minutes_personal, 1..=30);
        within("idle_minutes_shared", self.idle_minutes_shared, 1..=15);
        within("session_hours", self.session_hours, 1..=12);
        if let Some(days) = self.password_rotation_days {
            within("password_rotation_days", days, 30..=3650);
        }
    }
}

/// Read the settings of the network.
#[utoipa::path(tag = "settings", responses((status = 200, body = Settings), (status = "4XX", body = Problem)))]
#[get("/v1/settings")]
async fn find_settings(ctx: Ctx) -> Result<Json<Settings>> {
    let found = ctx
        .read(async |tx| {
            let _permit = policy::may_read(tx)?;
            tx.record(Entry::new("settings.find"));
            settings::of_network(tx).await
        })
        .await?;
    Ok(Json(found))
}

/// Change the settings of the network. Shorter times of inactivity count at once, a shorter session from the next
/// sign-in. Network administrators only; registered devices can be demanded from a registered device only.
#[utoipa::path(
    tag = "settings",
    request_body = UpdateSettings,
    responses((status = 200, body = Settings), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[put("/v1/settings")]
async fn update_settings(ctx: Ctx, input: Input<UpdateSettings>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_keep(tx)?;
        let here = matches!(tx.actor, Actor::Person(person) if person.device_id.is_some());
        if new.registered_devices_only && !here {
            // Whoever decides it from elsewhere would be the first to be locked out.
            return Err(Error::DeviceRequired);
        }
        queries::save(tx, permit, new).await?;
        tx.record(Entry::new("settings.update"));
        Ok(Reply::ok(settings::of_network(tx).await?))
    })
    .await
}
