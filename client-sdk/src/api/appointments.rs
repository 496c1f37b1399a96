//! Appointments of patients and people.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{
    AmendAppointment, Appointment, AppointmentCalendar, AppointmentOverlap, AppointmentPlan,
    AppointmentVersion, CancelAppointment, CreateAppointment, ListAppointments, Page,
};
use crate::request::Request;

/// Calls about appointments.
#[derive(Clone, Copy, Debug)]
pub struct Appointments<'a>(pub(crate) &'a Client);

impl Appointments<'_> {
    /// A patient's appointments in the order of time, and what else is due.
    pub async fn list_of_patient(
        &self,
        patient_id: Uuid,
        query: &ListAppointments,
    ) -> Result<AppointmentCalendar> {
        let path = format!("/v1/patients/{patient_id}/appointments");
        self.0
            .call(Request::get("list_patient_appointments", path).query(query)?)
            .await
    }

    /// The caller's own appointments in the order of time, and what else is due.
    pub async fn list_own(&self, query: &ListAppointments) -> Result<AppointmentCalendar> {
        self.0
            .call(Request::get("list_own_appointments", "/v1/appointments").query(query)?)
            .await
    }

    /// At which times the staff of an appointment have something else; changes nothing.
    pub async fn overlaps(&self, plan: &AppointmentPlan) -> Result<Page<AppointmentOverlap>> {
        let body = serde_json::json!({ "plan": plan });
        let request = Request::post("find_appointment_overlaps", "/v1/appointments/overlaps");
        self.0.call(request.json(&body)?).await
    }

    /// One appointment.
    pub async fn find(&self, appointment_id: Uuid) -> Result<Appointment> {
        let path = format!("/v1/appointments/{appointment_id}");
        self.0.call(Request::get("find_appointment", path)).await
    }

    /// Every version of an appointment, oldest first.
    pub async fn versions(&self, appointment_id: Uuid) -> Result<Page<AppointmentVersion>> {
        let path = format!("/v1/appointments/{appointment_id}/versions");
        self.0
            .call(Request::get("list_appointment_versions", path))
            .await
    }

    /// Enters an appointment.
    pub async fn create(&self, appointment: &CreateAppointment) -> Result<Appointment> {
        let request = Request::post("create_appointment", "/v1/appointments").json(appointment)?;
        self.0.call(request).await
    }

    /// Changes all of an appointment, one day, or what follows; `version` is the one that the caller has seen.
    pub async fn amend(
        &self,
        appointment_id: Uuid,
        version: i64,
        amendment: &AmendAppointment,
    ) -> Result<Appointment> {
        let path = format!("/v1/appointments/{appointment_id}/amend");
        let request = Request::post("amend_appointment", path)
            .if_match(version)
            .json(amendment)?;
        self.0.call(request).await
    }

    /// Calls all of an appointment off, one day, or what follows.
    pub async fn cancel(
        &self,
        appointment_id: Uuid,
        version: i64,
        cancellation: &CancelAppointment,
    ) -> Result<Appointment> {
        let path = format!("/v1/appointments/{appointment_id}/cancel");
        let request = Request::post("cancel_appointment", path)
            .if_match(version)
            .json(cancellation)?;
        self.0.call(request).await
    }
}
