//! What a network has decided for itself, with the defaults for one that has decided nothing.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::tenant_settings;

use crate::{Result, ctx::Tx};

/// A network's own settings. A network may make access shorter and stricter, never longer or looser than the defaults.
#[derive(
    Debug, Clone, PartialEq, Eq, Queryable, Selectable, serde::Serialize, utoipa::ToSchema,
)]
#[diesel(table_name = tenant_settings, check_for_backend(diesel::pg::Pg))]
pub struct Settings {
    /// Whether passwords need letters, digits and signs (厚労省「医療機関におけるサイバーセキュリティ対策チェックリスト」).
    pub password_composition: bool,
    /// Days after which a password has to be changed, 30 to 3650; null: never.
    pub password_rotation_days: Option<i32>,
    /// Minutes without activity after which a session on a personal device ends, 1 to 30.
    pub idle_minutes_personal: i32,
    /// Minutes without activity after which a session on a shared device ends, 1 to 15.
    pub idle_minutes_shared: i32,
    /// Hours after which a session ends in any case, 1 to 12.
    pub session_hours: i32,
    /// Whether people sign in on registered devices only.
    pub registered_devices_only: bool,
    /// Whether a licensed profession counts only with a verified licence.
    pub licence_required: bool,
    /// Whether patients see the names of those who looked at their record, or only profession and organization.
    pub show_names_to_patients: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            password_composition: true,
            password_rotation_days: None,
            idle_minutes_personal: 30,
            idle_minutes_shared: 15,
            session_hours: 12,
            registered_devices_only: false,
            licence_required: false,
            show_names_to_patients: false,
        }
    }
}

/// Whether a password set at `changed_at` is older than so many days; never where a network has not decided any.
pub fn is_overdue(
    changed_at: Option<DateTime<Utc>>,
    rotation_days: Option<i32>,
    now: DateTime<Utc>,
) -> bool {
    changed_at
        .zip(rotation_days)
        .is_some_and(|(at, days)| at + TimeDelta::days(days.into()) <= now)
}

/// The settings of the network of this transaction.
pub async fn of_network(tx: &Tx<'_>) -> Result<Settings> {
    let found = tenant_settings::table
        .find(tx.tenant_id)
        .select(Settings::as_select())
        .first(&mut tx.conn())
        .await
        .optional()?;
    Ok(found.unwrap_or_default())
}
