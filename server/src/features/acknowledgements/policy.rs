//! Who may ask, and take back what was asked.

use uuid::Uuid;

use super::{model::Ask, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    features::timeline,
    spine::{
        access::{self, Permit, PostFacts, Verb},
        audit::Denial,
    },
};

/// Reading the post.
pub(super) struct Read;
impl Verb for Read {
    const ACTION: &'static str = "post.read";
}

/// Asking is writing: whoever may write to the channel of the post may ask its readers.
pub(super) struct Write;
impl Verb for Write {
    const ACTION: &'static str = "post.create";
}

/// One's own list.
pub(super) struct List;
impl Verb for List {
    const ACTION: &'static str = "patient.list";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<List>> {
    access::on_network(tx)
}

/// What the rules and the readers of a post are asked by.
pub(super) use queries::PostRow;

/// Opens a post for whoever asks about it.
pub(super) async fn may_ask(tx: &Tx<'_>, post_id: Uuid) -> Result<(PostRow, Permit<Write>)> {
    let unknown = || Error::Denied(Box::new(Denial::hidden(Read::ACTION).on("post", post_id)));
    let post = queries::find_post(tx, post_id).await?.ok_or_else(unknown)?;
    let ground = access::ground(tx, post.patient_id)
        .await?
        .ok_or_else(unknown)?;
    let facts = timeline::facts_of(tx, post.id).await?.ok_or_else(unknown)?;
    let _read = access::on_post::<Read>(tx, post.patient_id, &facts, ground)?;
    let (me, facility) = tx.actor.ids();
    let reply = PostFacts {
        kind: "note".to_owned(),
        author: me,
        facility,
        on_behalf_of: None,
        ..facts
    };
    let permit = access::on_post::<Write>(tx, post.patient_id, &reply, ground)?;
    Ok((post, permit))
}

/// Opens a request for whoever made it.
pub(super) async fn may_withdraw(tx: &Tx<'_>, id: Uuid) -> Result<(Ask, Permit<Read>)> {
    let unknown = || {
        let denial = Denial::hidden(Read::ACTION).on("acknowledgement_ask", id);
        Error::Denied(Box::new(denial))
    };
    let ask = queries::find(tx, id).await?.ok_or_else(unknown)?;
    let post = queries::find_post(tx, ask.post_id).await?;
    let post = post.ok_or_else(unknown)?;
    let ground = access::ground(tx, ask.patient_id).await?;
    let ground = ground.ok_or_else(unknown)?;
    let facts = timeline::facts_of(tx, post.id).await?.ok_or_else(unknown)?;
    let permit = access::on_post::<Read>(tx, post.patient_id, &facts, ground)?;
    if ask.asked_by == tx.actor.ids().0 {
        return Ok((ask, permit));
    }
    let denial = Denial::hidden(Read::ACTION).of_patient(ask.patient_id);
    Err(Error::Denied(Box::new(Denial {
        visible: true,
        ..denial.on("acknowledgement_ask", id)
    })))
}
