//! Patients' care teams.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateCareTeamMember, EndCareTeamMember, Page, TeamMember};
use crate::request::Request;

/// Calls about care teams.
#[derive(Clone, Copy, Debug)]
pub struct CareTeam<'a>(pub(crate) &'a Client);

impl CareTeam<'_> {
    /// The care team of a patient, former members included.
    pub async fn list(&self, patient_id: Uuid) -> Result<Page<TeamMember>> {
        let path = format!("/v1/patients/{patient_id}/care-team");
        self.0.call(Request::get("list_care_team", path)).await
    }

    /// Adds a person to a care team. Answers with the whole team.
    pub async fn create(
        &self,
        patient_id: Uuid,
        member: &CreateCareTeamMember,
    ) -> Result<Page<TeamMember>> {
        let path = format!("/v1/patients/{patient_id}/care-team");
        let request = Request::post("create_care_team_member", path).json(member)?;
        self.0.call(request).await
    }

    /// Ends a membership. Answers with the whole team.
    pub async fn end(&self, member_id: Uuid, end: &EndCareTeamMember) -> Result<Page<TeamMember>> {
        let path = format!("/v1/care-team-members/{member_id}/end");
        let request = Request::post("end_care_team_member", path).json(end)?;
        self.0.call(request).await
    }
}
