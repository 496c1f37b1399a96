//! Writing appointments: a new one, a change of all of it, of one day, from one day on, and calling it off.

use actix_web::{post, web::Path};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    model::{Exception, Plan},
    overlaps,
    policy::{self, Allowed},
    queries::{self, Appointment, New, Version},
    read::{entry, find_whole},
    split,
    view::{self, AppointmentView},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        input::{Check, Input},
        professions,
        reply::{Answer, Reply},
        text,
    },
};

/// An appointment to be entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateAppointment {
    /// Identifier, chosen by the author's device.
    id: Uuid,
    /// Whom it is about; nobody when left out.
    #[serde(default)]
    patient_id: Option<Uuid>,
    /// What it says.
    plan: Plan,
    /// Enter it although somebody has something else at that time; without it, that is `appointment_overlaps`.
    #[serde(default)]
    accept_overlap: bool,
}

/// Of what an appointment is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AppointmentScope)]
enum Scope {
    /// All of it.
    All,
    /// One day.
    This,
    /// One day and what follows.
    Following,
}

/// A change of an appointment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AmendAppointment {
    /// Of what.
    scope: Scope,
    /// The day of the series that is meant; required unless all of it is.
    #[serde(default)]
    on: Option<NaiveDate>,
    /// Identifier of the series that follows, chosen by the author's device; required for `following`.
    #[serde(default)]
    new_id: Option<Uuid>,
    /// What it says from now on; of one day, without recurrence.
    plan: Plan,
    /// Why, up to 500 characters.
    reason: String,
    /// As for a new one.
    #[serde(default)]
    accept_overlap: bool,
}

/// Calling an appointment off.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CancelAppointment {
    /// Of what.
    scope: Scope,
    /// The day of the series that is meant; required unless all of it is.
    #[serde(default)]
    on: Option<NaiveDate>,
    /// Why, up to 500 characters.
    reason: String,
}

impl Check for CreateAppointment {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.plan.check("plan", errors);
        if self.patient_id.is_none() && self.plan.for_family {
            let message = "there is no patient";
            errors.push(FieldError::new("plan.for_family", "not_allowed", message));
        }
    }
}

fn check_scope(scope: Scope, on: Option<NaiveDate>, errors: &mut Vec<FieldError>) {
    if scope != Scope::All && on.is_none() {
        errors.push(FieldError::new("on", "required", "the day that is meant"));
    }
}

impl Check for AmendAppointment {
    fn check(&self, errors: &mut Vec<FieldError>) {
        self.plan.check("plan", errors);
        check_scope(self.scope, self.on, errors);
        text::check("reason", &self.reason, 500, true, errors);
        if self.scope == Scope::Following && self.new_id.is_none() {
            errors.push(FieldError::new(
                "new_id",
                "required",
                "the series that follows",
            ));
        }
        if self.scope == Scope::This && self.plan.recurrence.is_some() {
            let message = "one day does not recur";
            errors.push(FieldError::new("plan.recurrence", "not_allowed", message));
        }
    }
}

impl Check for CancelAppointment {
    fn check(&self, errors: &mut Vec<FieldError>) {
        check_scope(self.scope, self.on, errors);
        text::check("reason", &self.reason, 500, true, errors);
    }
}

/// Enter an appointment. `appointment_overlaps` when somebody has something else at that time and it is not accepted.
#[utoipa::path(
    tag = "appointments",
    request_body = CreateAppointment,
    responses((status = 201, body = AppointmentView), (status = "4XX", body = Problem)),
)]
#[post("/v1/appointments")]
pub(super) async fn create_appointment(
    ctx: Ctx,
    input: Input<CreateAppointment>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let allowed = policy::may_write(tx, new.patient_id).await?;
        let plan = settled(&new.plan);
        check_people(tx, &plan, &[]).await?;
        insist_free(tx, &plan, None, new.accept_overlap).await?;
        let made = New {
            id: new.id,
            patient_id: new.patient_id,
            follows: None,
            version: Version {
                plan: &plan,
                exceptions: &[],
                cancelled: false,
                change: "create",
                reason: None,
            },
        };
        queries::insert(tx, &allowed, &made).await?;
        let made = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        tx.record(entry("appointment.create", &made).version(1));
        answer(tx, made, true).await
    })
    .await
}

