//! The list of accounts.

mod queries;

use actix_web::{get, web::Json};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use self::queries::{Account, Filter};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::Problem,
    features::{
        facilities::FacilityRef,
        licences::{self, LicenceStatus},
    },
    spine::{
        access::{self, Permit, Verb},
        audit::Entry,
        auth::guard,
        input::Query,
        page::{self, Page, TextKey},
    },
};

struct List;
impl Verb for List {
    const ACTION: &'static str = "account.list";
}

fn may_list(tx: &Tx<'_>) -> Result<Permit<List>> {
    access::on_network(tx)
}

/// Registers the operations.
pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_accounts);
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountView {
    /// Identifier.
    id: Uuid,
    /// Name before the @.
    login: String,
    /// What the account is for: `staff`, `network_administrator`, `auditor` or `support`.
    role: String,
    /// Where mail goes.
    email: Option<String>,
    /// Name.
    name: String,
    /// The post that new sessions act for.
    staff_member_id: Uuid,
    /// Its profession.
    profession: String,
    /// Its facility.
    facility: FacilityRef,
    /// All posts of the person that are held today or will be.
    posts: Vec<AccountPostView>,
    /// When somebody last signed in with it.
    last_signed_in_at: Option<DateTime<Utc>>,
    /// Since when it is closed.
    suspended_at: Option<DateTime<Utc>>,
    /// Whether it has a factor to sign in with.
    enrolled: bool,
    /// Until when attempts to sign in are not evaluated.
    locked_until: Option<DateTime<Utc>>,
    /// Whether the licence for the profession was verified.
    licence: LicenceStatus,
}

/// A post of the person of an account.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct AccountPostView {
    /// Identifier.
    id: Uuid,
    /// Code of the profession.
    profession: String,
    /// Where.
    facility: FacilityRef,
    /// First day.
    starts_on: NaiveDate,
    /// Last day, when it is known.
    ends_on: Option<NaiveDate>,
}

/// Whose licence is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LicenceFilter {
    /// A licence goes with the profession, and none counts today.
    Unverified,
    /// The licence counts today, and will not in sixty days.
    Expiring,
}

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ListAccounts {
    /// Part of the name, of its kana or of the sign-in name.
    q: Option<String>,
    /// Only of people with a post at this facility.
    facility_id: Option<Uuid>,
    /// Only open accounts with which nobody has signed in for so many days, 1 to 3650.
    unused_days: Option<i64>,
    /// Only of people whose licence is to be looked at.
    #[param(inline)]
    licence: Option<LicenceFilter>,
    /// `next` of the page before.
    cursor: Option<String>,
    /// 1 to 100; 50 when left out.
    limit: Option<i64>,
}

/// List the accounts of the network, by kana, without those of patients and families. Network administrators only.
#[utoipa::path(
    tag = "accounts",
    params(ListAccounts),
    responses((status = 200, body = Page<AccountView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/accounts")]
async fn list_accounts(ctx: Ctx, query: Query<ListAccounts>) -> Result<Json<Page<AccountView>>> {
    let asked = query.0;
    let after: Option<TextKey> = page::parse(asked.cursor.as_deref())?;
    let limit = page::limit(asked.limit)?;
    if asked
        .unused_days
        .is_some_and(|days| !(1..=3650).contains(&days))
    {
        return Err(Error::invalid("unused_days", "out_of_range", "1 to 3650"));
    }
    let page = ctx.read(async |tx| {
        let permit = may_list(tx)?;
        let filter = Filter {
            query: asked.q.as_deref(),
            facility_id: asked.facility_id,
            unused_since: asked.unused_days.map(|days| tx.now - TimeDelta::days(days)),
            licence: asked.licence,
            after: after.clone(),
            limit,
        };
        let mut rows = queries::page(tx, permit, filter).await?;
        let key = |account: &Account| TextKey(account.sort_key.clone(), account.id);
        let next = page::cut(&mut rows, limit, key);
        let entry = Entry::new("accounts.list").listing(rows.len());
        tx.record(entry.searching_for(asked.q.as_deref()));
        Ok(Page {
            items: views(tx, rows).await?,
            next,
        })
    });
    Ok(Json(page.await?))
}

/// One account, for the answer of an act upon it.
pub async fn find(tx: &Tx<'_>, id: Uuid) -> Result<Option<AccountView>> {
    let row = queries::find(tx, id).await?;
    Ok(views(tx, row.into_iter().collect()).await?.pop())
}

async fn views(tx: &Tx<'_>, rows: Vec<Account>) -> Result<Vec<AccountView>> {
    let people: Vec<(Uuid, String)> = rows
        .iter()
        .map(|row| (row.person_id, row.profession.clone()))
        .collect();
    let licences = licences::statuses(tx, &people).await?;
    let persons: Vec<Uuid> = people.iter().map(|(person, _)| *person).collect();
    let posts = queries::posts(tx, &persons).await?;
    let slug = queries::slug(tx).await?;
    let logins: Vec<String> = rows
        .iter()
        .map(|row| format!("{}@{slug}", row.login_name))
        .collect();
    let locked = guard::locked(tx, &logins).await?;
    let view =
        |((row, licence), locked_until): ((Account, LicenceStatus), Option<DateTime<Utc>>)| {
            AccountView {
                posts: posts
                    .iter()
                    .filter(|(post, _)| post.person_id == row.person_id)
                    .map(|(post, facility)| AccountPostView {
                        id: post.id,
                        profession: post.profession.clone(),
                        facility: facility.clone(),
                        starts_on: post.starts_on,
                        ends_on: post.ends_on,
                    })
                    .collect(),
                id: row.id,
                login: row.login_name,
                role: row.role,
                email: row.email,
                name: row.name,
                staff_member_id: row.staff_member_id,
                profession: row.profession,
                facility: row.facility,
                last_signed_in_at: row.last_signed_in_at,
                suspended_at: row.suspended_at,
                enrolled: row.has_password || row.has_passkey,
                locked_until,
                licence,
            }
        };
    Ok(rows
        .into_iter()
        .zip(licences)
        .zip(locked)
        .map(view)
        .collect())
}
