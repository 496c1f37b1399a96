//! The open streams of one node.

use std::{
    collections::{HashMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use actix_web::web::Bytes;
use diesel::prelude::*;
use tokio::sync::mpsc;
use tsumugi_schema::tables::events;
use uuid::Uuid;

use crate::spine::auth::Person;

/// How many events a stream may be behind before it is cut; the client resumes from the last that it has.
const BACKLOG: usize = 256;

/// An event as it is sent.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(diesel::pg::Pg))]
pub(super) struct Event {
    id: Uuid,
    kind: String,
    patient_id: Option<Uuid>,
    post_id: Option<Uuid>,
    room_id: Option<Uuid>,
    message_id: Option<Uuid>,
    announcement_id: Option<Uuid>,
}

impl Event {
    /// In the form of server-sent events.
    pub(super) fn frame(&self) -> Bytes {
        let data = if let Some(id) = self.announcement_id {
            serde_json::json!({ "announcement_id": id })
        } else if let Some(id) = self.room_id {
            serde_json::json!({ "room_id": id, "message_id": self.message_id })
        } else {
            serde_json::json!({ "patient_id": self.patient_id, "post_id": self.post_id })
        };
        Bytes::from(format!(
            "id: {}\nevent: {}\ndata: {data}\n\n",
            self.id, self.kind
        ))
    }
}

struct Stream {
    /// For whom it was opened: what the session stood for at that moment.
    person: Person,
    sender: mpsc::Sender<Bytes>,
}

impl Stream {
    /// Whether the session still stands for the same.
    fn is_for(&self, now: &Person) -> bool {
        let then = &self.person;
        (then.session_id, then.role, then.staff_member_id)
            == (now.session_id, now.role, now.staff_member_id)
            && (then.facility_id, &then.profession) == (now.facility_id, &now.profession)
    }
}

/// The open streams, by network and staff member.
#[derive(Default)]
pub struct Hub {
    streams: Mutex<HashMap<(Uuid, Uuid), Vec<Stream>>>,
}

impl Hub {
    /// Opens a stream for a session.
    pub(super) fn open(&self, person: Person) -> mpsc::Receiver<Bytes> {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let mut streams = self.lock();
        let own = streams
            .entry((person.tenant_id, person.staff_member_id))
            .or_default();
        own.retain(|stream| !stream.sender.is_closed());
        own.push(Stream { person, sender });
        receiver
    }

    /// The sessions that have open streams here, by network.
    pub(super) fn sessions(&self) -> HashMap<Uuid, Vec<Uuid>> {
        let mut sessions: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for ((tenant_id, _), own) in self.lock().iter() {
            let of_network = sessions.entry(*tenant_id).or_default();
            of_network.extend(own.iter().map(|stream| stream.person.session_id));
        }
        sessions
    }

    /// Closes the streams of those of the sessions `looked_at` that are not among what lasts, or stand for another post
    /// or role by now.
    pub(super) fn keep(&self, looked_at: &[Uuid], lasting: &[Person]) {
        let looked_at: HashSet<&Uuid> = looked_at.iter().collect();
        let lasting: HashMap<Uuid, &Person> = lasting
            .iter()
            .map(|person| (person.session_id, person))
            .collect();
        let lasts = |stream: &Stream| {
            let session_id = stream.person.session_id;
            !looked_at.contains(&session_id)
                || lasting
                    .get(&session_id)
                    .is_some_and(|person| stream.is_for(person))
        };
        self.lock().retain(|_, own| {
            own.retain(lasts);
            !own.is_empty()
        });
    }

    /// Sends a frame to every open stream of these people. Who does not keep up is cut.
    pub(super) fn tell(&self, tenant_id: Uuid, recipients: &[Uuid], frame: &Bytes) {
        let mut streams = self.lock();
        for recipient in recipients {
            let key = (tenant_id, *recipient);
            if let Some(own) = streams.get_mut(&key) {
                own.retain(|stream| stream.sender.try_send(frame.clone()).is_ok());
                if own.is_empty() {
                    streams.remove(&key);
                }
            }
        }
    }

    /// Closes the streams of a session that has ended.
    pub fn end_session(&self, session_id: Uuid) {
        let mut streams = self.lock();
        streams.retain(|_, own| {
            own.retain(|stream| stream.person.session_id != session_id);
            !own.is_empty()
        });
    }

    /// Closes every stream: the server stops, and clients come back to another node.
    pub fn close(&self) {
        self.lock().clear();
    }

    /// How many streams are open.
    pub fn count(&self) -> usize {
        self.lock().values().map(Vec::len).sum()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Uuid, Uuid), Vec<Stream>>> {
        // Nothing that holds the lock can leave the map half changed.
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