/// Change an appointment: all of it, one day, or from one day on. The earlier versions stay readable.
#[utoipa::path(
    tag = "appointments",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = AmendAppointment,
    responses((status = 200, body = AppointmentView), (status = "4XX", body = Problem)),
)]
#[post("/v1/appointments/{appointment_id}/amend")]
pub(super) async fn amend_appointment(
    ctx: Ctx,
    appointment_id: Path<Uuid>,
    input: Input<AmendAppointment>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (known, allowed) = open(tx, *appointment_id).await?;
        let plan = settled(&new.plan);
        check_people(tx, &plan, &known.plan.staff().collect::<Vec<_>>()).await?;
        insist_free(tx, &plan, Some(known.id), new.accept_overlap).await?;
        let changed = match (new.scope, new.on) {
            (Scope::This, Some(on)) => amend_one(tx, &allowed, &known, on, plan, new).await?,
            (Scope::Following, Some(on)) => {
                amend_following(tx, &allowed, &known, on, &plan, new).await?
            }
            _ => amend_all(tx, &allowed, &known, &plan, &new.reason).await?,
        };
        let changed = queries::find(tx, changed).await?.ok_or(Error::NotFound)?;
        tx.record(entry("appointment.amend", &changed).version(changed.version));
        answer(tx, changed, false).await
    })
    .await
}

/// Call an appointment off: all of it, one day, or from one day on.
#[utoipa::path(
    tag = "appointments",
    params(("If-Match" = String, Header, description = "The version that the author has seen")),
    request_body = CancelAppointment,
    responses((status = 200, body = AppointmentView), (status = "4XX", body = Problem)),
)]
#[post("/v1/appointments/{appointment_id}/cancel")]
pub(super) async fn cancel_appointment(
    ctx: Ctx,
    appointment_id: Path<Uuid>,
    input: Input<CancelAppointment>,
) -> Result<Answer> {
    let CancelAppointment { scope, on, reason } = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (known, allowed) = open(tx, *appointment_id).await?;
        let whole = (known.plan.clone(), known.exceptions.clone());
        let series = known.plan.recurrence.is_some();
        let (left, change) = match (scope, on) {
            (Scope::This, Some(on)) if series => {
                let exceptions = split::one(&known.plan, &known.exceptions, *on, None)?;
                (Some((whole.0.clone(), exceptions)), "cancel_one")
            }
            (Scope::Following, Some(on)) if series => {
                let left = split::before(&known.plan, &known.exceptions, *on)?;
                (left, "cancel_following")
            }
            _ => (None, "cancel"),
        };
        let cancelled = left.is_none();
        let (plan, exceptions) = left.unwrap_or(whole);
        let version = Version {
            plan: &plan,
            exceptions: &exceptions,
            cancelled,
            change,
            reason: Some(reason),
        };
        queries::insert_version(tx, &allowed, known.id, known.version + 1, &version).await?;
        let changed = queries::find(tx, known.id).await?.ok_or(Error::NotFound)?;
        tx.record(entry("appointment.cancel", &changed).version(changed.version));
        answer(tx, changed, false).await
    })
    .await
}

/// Finds an appointment that the caller may change and has seen as it is.
async fn open(tx: &Tx<'_>, id: Uuid) -> Result<(Appointment, Allowed)> {
    let known = find_whole(tx, id).await?;
    let allowed = policy::may_write(tx, known.patient_id).await?;
    if tx.expected_version()? != known.version {
        return Err(Error::Stale);
    }
    if known.cancelled {
        return Err(Error::Conflict(
            "appointment_cancelled",
            "the appointment has been called off",
        ));
    }
    Ok((known, allowed))
}

async fn amend_all(
    tx: &Tx<'_>,
    allowed: &Allowed,
    known: &Appointment,
    plan: &Plan,
    reason: &str,
) -> Result<Uuid> {
    let exceptions = split::still(plan, &known.exceptions);
    write(tx, allowed, known, (plan, &exceptions), "amend", reason).await?;
    Ok(known.id)
}

