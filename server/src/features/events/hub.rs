//! The open streams of one node.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use actix_web::web::Bytes;
use diesel::prelude::*;
use tokio::sync::mpsc;
use tsumugi_schema::tables::events;
use uuid::Uuid;

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
}

impl Event {
    /// In the form of server-sent events.
    pub(super) fn frame(&self) -> Bytes {
        let data = serde_json::json!({ "patient_id": self.patient_id, "post_id": self.post_id });
        Bytes::from(format!(
            "id: {}\nevent: {}\ndata: {data}\n\n",
            self.id, self.kind
        ))
    }
}

struct Stream {
    session_id: Uuid,
    sender: mpsc::Sender<Bytes>,
}

/// The open streams, by network and staff member.
#[derive(Default)]
pub struct Hub {
    streams: Mutex<HashMap<(Uuid, Uuid), Vec<Stream>>>,
}

impl Hub {
    /// Opens a stream for a session.
    pub(super) fn open(
        &self,
        tenant_id: Uuid,
        staff_member_id: Uuid,
        session_id: Uuid,
    ) -> mpsc::Receiver<Bytes> {
        let (sender, receiver) = mpsc::channel(BACKLOG);
        let mut streams = self.lock();
        let own = streams.entry((tenant_id, staff_member_id)).or_default();
        own.retain(|stream| !stream.sender.is_closed());
        own.push(Stream { session_id, sender });
        receiver
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
            own.retain(|stream| stream.session_id != session_id);
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
