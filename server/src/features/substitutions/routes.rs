use std::collections::HashMap;

use actix_web::{
    get, post,
    web::{Json, Path},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    policy,
    queries::{self, Substitution},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    spine::{
        access::{self, Standing, Verb as _},
        audit::{Denial, Entry},
        input::{Check, Input},
        page::Page,
        professions,
        reply::{Answer, Reply},
    },
};

/// Longest substitution: a long leave.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_substitutions)
        .service(create_substitution)
        .service(end_substitution);
}

/// Why somebody stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SubstitutionReason)]
pub(super) enum Reason {
    /// 副主治医
    Deputy,
    /// 当番
    OnCall,
    /// 休暇・不在
    Leave,
}

impl Reason {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::Deputy => "deputy",
            Self::OnCall => "on_call",
            Self::Leave => "leave",
        }
    }
}

/// A substitution to be entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateSubstitution {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// Who is away: oneself, unless an administrator enters it.
    pub(super) absent_id: Uuid,
    /// Who stands in: somebody of the same group of professions.
    pub(super) substitute_id: Uuid,
    /// For one patient; all patients of the absent when left out.
    #[serde(default)]
    pub(super) patient_id: Option<Uuid>,
    /// Why.
    pub(super) reason: Reason,
    /// From.
    pub(super) starts_at: DateTime<Utc>,
    /// Until, at most a year after.
    pub(super) ends_at: DateTime<Utc>,
}

impl Check for CreateSubstitution {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.ends_at <= self.starts_at || self.ends_at - self.starts_at > LONGEST {
            let message = "after starts_at, at most a year";
            errors.push(FieldError::new("ends_at", "out_of_range", message));
        }
        if self.absent_id == self.substitute_id {
            let message = "somebody else";
            errors.push(FieldError::new("substitute_id", "not_allowed", message));
        }
    }
}

/// Nothing to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndSubstitution {}

