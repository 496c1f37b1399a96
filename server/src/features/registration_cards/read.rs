//! Reading a card that a patient presents, and entering the facility's own number for the patient.

use actix_web::{post, web::Json};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    guard::Misses,
    model::CardCode,
    policy::{self, Read},
    queries,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        consents,
        patients::{self, NewIdentifier, Patient},
    },
    spine::{
        access::Permit,
        audit::Entry,
        auth::Actor,
        input::{Check, Input},
        reply::{Answer, Reply},
        text,
    },
};

/// Name space of the patient numbers of a Japanese medical institution, before `1` and the ten digits of its code
/// (JP Core, 患者番号の識別システム).
const PATIENT_NUMBERS: &str = "urn:oid:1.2.392.100495.20.3.51.1";

/// Somebody whose card was read: enough to see that it is the one who presents it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CardHolderView {
    /// Name in kanji.
    name: String,
    /// Name in katakana.
    kana: String,
    /// Date of birth.
    birth_date: NaiveDate,
    /// Sex.
    sex: String,
}

impl From<Patient> for CardHolderView {
    fn from(patient: Patient) -> Self {
        Self {
            name: patient.name,
            kana: patient.kana,
            birth_date: patient.birth_date,
            sex: patient.sex,
        }
    }
}

/// A card to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadRegistrationCard {
    /// The code on the card, with or without hyphens.
    code: String,
}

impl Check for ReadRegistrationCard {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("code", &self.code, 60, false, errors);
    }
}

/// Who presents a card.
#[derive(Debug, Serialize, ToSchema)]
struct ReadRegistrationCardView {
    /// The patient of the card.
    patient: CardHolderView,
}

/// A number to be entered for the patient of a card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkRegistrationCard {
    /// The code on the card, with or without hyphens.
    code: String,
    /// The number by which the caller's facility knows the patient, up to 100 characters.
    value: String,
    /// Name space of the number: a URL or urn:oid. Left out, it is that of the facility's institution code.
    #[serde(default)]
    system: Option<String>,
}

impl Check for LinkRegistrationCard {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("code", &self.code, 60, false, errors);
        let system = self.system.clone();
        let number = NewIdentifier::of_own_facility(
            system.unwrap_or_else(|| PATIENT_NUMBERS.to_owned()),
            self.value.clone(),
        );
        number.check(errors);
    }
}

/// The number that was entered.
#[derive(Debug, Serialize, ToSchema)]
struct LinkedRegistrationCardView {
    /// The patient of the card.
    patient: CardHolderView,
    /// Name space of the number.
    system: String,
    /// The number.
    value: String,
}

/// What came of trying a code.
enum Tried {
    /// The card and its patient.
    Found(Uuid, Box<Patient>),
    /// There is no such card, or it is not good any more.
    Unknown,
    /// Too many wrong codes: wait so many seconds.
    Blocked(u32),
}

/// Read the card that a patient presents. Answers only with what is needed to see that it is the patient's own. Every
/// reading is recorded; after ten wrong codes within ten minutes nothing is read for ten minutes.
#[utoipa::path(
    tag = "registration_cards",
    request_body = ReadRegistrationCard,
    responses((status = 200, body = ReadRegistrationCardView), (status = "4XX", body = Problem)),
)]
#[post("/v1/registration-cards/read")]
pub(super) async fn read_registration_card(
    ctx: Ctx,
    input: Input<ReadRegistrationCard>,
) -> Result<Json<ReadRegistrationCardView>> {
    let patient = present(&ctx, &input.value.code).await?.into();
    Ok(Json(ReadRegistrationCardView { patient }))
}

