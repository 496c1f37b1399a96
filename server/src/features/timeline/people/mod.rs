//! The people of a post: whom it names as its readers, whom it mentions, for whom it is entered. None of
//! them is anybody who may not read it.

mod queries;

use std::collections::BTreeSet;

use uuid::Uuid;

pub(super) use self::queries::{list_professions, list_recipients_of};
use super::{model::Post, policy::Approve};
use crate::{
    Error, Result,
    ctx::Tx,
    error::FieldError,
    spine::access::{self, NAMED, PostFacts, Reader},
};

/// Most people whom a post can name as its readers, or mention.
pub(super) const MOST_PEOPLE: usize = 30;
/// Most professions that a post can mention.
const MOST_PROFESSIONS: usize = 10;

/// What a post to be written says of people.
pub(super) struct Asked<'a> {
    pub(super) patient_id: Uuid,
    pub(super) post_id: Uuid,
    /// Channel, kind of information, what makes it sensitive.
    pub(super) class: (&'a str, &'a str, Option<&'a str>),
    /// Whom it names as its readers; for an answer, those of what it answers.
    pub(super) recipients: &'a [Uuid],
    /// Whether they are those of what it answers, who need not all be there any more.
    pub(super) inherited: bool,
    pub(super) mentioned_staff: &'a [Uuid],
    pub(super) mentioned_professions: &'a [String],
    pub(super) on_behalf_of: Option<Uuid>,
}

/// Adds what is wrong with a list of people by its form.
pub(super) fn check_list(field: &str, people: &[Uuid], errors: &mut Vec<FieldError>) {
    let distinct: BTreeSet<_> = people.iter().collect();
    if people.len() > MOST_PEOPLE || distinct.len() != people.len() {
        let message = format!("at most {MOST_PEOPLE} different people");
        errors.push(FieldError::new(field, "out_of_range", message));
    }
}

/// The same for professions.
pub(super) fn check_professions(field: &str, codes: &[String], errors: &mut Vec<FieldError>) {
    let distinct: BTreeSet<_> = codes.iter().collect();
    if codes.len() > MOST_PROFESSIONS || distinct.len() != codes.len() {
        let message = format!("at most {MOST_PROFESSIONS} different professions");
        errors.push(FieldError::new(field, "out_of_range", message));
    }
}

/// Holds everybody whom a post names, mentions or speaks for against the rules.
pub(super) async fn check(tx: &Tx<'_>, asked: &Asked<'_>) -> Result<()> {
    let is_named = asked.class.0 == NAMED;
    let nobody = asked.mentioned_staff.is_empty()
        && asked.mentioned_professions.is_empty()
        && asked.on_behalf_of.is_none();
    if nobody && (!is_named || asked.inherited) {
        return Ok(());
    }
    let around = access::readers(tx, asked.patient_id).await?;
    let (me, facility) = tx.actor.ids();
    let engine = &tx.app().access;
    let could_read = |reader: &&Reader| {
        let scope = access::scope_for(
            engine,
            &reader.actor,
            tx.tenant_id,
            reader.ground,
            reader.purpose,
        );
        scope.covers_post(asked.class, facility, true)
    };
    let could_read: Vec<&Reader> = around.iter().filter(could_read).collect();
    let is_there = |id: &Uuid| could_read.iter().any(|r| r.staff_member_id() == *id);
    let is_one = |id: &Uuid| !is_named || *id == me || asked.recipients.contains(id);
    let reads = |id: &Uuid| is_there(id) && is_one(id);
    let refuse = |field: &str| {
        let message = "not on the care team, or may not read this post";
        Err(Error::invalid(field, "not_allowed", message))
    };
    if is_named && !asked.inherited && !asked.recipients.iter().all(is_there) {
        return refuse("recipient_ids");
    }
    if !asked.mentioned_staff.iter().all(reads) {
        return refuse("mentions.staff_member_ids");
    }
    let ids = could_read.iter().map(|reader| reader.staff_member_id());
    let readers: Vec<Uuid> = ids.filter(reads).collect();
    if !are_held(tx, asked.mentioned_professions, &readers).await? {
        return refuse("mentions.professions");
    }
    let Some(principal) = asked.on_behalf_of else {
        return Ok(());
    };
    let is_principal = |reader: &&&Reader| reader.staff_member_id() == principal;
    let found = could_read.iter().find(is_principal);
    match found.filter(|_| reads(&principal)) {
        Some(reader) if may_answer(tx, asked, reader) => Ok(()),
        _ => {
            let message = "not on the care team, or may not write this post";
            Err(Error::invalid("on_behalf_of", "not_allowed", message))
        }
    }
}

/// Whether somebody among the readers is of each of these professions.
async fn are_held(tx: &Tx<'_>, professions: &[String], readers: &[Uuid]) -> Result<bool> {
    if professions.is_empty() {
        return Ok(true);
    }
    let held = list_professions(tx, readers).await?;
    Ok(professions
        .iter()
        .all(|code| held.iter().any(|(_, own)| own == code)))
}

/// Whether somebody for whom a post is entered may answer for it.
fn may_answer(tx: &Tx<'_>, asked: &Asked<'_>, reader: &Reader) -> bool {
    let (channel, kind, sensitivity) = asked.class;
    let (author, facility) = tx.actor.ids();
    let facts = PostFacts {
        id: asked.post_id,
        kind: kind.to_owned(),
        channel: channel.to_owned(),
        sensitivity: sensitivity.map(str::to_owned),
        author,
        facility,
        recipient: true,
        on_behalf_of: Some(reader.staff_member_id()),
    };
    access::would_allow::<Approve>(tx, reader, facts)
}

/// Whether the caller wrote a post for named people, or is one of them.
pub(super) async fn is_recipient(tx: &Tx<'_>, post: &Post) -> Result<bool> {
    Ok(people_of(tx, post).await?.contains(&tx.actor.ids().0))
}

/// Author and readers of a post for named people; nobody for any other, whose readers the rules tell.
pub(super) async fn people_of(tx: &Tx<'_>, post: &Post) -> Result<Vec<Uuid>> {
    if post.channel != NAMED {
        return Ok(Vec::new());
    }
    let mut people = queries::list_recipients(tx, post.id).await?;
    people.push(post.author());
    Ok(people)
}

/// Whom an answer names: everybody of what it answers but its author.
pub(super) async fn people_of_answer(tx: &Tx<'_>, parent: &Post) -> Result<Vec<Uuid>> {
    let me = tx.actor.ids().0;
    let mut people = people_of(tx, parent).await?;
    people.retain(|id| *id != me);
    Ok(people)
}

/// Keeps whom a new post names.
pub(super) async fn name(tx: &Tx<'_>, post_id: Uuid, people: &[Uuid]) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    queries::insert_recipients(tx, post_id, people).await
}

/// Gives a post that the server adds the people of the post that it answers; both are of one author.
pub(super) async fn inherit(tx: &Tx<'_>, from: Uuid, to: Uuid) -> Result<()> {
    let people = queries::list_recipients(tx, from).await?;
    name(tx, to, &people).await
}
