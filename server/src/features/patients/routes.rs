use std::collections::HashMap;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, Datelike, NaiveDate, Utc};
use futures_util::future::try_join;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::{LastPost, Sex},
    policy, queries,
    view::{self, PatientView},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::{
        care_team,
        consents::{self, CreateConsent},
        provisions,
    },
    spine::{
        access::Ground,
        audit::Entry,
        input::{Check, Input, Query},
        page::{self, Page, TextKey},
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_patients)
        .service(create_patient)
        .service(find_patient)
        .service(create_patient_identifier);
}

/// A patient in a list.
#[derive(Debug, Serialize, ToSchema)]
struct PatientItem {
    /// Identifier.
    id: Uuid,
    /// Name in kanji.
    name: String,
    /// Name in katakana.
    kana: String,
    /// Date of birth.
    birth_date: NaiveDate,
    /// Sex.
    sex: String,
    /// Posts that the caller has not read; 100 stands for more.
    unread: i64,
    /// Posts that wait for the caller's acknowledgement.
    pending_acknowledgements: i64,
    /// The newest post that the caller may read.
    last_post: Option<LastPostView>,
}

/// The newest post of a patient.
#[derive(Debug, Serialize, ToSchema)]
struct LastPostView {
    /// Identifier.
    id: Uuid,
    /// `note`, `vitals` or `document`.
    kind: String,
    /// Who wrote it.
    author_name: String,
    /// Its first characters.
    excerpt: String,
    /// When it was taken in.
    recorded_at: DateTime<Utc>,
}

/// A patient to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreatePatient {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// Name in kanji, up to 100 characters.
    pub(super) name: String,
    /// Name in kana.
    pub(super) kana: String,
    /// Date of birth, between 1870 and today.
    pub(super) birth_date: NaiveDate,
    /// Sex.
    pub(super) sex: Sex,
    /// Address, up to 300 characters.
    pub(super) address: String,
    /// Telephone number, up to 30 characters.
    #[serde(default)]
    pub(super) phone: Option<String>,
    /// Numbers by which facilities and insurers know the patient.
    #[serde(default)]
    identifiers: Vec<NewIdentifier>,
    /// The consent, without which nobody is registered.
    consent: CreateConsent,
}

/// A number to be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIdentifier {
    /// Name space: a URL or urn:oid, up to 200 characters.
    pub(super) system: String,
    /// The number, up to 100 characters.
    pub(super) value: String,
    /// Whether it is a number of the caller's facility.
    #[serde(default = "yes")]
    pub(super) of_facility: bool,
}

impl NewIdentifier {
    /// A number of the caller's facility.
    pub fn of_own_facility(system: String, value: String) -> Self {
        Self {
            system,
            value,
            of_facility: true,
        }
    }

    /// Its name space and value, by which it is found again.
    pub fn key(&self) -> (&str, &str) {
        (&self.system, &self.value)
    }
}

fn yes() -> bool {
    true
}

impl Check for NewIdentifier {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("system", &self.system, 200, false, errors);
        text::check("value", &self.value, 100, false, errors);
        if !["urn:", "http://", "https://"]
            .iter()
            .any(|prefix| self.system.starts_with(prefix))
        {
            errors.push(FieldError::new("system", "not_allowed", "a URL or urn:oid"));
        }
    }
}

