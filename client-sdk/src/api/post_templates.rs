//! Templates of posts.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreatePostTemplate, ListPostTemplates, Page, PostTemplate, UpdatePostTemplate,
};
use crate::request::Request;

/// Calls about templates of posts.
#[derive(Clone, Copy, Debug)]
pub struct PostTemplates<'a>(pub(crate) &'a Client);

impl PostTemplates<'_> {
    /// The templates that the caller uses, or those that the caller keeps.
    pub async fn list(&self, query: &ListPostTemplates) -> Result<Page<PostTemplate>> {
        let request = Request::get("list_post_templates", "/v1/post-templates").query(query)?;
        self.0.call(request).await
    }

    /// Keeps a new template. For administrators of the network and, for their own, of a facility.
    pub async fn create(&self, template: &CreatePostTemplate) -> Result<PostTemplate> {
        let request = Request::post("create_post_template", "/v1/post-templates").json(template)?;
        self.0.call(request).await
    }

    /// Changes a template. `version` is the one the caller saw.
    pub async fn update(
        &self,
        template_id: Uuid,
        version: i64,
        template: &UpdatePostTemplate,
    ) -> Result<PostTemplate> {
        let path = format!("/v1/post-templates/{template_id}");
        let request = Request::put("update_post_template", path)
            .if_match(version)
            .json(template)?;
        self.0.call(request).await
    }

    /// Takes a template out of use.
    pub async fn remove(&self, template_id: Uuid) -> Result<PostTemplate> {
        let path = format!("/v1/post-templates/{template_id}/remove");
        let request = Request::post("remove_post_template", path).body("application/json", "{}");
        self.0.call(request).await
    }
}
