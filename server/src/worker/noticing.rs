//! Looking after requests, and telling people who have not opened the app. Pushing has a task of its own, so that a slow
//! push service holds nothing else up.

use std::{cell::Cell, time::Duration};

use actix_web::web::Data;
use uuid::Uuid;

use super::door;
use crate::{
    Result,
    app::App,
    features::{acknowledgements, notices},
    spine::auth::Actor,
};

/// How long nudges are gathered, so that what happens together is told together.
const GATHER: Duration = Duration::from_secs(1);

/// Takes every step of requests that is due in one network, and writes the mail of notices that is due; answers how many
/// steps were taken.
pub async fn tend(app: &Data<App>, tenant_id: Uuid) -> Result<usize> {
    let door = door(app);
    let mut taken = 0;
    loop {
        let under_way = Cell::new(None);
        let step = door
            .within(tenant_id, Actor::Worker, async |tx| {
                acknowledgements::tend(tx, &under_way).await
            })
            .await;
        match (step, under_way.take()) {
            (Ok(true), _) => taken += 1,
            (Ok(false), _) => break,
            (Err(error), None) => return Err(error),
            (Err(error), Some(id)) => {
                tracing::warn!(%error, ask = %id, "a step of a request could not be taken");
                door.within(tenant_id, Actor::Worker, async |tx| {
                    acknowledgements::put_off(tx, id).await
                })
                .await?;
            }
        }
    }
    door.within(tenant_id, Actor::Worker, async |tx| {
        notices::mail_due(tx).await
    })
    .await?;
    Ok(taken)
}

/// Pushes everything that is due in one network; answers how many the push services took.
pub async fn tell(app: &Data<App>, tenant_id: Uuid) -> Result<usize> {
    notices::send_due(&door(app), tenant_id).await
}

/// Every network comes by here when something was written in it, and with every round.
pub(super) async fn tell_for_ever(app: Data<App>) {
    loop {
        app.told.wait().await;
        tokio::time::sleep(GATHER).await;
        while let Some(tenant_id) = app.told.next() {
            if let Err(error) = tell(&app, tenant_id).await {
                tracing::warn!(%error, "notices could not be pushed");
            }
        }
    }
}
