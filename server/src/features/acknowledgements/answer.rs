//! What closes requests: an acknowledgement, a reply, taking back.

use uuid::Uuid;

use super::{
    model::{Ask, Happening},
    queries,
};
use crate::{
    Result,
    ctx::Tx,
    features::notices::{self, About, Kind},
};

/// The caller has acknowledged the post: closes what that is enough for; answers whether there was something.
pub async fn acknowledged(tx: &Tx<'_>, post_id: Uuid) -> Result<bool> {
    close_mine(tx, post_id, Happening::Acknowledge, None).await
}

/// The caller has replied to the post: closes what a reply was asked for.
pub async fn replied(tx: &Tx<'_>, post_id: Uuid, reply_id: Uuid) -> Result<()> {
    close_mine(tx, post_id, Happening::Answer, Some(reply_id)).await?;
    Ok(())
}

/// The post was taken back: nobody is asked about it any more.
pub async fn withdraw_all(tx: &Tx<'_>, post_id: Uuid) -> Result<()> {
    for ask in queries::list_open(tx, post_id).await? {
        happen(tx, &ask, Happening::Withdraw, None).await?;
    }
    notices::finish(tx, post_id, &[]).await
}

/// Lets something happen to a request; answers whether it changed anything.
pub(super) async fn happen(
    tx: &Tx<'_>,
    ask: &Ask,
    happening: Happening,
    reply: Option<Uuid>,
) -> Result<bool> {
    let Some(next) = ask.standing().after(happening, ask.answer) else {
        return Ok(false);
    };
    let me = tx.actor.ids().0;
    let people = queries::list_requests(tx, &[ask.id]).await?;
    queries::close(tx, ask.id, next, Some(me), reply).await?;
    queries::note(tx, ask, next.code(), Some(me)).await?;
    let mut concerned: Vec<Uuid> = people.into_iter().map(|(_, person, ..)| person).collect();
    concerned.push(ask.asked_by);
    notices::finish(tx, ask.id, &concerned).await?;
    if happening == Happening::Answer && ask.asked_by != me {
        let about = About {
            what: "post",
            id: reply.unwrap_or(ask.post_id),
            patient_id: Some(ask.patient_id),
            at_once: ask.urgent,
        };
        notices::enqueue(tx, Kind::Answer, &[ask.asked_by], about).await?;
    }
    Ok(true)
}

async fn close_mine(
    tx: &Tx<'_>,
    post_id: Uuid,
    happening: Happening,
    reply: Option<Uuid>,
) -> Result<bool> {
    let open = queries::list_open(tx, post_id).await?;
    if open.is_empty() {
        return Ok(false);
    }
    let me = tx.actor.ids().0;
    let ids: Vec<Uuid> = open.iter().map(|ask| ask.id).collect();
    let people = queries::list_requests(tx, &ids).await?;
    let post = queries::list_people(tx, &[me]).await?.pop();
    let mut changed = false;
    for ask in &open {
        let has_part = people
            .iter()
            .any(|(id, person, part, _)| *id == ask.id && *person == me && part != "told");
        // Whoever joined the team since is one of the profession as well; but nobody answers for oneself.
        let is_one = ask.asked_by != me
            && post
                .as_ref()
                .is_some_and(|post| ask.asks_any(&post.profession, post.facility_id));
        if has_part || is_one {
            changed |= happen(tx, ask, happening, reply).await?;
        }
    }
    Ok(changed)
}
