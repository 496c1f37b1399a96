//! What goes out of the access log to places that nobody with the database can write, and the clock. A task of its own: a
//! witness that does not answer holds nothing else up.

use std::time::{Duration, Instant};

use actix_web::web::Data;
use uuid::Uuid;

use super::{all_networks, door};
use crate::{
    Result,
    app::App,
    ctx::Tx,
    features::witnesses,
    spine::{auth::Actor, clock::Quality, copies, time_check},
};

/// How often every network is looked after.
const ROUND: Duration = Duration::from_secs(15);
/// How often the clock is held against others.
const CLOCK: Duration = Duration::from_mins(5);

/// Goes on for as long as the process lives.
pub(super) async fn go_on_for_ever(app: Data<App>) {
    let mut checked: Option<Instant> = None;
    loop {
        if checked.is_none_or(|at| at.elapsed() >= CLOCK) {
            if let Err(error) = check_clock(&app).await {
                tracing::warn!(%error, "the clock could not be checked");
            }
            checked = Some(Instant::now());
        }
        match all_networks(&app).await {
            Ok(all) => {
                for tenant_id in all {
                    if let Err(error) = look_after(&app, tenant_id).await {
                        tracing::warn!(%error, "witnesses could not be looked after");
                    }
                }
            }
            Err(error) => tracing::warn!(%error, "the networks could not be listed"),
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Holds the clock of this machine against others.
pub async fn check_clock(app: &Data<App>) -> Result<Quality> {
    time_check::check(&door(app)).await
}

/// Everything of one network that is due: copies of its checkpoints, its witnesses, and what people are told by mail.
pub async fn look_after(app: &Data<App>, tenant_id: Uuid) -> Result<()> {
    let door = door(app);
    copies::copy(&door, tenant_id).await?;
    witnesses::ask_all(&door, tenant_id).await?;
    let write = async |tx: &Tx<'_>| witnesses::write_letters(tx).await;
    door.within_log(tenant_id, Actor::Worker, write).await?;
    let tell = async |tx: &Tx<'_>| time_check::alarm(tx).await;
    door.within(tenant_id, Actor::Worker, tell).await
}
