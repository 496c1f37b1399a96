use actix_web::{get, post, web::Json};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    import,
    model::{DirectoryEntryView, StaffMemberView},
    policy, posts,
    queries::{self, Filter},
};
use crate::{
    Error, Result,
    ctx::Ctx,
    error::{FieldError, Problem},
    features::licences,
    spine::{
        audit::Entry,
        auth::{Role, password},
        input::{Check, Input, Query},
        page::{self, Page, TextKey},
        professions,
        reply::{Answer, Reply},
        text,
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_staff_members)
        .service(create_staff_member)
        .service(posts::move_staff_member)
        .service(posts::leave_staff_member)
        .service(import::import_staff_members);
}

/// A staff member to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateStaffMember {
    /// Identifier, chosen by the caller.
    pub(super) id: Uuid,
    /// Where the person works.
    pub(super) facility_id: Uuid,
    /// Name in kanji, up to 100 characters.
    pub(super) name: String,
    /// Name in kana.
    pub(super) kana: String,
    /// Code of the profession. `administrator` and `auditor` make accounts of those roles.
    pub(super) profession: String,
    /// The account to sign in with, if the person is to have one.
    pub(super) account: Option<NewAccount>,
}

/// An account to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    /// Name before the @: a–z, 0–9, dot, hyphen, underscore; 2 to 63 characters.
    pub(super) login_name: String,
    /// 12 to 128 characters.
    password: String,
}

impl CreateStaffMember {
    /// What the account is for follows from the profession.
    pub(super) fn role(&self) -> Role {
        match self.profession.as_str() {
            "administrator" => Role::NetworkAdministrator,
            "auditor" => Role::Auditor,
            _ => Role::Staff,
        }
    }
}

impl Check for CreateStaffMember {
    fn check(&self, errors: &mut Vec<FieldError>) {
        text::check("name", &self.name, 100, false, errors);
        text::check_kana("kana", &self.kana, errors);
        if professions::find(&self.profession).is_none() {
            errors.push(FieldError::new(
                "profession",
                "not_allowed",
                "not a profession of the register",
            ));
        }
        if let Some(account) = &self.account {
            let name = &account.login_name;
            let usable = |b: u8| {
                b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_')
            };
            let first = name
                .bytes()
                .next()
                .is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
            if !(2..=63).contains(&name.len()) || !first || !name.bytes().all(usable) {
                errors.push(FieldError::new(
                    "account.login_name",
                    "not_allowed",
                    "a-z, 0-9, . - _; 2 to 63",
                ));
            }
            password::check_new("account.password", &account.password, errors);
        }
    }
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListStaffMembers {
    /// Part of the name or kana.
    query: Option<String>,
    /// Only of this facility.
    facility_id: Option<Uuid>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List the staff members of the network, by kana.
#[utoipa::path(
    tag = "staff_members",
    params(ListStaffMembers),
    responses((status = 200, body = Page<DirectoryEntryView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/staff-members")]
async fn list_staff_members(
    ctx: Ctx,
    query: Query<ListStaffMembers>,
) -> Result<Json<Page<DirectoryEntryView>>> {
    let ListStaffMembers {
        query,
        facility_id,
        cursor,
        limit,
    } = query.0;
    let after: Option<TextKey> = page::parse(cursor.as_deref())?;
    let limit = page::limit(limit)?;
    let rows = ctx
        .read(async |tx| {
            let filter = Filter {
                query: query.as_deref(),
                facility_id,
                after: after.clone(),
                limit,
            };
            let rows = queries::page(tx, policy::may_list(tx)?, filter).await?;
            let people: Vec<_> = rows
                .iter()
                .map(|(row, _)| (row.person_id, row.profession.clone()))
                .collect();
            let licences = licences::statuses(tx, &people).await?;
            tx.record(Entry::new("staff_members.list").listing(rows.len()));
            Ok(rows.into_iter().zip(licences).collect())
        })
        .await?;
    Ok(Json(page::page(
        rows,
        limit,
        |((row, _), _)| TextKey(row.sort_key.clone(), row.id),
        DirectoryEntryView::from,
    )))
}

/// Register a staff member, with an account if wanted. Network administrators only.
#[utoipa::path(
    tag = "staff_members",
    request_body = CreateStaffMember,
    responses((status = 201, body = StaffMemberView), (status = "4XX", body = Problem)),
)]
#[post("/v1/staff-members")]
async fn create_staff_member(ctx: Ctx, input: Input<CreateStaffMember>) -> Result<Answer> {
    let new = &input.value;
    let phc = match &new.account {
        Some(account) => Some(ctx.app().passwords.hash(account.password.clone()).await?),
        None => None,
    };
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_create(tx)?;
        if !queries::facility_exists(tx, new.facility_id).await? {
            return Err(Error::invalid(
                "facility_id",
                "not_allowed",
                "no such facility",
            ));
        }
        queries::insert(tx, permit, new, phc.as_deref()).await?;
        tx.record(Entry::new("staff_member.create").on("staff_member", new.id));
        let made = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        Ok(Reply::created(StaffMemberView::from(made)))
    })
    .await
}
