//! What happens to requests by itself: reminding, and turning to somebody else. Run by the worker, one request in each
//! transaction.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    model::{Ask, Happening, Part, Schedule, State, Step},
    queries::{self, PersonRow},
};
use crate::{
    Result,
    ctx::Tx,
    features::{
        care_team, duty_contacts, events,
        notices::{self, About, Kind},
        timeline,
    },
    spine::audit::Entry,
};

/// A request that is due, with what deciding about it needs.
struct Due {
    ask: Ask,
    schedule: Schedule,
    /// Who may read the post.
    readers: HashSet<Uuid>,
    /// Who has a part in it.
    involved: Vec<Uuid>,
    /// Who was asked at first.
    asked: Vec<Uuid>,
}

/// Lets a request wait whose step could not be taken, so that it does not hold up the others.
pub async fn put_off(tx: &Tx<'_>, id: Uuid) -> Result<()> {
    queries::put_off(tx, id, tx.now + TimeDelta::minutes(5)).await
}

/// Takes the next step of the request that is due longest, and says which it is; answers whether there was one.
pub async fn tend(tx: &Tx<'_>, under_way: &Cell<Option<Uuid>>) -> Result<bool> {
    let Some(ask) = queries::take_due(tx).await? else {
        return Ok(false);
    };
    under_way.set(Some(ask.id));
    let (Some(schedule), Some(step)) = (ask.schedule(), Step::numbered(ask.step)) else {
        queries::advance(tx, &ask, ask.standing(), None).await?;
        return Ok(true);
    };
    let readers = timeline::readers_of(tx, ask.post_id).await?;
    let people = queries::list_requests(tx, &[ask.id]).await?;
    let asked = people.iter().filter(|(_, _, part, _)| part == "asked");
    let due = Due {
        asked: asked.map(|(_, person, ..)| *person).collect(),
        involved: people.iter().map(|(_, person, ..)| *person).collect(),
        readers: readers.into_iter().collect(),
        schedule,
        ask,
    };
    match schedule.due_step(step, tx.now) {
        Step::Remind => due.remind(tx).await?,
        Step::Deputy => due.turn_to_deputy(tx).await?,
        Step::Duty => due.turn_to_duty(tx).await?,
    }
    let (patient_id, post_id) = (due.ask.patient_id, due.ask.post_id);
    events::enqueue_post(tx, events::POST_ACKNOWLEDGED, patient_id, post_id).await?;
    Ok(true)
}

impl Due {
    fn about(&self, at_once: bool) -> About {
        About {
            what: "acknowledgement",
            id: self.ask.id,
            patient_id: Some(self.ask.patient_id),
            at_once: at_once || self.ask.urgent,
        }
    }

    /// Those of these people who are in their quiet hours, with the end of them; nobody when it is urgent.
    async fn asleep(&self, tx: &Tx<'_>, people: &[Uuid]) -> Result<HashMap<Uuid, DateTime<Utc>>> {
        if self.ask.urgent {
            return Ok(HashMap::new());
        }
        notices::quiet_until(tx, people).await
    }

    /// Reminds whoever was asked and may still read the post. While all of them are in their quiet hours it waits, at
    /// most until silence counts.
    async fn remind(&self, tx: &Tx<'_>) -> Result<()> {
        let silent_from = self.schedule.silent_from();
        let mut people = self.asked.clone();
        people.retain(|person| self.readers.contains(person));
        let asleep = self.asleep(tx, &people).await?;
        let state = self.ask.standing();
        if people.iter().all(|person| asleep.contains_key(person)) {
            let morning = asleep.values().min().copied().unwrap_or(silent_from);
            let next = if morning < silent_from {
                (Step::Remind, morning)
            } else {
                (Step::Deputy, silent_from)
            };
            return queries::advance(tx, &self.ask, state, Some(next)).await;
        }
        let next = Some((Step::Deputy, silent_from));
        let state = state
            .after(Happening::Remind, self.ask.answer)
            .unwrap_or(state);
        queries::advance(tx, &self.ask, state, next).await?;
        queries::note(tx, &self.ask, "reminded", None).await?;
        notices::enqueue(tx, Kind::Reminder, &people, self.about(false)).await?;
        tx.record(
            Entry::new("acknowledgement.remind")
                .of_patient(self.ask.patient_id)
                .on("post", self.ask.post_id),
        );
        Ok(())
    }

