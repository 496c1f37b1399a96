//! What is to be looked at in the access log, and how it is reviewed.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreateFinding, CreateWatchedPatient, Finding, FindingConclusion, FindingDetail, FindingRules,
    FindingSummary, JustificationRequest, ListFindings, ListJustificationRequests,
    ListWatchedPatients, Page, WatchedPatient,
};
use crate::request::Request;

/// Calls about findings.
#[derive(Clone, Copy, Debug)]
pub struct Findings<'a>(pub(crate) &'a Client);

impl Findings<'_> {
    /// One page of findings, the newest entries first. For auditors.
    pub async fn list(&self, query: &ListFindings) -> Result<Page<Finding>> {
        let request = Request::get("list_findings", "/v1/findings").query(query)?;
        self.0.call(request).await
    }

    /// One finding with its evidence and everything that was done about it. For auditors.
    pub async fn find(&self, finding_id: Uuid) -> Result<FindingDetail> {
        let request = Request::get("find_finding", format!("/v1/findings/{finding_id}"));
        self.0.call(request).await
    }

    /// Findings about the days of a month such as `2026-11`, counted. For auditors.
    pub async fn summary(&self, month: &str) -> Result<FindingSummary> {
        let request = Request::get("find_finding_summary", "/v1/findings/summary")
            .query(&[("month", month)])?;
        self.0.call(request).await
    }

    /// Opens a finding about entries that no rule has found. For auditors.
    pub async fn create(&self, finding: &CreateFinding) -> Result<FindingDetail> {
        let request = Request::post("create_finding", "/v1/findings").json(finding)?;
        self.0.call(request).await
    }

    /// Gives a finding in this version to an auditor.
    pub async fn assign(
        &self,
        finding_id: Uuid,
        version: i64,
        auditor_id: Uuid,
    ) -> Result<FindingDetail> {
        let path = format!("/v1/findings/{finding_id}/assign");
        let request = Request::post("assign_finding", path)
            .if_match(version)
            .json(&json!({ "auditor_id": auditor_id }))?;
        self.0.call(request).await
    }

    /// Asks the person concerned why. The person is told by mail.
    pub async fn ask(
        &self,
        finding_id: Uuid,
        version: i64,
        question: &str,
    ) -> Result<FindingDetail> {
        let path = format!("/v1/findings/{finding_id}/ask");
        let request = Request::post("ask_finding", path)
            .if_match(version)
            .json(&json!({ "id": crate::new_id(), "question": question }))?;
        self.0.call(request).await
    }

    /// Closes a finding with a conclusion and its grounds.
    pub async fn close(
        &self,
        finding_id: Uuid,
        version: i64,
        conclusion: FindingConclusion,
        note: &str,
    ) -> Result<FindingDetail> {
        let path = format!("/v1/findings/{finding_id}/close");
        let request = Request::post("close_finding", path)
            .if_match(version)
            .json(&json!({ "conclusion": conclusion, "note": note }))?;
        self.0.call(request).await
    }

    /// Opens a closed finding again.
    pub async fn reopen(
        &self,
        finding_id: Uuid,
        version: i64,
        note: &str,
    ) -> Result<FindingDetail> {
        let path = format!("/v1/findings/{finding_id}/reopen");
        let request = Request::post("reopen_finding", path)
            .if_match(version)
            .json(&json!({ "note": note }))?;
        self.0.call(request).await
    }

    /// What auditors have asked the caller, the newest question first.
    pub async fn justification_requests(
        &self,
        query: &ListJustificationRequests,
    ) -> Result<Page<JustificationRequest>> {
        let path = "/v1/justification-requests";
        let request = Request::get("list_justification_requests", path).query(query)?;
        self.0.call(request).await
    }

    /// Answers a question of an auditor, once.
    pub async fn answer(&self, request_id: Uuid, answer: &str) -> Result<JustificationRequest> {
        let path = format!("/v1/justification-requests/{request_id}/answer");
        let request = Request::post("answer_justification_request", path)
            .json(&json!({ "answer": answer }))?;
        self.0.call(request).await
    }

    /// The rules by which the access log is looked through. For auditors.
    pub async fn rules(&self) -> Result<FindingRules> {
        let request = Request::get("find_finding_rules", "/v1/finding-rules");
        self.0.call(request).await
    }

    /// One page of the versions of the rules, newest first. For auditors.
    pub async fn rule_versions(&self, cursor: Option<&str>) -> Result<Page<FindingRules>> {
        let path = "/v1/finding-rules/versions";
        let cursor: Vec<_> = cursor
            .map(|cursor| ("cursor", cursor))
            .into_iter()
            .collect();
        let request = Request::get("list_finding_rule_versions", path).query(&cursor)?;
        self.0.call(request).await
    }

    /// Changes the rules that were read in this version; what is left out has its usual value. For
    /// auditors; needs fresh factors (`step_up_required`).
    pub async fn update_rules(
        &self,
        version: i64,
        rules: &BTreeMap<String, Value>,
        reason: &str,
    ) -> Result<FindingRules> {
        let request = Request::put("update_finding_rules", "/v1/finding-rules")
            .if_match(version)
            .json(&json!({ "rules": rules, "reason": reason }))?;
        self.0.call(request).await
    }

    /// One page of the patients whose accesses are looked at more closely. For auditors and
    /// administrators.
    pub async fn watched_patients(
        &self,
        query: &ListWatchedPatients,
    ) -> Result<Page<WatchedPatient>> {
        let request = Request::get("list_watched_patients", "/v1/watched-patients").query(query)?;
        self.0.call(request).await
    }

    /// Has accesses to a patient looked at more closely. For auditors and administrators.
    pub async fn watch(&self, patient: &CreateWatchedPatient) -> Result<WatchedPatient> {
        let request =
            Request::post("create_watched_patient", "/v1/watched-patients").json(patient)?;
        self.0.call(request).await
    }

    /// Stops looking at accesses to a patient more closely.
    pub async fn end_watch(&self, watched_patient_id: Uuid) -> Result<WatchedPatient> {
        let path = format!("/v1/watched-patients/{watched_patient_id}/end");
        let request = Request::post("end_watched_patient", path).body("application/json", "{}");
        self.0.call(request).await
    }
}
