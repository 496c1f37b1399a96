use std::cell::RefCell;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::Relation,
    policy,
    queries::{self, Relative},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        invitations::{self, NewInvitation, Purpose},
        staff_members::{self, NewLogin, NewPost},
    },
    spine::{
        audit::{Denial, Entry},
        ids,
        input::{Check, Input},
        mail,
        page::Page,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_relatives)
        .service(create_relative)
        .service(end_relative);
}

/// Somebody with an account for a patient.
#[derive(Debug, Serialize, ToSchema)]
struct RelativeView {
    /// Identifier of the relation.
    id: Uuid,
    /// The account.
    account_id: Uuid,
    /// `self`, `family` or `proxy`.
    relation: String,
    /// In words, such as 長女.
    label: String,
    /// Name.
    name: String,
    /// Name in kana.
    kana: String,
    /// Sign-in name, before the @.
    login_name: String,
    /// Where mail goes.
    email: Option<String>,
    /// Whether the account has a factor to sign in with.
    enrolled: bool,
    /// First day.
    starts_on: NaiveDate,
    /// Last day.
    ends_on: Option<NaiveDate>,
    /// Whether today is between the two.
    active: bool,
}

/// A relative who was registered.
#[derive(Debug, Serialize, ToSchema)]
struct CreatedRelativeView {
    /// The relative.
    relative: RelativeView,
    /// The invitation, with the code to be handed over.
    invitation: NewInvitation,
}

/// Somebody who is to have an account for a patient.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateRelative {
    /// Identifier of the relation, chosen by the caller.
    pub(super) id: Uuid,
    /// Whose account it is.
    pub(super) relation: Relation,
    /// Name, up to 100 characters.
    name: String,
    /// Name in kana.
    kana: String,
    /// In words, such as 長女, up to 50 characters.
    pub(super) label: String,
    /// Name before the @.
    login_name: String,
    /// Where the invitation goes.
    email: String,
}

impl Check for CreateRelative {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
        text::check_kana("kana", &self.kana, errors);
        text::check("label", &self.label, 50, false, errors);
        staff_members::check_login_name("login_name", &self.login_name, errors);
        mail::check_address("email", &self.email, errors);
    }
}

/// The end of a relation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndRelative {
    /// Last day. Yesterday or earlier closes the account at once.
    ends_on: NaiveDate,
}