    /// Turns to the deputy; without one, to the duty contact at once.
    async fn turn_to_deputy(&self, tx: &Tx<'_>) -> Result<()> {
        let candidates = self.deputies(tx).await?;
        let asleep = self.asleep(tx, &candidates).await?;
        let awake = candidates.iter().find(|one| !asleep.contains_key(*one));
        let Some(deputy) = awake.or(candidates.first()) else {
            return self.turn_to_duty(tx).await;
        };
        let next = Some((Step::Duty, tx.now + self.schedule.patience()));
        self.escalate(tx, *deputy, Part::Deputy, next).await
    }

    /// Who may read the post and has no part in the request yet.
    fn is_free(&self, person: Uuid) -> bool {
        self.readers.contains(&person)
            && !self.involved.contains(&person)
            && person != self.ask.asked_by
    }

    /// Who stands in for whoever was asked; then others of the same profession on the team, those of the same facility
    /// first.
    async fn deputies(&self, tx: &Tx<'_>) -> Result<Vec<Uuid>> {
        let mut found = queries::list_substitutes(tx, &self.asked, self.ask.patient_id).await?;
        let team = care_team::list_current(tx, self.ask.patient_id).await?;
        let asked = queries::list_people(tx, &self.asked).await?;
        let beside = |same_facility: bool| {
            let like = move |one: &PersonRow, profession: &str, facility: Uuid| {
                one.profession == profession && (one.facility_id == facility) == same_facility
            };
            team.iter()
                .filter(|(_, profession, facility)| {
                    asked.iter().any(|one| like(one, profession, *facility))
                })
                .map(|(id, ..)| *id)
                .collect::<Vec<_>>()
        };
        found.extend(beside(true));
        found.extend(beside(false));
        let mut seen = HashSet::new();
        found.retain(|person| self.is_free(*person) && seen.insert(*person));
        Ok(found)
    }

    /// Turns to whoever is on duty at the facility of those who were asked; while nobody is, it waits for the next duty.
    async fn turn_to_duty(&self, tx: &Tx<'_>) -> Result<()> {
        let asked = queries::list_people(tx, &self.asked).await?;
        let mut facilities: Vec<Uuid> = self.ask.facility_id.into_iter().collect();
        facilities.extend(asked.iter().map(|one| one.facility_id));
        let mut contacts = duty_contacts::of(tx, &facilities).await?;
        contacts.retain(|contact| {
            let person = contact.staff_member_id;
            !self.involved.contains(&person) && person != self.ask.asked_by
        });
        let Some(at) = contacts.iter().map(|c| c.next_from(tx.now)).min() else {
            queries::note(tx, &self.ask, "nobody", None).await?;
            self.tell_asker(tx).await?;
            return self.go_on(tx, None).await;
        };
        let on_duty = contacts.iter().find(|c| c.next_from(tx.now) <= tx.now);
        let Some(contact) = on_duty.map(|contact| contact.staff_member_id) else {
            return self.go_on(tx, Some((Step::Duty, at))).await;
        };
        let part = if self.readers.contains(&contact) {
            Part::Duty
        } else {
            Part::Told
        };
        self.escalate(tx, contact, part, None).await
    }

    async fn escalate(
        &self,
        tx: &Tx<'_>,
        to: Uuid,
        part: Part,
        next: Option<(Step, DateTime<Utc>)>,
    ) -> Result<()> {
        queries::add_person(tx, &self.ask, to, part).await?;
        queries::note(tx, &self.ask, part.code(), Some(to)).await?;
        let on_duty = part != Part::Deputy;
        notices::enqueue(tx, Kind::Escalation, &[to], self.about(on_duty)).await?;
        self.tell_asker(tx).await?;
        tx.record(
            Entry::new("acknowledgement.escalate")
                .of_patient(self.ask.patient_id)
                .on("post", self.ask.post_id),
        );
        self.go_on(tx, next).await
    }

    /// Whoever asked is told that nobody has answered in time.
    async fn tell_asker(&self, tx: &Tx<'_>) -> Result<()> {
        let asker = [self.ask.asked_by];
        notices::enqueue(tx, Kind::Unanswered, &asker, self.about(false)).await
    }

    async fn go_on(&self, tx: &Tx<'_>, next: Option<(Step, DateTime<Utc>)>) -> Result<()> {
        let state = self.ask.standing();
        let state = state
            .after(Happening::Escalate, self.ask.answer)
            .unwrap_or(State::Escalated);
        queries::advance(tx, &self.ask, state, next).await
    }
}
