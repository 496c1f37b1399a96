use actix_web::{post, web::Path};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    catalogue,
    checks::{check_moment, check_sensitive, check_source, check_successor, plausible},
    model::{Class, Confidence, FactChannel, FactSensitivity, Head, Refused, SourceKind, Step},
    policy,
    queries::{self, NewVersion},
    value::{Said, check, completed, next_on, tidied},
    view::{self, FactView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::events,
    spine::{
        audit::Entry,
        input::{Check, Input},
        reply::{Answer, Reply},
        text,
    },
};

/// How many facts of one patient hold at once, at most.
const MOST: i64 = 500;

/// Where a fact comes from.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FactSource {
    /// Kind.
    kind: SourceKind,
    /// The post, document or sheet. Required for a post: one of the same patient that the caller may read.
    #[serde(default)]
    id: Option<Uuid>,
    /// In words, such as お薬手帳, up to 200 characters.
    #[serde(default)]
    text: Option<String>,
}

/// A fact to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateFact {
    /// Identifier, chosen by the author's device.
    id: Uuid,
    /// Kind, by `schema/facts.json`.
    kind: String,
    /// Whom it is for; the whole team when left out, each profession the kinds of information that it sees.
    #[serde(default)]
    channel: FactChannel,
    /// What makes it sensitive. Required on, and only on, the sensitive channel.
    #[serde(default)]
    sensitivity: Option<FactSensitivity>,
    /// By the fields of the kind in `schema/facts.json`.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    value: Map<String, Value>,
    /// What else is to be said, up to 1,000 characters.
    #[serde(default)]
    note: Option<String>,
    /// How sure it is.
    confidence: Confidence,
    /// Since when it is so.
    #[serde(default)]
    since: Option<NaiveDate>,
    /// Where it comes from.
    source: FactSource,
    /// When it was found; now when left out. Not in the future.
    #[serde(default)]
    observed_at: Option<DateTime<Utc>>,
}

/// What is so now.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeFact {
    /// All of it, by the fields of the kind in `schema/facts.json`.
    #[schema(value_type = std::collections::BTreeMap<String, Value>)]
    value: Map<String, Value>,
    /// What else is to be said, up to 1,000 characters.
    #[serde(default)]
    note: Option<String>,
    /// How sure it is.
    confidence: Confidence,
    /// Since when it is so.
    #[serde(default)]
    since: Option<NaiveDate>,
    /// Where it comes from.
    source: FactSource,
    /// When it was found; now when left out. Not in the future.
    #[serde(default)]
    observed_at: Option<DateTime<Utc>>,
    /// Why, up to 500 characters.
    #[serde(default)]
    reason: Option<String>,
}

/// That it is still so.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConfirmFact {
    /// When it was found; now when left out. Not in the future.
    #[serde(default)]
    observed_at: Option<DateTime<Utc>>,
}

/// That it is not so any more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndFact {
    /// Why, up to 500 characters.
    reason: String,
    /// Since when it is not so.
    #[serde(default)]
    since: Option<NaiveDate>,
    /// The fact of the same patient and kind that stands in its place.
    #[serde(default)]
    superseded_by: Option<Uuid>,
}

impl FactSource {
    fn looked_at(&self) -> (SourceKind, Option<Uuid>) {
        (self.kind, self.id)
    }
}

impl Check for CreateFact {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_words(self.note.as_deref(), &self.source, errors);
        let sensitive = self.channel == FactChannel::Sensitive;
        if sensitive && self.sensitivity.is_none() {
            let message = "required on the sensitive channel";
            errors.push(FieldError::new("sensitivity", "required", message));
        }
        if !sensitive && self.sensitivity.is_some() {
            let message = "only on the sensitive channel";
            errors.push(FieldError::new("sensitivity", "not_allowed", message));
        }
        match catalogue::find(&self.kind) {
            Some(kind) => check(kind, &tidied(&self.value), errors),
            None => errors.push(FieldError::new("kind", "not_allowed", "no such kind")),
        }
    }
}

impl Check for ChangeFact {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_words(self.note.as_deref(), &self.source, errors);
        text::check_optional("reason", self.reason.as_deref(), 500, errors);
    }
}