impl Check for EndSubstitution {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// Somebody of a substitution.
#[derive(Debug, Serialize, ToSchema)]
struct StandInView {
    /// The post.
    id: Uuid,
    /// Name.
    name: String,
    /// Code of the profession.
    profession: String,
}

/// A substitution.
#[derive(Debug, Serialize, ToSchema)]
struct SubstitutionView {
    /// Identifier.
    id: Uuid,
    /// Who is away.
    absent: StandInView,
    /// Who stands in.
    substitute: StandInView,
    /// For one patient; null: for all patients of the absent.
    patient_id: Option<Uuid>,
    /// `deputy`, `on_call` or `leave`.
    reason: String,
    /// From.
    starts_at: DateTime<Utc>,
    /// Until.
    ends_at: DateTime<Utc>,
    /// Whether it runs at this moment.
    active: bool,
    /// When it was ended early.
    ended_at: Option<DateTime<Utc>>,
}

/// List substitutions that run or are to come: one's own, given and taken; administrators see all.
#[utoipa::path(tag = "substitutions", responses((status = 200, body = Page<SubstitutionView>), (status = "4XX", body = Problem)))]
#[get("/v1/substitutions")]
async fn list_substitutions(ctx: Ctx) -> Result<Json<Page<SubstitutionView>>> {
    let items = ctx.read(async |tx| {
        let permit = policy::may_list(tx)?;
        let of = (!policy::sees_all(tx)).then_some(tx.actor.ids().0);
        let rows = queries::list(tx, permit, of).await?;
        tx.record(Entry::new("substitutions.list").listing(rows.len()));
        views(tx, rows).await
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Enter a substitute: for oneself, or as administrator for somebody.
#[utoipa::path(
    tag = "substitutions",
    request_body = CreateSubstitution,
    responses((status = 201, body = SubstitutionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/substitutions")]
async fn create_substitution(ctx: Ctx, input: Input<CreateSubstitution>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_write(tx, new.absent_id)?;
        if new.ends_at <= tx.now {
            return Err(Error::invalid("ends_at", "out_of_range", "in the future"));
        }
        check_posts(tx, new).await?;
        if let Some(patient_id) = new.patient_id
            && !queries::is_member(tx, new.absent_id, patient_id).await?
        {
            let message = "the absent is not on the care team of this patient";
            return Err(Error::invalid("patient_id", "not_allowed", message));
        }
        queries::insert(tx, permit, new).await?;
        let entry = Entry::new("substitution.create").on("substitution", new.id);
        tx.record(match new.patient_id {
            Some(patient_id) => entry.of_patient(patient_id),
            None => entry,
        });
        Ok(Reply::created(view(tx, new.id).await?))
    })
    .await
}

/// End a substitution at once.
#[utoipa::path(
    tag = "substitutions",
    request_body = EndSubstitution,
    responses((status = 200, body = SubstitutionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/substitutions/{substitution_id}/end")]
async fn end_substitution(
    ctx: Ctx,
    substitution_id: Path<Uuid>,
    input: Input<EndSubstitution>,
) -> Result<Answer> {
    let id = *substitution_id;
    ctx.write(&input.digest, async |tx| {
        let unknown = || {
            let denial = Denial::hidden(policy::Write::ACTION).on("substitution", id);
            Error::Denied(Box::new(denial))
        };
        let me = tx.actor.ids().0;
        let found = queries::find(tx, id)
            .await?
            .filter(|row| row.absent_id == me || row.substitute_id == me || policy::sees_all(tx))
            .ok_or_else(unknown)?;
        let permit = policy::may_write(tx, found.absent_id)?;
        if !queries::end(tx, permit, id).await? {
            return Err(Error::Conflict(
                "substitution_ended",
                "the substitution has ended",
            ));
        }
        tx.record(Entry::new("substitution.end").on("substitution", id));
        Ok(Reply::ok(view(tx, id).await?))
    })
    .await
}

/// Both exist, and the substitute is of the same group of professions.
async fn check_posts(tx: &Tx<'_>, new: &CreateSubstitution) -> Result<()> {
    let posts = queries::list_posts(tx, &[new.absent_id, new.substitute_id]).await?;
    let standing = access::standing(tx, &[new.absent_id, new.substitute_id]).await?;
    for (field, id) in [
        ("absent_id", new.absent_id),
        ("substitute_id", new.substitute_id),
    ] {
        if !posts.iter().any(|(found, ..)| *found == id) {
            return Err(Error::invalid(field, "not_allowed", "no such staff member"));
        }
    }
    let group = |id| standing.get(&id).map(Standing::group);
    if group(new.absent_id) != group(new.substitute_id) {
        let message = "of another group of professions";
        return Err(Error::invalid("substitute_id", "not_allowed", message));
    }
    let clinical = standing
        .get(&new.substitute_id)
        .is_some_and(|standing| standing.rights("note") != professions::Rights::default());
    if clinical {
        Ok(())
    } else {
        let message = "this profession cares for nobody";
        Err(Error::invalid("substitute_id", "not_allowed", message))
    }
}

async fn view(tx: &Tx<'_>, id: Uuid) -> Result<SubstitutionView> {
    let row = queries::find(tx, id).await?.ok_or(Error::NotFound)?;
    views(tx, vec![row]).await?.pop().ok_or(Error::NotFound)
}

async fn views(tx: &Tx<'_>, rows: Vec<Substitution>) -> Result<Vec<SubstitutionView>> {
    let ids: Vec<Uuid> = rows
        .iter()
        .flat_map(|row| [row.absent_id, row.substitute_id])
        .collect();
    let posts: HashMap<Uuid, (String, String)> = queries::list_posts(tx, &ids)
        .await?
        .into_iter()
        .map(|(id, name, profession)| (id, (name, profession)))
        .collect();
    let post = |id: Uuid| {
        let (name, profession) = posts.get(&id).cloned().unwrap_or_default();
        StandInView {
            id,
            name,
            profession,
        }
    };
    Ok(rows
        .into_iter()
        .map(|row| SubstitutionView {
            id: row.id,
            absent: post(row.absent_id),
            substitute: post(row.substitute_id),
            patient_id: row.patient_id,
            reason: row.reason,
            starts_at: row.starts_at,
            ends_at: row.ends_at,
            active: row.ended_at.is_none() && row.starts_at <= tx.now && row.ends_at > tx.now,
            ended_at: row.ended_at,
        })
        .collect())
}
