//! What a patient looks like to the caller.

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::try_join3;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::Patient,
    policy::{self, KeepConsent, KeepTeam, ReadConsent, Seen},
    queries::{self, Identifier},
};
use crate::{
    Error, Result,
    ctx::Tx,
    features::{
        consents::{self, ConsentView},
        emergency_access::{self, RunningEmergency},
        provisions, timeline, vital_signs,
    },
    spine::access::{self, CHANNELS, SENSITIVE, Scope},
};

/// A patient.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PatientView {
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
    /// Address. Not there for whoever sees a summary only.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    /// Telephone number, if there is one. Not there for whoever sees a summary only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[expect(
        clippy::option_option,
        reason = "null says that there is none, absence that it is not shown"
    )]
    phone: Option<Option<String>>,
    /// When the patient was registered.
    registered_at: DateTime<Utc>,
    /// The numbers by which facilities and insurers know the patient. Not there for whoever sees a summary only.
    #[serde(skip_serializing_if = "Option::is_none")]
    identifiers: Option<Vec<IdentifierView>>,
    /// The consent that stands, for whoever may read consents.
    consent: Option<ConsentView>,
    /// On what ground the caller sees the patient.
    access: AccessView,
    /// What the caller may do here.
    permissions: PermissionsView,
    /// Who reads what is written to each channel. Not there for whoever sees a summary only.
    #[serde(skip_serializing_if = "Option::is_none")]
    readers: Option<Vec<ChannelReadersView>>,
}

/// On what ground somebody sees a patient.
#[derive(Debug, Serialize, ToSchema)]
struct AccessView {
    /// `member`, `substitute`, `self`, `family`, `emergency` or `none` (a patient of the own facility).
    ground: &'static str,
    /// Whether only a summary is open.
    summary_only: bool,
    /// The emergency access that runs.
    emergency: Option<RunningEmergency>,
}

/// Who reads notes on a channel today.
#[derive(Debug, Serialize, ToSchema)]
struct ChannelReadersView {
    /// `team`, `medical`, `family` or `sensitive`.
    channel: &'static str,
    /// What makes it sensitive, on that channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    sensitivity: Option<&'static str>,
    /// Members of the care team, substitutes, the patient and the family.
    staff_member_ids: Vec<Uuid>,
}

/// A number of a patient.
#[derive(Debug, Serialize, ToSchema)]
struct IdentifierView {
    /// Name space: a URL or urn:oid.
    system: String,
    /// The number.
    value: String,
    /// The facility that gave it.
    facility_id: Option<Uuid>,
    /// Its name.
    facility_name: Option<String>,
}

/// What the caller may do with a patient.
#[derive(Debug, Serialize, ToSchema)]
struct PermissionsView {
    /// Channels that the caller may write notes to.
    post: Vec<&'static str>,
    /// Kinds of posts that the caller may write, to one channel or another.
    post_kinds: Vec<&'static str>,
    /// Whether the caller may record vital signs.
    write_vitals: bool,
    /// Whether the caller may set outside which vital signs somebody is told.
    set_vital_limits: bool,
    /// Whether the caller keeps the care team.
    manage_team: bool,
    /// Whether the caller records consents.
    manage_consent: bool,
    /// Whether the caller may add a number.
    edit_identifiers: bool,
}

/// The view of a patient for whoever sees it like this.
pub(super) async fn patient(tx: &Tx<'_>, seen: &Seen) -> Result<PatientView> {
    let id = seen.access.patient_id();
    let (patient, consent, emergency) = try_join3(
        queries::find(tx, id),
        consent(tx, seen),
        emergency_access::find_running(tx, id),
    )
    .await?;
    let Patient {
        name,
        kana,
        birth_date,
        sex,
        address,
        phone,
        registered_at,
        facility_id,
        ..
    } = patient.ok_or(Error::NotFound)?;
    provisions::note(tx, id, seen.access.ground(), [(facility_id, "basic")]).await?;
    let (identifiers, readers) = if seen.summary_only {
        (None, None)
    } else {
        let (identifiers, scopes) = futures_util::future::try_join(
            queries::list_identifiers(tx, id),
            timeline::reader_scopes(tx, id),
        )
        .await?;
        let identifiers = identifiers.into_iter().map(IdentifierView::from).collect();
        (Some(identifiers), Some(readers(tx, &scopes)))
    };
    Ok(PatientView {
        id,
        name,
        kana,
        birth_date,
        sex,
        address: (!seen.summary_only).then_some(address),
        phone: (!seen.summary_only).then_some(phone),
        registered_at,
        identifiers,
        consent,
        access: AccessView {
            ground: seen.access.ground().word(),
            summary_only: seen.summary_only,
            emergency,
        },
        permissions: permissions(tx, seen),
        readers,
    })
}

async fn consent(tx: &Tx<'_>, seen: &Seen) -> Result<Option<ConsentView>> {
    if access::offers::<ReadConsent>(tx, &seen.access) {
        consents::find_standing(tx, seen.access.patient_id()).await
    } else {
        Ok(None)
    }
}

fn permissions(tx: &Tx<'_>, seen: &Seen) -> PermissionsView {
    let access = &seen.access;
    let post_kinds = timeline::kinds_by_information()
        .into_iter()
        .filter(|(information, _)| !access::writable_channels(tx, access, information).is_empty())
        .flat_map(|(_, kinds)| kinds)
        .collect::<Vec<_>>();
    PermissionsView {
        post: access::writable_channels(tx, access, "note"),
        write_vitals: post_kinds.contains(&"vitals"),
        post_kinds,
        set_vital_limits: vital_signs::may_set_limits(tx, access),
        manage_team: access::offers::<KeepTeam>(tx, access),
        manage_consent: access::offers::<KeepConsent>(tx, access),
        edit_identifiers: access::offers::<policy::AddIdentifier>(tx, access),
    }
}

/// Who reads notes that the caller's facility writes, on each channel.
fn readers(tx: &Tx<'_>, scopes: &[(Uuid, Scope)]) -> Vec<ChannelReadersView> {
    let (_, facility) = tx.actor.ids();
    let who = |channel: &'static str, sensitivity: Option<&'static str>| ChannelReadersView {
        channel,
        sensitivity,
        staff_member_ids: scopes
            .iter()
            .filter(|(_, scope)| {
                // On the channel for named people: those whom the caller can name.
                scope.covers_post((channel, "note", sensitivity), facility, true)
            })
            .map(|(id, _)| *id)
            .collect(),
    };
    CHANNELS
        .into_iter()
        .flat_map(|channel| match channel {
            "sensitive" => SENSITIVE
                .into_iter()
                .map(|subject| who(channel, Some(subject)))
                .collect(),
            _ => vec![who(channel, None)],
        })
        .collect()
}

impl From<Identifier> for IdentifierView {
    fn from((system, value, facility_id, facility_name): Identifier) -> Self {
        Self {
            system,
            value,
            facility_id,
            facility_name,
        }
    }
}
