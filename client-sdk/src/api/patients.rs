//! The caller's patients.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    CreatePatient, ListPatients, NewPatientIdentifier, Page, Patient, PatientItem,
};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about patients.
#[derive(Clone, Copy, Debug)]
pub struct Patients<'a>(pub(crate) &'a Client);

impl Patients<'_> {
    /// One page of the caller's patients, ordered by kana.
    pub async fn list(&self, query: &ListPatients) -> Result<Page<PatientItem>> {
        let request = Request::get("list_patients", "/v1/patients").query(query)?;
        self.0.call(request).await
    }

    /// All patients of the caller that match, page after page.
    pub fn stream(&self, query: ListPatients) -> Rows<PatientItem> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.patients().list(&query).await }
        })
    }

    /// Registers a patient; the caller becomes a member of the care team.
    pub async fn create(&self, patient: &CreatePatient) -> Result<Patient> {
        let request = Request::post("create_patient", "/v1/patients").json(patient)?;
        self.0.call(request).await
    }

    /// One patient. `not_found` for everybody who is not in the care team.
    pub async fn find(&self, patient_id: Uuid) -> Result<Patient> {
        let request = Request::get("find_patient", format!("/v1/patients/{patient_id}"));
        self.0.call(request).await
    }

    /// Enters the number the caller's facility knows the patient by.
    pub async fn create_identifier(
        &self,
        patient_id: Uuid,
        identifier: &NewPatientIdentifier,
    ) -> Result<Patient> {
        let path = format!("/v1/patients/{patient_id}/identifiers");
        let request = Request::post("create_patient_identifier", path).json(identifier)?;
        self.0.call(request).await
    }
}
