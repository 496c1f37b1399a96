//! Patients' vital signs.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{ListVitals, Page, UpdateVitalLimits, VitalLimits, VitalsItem};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about vital signs.
#[derive(Clone, Copy, Debug)]
pub struct Vitals<'a>(pub(crate) &'a Client);

impl Vitals<'_> {
    /// One page of vital signs, oldest first.
    pub async fn list(&self, patient_id: Uuid, query: &ListVitals) -> Result<Page<VitalsItem>> {
        let path = format!("/v1/patients/{patient_id}/vitals");
        self.0
            .call(Request::get("list_vitals", path).query(query)?)
            .await
    }

    /// All vital signs that match, oldest first, page after page.
    pub fn stream(&self, patient_id: Uuid, query: ListVitals) -> Rows<VitalsItem> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.vitals().list(patient_id, &query).await }
        })
    }

    /// Outside which values somebody is told; version 0 when nothing was set.
    pub async fn limits(&self, patient_id: Uuid) -> Result<VitalLimits> {
        let path = format!("/v1/patients/{patient_id}/vital-limits");
        self.0.call(Request::get("find_vital_limits", path)).await
    }

    /// Sets outside which values somebody is told; `version` is the one that the caller has seen.
    pub async fn update_limits(
        &self,
        patient_id: Uuid,
        version: i64,
        limits: &UpdateVitalLimits,
    ) -> Result<VitalLimits> {
        let path = format!("/v1/patients/{patient_id}/vital-limits");
        let request = Request::put("update_vital_limits", path)
            .if_match(version)
            .json(limits)?;
        self.0.call(request).await
    }
}