impl Check for CreatePatient {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
        text::check_kana("kana", &self.kana, errors);
        text::check("address", &self.address, 300, false, errors);
        text::check_optional("phone", self.phone.as_deref(), 30, errors);
        if self.birth_date.year() < 1870 {
            errors.push(FieldError::new(
                "birth_date",
                "out_of_range",
                "not before 1870",
            ));
        }
        if self.identifiers.len() > 20 {
            errors.push(FieldError::new("identifiers", "too_long", "at most 20"));
        }
        for identifier in &self.identifiers {
            identifier.check(errors);
        }
        self.consent.check_within("consent.", errors);
    }
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListPatients {
    /// Part of the name, the kana (any width, hiragana or katakana) or a number.
    query: Option<String>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List one's own patients, by kana: those on whose care team one is today and whose consent stands.
#[utoipa::path(
    tag = "patients",
    params(ListPatients),
    responses((status = 200, body = Page<PatientItem>), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients")]
async fn list_patients(ctx: Ctx, query: Query<ListPatients>) -> Result<Json<Page<PatientItem>>> {
    let ListPatients {
        query,
        cursor,
        limit,
    } = query.0;
    let words = query
        .as_deref()
        .map(str::trim)
        .filter(|words| !words.is_empty());
    let after: Option<TextKey> = page::parse(cursor.as_deref())?;
    let limit = page::limit(limit)?;
    let found = ctx
        .read(async |tx| {
            let permit = policy::may_list(tx)?;
            let mut rows = queries::page(tx, permit, words, after.clone(), limit).await?;
            let next = page::cut(&mut rows, limit, |row| {
                TextKey(row.sort_key.clone(), row.id)
            });
            let candidates: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
            let seen = policy::seen(tx, &candidates).await?;
            rows.retain(|row| {
                seen.get(&row.id)
                    .is_some_and(|seen| !seen.summary_only || row.is_called(words))
            });
            let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
            let pending = queries::count_pending(tx, &ids).await?;
            let (mut unread, mut last) = (Vec::new(), Vec::new());
            for (scope, ids) in policy::by_scope(tx, &seen, &ids) {
                let (more, newest) = try_join(
                    queries::count_unread(tx, &ids, &scope),
                    queries::list_last_posts(tx, &ids, &scope),
                )
                .await?;
                unread.extend(more);
                last.extend(newest);
            }
            let names = rows.iter().map(|row| (row.id, row.facility_id, "basic"));
            let excerpts = last
                .iter()
                .map(|post| (post.patient_id, post.facility_id, post.information.as_str()));
            // Patients under emergency access are opened, not listed.
            provisions::note_all(tx, Ground::default(), names.chain(excerpts)).await?;
            let entry = Entry::new("patients.list").listing(ids.len()).naming(ids);
            tx.record(entry.searching_for(words));
            Ok((rows, next, unread, pending, last))
        })
        .await?;
    let (rows, next, unread, pending, last) = found;
    let (unread, pending): (HashMap<_, _>, HashMap<_, _>) =
        (unread.into_iter().collect(), pending.into_iter().collect());
    let mut last: HashMap<_, _> = last
        .into_iter()
        .map(|post| (post.patient_id, post))
        .collect();
    let items = rows.into_iter().map(|row| PatientItem {
        unread: unread.get(&row.id).copied().unwrap_or(0).min(100),
        pending_acknowledgements: pending.get(&row.id).copied().unwrap_or(0),
        last_post: last.remove(&row.id).map(LastPostView::from),
        id: row.id,
        name: row.name,
        kana: row.kana,
        birth_date: row.birth_date,
        sex: row.sex,
    });
    Ok(Json(Page {
        items: items.collect(),
        next,
    }))
}

/// Register a patient, with the consent. The caller becomes the first member of the care team.
#[utoipa::path(
    tag = "patients",
    request_body = CreatePatient,
    responses((status = 201, body = PatientView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients")]
async fn create_patient(ctx: Ctx, input: Input<CreatePatient>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_create(tx)?;
        if new.birth_date > tx.today() {
            return Err(Error::invalid(
                "birth_date",
                "out_of_range",
                "not in the future",
            ));
        }
        let (me, _) = tx.actor.ids();
        queries::insert(tx, &permit, new, me).await?;
        queries::insert_first_identifiers(tx, &permit, new.id, &new.identifiers).await?;
        consents::add_first(tx, new.id, &new.consent).await?;
        care_team::add_first(tx, new.id, me).await?;
        tx.record(
            Entry::new("patient.create")
                .of_patient(new.id)
                .on("patient", new.id),
        );
        let seen = policy::may_see(tx, new.id).await?;
        Ok(Reply::created(view::patient(tx, &seen).await?).of_patient(new.id))
    })
    .await
}

/// Open a patient.
#[utoipa::path(tag = "patients", responses((status = 200, body = PatientView), (status = "4XX", body = Problem)))]
#[get("/v1/patients/{patient_id}")]
async fn find_patient(ctx: Ctx, patient_id: Path<Uuid>) -> Result<Json<PatientView>> {
    let view = ctx.read(async |tx| {
        let seen = policy::may_see(tx, *patient_id).await?;
        tx.record(Entry::new(seen.action()).of_patient(*patient_id));
        view::patient(tx, &seen).await
    });
    Ok(Json(view.await?))
}

/// Add a number by which one's facility (or an insurer) knows the patient.
#[utoipa::path(
    tag = "patients",
    request_body = NewIdentifier,
    responses((status = 201, body = PatientView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/identifiers")]
async fn create_patient_identifier(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<NewIdentifier>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = policy::may_add_identifier(tx, *patient_id).await?;
        queries::insert_identifier(tx, permit, *patient_id, &input.value).await?;
        tx.record(Entry::new("identifier.create").of_patient(*patient_id));
        let seen = policy::may_see(tx, *patient_id).await?;
        Ok(Reply::created(view::patient(tx, &seen).await?).of_patient(*patient_id))
    })
    .await
}

impl From<LastPost> for LastPostView {
    fn from(post: LastPost) -> Self {
        let says = if post.retracted {
            None
        } else {
            post.body.or(post.excerpt)
        };
        Self {
            id: post.id,
            kind: post.kind,
            author_name: post.author_name.or(post.client_name).unwrap_or_default(),
            excerpt: text::excerpt(&says.unwrap_or_default(), 60),
            recorded_at: post.recorded_at,
        }
    }
}
