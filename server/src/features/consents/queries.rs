use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::{dsl::count_star, prelude::*};
use diesel_async::RunQueryDsl;
use futures_util::future::try_join3;
use tsumugi_schema::tables::{consent_evidence as evidence, consents, facilities, staff_members};
use uuid::Uuid;

use super::{
    media::MediaType,
    model::{Consent, GrantedBy, Period, Refused, Standing},
    policy::{AddEvidence, Read, Write},
    routes::{ConsentView, ConsentedFacilityView, CreateConsent, EvidenceView},
};
use crate::{Error, Result, ctx::Tx, spine::access::Permit};

/// Every consent of a patient, newest first.
pub(super) async fn list(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<ConsentView>> {
    let rows = list_rows(tx, patient_id).await?;
    view(tx, rows).await
}

/// The newest consent that stands, if one does.
pub async fn find_standing(tx: &Tx<'_>, patient_id: Uuid) -> Result<Option<ConsentView>> {
    let rows = list_standing(tx, patient_id).await?;
    let newest = rows.into_iter().take(1).collect();
    Ok(view(tx, newest).await?.pop())
}

/// The newest consent that stands and covers giving `kind` to this group of professions at this facility.
pub async fn find_covering(
    tx: &Tx<'_>,
    patient_id: Uuid,
    facility_id: Uuid,
    group: &str,
    kind: &str,
) -> Result<Option<Uuid>> {
    let rows = list_standing(tx, patient_id).await?;
    let covering = rows.iter().find(|row| row.covers(facility_id, group, kind));
    Ok(covering.map(|row| row.id))
}

/// Day, giver and method of these consents.
pub async fn grounds(
    tx: &Tx<'_>,
    ids: &[Uuid],
) -> Result<HashMap<Uuid, (NaiveDate, String, String)>> {
    let rows: Vec<(Uuid, NaiveDate, String, String)> = consents::table
        .filter(consents::tenant_id.eq(tx.tenant_id))
        .filter(consents::id.eq_any(ids))
        .select((
            consents::id,
            consents::granted_on,
            consents::granted_by,
            consents::method,
        ))
        .load(&mut tx.conn())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, on, by, method)| (id, (on, by, method)))
        .collect())
}

