//! People, as they sign in and act.

use tsumugi_client::{
    Client, Error, RawAnswer,
    models::{Channel, CreatePost, ListTimeline, Post},
};
use uuid::Uuid;

use super::world::PASSWORD;

/// Somebody who has signed in.
pub struct Person {
    /// Acts as this person.
    pub client: Client,
    /// The post that the person acts for.
    pub id: Uuid,
}

impl Person {
    /// Signs in.
    pub async fn sign_in(anyone: &Client, login: &str) -> Self {
        let client = anyone.sign_in(login, PASSWORD).await.unwrap();
        let id = client
            .sessions()
            .me()
            .await
            .unwrap()
            .staff_member
            .unwrap()
            .id;
        Self { client, id }
    }

    /// Writes a note for the whole team.
    pub async fn notes(&self, patient: Uuid, body: &str) -> Post {
        self.client
            .timeline()
            .create_post(patient, &CreatePost::note(Channel::Team, body))
            .await
            .unwrap()
    }

    /// The newest page of a timeline.
    pub async fn timeline(&self, patient: Uuid) -> Vec<Post> {
        self.client
            .timeline()
            .list(patient, &ListTimeline::default())
            .await
            .unwrap()
            .items
    }

    /// Sends exactly this and gives whatever comes back.
    pub async fn raw(&self, method: &str, path: &str, body: &str) -> RawAnswer {
        let headers = [("content-type", "application/json")];
        self.client
            .send_raw(method, path, &headers, body.to_owned())
            .await
            .unwrap()
    }
}

/// Insists that a call was refused, with this status and code.
#[track_caller]
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, status: u16, code: &str) {
    let error = outcome.expect_err("it should have been refused");
    assert_eq!(
        (error.status(), error.code()),
        (Some(status), Some(code)),
        "{error}"
    );
}
