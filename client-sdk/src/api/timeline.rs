//! Patients' timelines.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    AmendPost, CreatePost, ListTimeline, Page, Post, PostVersion, ReadMark, RetractPost,
    TimelinePage, UpdateReadMark,
};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about posts.
#[derive(Clone, Copy, Debug)]
pub struct Timeline<'a>(pub(crate) &'a Client);

impl Timeline<'_> {
    /// One page of a timeline, newest post first.
    pub async fn list(&self, patient_id: Uuid, query: &ListTimeline) -> Result<TimelinePage> {
        let path = format!("/v1/patients/{patient_id}/timeline");
        self.0
            .call(Request::get("list_timeline", path).query(query)?)
            .await
    }

    /// All posts of a timeline that match, newest first, page after page.
    pub fn stream(&self, patient_id: Uuid, query: ListTimeline) -> Rows<Post> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.timeline().list(patient_id, &query).await }
        })
    }

    /// Writes a post. `post_exists` when the id is taken by another post.
    pub async fn create_post(&self, patient_id: Uuid, post: &CreatePost) -> Result<Post> {
        let path = format!("/v1/patients/{patient_id}/timeline");
        let request = Request::post("create_post", path).json(post)?;
        self.0.call(request).await
    }

    /// One post. `not_found` for everybody who may not see it.
    pub async fn find_post(&self, post_id: Uuid) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}");
        self.0.call(Request::get("find_post", path)).await
    }

    /// Changes a post of the caller's. `version` is the one the caller saw; `stale_version` when
    /// there is a newer one.
    pub async fn amend_post(
        &self,
        post_id: Uuid,
        version: i64,
        amendment: &AmendPost,
    ) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/amend");
        let request = Request::post("amend_post", path)
            .if_match(version)
            .json(amendment)?;
        self.0.call(request).await
    }

    /// Takes a post of the caller's back. `version` as in [`Timeline::amend_post`].
    pub async fn retract_post(
        &self,
        post_id: Uuid,
        version: i64,
        retraction: &RetractPost,
    ) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/retract");
        let request = Request::post("retract_post", path)
            .if_match(version)
            .json(retraction)?;
        self.0.call(request).await
    }

    /// Acknowledges a post. A second time changes nothing.
    pub async fn acknowledge_post(&self, post_id: Uuid) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/acknowledge");
        let request = Request::post("acknowledge_post", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// All versions of a post, oldest first.
    pub async fn list_post_versions(&self, post_id: Uuid) -> Result<Page<PostVersion>> {
        let path = format!("/v1/posts/{post_id}/versions");
        self.0.call(Request::get("list_post_versions", path)).await
    }

    /// Remembers that the caller has read everything up to this post.
    pub async fn update_read_mark(
        &self,
        patient_id: Uuid,
        mark: &UpdateReadMark,
    ) -> Result<ReadMark> {
        let path = format!("/v1/patients/{patient_id}/read-mark");
        let request = Request::put("update_read_mark", path).json(mark)?;
        self.0.call(request).await
    }
}
