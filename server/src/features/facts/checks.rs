//! What has to be looked up before something is said of a fact.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{
    catalogue::Kind,
    model::{Class, SourceKind, is_plausible},
    policy,
    queries::{self, Fact},
    value::Said,
};
use crate::{Error, Result, ctx::Tx, features::timeline};

/// When something was found, as far as that can be.
pub(super) fn plausible(tx: &Tx<'_>, observed_at: Option<DateTime<Utc>>) -> Result<DateTime<Utc>> {
    let moment = observed_at.unwrap_or(tx.now);
    if is_plausible(moment, tx.now) {
        // A clock that is a little fast must not make it look newer than it is.
        return Ok(moment.min(tx.now));
    }
    let message = "in the past five years, not in the future";
    Err(Error::invalid("observed_at", "out_of_range", message))
}

/// When it was found, and that it does not begin on a day to come, but for kinds that do.
pub(super) fn check_moment(
    tx: &Tx<'_>,
    kind: &Kind,
    observed_at: Option<DateTime<Utc>>,
    since: Option<NaiveDate>,
) -> Result<DateTime<Utc>> {
    let ahead = Days::new(if kind.future { 366 } else { 0 });
    let last = tx.today().checked_add_days(ahead).unwrap_or(tx.today());
    let first = NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default();
    if since.is_some_and(|since| !(first..=last).contains(&since)) {
        let message = format!("{first} to {last}");
        return Err(Error::invalid("since", "out_of_range", message));
    }
    plausible(tx, observed_at)
}

/// What nobody may learn without a consent that names it is said on the sensitive channel only.
pub(super) fn check_sensitive(kind: &Kind, said: &Said, class: &Class) -> Result<()> {
    let is = |field: &str, fits: fn(&str) -> bool| {
        said.get(field).and_then(Value::as_str).is_some_and(fits)
    };
    let hiv = match kind.code.as_str() {
        "infection" => is("infection", |code| code == "hiv"),
        "problem" => is("icd10", |code| {
            ["B20", "B21", "B22", "B23", "B24", "Z21"]
                .iter()
                .any(|start| code.starts_with(start))
        }),
        _ => false,
    };
    if hiv && class.sensitivity.as_deref() != Some("hiv") {
        let message = "only on the sensitive channel, as hiv";
        return Err(Error::invalid("channel", "not_allowed", message));
    }
    Ok(())
}

/// A source that can be looked at is one of the same patient that the caller may read, and what is made of it is for no
/// more people.
pub(super) async fn check_source(
    tx: &Tx<'_>,
    patient_id: Uuid,
    reader: &policy::Reader,
    (source, id): (SourceKind, Option<Uuid>),
    class: &Class,
) -> Result<()> {
    let unknown = || Error::invalid("source.id", "not_allowed", "no such source");
    match (source, id) {
        (SourceKind::Post, Some(id)) => {
            let (channel, sensitivity) = timeline::readable_channel(tx, patient_id, id)
                .await?
                .ok_or_else(unknown)?;
            let fits = match channel.as_str() {
                "team" | "family" => true,
                "medical" => class.channel != "team",
                "sensitive" => class.sensitivity == sensitivity,
                _ => false,
            };
            if fits {
                return Ok(());
            }
            let message = "for no more people than the post that it is made of";
            Err(Error::invalid("channel", "not_allowed", message))
        }
        (SourceKind::Document, Some(id)) => {
            let facility = queries::find_document(tx, patient_id, id).await?;
            let seen = facility.is_some_and(|facility| reader.reads_documents_of(facility));
            if seen { Ok(()) } else { Err(unknown()) }
        }
        _ => Ok(()),
    }
}

/// What stands in the place of a fact is another of the same patient and kind, which holds and which the caller sees.
pub(super) async fn check_successor(
    tx: &Tx<'_>,
    fact: &Fact,
    reader: &mut policy::Reader,
    other: Uuid,
) -> Result<()> {
    let found = queries::find(tx, other).await?.filter(|found| {
        found.id != fact.id
            && found.patient_id == fact.patient_id
            && found.kind == fact.kind
            && !found.ended
            && reader.sees(tx, &found.class(), found.facility_id).is_some()
    });
    if found.is_some() {
        return Ok(());
    }
    let message = "no such fact of this kind";
    Err(Error::invalid("superseded_by", "not_allowed", message))
}
