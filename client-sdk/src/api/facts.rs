//! What is so with patients.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    ChangeFact, ConfirmFact, CreateFact, EndFact, Fact, FactList, FactVersion, ListFacts, Page,
};
use crate::request::Request;

/// Calls about facts (いまの状態).
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a>(pub(crate) &'a Client);

impl Facts<'_> {
    /// What is so with a patient, as far as the caller sees it.
    pub async fn list(&self, patient_id: Uuid, query: &ListFacts) -> Result<FactList> {
        let path = format!("/v1/patients/{patient_id}/facts");
        self.0
            .call(Request::get("list_facts", path).query(query)?)
            .await
    }

    /// One fact.
    pub async fn find(&self, fact_id: Uuid) -> Result<Fact> {
        let path = format!("/v1/facts/{fact_id}");
        self.0.call(Request::get("find_fact", path)).await
    }

    /// Everything that was ever said of a fact, the oldest first.
    pub async fn list_versions(&self, fact_id: Uuid) -> Result<Page<FactVersion>> {
        let path = format!("/v1/facts/{fact_id}/versions");
        self.0.call(Request::get("list_fact_versions", path)).await
    }

    /// Writes a fact.
    pub async fn create(&self, patient_id: Uuid, fact: &CreateFact) -> Result<Fact> {
        let path = format!("/v1/patients/{patient_id}/facts");
        self.0
            .call(Request::post("create_fact", path).json(fact)?)
            .await
    }

    /// Says what is so now; `version` is the one that the caller has seen.
    pub async fn change(&self, fact_id: Uuid, version: i64, now: &ChangeFact) -> Result<Fact> {
        let path = format!("/v1/facts/{fact_id}/change");
        let request = Request::post("change_fact", path)
            .if_match(version)
            .json(now)?;
        self.0.call(request).await
    }

    /// Says that a fact still holds. `version` as in [`Facts::change`].
    pub async fn confirm(&self, fact_id: Uuid, version: i64, again: &ConfirmFact) -> Result<Fact> {
        let path = format!("/v1/facts/{fact_id}/confirm");
        let request = Request::post("confirm_fact", path)
            .if_match(version)
            .json(again)?;
        self.0.call(request).await
    }

    /// Says that a fact does not hold any more. `version` as in [`Facts::change`].
    pub async fn end(&self, fact_id: Uuid, version: i64, end: &EndFact) -> Result<Fact> {
        let path = format!("/v1/facts/{fact_id}/end");
        let request = Request::post("end_fact", path)
            .if_match(version)
            .json(end)?;
        self.0.call(request).await
    }
}
