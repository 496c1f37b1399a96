//! Facilities of the network.

use crate::client::Client;
use crate::error::Result;
use crate::models::{CreateFacility, Facility, ListFacilities, Page};
use crate::paging::{self, Rows};
use crate::request::Request;

/// Calls about facilities.
#[derive(Clone, Copy, Debug)]
pub struct Facilities<'a>(pub(crate) &'a Client);

impl Facilities<'_> {
    /// One page of facilities.
    pub async fn list(&self, query: &ListFacilities) -> Result<Page<Facility>> {
        let request = Request::get("list_facilities", "/v1/facilities").query(query)?;
        self.0.call(request).await
    }

    /// All facilities that match, page after page.
    pub fn stream(&self, query: ListFacilities) -> Rows<Facility> {
        let client = self.0.clone();
        paging::rows(query.cursor.clone(), move |cursor| {
            let (client, mut query) = (client.clone(), query.clone());
            query.cursor = cursor;
            async move { client.facilities().list(&query).await }
        })
    }

    /// Registers a facility. For network administrators.
    pub async fn create(&self, facility: &CreateFacility) -> Result<Facility> {
        let request = Request::post("create_facility", "/v1/facilities").json(facility)?;
        self.0.call(request).await
    }
}
