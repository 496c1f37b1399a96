//! Asking: from a request in words of people, professions and facilities to the people who may read the post.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    model::{AskFrom, NewAsk, Schedule},
    queries::{self, Common, NewRow, PersonRow},
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        notices::{self, About, Kind},
        timeline,
    },
    spine::{ids, text},
};

/// The post that is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// Which.
    pub post_id: Uuid,
    /// Whose timeline it is on.
    pub patient_id: Uuid,
    /// Whether it is of an urgent kind, so that quiet hours do not count.
    pub urgent: bool,
}

/// Asks in the name of whoever acts, as part of an act that was allowed; `within` is the field of the request body.
pub async fn ask(tx: &Tx<'_>, post: &Asked, new: &NewAsk, within: &str) -> Result<()> {
    if !new.is_due_within_reach(tx.now) {
        let field = format!("{within}due_at");
        return Err(Error::invalid(field, "out_of_range", "within a year"));
    }
    let readers = timeline::readers_of(tx, post.post_id).await?;
    if !new.staff_member_ids.iter().all(|id| readers.contains(id)) {
        let message = "not on the care team, or may not read this post";
        let field = format!("{within}staff_member_ids");
        return Err(Error::invalid(field, "not_allowed", message));
    }
    let people = queries::list_people(tx, &readers).await?;
    let rows = rows(new, &people, tx.actor.ids().0, within)?;
    let urgent = new.urgent || post.urgent;
    let schedule = new.due_at.map(|due_at| Schedule {
        asked_at: tx.now,
        due_at,
        urgent,
    });
    let common = Common {
        post_id: post.post_id,
        patient_id: post.patient_id,
        due_at: new.due_at,
        next_at: schedule.map(|schedule| schedule.remind_at()),
        answer: new.answer,
        urgent,
    };
    queries::insert(tx, &common, &rows).await?;
    for row in &rows {
        let about = About {
            what: "acknowledgement",
            id: row.id,
            patient_id: Some(post.patient_id),
            at_once: urgent,
        };
        notices::enqueue(tx, Kind::Acknowledgement, &row.people, about).await?;
    }
    Ok(())
}

/// One request for each person who is named; for each profession and facility one, or one for each of its people.
fn rows(new: &NewAsk, people: &[PersonRow], me: Uuid, within: &str) -> Result<Vec<NewRow>> {
    let mut named: BTreeSet<Uuid> = BTreeSet::new();
    let mut rows = Vec::new();
    let person = |id: Uuid| NewRow {
        id: ids::new_id(),
        staff_member_id: Some(id),
        profession: None,
        facility_id: None,
        people: vec![id],
    };
    for id in &new.staff_member_ids {
        named.insert(*id);
        rows.push(person(*id));
    }
    let professions = new.professions.iter().map(|code| (Some(code), None));
    let facilities = new.facility_ids.iter().map(|id| (None, Some(*id)));
    for (profession, facility_id) in professions.chain(facilities) {
        let among = |one: &&PersonRow| {
            one.id != me
                && profession.is_none_or(|code| *code == one.profession)
                && facility_id.is_none_or(|id| id == one.facility_id)
        };
        let found: Vec<Uuid> = people.iter().filter(among).map(|one| one.id).collect();
        if found.is_empty() {
            let field = match profession {
                Some(_) => format!("{within}professions"),
                None => format!("{within}facility_ids"),
            };
            let message = "nobody of them is on the care team and may read this post";
            return Err(Error::invalid(field, "not_allowed", message));
        }
        let through = |row: NewRow| NewRow {
            profession: profession.map(|code| text::excerpt(code, 100)),
            facility_id,
            ..row
        };
        match new.from {
            AskFrom::Any => rows.push(through(NewRow {
                staff_member_id: None,
                people: found,
                ..person(me)
            })),
            AskFrom::Each => {
                let fresh = found.into_iter().filter(|id| named.insert(*id));
                rows.extend(fresh.map(|id| through(person(id))));
            }
        }
    }
    Ok(rows)
}
