//! Whom a facility lets be turned to when somebody there does not answer.

use uuid::Uuid;

use crate::client::Client;
use crate::error::Result;
use crate::models::{DutyContacts as Contacts, SetDutyContacts};
use crate::request::Request;

/// Calls about duty contacts.
#[derive(Clone, Copy, Debug)]
pub struct DutyContacts<'a>(pub(crate) &'a Client);

impl DutyContacts<'_> {
    /// The duty contacts of a facility, whoever is turned to first being first.
    pub async fn list(&self, facility_id: Uuid) -> Result<Contacts> {
        let path = format!("/v1/facilities/{facility_id}/duty-contacts");
        self.0.call(Request::get("list_duty_contacts", path)).await
    }

    /// Replaces the duty contacts of a facility.
    pub async fn set(&self, facility_id: Uuid, contacts: &SetDutyContacts) -> Result<Contacts> {
        let path = format!("/v1/facilities/{facility_id}/duty-contacts");
        let request = Request::put("set_duty_contacts", path).json(contacts)?;
        self.0.call(request).await
    }
}