impl Check for ConfirmFact {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

impl Check for EndFact {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("reason", &self.reason, 500, true, errors);
    }
}

fn check_words(note: Option<&str>, source: &FactSource, errors: &mut Vec<FieldError>) {
    if let Some(note) = note {
        text::check("note", note, 1000, true, errors);
    }
    text::check_optional("source.text", source.text.as_deref(), 200, errors);
    let by_id = source.id.is_some();
    match source.kind {
        SourceKind::Post if !by_id => {
            errors.push(FieldError::new("source.id", "required", "the post"));
        }
        SourceKind::Observation | SourceKind::Interview if by_id => {
            errors.push(FieldError::new(
                "source.id",
                "not_allowed",
                "this source has none",
            ));
        }
        _ => {}
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Ended => Self::Conflict("fact_ended", "the fact has ended"),
            Refused::Stale => Self::Stale,
        }
    }
}

/// Write a fact. Facts that say something else about the same stay as they are: both are shown until somebody ends one.
#[utoipa::path(
    tag = "facts",
    request_body = CreateFact,
    responses((status = 201, body = FactView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/facts")]
pub(super) async fn create_fact(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreateFact>,
) -> Result<Answer> {
    let new = &input.value;
    let patient_id = *patient_id;
    ctx.write(&input.digest, async |tx| {
        let kind = catalogue::find(&new.kind).ok_or(Error::NotFound)?;
        let class = Class {
            information: kind.information.clone(),
            channel: new.channel.code().to_owned(),
            sensitivity: new.sensitivity.map(|subject| subject.code().to_owned()),
        };
        let (mut reader, permit) = policy::may_create(tx, patient_id, &class).await?;
        if queries::count(tx, patient_id).await? >= MOST {
            let message = "end what does not hold any more first";
            return Err(Error::Conflict("fact_too_many", message));
        }
        let said = completed(kind, tidied(&new.value));
        let moment = check_moment(tx, kind, new.observed_at, new.since)?;
        check_sensitive(kind, &said, &class)?;
        check_source(tx, patient_id, &reader, new.source.looked_at(), &class).await?;
        let head = Head::first(next_on(kind, &said), moment, tx.actor.ids().0);
        let version = NewVersion {
            note: new.note.as_deref(),
            confidence: Some(new.confidence.code()),
            since: new.since,
            ..saying("create", said, &new.source, moment)
        };
        let row = (new.id, patient_id, new.kind.as_str());
        queries::insert(tx, permit, row, &class, head, &version).await?;
        record(tx, "fact.create", patient_id, (new.id, 1));
        events::enqueue_facts_change(tx, patient_id).await?;
        let made = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        let view = view::fact(tx, &mut reader, made).await?;
        Ok(Reply::created(view).version(1).of_patient(patient_id))
    })
    .await
}

/// Say what is so now, instead of what was so. What was so stays readable.
#[utoipa::path(
    tag = "facts",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = ChangeFact,
    responses((status = 200, body = FactView), (status = "4XX", body = Problem)),
)]
#[post("/v1/facts/{fact_id}/change")]
pub(super) async fn change_fact(
    ctx: Ctx,
    fact_id: Path<Uuid>,
    input: Input<ChangeFact>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (fact, reader, permit) = policy::may_change(tx, *fact_id).await?;
        fact.head().accepts(tx.expected_version()?)?;
        let kind = catalogue::find(&fact.kind).ok_or(Error::NotFound)?;
        let tidy = tidied(&new.value);
        let mut errors = Vec::new();
        check(kind, &tidy, &mut errors);
        if !errors.is_empty() {
            return Err(Error::Invalid(errors));
        }
        let said = completed(kind, tidy);
        let moment = check_moment(tx, kind, new.observed_at, new.since)?;
        check_sensitive(kind, &said, &fact.class())?;
        check_source(
            tx,
            fact.patient_id,
            &reader,
            new.source.looked_at(),
            &fact.class(),
        )
        .await?;
        let step = Step::Say(next_on(kind, &said));
        let head = fact.head().after(step, moment, tx.actor.ids().0);
        let version = NewVersion {
            note: new.note.as_deref(),
            confidence: Some(new.confidence.code()),
            since: new.since,
            reason: new.reason.as_deref(),
            ..saying("change", said, &new.source, moment)
        };
        queries::insert_version(tx, permit, fact.id, head, &version).await?;
        told(tx, "fact.change", reader, fact.id, head).await
    })
    .await
}

