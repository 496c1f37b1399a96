//! What people do with posts beside reading and writing them: conversations, reactions, pins, approvals, wounds.

use uuid::Uuid;

use super::Timeline;
use crate::error::Result;
use crate::models::{
    Approval, ListApprovals, ListPosts, Page, Post, ReactToPost, Reaction, ReturnPost, WoundSummary,
};
use crate::request::Request;

impl Timeline<'_> {
    /// One page of the conversation that a post belongs to, oldest first.
    pub async fn thread(&self, post_id: Uuid, query: &ListPosts) -> Result<Page<Post>> {
        let path = format!("/v1/posts/{post_id}/thread");
        let request = Request::get("list_post_thread", path).query(query)?;
        self.0.call(request).await
    }

    /// Reacts to a post. A second time changes nothing; it acknowledges nothing.
    pub async fn react(&self, post_id: Uuid, reaction: Reaction) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/reactions");
        let request = Request::post("set_post_reaction", path).json(&ReactToPost { reaction })?;
        self.0.call(request).await
    }

    /// Takes a reaction back. Nothing changes when there is none.
    pub async fn remove_reaction(&self, post_id: Uuid, reaction: Reaction) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/reactions/remove");
        let request =
            Request::post("remove_post_reaction", path).json(&ReactToPost { reaction })?;
        self.0.call(request).await
    }

    /// The posts that stay on top of a timeline, the last put there first.
    pub async fn pins(&self, patient_id: Uuid) -> Result<Page<Post>> {
        let path = format!("/v1/patients/{patient_id}/pins");
        self.0.call(Request::get("list_post_pins", path)).await
    }

    /// Keeps a post on top of its timeline. `pins_full` when there are as many as can be.
    pub async fn pin(&self, post_id: Uuid) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/pin");
        let request = Request::post("set_post_pin", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// Takes a post down from the top of its timeline.
    pub async fn unpin(&self, post_id: Uuid) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/unpin");
        let request = Request::post("remove_post_pin", path).body("application/json", "{}");
        self.0.call(request).await
    }

    /// What waits for the caller's approval, or what the caller entered for others and is not approved yet.
    pub async fn approvals(&self, query: &ListApprovals) -> Result<Page<Approval>> {
        let request = Request::get("list_approvals", "/v1/approvals").query(query)?;
        self.0.call(request).await
    }

    /// Approves what was entered on the caller's behalf. `version` is the one the caller saw; `approval_decided` when it
    /// was approved or returned before.
    pub async fn approve(&self, post_id: Uuid, version: i64) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/approve");
        let request = Request::post("approve_post", path)
            .if_match(version)
            .body("application/json", "{}");
        self.0.call(request).await
    }

    /// Gives back what was entered on the caller's behalf. `version` as in [`Timeline::approve`].
    pub async fn give_back(
        &self,
        post_id: Uuid,
        version: i64,
        reason: impl Into<String>,
    ) -> Result<Post> {
        let path = format!("/v1/posts/{post_id}/return");
        let reason = reason.into();
        let request = Request::post("return_post", path)
            .if_match(version)
            .json(&ReturnPost { reason })?;
        self.0.call(request).await
    }

    /// The wounds of a patient that posts are about, the last seen first.
    pub async fn wounds(&self, patient_id: Uuid) -> Result<Page<WoundSummary>> {
        let path = format!("/v1/patients/{patient_id}/wounds");
        self.0.call(Request::get("list_wounds", path)).await
    }

    /// One page of the posts about the wound that a post is about, what was seen last first.
    pub async fn wound_series(&self, post_id: Uuid, query: &ListPosts) -> Result<Page<Post>> {
        let path = format!("/v1/posts/{post_id}/wound-series");
        let request = Request::get("list_wound_posts", path).query(query)?;
        self.0.call(request).await
    }
}
