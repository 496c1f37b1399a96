//! Who may pass something round, and who reads and confirms it.

use uuid::Uuid;

use super::{model::Announcement, queries};
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        access::{
            self, AnnouncementFacts, Membership, Permit, Verb, announcement_facts, on_announcement,
        },
        audit::Denial,
    },
};

macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $action:literal;)*) => {
        $($(#[$doc])* pub(super) struct $name;
        impl Verb for $name {
            const ACTION: &'static str = $action;
        })*
    };
}

verbs! {
    /// Listing what one was sent and has sent.
    List = "announcement.list";
    /// Passing something round.
    Create = "announcement.create";
    /// Reading it.
    Read = "announcement.read";
    /// Confirming it.
    Confirm = "announcement.confirm";
    /// Seeing who has confirmed, reminding, withdrawing.
    Keep = "announcement.keep";
}

pub(super) fn may_list(tx: &Tx<'_>) -> Result<Permit<List>> {
    access::on_network(tx)
}

pub(super) fn may_create(tx: &Tx<'_>, id: Uuid, wide: bool) -> Result<Permit<Create>> {
    let facts = AnnouncementFacts {
        id,
        wide,
        membership: Membership::default(),
    };
    on_announcement(tx, &facts)
}

/// Finds an announcement and allows `V` on it.
pub(super) async fn may<V: Verb>(tx: &Tx<'_>, id: Uuid) -> Result<(Announcement, Permit<V>)> {
    let unknown = || Error::Denied(Box::new(Denial::hidden(V::ACTION).on("announcement", id)));
    let facts = announcement_facts(tx, id).await?.ok_or_else(unknown)?;
    let permit = on_announcement(tx, &facts)?;
    let found = queries::find(tx, id).await?.ok_or_else(unknown)?;
    Ok((found, permit))
}
