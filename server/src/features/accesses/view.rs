//! Entries as a patient reads them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    queries,
    words::{self, AccessClass},
};
use crate::{
    Result,
    ctx::Tx,
    features::{
        emergency_access::{self, Category},
        professions, staff_members,
    },
    spine::{audit::Stored, sealing, settings},
};

/// Somebody saw or changed something, or tried to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AccessLine)]
pub(super) struct AccessView {
    /// The entry of the access log, for its proof.
    id: Uuid,
    /// When.
    at: DateTime<Utc>,
    /// What kind of act.
    class: AccessClass,
    /// What was done, in Japanese, without who did it: 「記録・連絡を見た」「基本情報を見ようとして断られた」.
    what_ja: String,
    /// The same in English.
    what_en: String,
    /// Whether it was refused.
    refused: bool,
    /// Who.
    who: AccessActorView,
    /// Code of the purpose (HL7 v3 PurposeOfUse).
    purpose: String,
    /// The purpose in Japanese.
    purpose_ja: &'static str,
    /// The purpose in English.
    purpose_en: &'static str,
    /// The emergency, where emergency access was used.
    emergency: Option<EmergencyReasonView>,
    /// Whether the entry is under a signed checkpoint by now, so that its proof can be had.
    provable: bool,
}

/// Who it was, as far as the network tells patients.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AccessActorView {
    /// `self`, `family` or `proxy` for the patient and the family, `staff` for others, `system` for a program by itself.
    kind: String,
    /// Organization at that moment.
    organization: Option<String>,
    /// Code of the profession at that moment.
    profession: Option<String>,
    /// The profession in Japanese.
    profession_ja: Option<String>,
    /// The profession in English.
    profession_en: Option<String>,
    /// Name; only where the network shows names to patients.
    name: Option<String>,
    /// The program that did it, or through which the person did it.
    program: Option<String>,
}

/// In what kind of emergency.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EmergencyReasonView {
    /// Its code.
    category: Category,
    /// In Japanese.
    ja: &'static str,
    /// In English.
    en: &'static str,
}

/// What the lines of a page need beside the entries.
struct Around {
    family: HashMap<Uuid, String>,
    names: HashMap<Uuid, String>,
    people: HashMap<Uuid, String>,
    professions: HashMap<String, (String, String)>,
    emergencies: Vec<(Uuid, DateTime<Utc>, DateTime<Utc>, Category)>,
    provable: HashMap<Uuid, u64>,
}

/// The lines of a page.
pub(super) async fn lines(
    tx: &Tx<'_>,
    patient_id: Uuid,
    family: HashMap<Uuid, String>,
    rows: Vec<Stored>,
) -> Result<Vec<AccessView>> {
    let things: Vec<Uuid> = rows
        .iter()
        .flat_map(|row| [row.facility_id, row.client_id])
        .flatten()
        .collect();
    let posts: Vec<Uuid> = rows.iter().filter_map(|row| row.staff_member_id).collect();
    let people = if settings::of_network(tx).await?.show_names_to_patients {
        staff_members::names(tx, &posts).await?
    } else {
        HashMap::new()
    };
    let in_emergency = |row: &&Stored| is_emergency(row);
    let posts: Vec<Uuid> = rows
        .iter()
        .filter(in_emergency)
        .filter_map(|row| row.staff_member_id)
        .collect();
    let emergencies = if posts.is_empty() {
        Vec::new()
    } else {
        emergency_access::reasons(tx, patient_id, &posts).await?
    };
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let provable = match sealing::signed(tx).await? {
        Some(under) => sealing::places(tx, &under, &ids).await?,
        None => HashMap::new(),
    };
    let known = professions::known(tx).await?;
    let around = Around {
        names: queries::names(tx, &things).await?,
        professions: known
            .into_iter()
            .map(|known| (known.code, (known.ja, known.en)))
            .collect(),
        family,
        people,
        emergencies,
        provable,
    };
    Ok(rows.into_iter().map(|row| around.line(row)).collect())
}

/// Whether somebody used emergency access, or looked for a patient to use it.
fn is_emergency(row: &Stored) -> bool {
    row.ground.as_deref() == Some("emergency")
        || ["emergency_access.start", "emergency_access.open"].contains(&row.action.as_str())
}

impl Around {
    fn line(&self, row: Stored) -> AccessView {
        let refused = row.outcome != "allowed";
        let (class, what_ja, what_en) = words::say(&row.action, refused);
        let (purpose_ja, purpose_en) = words::purpose(&row.purpose);
        AccessView {
            id: row.id,
            at: row.at,
            class,
            what_ja,
            what_en,
            refused,
            emergency: self.emergency(&row),
            provable: self.provable.contains_key(&row.id),
            who: self.who(&row),
            purpose: row.purpose,
            purpose_ja,
            purpose_en,
        }
    }

    /// The emergency that ran at that moment; without its category where there is none of that kind, as for a refusal.
    fn emergency(&self, row: &Stored) -> Option<EmergencyReasonView> {
        if !is_emergency(row) {
            return None;
        }
        let ran = |(who, from, until, _): &&(Uuid, DateTime<Utc>, DateTime<Utc>, Category)| {
            Some(*who) == row.staff_member_id && *from <= row.at && row.at <= *until
        };
        let category = self.emergencies.iter().rev().find(ran);
        let category = category.map_or(Category::Other, |(.., category)| *category);
        Some(EmergencyReasonView {
            ja: category.ja(),
            en: category.en(),
            category,
        })
    }

    fn who(&self, row: &Stored) -> AccessActorView {
        let named = |id: Option<Uuid>| id.and_then(|id| self.names.get(&id)).cloned();
        let relation = row.account_id.and_then(|id| self.family.get(&id)).cloned();
        let profession = row.profession.as_ref();
        let words = profession.and_then(|code| self.professions.get(code));
        AccessActorView {
            // The patient and the family stand on posts of the facility that registered them; it did nothing here.
            organization: named(row.facility_id).filter(|_| relation.is_none()),
            name: row
                .staff_member_id
                .and_then(|id| self.people.get(&id))
                .cloned(),
            program: named(row.client_id),
            profession: row.profession.clone(),
            profession_ja: words.map(|(ja, _)| ja.clone()),
            profession_en: words.map(|(_, en)| en.clone()),
            kind: relation.unwrap_or_else(|| row.actor_kind.clone()),
        }
    }
}