async fn amend_one(
    tx: &Tx<'_>,
    allowed: &Allowed,
    known: &Appointment,
    on: NaiveDate,
    plan: Plan,
    new: &AmendAppointment,
) -> Result<Uuid> {
    if known.plan.recurrence.is_none() {
        return amend_all(tx, allowed, known, &plan, &new.reason).await;
    }
    let exceptions = split::one(&known.plan, &known.exceptions, on, Some(plan))?;
    let said = (&known.plan, &exceptions[..]);
    write(tx, allowed, known, said, "amend_one", &new.reason).await?;
    Ok(known.id)
}

async fn amend_following(
    tx: &Tx<'_>,
    allowed: &Allowed,
    known: &Appointment,
    on: NaiveDate,
    plan: &Plan,
    new: &AmendAppointment,
) -> Result<Uuid> {
    let Some(new_id) = new.new_id.filter(|_| known.plan.recurrence.is_some()) else {
        return amend_all(tx, allowed, known, plan, &new.reason).await;
    };
    let Some((ended, kept)) = split::before(&known.plan, &known.exceptions, on)? else {
        return amend_all(tx, allowed, known, plan, &new.reason).await;
    };
    let said = (&ended, &kept[..]);
    write(tx, allowed, known, said, "amend_following", &new.reason).await?;
    let later: Vec<Exception> = known
        .exceptions
        .iter()
        .filter(|exception| exception.on >= on)
        .cloned()
        .collect();
    let exceptions = split::still(plan, &later);
    let following = New {
        id: new_id,
        patient_id: known.patient_id,
        follows: Some(known.id),
        version: Version {
            plan,
            exceptions: &exceptions,
            cancelled: false,
            change: "create",
            reason: Some(&new.reason),
        },
    };
    queries::insert(tx, allowed, &following).await?;
    Ok(new_id)
}

async fn write(
    tx: &Tx<'_>,
    allowed: &Allowed,
    known: &Appointment,
    (plan, exceptions): (&Plan, &[Exception]),
    change: &'static str,
    reason: &str,
) -> Result<()> {
    let version = Version {
        plan,
        exceptions,
        cancelled: false,
        change,
        reason: Some(reason),
    };
    queries::insert_version(tx, allowed, known.id, known.version + 1, &version).await
}

/// The plan with its rule in the one way in which rules are written.
fn settled(plan: &Plan) -> Plan {
    Plan {
        recurrence: plan.rule().map(|rule| rule.text()),
        ..plan.clone()
    }
}

/// Who takes part is somebody of the network today, or took part before; a profession is one of the register.
async fn check_people(tx: &Tx<'_>, plan: &Plan, before: &[Uuid]) -> Result<()> {
    let staff: Vec<Uuid> = plan.staff().collect();
    let held = queries::list_held(tx, &staff).await?;
    if !staff
        .iter()
        .all(|id| held.contains(id) || before.contains(id))
    {
        let message = "no such staff member";
        return Err(Error::invalid("plan.participants", "not_allowed", message));
    }
    let mut named = plan
        .participants
        .iter()
        .filter_map(|one| one.profession.as_deref());
    if named.any(|profession| professions::find(profession).is_none()) {
        let message = "no such profession";
        return Err(Error::invalid("plan.participants", "not_allowed", message));
    }
    Ok(())
}

/// Asks before somebody is to be in two places at once.
async fn insist_free(tx: &Tx<'_>, plan: &Plan, but: Option<Uuid>, accepted: bool) -> Result<()> {
    if accepted || overlaps::find(tx, plan, but).await?.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict(
        "appointment_overlaps",
        "somebody has another appointment at that time",
    ))
}

async fn answer(tx: &Tx<'_>, changed: Appointment, is_new: bool) -> Result<Reply<AppointmentView>> {
    let patient_id = changed.patient_id;
    let view = view::whole(tx, changed).await?;
    let version = view.version;
    let reply = if is_new {
        Reply::created(view)
    } else {
        Reply::ok(view)
    };
    let reply = reply.version(version);
    Ok(match patient_id {
        Some(patient_id) => reply.of_patient(patient_id),
        None => reply,
    })
}