impl Check for EndRelative {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

fn view(tx: &Tx<'_>, row: Relative) -> RelativeView {
    let today = tx.today();
    RelativeView {
        id: row.id,
        account_id: row.account_id,
        relation: row.relation,
        label: row.label,
        name: row.name,
        kana: row.kana,
        login_name: row.login_name,
        email: row.email,
        enrolled: row.has_password || row.has_passkey,
        active: row.starts_on <= today && row.ends_on.is_none_or(|last| last >= today),
        starts_on: row.starts_on,
        ends_on: row.ends_on,
    }
}

/// List everybody who has or had an account for a patient: the patient, the family, proxies.
#[utoipa::path(
    tag = "relatives",
    responses((status = 200, body = Page<RelativeView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/patients/{patient_id}/relatives")]
async fn list_relatives(ctx: Ctx, patient_id: Path<Uuid>) -> Result<Json<Page<RelativeView>>> {
    let items = ctx.read(async |tx| {
        let (_, permit) = policy::may_read(tx, *patient_id).await?;
        let rows = queries::list(tx, permit, *patient_id).await?;
        tx.record(
            Entry::new("relatives.list")
                .of_patient(*patient_id)
                .listing(rows.len()),
        );
        Ok(rows.into_iter().map(|row| view(tx, row)).collect())
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Give the patient, somebody of the family or a proxy an account for this patient. The link is mailed; the code is
/// answered this once, to be handed over.
#[utoipa::path(
    tag = "relatives",
    request_body = CreateRelative,
    extensions(("x-step-up" = json!(true))),
    responses((status = 201, body = CreatedRelativeView), (status = "4XX", body = Problem)),
)]
#[post("/v1/patients/{patient_id}/relatives")]
async fn create_relative(
    ctx: Ctx,
    patient_id: Path<Uuid>,
    input: Input<CreateRelative>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (_, permit) = policy::may_write(tx, *patient_id).await?;
        if new.relation == Relation::Patient && queries::has_own_account(tx, *patient_id).await? {
            let message = "the patient has an account";
            return Err(Error::Conflict("patient_account_exists", message));
        }
        let account_id = open_account(tx, new).await?;
        queries::insert(tx, permit, *patient_id, account_id, new).await?;
        tx.record(
            Entry::new("relative.create")
                .of_patient(*patient_id)
                .on("relative", new.id),
        );
        let address = new.relation.form_of_address();
        let invitation =
            invitations::invite(tx, account_id, address, &new.email, Purpose::First).await?;
        let row = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        let made = CreatedRelativeView {
            relative: view(tx, row),
            invitation,
        };
        Ok(Reply::created(made).of_patient(*patient_id).once())
    })
    .await
}

/// Person, post and account of a relative.
async fn open_account(tx: &Tx<'_>, new: &CreateRelative) -> Result<Uuid> {
    let (person_id, account_id) = (ids::new_id(), ids::new_id());
    let profession = new.relation.profession();
    staff_members::add_person(tx, person_id, &new.name, &new.kana).await?;
    let post = NewPost {
        id: person_id,
        person_id,
        facility_id: tx.actor.ids().1,
        name: &new.name,
        kana: &new.kana,
        profession,
        starts_on: tx.today(),
        ends_on: None,
        work_plan: None,
    };
    staff_members::add_post(tx, &post).await?;
    let account = NewLogin {
        id: account_id,
        login_name: &new.login_name,
        email: &new.email,
        role: staff_members::role_of(profession),
        staff_member_id: person_id,
        person_id,
    };
    staff_members::add_account(tx, &account).await?;
    Ok(account_id)
}

/// End the account of the patient, of somebody of the family or of a proxy on a day.
#[utoipa::path(
    tag = "relatives",
    request_body = EndRelative,
    extensions(("x-step-up" = json!(true))),
    responses((status = 200, body = RelativeView), (status = "4XX", body = Problem)),
)]
#[post("/v1/relatives/{relative_id}/end")]
async fn end_relative(
    ctx: Ctx,
    relative_id: Path<Uuid>,
    input: Input<EndRelative>,
) -> Result<Answer> {
    let (id, last) = (*relative_id, input.value.ends_on);
    let ended_sessions = RefCell::new(Vec::new());
    let answer = ctx.write(&input.digest, async |tx| {
        let Some(found) = queries::find(tx, id).await? else {
            let denial = Denial::hidden("relative.write").on("relative", id);
            return Err(Error::Denied(Box::new(denial)));
        };
        let (_, permit) = policy::may_write(tx, found.patient_id).await?;
        if found.ends_on.is_some_and(|day| day < tx.today()) {
            let message = "the account has ended";
            return Err(Error::Conflict("relative_ended", message));
        }
        // What began today can have no earlier last day; the account is closed all the same.
        let last_day = last.max(found.starts_on);
        if last > tx.today() + TimeDelta::days(3660) {
            return Err(Error::invalid(
                "ends_on",
                "out_of_range",
                "at most ten years ahead",
            ));
        }
        queries::end(tx, permit, id, last_day).await?;
        staff_members::end_post(tx, found.staff_member_id, last_day).await?;
        if last < tx.today() {
            let sessions = staff_members::close_account(tx, found.account_id).await?;
            *ended_sessions.borrow_mut() = sessions;
        }
        tx.record(
            Entry::new("relative.end")
                .of_patient(found.patient_id)
                .on("relative", id),
        );
        let row = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
        Ok(Reply::ok(view(tx, row)).of_patient(found.patient_id))
    });
    let answer = answer.await?;
    for session in ended_sessions.take() {
        ctx.app().hub.end_session(session);
    }
    Ok(answer)
}
