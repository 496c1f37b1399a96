//! People, as rooms and messages name them.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::queries;
use crate::{Result, ctx::Tx};

/// Somebody of a room.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(as = RoomPerson)]
pub struct RoomPersonView {
    /// The staff member.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Code of the profession.
    pub profession: String,
    /// The facility.
    pub facility_name: String,
}

/// The people with these ids.
pub async fn named(
    tx: &Tx<'_>,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, RoomPersonView>> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = queries::list_people(tx, &ids).await?;
    let person = |(id, name, profession, facility_name)| {
        let person = RoomPersonView {
            id,
            name,
            profession,
            facility_name,
        };
        (id, person)
    };
    Ok(rows.into_iter().map(person).collect())
}
