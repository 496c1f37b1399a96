//! Who may read and write what on a timeline.

use uuid::Uuid;

use super::{model::Post, people, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{self, Ground, PatientAccess, Permit, PostFacts, Scope, Verb},
        audit::Denial,
    },
};

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $action:literal, $final:literal;)*) => {
        $($(#[$doc])* pub(super) struct $name;
        impl Verb for $name {
            const ACTION: &'static str = $action;
            const FINAL: bool = $final;
        })*
    };
}

// The last word: whether it makes a record final.
verbs! {
    /// Opening the patient.
    ReadPatient = "patient.read", false;
    /// Reading one post.
    Read = "post.read", false;
    /// Writing a post.
    Create = "post.create", true;
    /// Writing a new version.
    Amend = "post.amend", true;
    /// Taking a post back.
    Retract = "post.retract", true;
    /// Acknowledging a post.
    Acknowledge = "post.acknowledge", false;
    /// Answering a post with one touch: open to whoever may acknowledge it.
    React = "post.acknowledge", false;
    /// Keeping a post on top: open to whoever writes on its channel.
    Pin = "post.create", false;
    /// Listing what waits for one's approval, of patients whom one may see.
    MayList = "patient.list", false;
    /// Approving or returning what was entered on one's behalf.
    Approve = "post.approve", true;
}

/// Opens the timeline of a patient: what of it may be read.
pub(super) async fn may_list(tx: &Tx<'_>, patient_id: Uuid) -> Result<(PatientAccess, Scope)> {
    let (access, _permit) = tx.open::<ReadPatient>(patient_id).await?;
    let scope = access::scope(tx, &access);
    if scope.is_empty() {
        let denial = Denial::hidden(Read::ACTION).of_patient(patient_id);
        return Err(Error::Denied(Box::new(Denial {
            visible: true,
            ..denial
        })));
    }
    Ok((access, scope))
}

/// Finds a post and allows `V` on it.
pub(super) async fn may<V: Verb>(tx: &Tx<'_>, post_id: Uuid) -> Result<(Post, Ground, Permit<V>)> {
    let unknown = || Error::Denied(Box::new(Denial::hidden(V::ACTION).on("post", post_id)));
    let post = queries::find(tx, post_id).await?.ok_or_else(unknown)?;
    let ground = access::ground(tx, post.patient_id)
        .await?
        .ok_or_else(unknown)?;
    let facts = facts(tx, &post).await?;
    let permit = access::on_post::<V>(tx, post.patient_id, &facts, ground)?;
    Ok((post, ground, permit))
}

/// Allows keeping a post on top, or taking it down: to whoever may read it and writes notes on its channel.
pub(super) async fn may_pin(tx: &Tx<'_>, post_id: Uuid) -> Result<(Post, Ground, Permit<Pin>)> {
    let (post, ground, _read) = may::<Read>(tx, post_id).await?;
    let note = PostFacts {
        kind: "note".to_owned(),
        author: tx.actor.ids().0,
        facility: tx.actor.ids().1,
        on_behalf_of: None,
        ..facts(tx, &post).await?
    };
    let permit = access::on_post::<Pin>(tx, post.patient_id, &note, ground)?;
    Ok((post, ground, permit))
}

/// What the rules look at in a post, seen by the caller.
pub(super) async fn facts(tx: &Tx<'_>, post: &Post) -> Result<PostFacts> {
    Ok(PostFacts {
        id: post.id,
        kind: post.information.clone(),
        channel: post.channel.clone(),
        sensitivity: post.sensitivity.clone(),
        author: post.author(),
        facility: post.facility_id,
        recipient: people::is_recipient(tx, post).await?,
        on_behalf_of: post.on_behalf_of,
    })
}

/// Allows reading a post, for what hangs on it, such as its files. Answers with its facility and kind of information.
pub async fn may_read_post(tx: &Tx<'_>, post_id: Uuid) -> Result<(Uuid, String)> {
    let (post, _, _permit) = may::<Read>(tx, post_id).await?;
    Ok((post.facility_id, post.information))
}

/// Allows writing a post with this kind of information to this channel of a patient.
pub(super) async fn may_create(
    tx: &Tx<'_>,
    patient_id: Uuid,
    post_id: Uuid,
    (channel, kind, sensitivity): (&str, &str, Option<&str>),
    on_behalf_of: Option<Uuid>,
) -> Result<(Ground, Permit<Create>)> {
    let denial = || {
        Error::Denied(Box::new(
            Denial::hidden(Create::ACTION).of_patient(patient_id),
        ))
    };
    let ground = access::ground(tx, patient_id).await?.ok_or_else(denial)?;
    let facts = PostFacts {
        id: post_id,
        kind: kind.to_owned(),
        channel: channel.to_owned(),
        sensitivity: sensitivity.map(str::to_owned),
        author: tx.actor.ids().0,
        facility: tx.actor.ids().1,
        recipient: true,
        on_behalf_of,
    };
    Ok((ground, access::on_post(tx, patient_id, &facts, ground)?))
}