/// Say that a fact still holds.
#[utoipa::path(
    tag = "facts",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = ConfirmFact,
    responses((status = 200, body = FactView), (status = "4XX", body = Problem)),
)]
#[post("/v1/facts/{fact_id}/confirm")]
pub(super) async fn confirm_fact(
    ctx: Ctx,
    fact_id: Path<Uuid>,
    input: Input<ConfirmFact>,
) -> Result<Answer> {
    ctx.write(&input.digest, async |tx| {
        let (fact, reader, permit) = policy::may_change(tx, *fact_id).await?;
        fact.head().accepts(tx.expected_version()?)?;
        let moment = plausible(tx, input.value.observed_at)?;
        let head = fact.head().after(Step::Confirm, moment, tx.actor.ids().0);
        let version = silent("confirm", moment);
        queries::insert_version(tx, permit, fact.id, head, &version).await?;
        told(tx, "fact.confirm", reader, fact.id, head).await
    })
    .await
}

/// Say that a fact does not hold any more. It stays in the history.
#[utoipa::path(
    tag = "facts",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = EndFact,
    responses((status = 200, body = FactView), (status = "4XX", body = Problem)),
)]
#[post("/v1/facts/{fact_id}/end")]
pub(super) async fn end_fact(
    ctx: Ctx,
    fact_id: Path<Uuid>,
    input: Input<EndFact>,
) -> Result<Answer> {
    let end = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (fact, mut reader, permit) = policy::may_change(tx, *fact_id).await?;
        fact.head().accepts(tx.expected_version()?)?;
        if end.since.is_some_and(|since| since > tx.today()) {
            return Err(Error::invalid("since", "out_of_range", "not in the future"));
        }
        if let Some(other) = end.superseded_by {
            check_successor(tx, &fact, &mut reader, other).await?;
        }
        let head = fact.head().after(Step::End, tx.now, tx.actor.ids().0);
        let version = NewVersion {
            since: end.since,
            reason: Some(&end.reason),
            superseded_by: end.superseded_by,
            ..silent("end", tx.now)
        };
        queries::insert_version(tx, permit, fact.id, head, &version).await?;
        told(tx, "fact.end", reader, fact.id, head).await
    })
    .await
}

fn record(tx: &Tx<'_>, action: &'static str, patient_id: Uuid, (id, version): (Uuid, i32)) {
    tx.record(
        Entry::new(action)
            .of_patient(patient_id)
            .on("fact", id)
            .version(version),
    );
}

/// Records and announces a new version, and answers with the fact as it is now.
async fn told(
    tx: &Tx<'_>,
    action: &'static str,
    mut reader: policy::Reader,
    id: Uuid,
    head: Head,
) -> Result<Reply<FactView>> {
    let patient_id = reader.patient_id();
    record(tx, action, patient_id, (id, head.version));
    events::enqueue_facts_change(tx, patient_id).await?;
    let fact = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
    let view = view::fact(tx, &mut reader, fact).await?;
    Ok(Reply::ok(view).version(head.version).of_patient(patient_id))
}

/// A version that says nothing new.
fn silent(act: &'static str, observed_at: DateTime<Utc>) -> NewVersion<'static> {
    NewVersion {
        act,
        value: None,
        note: None,
        confidence: None,
        since: None,
        source: None,
        source_id: None,
        source_text: None,
        reason: None,
        superseded_by: None,
        observed_at,
    }
}

/// A version that says what is so.
fn saying<'a>(
    act: &'static str,
    said: Said,
    source: &'a FactSource,
    observed_at: DateTime<Utc>,
) -> NewVersion<'a> {
    NewVersion {
        value: Some(Value::Object(said)),
        source: Some(source.kind.code()),
        source_id: source.id,
        source_text: source.text.as_deref(),
        ..silent(act, observed_at)
    }
}