async fn list_rows(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<Consent>> {
    Ok(consents::table
        .filter(consents::tenant_id.eq(tx.tenant_id))
        .filter(consents::patient_id.eq(patient_id))
        .order((consents::recorded_at.desc(), consents::id.desc()))
        .select(Consent::as_select())
        .load(&mut tx.conn())
        .await?)
}

async fn list_standing(tx: &Tx<'_>, patient_id: Uuid) -> Result<Vec<Consent>> {
    let today = tx.today();
    let mut rows = list_rows(tx, patient_id).await?;
    rows.retain(|row| row.period().standing(today) == Standing::Stands);
    Ok(rows)
}

/// Makes views of consents, in their order.
async fn view(tx: &Tx<'_>, rows: Vec<Consent>) -> Result<Vec<ConsentView>> {
    let people = rows
        .iter()
        .flat_map(|row| [Some(row.recorded_by), row.withdrawn_by])
        .flatten()
        .collect();
    let places = rows.iter().flat_map(|row| row.facilities.iter().flatten());
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let (people, places, mut files) = try_join3(
        list_people(tx, people),
        list_facilities(tx, places.copied().collect()),
        list_evidence(tx, &ids),
    )
    .await?;
    let today = tx.today();
    let made = rows.into_iter().map(|row| ConsentView {
        standing: row.period().standing(today) == Standing::Stands,
        evidence: files.remove(&row.id).unwrap_or_default(),
        recorded_by: people.get(&row.recorded_by).cloned().unwrap_or_default(),
        withdrawn_by: row.withdrawn_by.and_then(|id| people.get(&id).cloned()),
        facilities: row.facilities.map(|ids| {
            let named = |id: Uuid| ConsentedFacilityView {
                id,
                name: places.get(&id).cloned().unwrap_or_default(),
            };
            ids.into_iter().map(named).collect()
        }),
        id: row.id,
        granted_on: row.granted_on,
        granted_by: row.granted_by,
        proxy_name: row.proxy_name,
        proxy_relation: row.proxy_relation,
        method: row.method,
        note: row.note,
        recorded_at: row.recorded_at,
        withdrawn_at: row.withdrawn_at,
        withdrawal_reason: row.withdrawal_reason,
        profession_groups: row.profession_groups,
        kinds: row.kinds,
        sensitive: row.sensitive,
        separate: row.separate,
        valid_until: row.valid_until,
    });
    Ok(made.collect())
}

async fn list_people(tx: &Tx<'_>, ids: BTreeSet<Uuid>) -> Result<HashMap<Uuid, String>> {
    let rows: Vec<(Uuid, String)> = staff_members::table
        .filter(staff_members::tenant_id.eq(tx.tenant_id))
        .filter(staff_members::id.eq_any(ids.into_iter().collect::<Vec<_>>()))
        .select((staff_members::id, staff_members::name))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

async fn list_facilities(tx: &Tx<'_>, ids: BTreeSet<Uuid>) -> Result<HashMap<Uuid, String>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, String)> = facilities::table
        .filter(facilities::tenant_id.eq(tx.tenant_id))
        .filter(facilities::id.eq_any(ids.into_iter().collect::<Vec<_>>()))
        .select((facilities::id, facilities::name))
        .load(&mut tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

/// What shows these consents, without the files themselves.
async fn list_evidence(
    tx: &Tx<'_>,
    consent_ids: &[Uuid],
) -> Result<HashMap<Uuid, Vec<EvidenceView>>> {
    let rows: Vec<(Uuid, EvidenceView)> = evidence::table
        .inner_join(
            staff_members::table.on(staff_members::tenant_id
                .eq(evidence::tenant_id)
                .and(staff_members::id.eq(evidence::uploaded_by))),
        )
        .filter(evidence::tenant_id.eq(tx.tenant_id))
        .filter(evidence::consent_id.eq_any(consent_ids))
        .order((evidence::uploaded_at, evidence::id))
        .select((
            evidence::consent_id,
            (
                evidence::id,
                evidence::media_type,
                evidence::uploaded_at,
                staff_members::name,
            ),
        ))
        .load(&mut tx.conn())
        .await?;
    let mut found: HashMap<Uuid, Vec<EvidenceView>> = HashMap::new();
    for (consent_id, file) in rows {
        found.entry(consent_id).or_default().push(file);
    }
    Ok(found)
}

/// The patient of a consent.
pub(super) async fn find_patient(tx: &Tx<'_>, id: Uuid) -> Result<Option<Uuid>> {
    Ok(consents::table
        .find((tx.tenant_id, id))
        .select(consents::patient_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The consent that comes with a new patient, in the act that makes the patient.
pub async fn add_first(tx: &Tx<'_>, patient_id: Uuid, new: &CreateConsent) -> Result<()> {
    put(tx, patient_id, new).await
}

pub(super) async fn insert(
    tx: &Tx<'_>,
    _: Permit<Write>,
    patient_id: Uuid,
    new: &CreateConsent,
) -> Result<()> {
    put(tx, patient_id, new).await
}

async fn put(tx: &Tx<'_>, patient_id: Uuid, new: &CreateConsent) -> Result<()> {
    let refused = |why: Refused| Error::Invalid(vec![why.finding()]);
    let period = Period::of_new(new.granted_by, new.granted_on, new.valid_until, tx.today())
        .map_err(refused)?;
    insist_on_facilities(tx, new.facilities.as_deref()).await?;
    // Whose name stands there without being the giver's would be believed to be.
    let proxy = new.granted_by == GrantedBy::Proxy;
    diesel::insert_into(consents::table)
        .values((
            consents::tenant_id.eq(tx.tenant_id),
            consents::id.eq(new.id),
            consents::patient_id.eq(patient_id),
            consents::granted_on.eq(period.granted_on),
            consents::granted_by.eq(new.granted_by.code()),
            consents::proxy_name.eq(new.proxy_name.as_ref().filter(|_| proxy)),
            consents::proxy_relation.eq(new.proxy_relation.as_ref().filter(|_| proxy)),
            consents::method.eq(new.method.code()),
            consents::note.eq(&new.note),
            consents::recorded_at.eq(tx.now),
            consents::recorded_by.eq(tx.actor.ids().0),
            consents::facilities.eq(&new.facilities),
            consents::profession_groups.eq(&new.profession_groups),
            consents::kinds.eq(&new.kinds),
            consents::sensitive.eq(&new.sensitive),
            consents::separate.eq(&new.separate),
            consents::valid_until.eq(period.valid_until),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// Refuses facilities that the network does not have.
async fn insist_on_facilities(tx: &Tx<'_>, ids: Option<&[Uuid]>) -> Result<()> {
    let Some(ids) = ids else { return Ok(()) };
    let known: i64 = facilities::table
        .filter(facilities::tenant_id.eq(tx.tenant_id))
        .filter(facilities::id.eq_any(ids))
        .select(count_star())
        .first(&mut tx.conn())
        .await?;
    if usize::try_from(known) == Ok(ids.len()) {
        return Ok(());
    }
    Err(Error::invalid(
        "facilities",
        "not_allowed",
        "a facility that the network does not have",
    ))
}

/// Withdraws; answers whether it had not been withdrawn before.
pub(super) async fn withdraw(
    tx: &Tx<'_>,
    _: &Permit<Write>,
    id: Uuid,
    reason: &str,
) -> Result<bool> {
    let changed = diesel::update(
        consents::table
            .find((tx.tenant_id, id))
            .filter(consents::withdrawn_at.is_null()),
    )
    .set((
        consents::withdrawn_at.eq(tx.now),
        consents::withdrawn_by.eq(tx.actor.ids().0),
        consents::withdrawal_reason.eq(reason),
    ))
    .execute(&mut tx.conn())
    .await?;
    Ok(changed == 1)
}

/// A file to be kept.
pub(super) struct NewEvidence<'a> {
    pub(super) id: Uuid,
    pub(super) patient_id: Uuid,
    pub(super) consent_id: Uuid,
    pub(super) media_type: MediaType,
    pub(super) content: &'a [u8],
    pub(super) digest: &'a [u8],
}

pub(super) async fn insert_evidence(
    tx: &Tx<'_>,
    _: Permit<AddEvidence>,
    new: &NewEvidence<'_>,
) -> Result<()> {
    diesel::insert_into(evidence::table)
        .values((
            evidence::tenant_id.eq(tx.tenant_id),
            evidence::id.eq(new.id),
            evidence::patient_id.eq(new.patient_id),
            evidence::consent_id.eq(new.consent_id),
            evidence::media_type.eq(new.media_type.code()),
            evidence::content.eq(new.content),
            evidence::digest.eq(new.digest),
            evidence::uploaded_at.eq(tx.now),
            evidence::uploaded_by.eq(tx.actor.ids().0),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(())
}

/// One file, as a list shows it.
pub(super) async fn find_evidence(tx: &Tx<'_>, consent_id: Uuid, id: Uuid) -> Result<EvidenceView> {
    let mut files = list_evidence(tx, &[consent_id]).await?;
    let of_consent = files.remove(&consent_id).unwrap_or_default();
    let found = of_consent.into_iter().find(|file| file.id == id);
    found.ok_or(Error::NotFound)
}

/// The patient of a file.
pub(super) async fn find_patient_of_evidence(tx: &Tx<'_>, id: Uuid) -> Result<Option<Uuid>> {
    Ok(evidence::table
        .find((tx.tenant_id, id))
        .select(evidence::patient_id)
        .first(&mut tx.conn())
        .await
        .optional()?)
}

/// The type and the bytes of a file.
pub(super) async fn load_evidence(
    tx: &Tx<'_>,
    _: Permit<Read>,
    id: Uuid,
) -> Result<(String, Vec<u8>)> {
    Ok(evidence::table
        .find((tx.tenant_id, id))
        .select((evidence::media_type, evidence::content))
        .first(&mut tx.conn())
        .await?)
}
