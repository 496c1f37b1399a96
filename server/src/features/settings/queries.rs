use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::tenant_settings as settings;

use super::{policy::Keep, routes::UpdateSettings};
use crate::{
    Result,
    ctx::Tx,
    spine::{access::Permit, settings::of_network as settings_of},
};

/// Writes the settings of the network.
pub(super) async fn save(tx: &Tx<'_>, _: Permit<Keep>, new: &UpdateSettings) -> Result<()> {
    let (by, _) = tx.actor.ids();
    let before = settings_of(tx).await?;
    let show_names = new
        .show_names_to_patients
        .unwrap_or(before.show_names_to_patients);
    let values = (
        settings::password_composition.eq(new.password_composition),
        settings::password_rotation_days.eq(new.password_rotation_days),
        settings::idle_minutes_personal.eq(new.idle_minutes_personal),
        settings::idle_minutes_shared.eq(new.idle_minutes_shared),
        settings::session_hours.eq(new.session_hours),
        settings::registered_devices_only.eq(new.registered_devices_only),
        settings::licence_required.eq(new.licence_required),
        settings::show_names_to_patients.eq(show_names),
        settings::updated_at.eq(tx.now),
        settings::updated_by.eq(by),
    );
    diesel::insert_into(settings::table)
        .values((settings::tenant_id.eq(tx.tenant_id), values))
        .on_conflict(settings::tenant_id)
        .do_update()
        .set(values)
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}
