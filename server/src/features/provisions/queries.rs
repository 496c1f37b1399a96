use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::{facilities, provisions, staff_members};
use uuid::Uuid;

use super::{
    model::{Basis, Provision},
    routes::Place,
};
use crate::{
    Result,
    ctx::Tx,
    features::consents,
    spine::{
        access::{Ground, Permit},
        auth::{Actor, Person, Role},
    },
};

/// Notes that the caller is shown these things of a patient: the facility that recorded each, and its kind.
pub async fn note<'a>(
    tx: &Tx<'_>,
    patient_id: Uuid,
    ground: Ground,
    shown: impl IntoIterator<Item = (Uuid, &'a str)>,
) -> Result<()> {
    let shown = shown.into_iter();
    let of_patient = shown.map(|(facility_id, kind)| (patient_id, facility_id, kind));
    note_all(tx, ground, of_patient).await
}

/// The same for things of several patients: patient, facility and kind. What the own facility recorded is not given to
/// anybody.
///
/// What was noted today is asked for first, so that a reader who comes back costs one look at an index and no write.
pub async fn note_all<'a>(
    tx: &Tx<'_>,
    ground: Ground,
    shown: impl IntoIterator<Item = (Uuid, Uuid, &'a str)>,
) -> Result<()> {
    let Actor::Person(person) = tx.actor else {
        return Ok(());
    };
    // Patients and those who speak for them are given their own.
    if person.role != Role::Staff {
        return Ok(());
    }
    let mut given: BTreeSet<Given<'_>> = shown
        .into_iter()
        .filter(|(_, facility_id, _)| *facility_id != person.facility_id)
        .collect();
    if given.is_empty() {
        return Ok(());
    }
    let basis = Basis::of(ground);
    let noted = list_noted(tx, &given, person, basis).await?;
    for (patient_id, facility_id, kind) in &noted {
        given.remove(&(*patient_id, *facility_id, kind.as_str()));
    }
    if given.is_empty() {
        return Ok(());
    }
    insert(tx, person, basis, given).await
}

/// Something that was shown: patient, facility that recorded it, kind.
type Given<'a> = (Uuid, Uuid, &'a str);

/// What of these patients the facility of `person` has been given today on this ground.
async fn list_noted(
    tx: &Tx<'_>,
    given: &BTreeSet<Given<'_>>,
    person: &Person,
    basis: Basis,
) -> Result<Vec<(Uuid, Uuid, String)>> {
    let mut patients: Vec<Uuid> = given.iter().map(|(patient_id, ..)| *patient_id).collect();
    patients.dedup();
    Ok(provisions::table
        .filter(provisions::tenant_id.eq(tx.tenant_id))
        .filter(provisions::patient_id.eq_any(patients))
        .filter(provisions::provided_on.eq(tx.today()))
        .filter(provisions::recipient_facility_id.eq(person.facility_id))
        .filter(provisions::basis.eq(basis.code()))
        .select((
            provisions::patient_id,
            provisions::source_facility_id,
            provisions::kind,
        ))
        .load(&mut tx.conn())
        .await?)
}

async fn insert(
    tx: &Tx<'_>,
    person: &Person,
    basis: Basis,
    given: BTreeSet<Given<'_>>,
) -> Result<()> {
    let group = person.standing.group();
    let mut rows = Vec::with_capacity(given.len());
    for (patient_id, facility_id, kind) in given {
        let consent_id = match basis {
            Basis::Consent => {
                consents::find_covering(tx, patient_id, person.facility_id, group, kind).await?
            }
            Basis::Emergency => None,
        };
        rows.push((
            provisions::tenant_id.eq(tx.tenant_id),
            provisions::patient_id.eq(patient_id),
            provisions::provided_on.eq(tx.today()),
            provisions::source_facility_id.eq(facility_id),
            provisions::recipient_facility_id.eq(person.facility_id),
            provisions::kind.eq(kind),
            provisions::basis.eq(basis.code()),
            provisions::consent_id.eq(consent_id),
            provisions::staff_member_id.eq(person.staff_member_id),
            provisions::first_at.eq(tx.now),
        ));
    }
    // A colleague may have been first since the snapshot was taken.
    diesel::insert_into(provisions::table)
        .values(rows)
        .on_conflict_do_nothing()
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// What comes after a place in the list.
macro_rules! beyond {
    ($place:expr) => {{
        let Place(at, source, kind, recipient) = $place;
        let later_recipient = provisions::recipient_facility_id.gt(recipient);
        let later_kind = provisions::kind
            .gt(kind.clone())
            .or(provisions::kind.eq(kind).and(later_recipient));
        let later_source = provisions::source_facility_id
            .gt(source)
            .or(provisions::source_facility_id.eq(source).and(later_kind));
        provisions::first_at
            .lt(at)
            .or(provisions::first_at.eq(at).and(later_source))
    }};
}

/// What of a patient was given from the first to the last of these days, newest first; with `limit`, one more than that.
pub(super) async fn page<V>(
    tx: &Tx<'_>,
    _: Permit<V>,
    patient_id: Uuid,
    (from, to): (NaiveDate, NaiveDate),
    after: Option<Place>,
    limit: Option<i64>,
) -> Result<Vec<Provision>> {
    let (sources, recipients) = diesel::alias!(facilities as sources, facilities as recipients);
    let mut query = provisions::table
        .inner_join(
            sources.on(sources
                .field(facilities::tenant_id)
                .eq(provisions::tenant_id)
                .and(
                    sources
                        .field(facilities::id)
                        .eq(provisions::source_facility_id),
                )),
        )
        .inner_join(
            recipients.on(recipients
                .field(facilities::tenant_id)
                .eq(provisions::tenant_id)
                .and(
                    recipients
                        .field(facilities::id)
                        .eq(provisions::recipient_facility_id),
                )),
        )
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(provisions::tenant_id)
                .and(staff_members::id.eq(provisions::staff_member_id))),
        )
        .filter(provisions::tenant_id.eq(tx.tenant_id))
        .filter(provisions::patient_id.eq(patient_id))
        .filter(provisions::provided_on.between(from, to))
        .into_boxed();
    if let Some(place) = after {
        query = query.filter(beyond!(place));
    }
    if let Some(limit) = limit {
        query = query.limit(limit + 1);
    }
    Ok(query
        .order((
            provisions::first_at.desc(),
            provisions::source_facility_id,
            provisions::kind,
            provisions::recipient_facility_id,
            provisions::basis,
        ))
        .select((
            provisions::provided_on,
            (
                sources.field(facilities::id),
                sources.field(facilities::name),
                sources.field(facilities::kind),
            ),
            (
                recipients.field(facilities::id),
                recipients.field(facilities::name),
                recipients.field(facilities::kind),
            ),
            staff_members::name,
            provisions::kind,
            provisions::basis,
            provisions::consent_id,
            provisions::first_at,
        ))
        .load(&mut tx.conn())
        .await?)
}
