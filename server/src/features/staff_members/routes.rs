use actix_web::{get, post, web::Json};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    home, import,
    model::{DirectoryEntryView, StaffMemberView, check_work_plan},
    policy, posts,
    queries::{self, Filter},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::{
        invitations::{self, NewInvitation, Purpose},
        licences,
    },
    spine::{
        audit::Entry,
        auth::Role,
        ids,
        input::{Check, Input, Query},
        mail,
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
        .service(home::update_home_address)
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
    /// Code of the profession. `administrator`, `auditor` and `support` make accounts of those roles.
    pub(super) profession: String,
    /// The person, when it is another post of somebody registered before.
    #[serde(default)]
    pub(super) person_id: Option<Uuid>,
    /// First day; today when left out.
    #[serde(default)]
    pub(super) starts_on: Option<NaiveDate>,
    /// Last day, if it is known. `support` needs one, a week after the first day at most.
    #[serde(default)]
    pub(super) ends_on: Option<NaiveDate>,
    /// Number of the work plan (作業計画番号) for which somebody of the vendor or operator is let in, up to 100
    /// characters: for `support`, and only there.
    #[serde(default)]
    pub(super) work_plan: Option<String>,
    /// The account to sign in with, if the person is to have one. Another post of the same person uses the account that
    /// there is.
    #[serde(default)]
    pub(super) account: Option<NewAccount>,
    /// Where the person lives, down to the house number. Only a keyed digest of it is kept, by which auditors hear when
    /// somebody looks at a patient of the same house.
    #[serde(default)]
    pub(super) home_address: Option<String>,
}

/// An account to be made. Nobody chooses its factors but its owner, who is invited by mail.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    /// Name before the @: a–z, 0–9, dot, hyphen, underscore; 2 to 63 characters.
    pub(super) login_name: String,
    /// Mail address, to which the link is sent.
    pub(super) email: String,
}

/// A staff member who was registered.
#[derive(Debug, Serialize, ToSchema)]
struct NewStaffMemberView {
    /// The staff member.
    #[serde(flatten)]
    staff_member: StaffMemberView,
    /// The invitation of the new account; its code is shown this once, to be handed over.
    invitation: Option<NewInvitation>,
}

/// For how long somebody who runs or built the installation is let in.
const SUPPORT: TimeDelta = TimeDelta::days(7);

impl CreateStaffMember {
    /// What the account is for follows from the profession.
    pub(super) fn role(&self) -> Role {
        match self.profession.as_str() {
            "administrator" => Role::NetworkAdministrator,
            "auditor" => Role::Auditor,
            "support" => Role::Support,
            _ => Role::Staff,
        }
    }

    /// Refuses days that cannot be.
    fn check_days(&self, today: NaiveDate) -> Result<()> {
        let starts_on = self.starts_on.unwrap_or(today);
        let wrong = |message| Err(Error::invalid("ends_on", "out_of_range", message));
        if self.ends_on.is_some_and(|day| day < starts_on) {
            return wrong("not before the first day");
        }
        if self.role() == Role::Support && self.ends_on.is_none_or(|day| day > today + SUPPORT) {
            return wrong("support is let in for seven days at most");
        }
        Ok(())
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
        check_work_plan(&self.profession, self.work_plan.as_deref(), errors);
        home::check(self.home_address.as_deref(), errors);
        let Some(account) = &self.account else { return };
        if self.person_id.is_some() {
            errors.push(FieldError::new(
                "account",
                "not_allowed",
                "another post uses the account that there is",
            ));
        }
        account.check(errors);
    }
}

impl Check for NewAccount {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let name = &self.login_name;
        let usable =
            |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
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
        if !mail::is_address(&self.email) {
            errors.push(FieldError::new(
                "account.email",
                "not_allowed",
                "not a mail address",
            ));
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
            let entry = Entry::new("staff_members.list").listing(rows.len());
            tx.record(entry.searching_for(query.as_deref()));
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

/// Register a staff member, with an account if wanted: its owner is invited by mail, and the code that belongs to the
/// link is answered, to be handed over. Network administrators only.
#[utoipa::path(
    tag = "staff_members",
    request_body = CreateStaffMember,
    responses((status = 201, body = NewStaffMemberView), (status = "4XX", body = Problem)),
    extensions(("x-step-up" = json!(true))),
)]
#[post("/v1/staff-members")]
async fn create_staff_member(ctx: Ctx, input: Input<CreateStaffMember>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let permit = policy::may_create(tx)?;
        new.check_days(tx.today())?;
        if !queries::facility_exists(tx, new.facility_id).await? {
            return Err(Error::invalid(
                "facility_id",
                "not_allowed",
                "no such facility",
            ));
        }
        if let Some(person_id) = new.person_id
            && !queries::person_exists(tx, person_id).await?
        {
            return Err(Error::invalid("person_id", "not_allowed", "no such person"));
        }
        queries::insert(tx, permit, new).await?;
        if let Some(address) = &new.home_address {
            home::keep(tx, new.person_id.unwrap_or(new.id), Some(address)).await?;
        }
        let invitation = match &new.account {
            Some(account) => Some(open_account(tx, new, account).await?),
            None => None,
        };
        tx.record(Entry::new("staff_member.create").on("staff_member", new.id));
        let made = queries::find(tx, new.id).await?.ok_or(Error::NotFound)?;
        let holds_secret = invitation.is_some();
        let reply = Reply::created(NewStaffMemberView {
            staff_member: made.into(),
            invitation,
        });
        Ok(if holds_secret { reply.once() } else { reply })
    })
    .await
}

/// Makes the account and invites its owner.
async fn open_account(
    tx: &Tx<'_>,
    new: &CreateStaffMember,
    account: &NewAccount,
) -> Result<NewInvitation> {
    let id = ids::new_id();
    queries::insert_account(tx, id, new, account).await?;
    tx.record(Entry::new("account.create").on("account", id));
    invitations::invite(tx, id, &new.name, &account.email, Purpose::First).await
}
