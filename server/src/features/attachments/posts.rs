//! Files in posts: what the timeline uses; and what messages use of it.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{
    model::{Holder, Refusal},
    queries,
    view::{self, AttachmentView},
};
use crate::{Error, Result, ctx::Tx, error::FieldError};

/// Most files that a post shows.
const MOST: usize = 20;

/// Adds what is wrong with the files of a post, as far as that is seen without looking at them.
pub fn check(ids: &[Uuid], errors: &mut Vec<FieldError>) {
    let distinct: HashSet<&Uuid> = ids.iter().collect();
    if ids.len() > MOST || distinct.len() != ids.len() {
        let message = "at most 20 different files";
        errors.push(FieldError::new("attachment_ids", "out_of_range", message));
    }
}

/// Shows files in a version of a post, which are in no other post: who may see a post must not grow by another.
pub async fn link_to_post(
    tx: &Tx<'_>,
    patient_id: Uuid,
    post_id: Uuid,
    version: i32,
    ids: &[Uuid],
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let shown = queries::list_posts_of(tx, ids).await?;
    if shown.iter().any(|(_, post)| *post != post_id) {
        return Err(not_allowed());
    }
    let here: Vec<Uuid> = shown.into_iter().map(|(id, _)| id).collect();
    check_link(tx, Holder::Patient(patient_id), ids, &here).await?;
    queries::insert_links(tx, post_id, version, ids).await
}

fn not_allowed() -> Error {
    let message = "files of this patient or room that you have sent, shown nowhere else";
    Error::invalid("attachment_ids", "not_allowed", message)
}

/// Refuses to show files that are not of this holder, not whole, or not taken, and those of others that were not shown in
/// the same place before (`here`). For posts and for messages.
pub async fn check_link(tx: &Tx<'_>, holder: Holder, ids: &[Uuid], here: &[Uuid]) -> Result<()> {
    let found = queries::list(tx, ids).await?;
    if found.len() != ids.len() {
        return Err(not_allowed());
    }
    for file in &found {
        let here = here.contains(&file.id);
        let mine = file.uploaded_by == tx.actor.ids().0;
        if file.holder() != Some(holder) || !(mine || here) {
            return Err(not_allowed());
        }
        if let Some(refusal) = file.refusal.as_deref().and_then(Refusal::parse)
            && !here
        {
            return Err(refusal.into());
        }
        if file.is_uploading() {
            let message = "the file has not arrived whole";
            return Err(Error::Conflict("attachment_not_arrived", message));
        }
    }
    Ok(())
}

/// The files that this version of a post shows.
pub async fn latest_of(tx: &Tx<'_>, post_id: Uuid, version: i32) -> Result<Vec<Uuid>> {
    let links = queries::list_links(tx, &[post_id]).await?;
    let of_version = links.into_iter().filter(|(_, of, _)| *of == version);
    Ok(of_version.map(|(_, _, id)| id).collect())
}

/// What can be found of files by words: the file, its name, and the words in it.
pub async fn words(tx: &Tx<'_>, ids: &[Uuid]) -> Result<Vec<(Uuid, String, String)>> {
    queries::list_words(tx, ids).await
}

/// The files that these posts, each with its version, show.
pub async fn of_posts(
    tx: &Tx<'_>,
    posts: &[(Uuid, i32)],
) -> Result<HashMap<Uuid, Vec<AttachmentView>>> {
    let ids: Vec<Uuid> = posts.iter().map(|(id, _)| *id).collect();
    let mut links = queries::list_links(tx, &ids).await?;
    links.retain(|(post, version, _)| posts.contains(&(*post, *version)));
    let files: Vec<Uuid> = links.iter().map(|(_, _, file)| *file).collect();
    let views = view::attachments(tx, &files).await?;
    let mut of: HashMap<Uuid, Vec<AttachmentView>> = HashMap::new();
    for (post, _, file) in links {
        if let Some(view) = views.get(&file) {
            of.entry(post).or_default().push(view.clone());
        }
    }
    Ok(of)
}

/// The files that every version of a post showed, by version.
pub async fn of_versions(tx: &Tx<'_>, post_id: Uuid) -> Result<HashMap<i32, Vec<AttachmentView>>> {
    let links = queries::list_links(tx, &[post_id]).await?;
    let files: Vec<Uuid> = links.iter().map(|(_, _, file)| *file).collect();
    let views = view::attachments(tx, &files).await?;
    let mut of: HashMap<i32, Vec<AttachmentView>> = HashMap::new();
    for (_, version, file) in links {
        if let Some(view) = views.get(&file) {
            of.entry(version).or_default().push(view.clone());
        }
    }
    Ok(of)
}
