//! What a network has decided for itself.

use serde::{Deserialize, Serialize};

/// A network's own settings. A network may make access shorter and stricter, never longer or
/// looser than the defaults.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkSettings {
    /// Whether passwords need letters, digits and signs (厚労省チェックリスト).
    pub password_composition: bool,
    /// Days after which a password has to be changed, 30 to 3650; absent: never.
    pub password_rotation_days: Option<u32>,
    /// Minutes without activity after which a session on a personal device ends, 1 to 30.
    pub idle_minutes_personal: u32,
    /// Minutes without activity after which a session on a shared device ends, 1 to 15.
    pub idle_minutes_shared: u32,
    /// Hours after which a session ends in any case, 1 to 12.
    pub session_hours: u32,
    /// Whether people sign in on registered devices only.
    pub registered_devices_only: bool,
    /// Whether a licensed profession counts only with a verified licence.
    pub licence_required: bool,
    /// Whether patients see the names of those who looked at their record, or only profession and
    /// organization.
    #[serde(default)]
    pub show_names_to_patients: bool,
}
