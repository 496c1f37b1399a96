use crate::{
    ctx::{Door, Tx},
    spine::auth,
};

/// Looks at every session that has an open stream at this node, and closes the streams of those that have ended, by
/// whatever means and at whichever node, or stand for another post by now (SE-12). One statement for each network.
pub async fn sweep(door: &Door) {
    for (tenant_id, sessions) in door.app.hub.sessions() {
        let look = async |tx: &Tx<'_>| auth::queries::persons(tx, &sessions).await;
        match door.look_up(tenant_id, look).await {
            Ok(lasting) => door.app.hub.keep(&sessions, &lasting),
            // Events come from the same database: without it nothing is told to anybody.
            Err(error) => tracing::warn!(%error, "open streams could not be looked after"),
        }
    }
}