/// Enter the number by which one's own facility knows the patient who presents a card. From then on documents that the
/// facility's system sends with this number find the patient.
#[utoipa::path(
    tag = "registration_cards",
    request_body = LinkRegistrationCard,
    responses((status = 201, body = LinkedRegistrationCardView), (status = "4XX", body = Problem)),
)]
#[post("/v1/registration-cards/link")]
pub(super) async fn link_registration_card(
    ctx: Ctx,
    input: Input<LinkRegistrationCard>,
) -> Result<Answer> {
    let LinkRegistrationCard {
        code,
        value,
        system,
    } = &input.value;
    // In a transaction of its own, because a wrong code is counted whatever comes of the rest.
    present(&ctx, code).await?;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_read(tx)?;
        let (card_id, patient) = find(tx, &permit, code).await?.ok_or_else(not_found)?;
        let system = match system {
            Some(system) => system.clone(),
            None => own_system(tx).await?,
        };
        let number = NewIdentifier::of_own_facility(system, value.clone());
        let (system, value) = number.key();
        match patients::find_by_identifier(tx, system, value).await? {
            Some(known) if known == patient.id => {}
            // Taken by somebody else: the key of the table says so.
            _ => patients::add_number(tx, permit, patient.id, &number).await?,
        }
        tx.record(
            Entry::new("registration_card.link")
                .of_patient(patient.id)
                .on("registration_card", card_id),
        );
        Ok(Reply::created(LinkedRegistrationCardView {
            patient: patient.into(),
            system: system.to_owned(),
            value: value.to_owned(),
        }))
    })
    .await
}

/// The patient who presents this card. Counts and records the attempt, whatever comes of it.
async fn present(ctx: &Ctx, code: &str) -> Result<Patient> {
    let tried = ctx
        .read(async |tx| {
            let permit = policy::may_read(tx)?;
            let tried = attempt(tx, &permit, code).await?;
            let entry = Entry::new("registration_card.read");
            tx.record(match &tried {
                Tried::Found(card_id, patient) => entry
                    .of_patient(patient.id)
                    .on("registration_card", *card_id),
                Tried::Unknown => entry.refused(not_found().code()),
                Tried::Blocked(_) => entry.refused("too_many_attempts"),
            });
            Ok(tried)
        })
        .await?;
    match tried {
        Tried::Found(_, patient) => Ok(*patient),
        Tried::Unknown => Err(not_found()),
        Tried::Blocked(seconds) => Err(Error::TooManyAttempts(seconds)),
    }
}

async fn attempt(tx: &Tx<'_>, permit: &Permit<Read>, code: &str) -> Result<Tried> {
    let Actor::Person(person) = tx.actor else {
        return Err(Error::internal("only people are allowed to read cards"));
    };
    let misses = queries::find_misses(tx, person.account_id).await?;
    if let Some(seconds) = misses.and_then(|misses| misses.wait(tx.now)) {
        queries::count_refusal(tx, person.account_id).await?;
        return Ok(Tried::Blocked(seconds));
    }
    if let Some((card_id, patient)) = find(tx, permit, code).await? {
        return Ok(Tried::Found(card_id, Box::new(patient)));
    }
    let misses = Misses::with_another(misses, tx.now);
    queries::save_misses(tx, person.account_id, misses).await?;
    Ok(Tried::Unknown)
}

/// The card with this code and its patient, while a consent of the patient stands.
async fn find(tx: &Tx<'_>, permit: &Permit<Read>, code: &str) -> Result<Option<(Uuid, Patient)>> {
    let Some(code) = CardCode::parse(code) else {
        return Ok(None);
    };
    let Some((card_id, patient_id)) = queries::find_by_code(tx, permit, &code.digest()).await?
    else {
        return Ok(None);
    };
    if consents::find_standing(tx, patient_id).await?.is_none() {
        return Ok(None);
    }
    let patient = patients::find(tx, patient_id).await?;
    Ok(patient.map(|patient| (card_id, patient)))
}

/// The name space of the caller's facility.
async fn own_system(tx: &Tx<'_>) -> Result<String> {
    let code = queries::find_institution_code(tx).await?.ok_or_else(|| {
        let message = "the facility has no institution code: say which name space";
        Error::invalid("system", "required", message)
    })?;
    Ok(format!("{PATIENT_NUMBERS}{code}"))
}

fn not_found() -> Error {
    Error::NamesNothing(
        "registration_card_not_found",
        "there is no such card, or it is not good any more",
    )
}
