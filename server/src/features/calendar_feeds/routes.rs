use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    post,
    web::{Json, Path},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    feed::{self, Shown, Token},
    policy::Own,
    queries::{self, Feed},
};
use crate::{
    Error, Result,
    ctx::{Ctx, Door, Tx},
    error::{FieldError, Problem},
    features::appointments,
    spine::{
        access,
        audit::Entry,
        auth::Actor,
        ids,
        input::{Check, Input, Nothing},
        page::Page,
        reply::{Answer, Reply},
    },
};

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_calendar_feeds)
        .service(create_calendar_feed)
        .service(revoke_calendar_feed)
        .service(read_calendar_feed);
}

/// An address for calendar programs, without its secret.
#[derive(Debug, Serialize, ToSchema)]
struct CalendarFeedView {
    /// Identifier.
    id: Uuid,
    /// When it was made.
    created_at: DateTime<Utc>,
    /// When a program last fetched it.
    last_read_at: Option<DateTime<Utc>>,
}

/// An address for calendar programs to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateCalendarFeed {
    /// Identifier, chosen by the caller.
    id: Uuid,
}

impl Check for CreateCalendarFeed {
    fn check(&self, _: &mut Vec<FieldError>) {}
}

/// A new address for calendar programs. It is shown this once.
#[derive(Debug, Serialize, ToSchema)]
struct NewCalendarFeed {
    /// Identifier.
    id: Uuid,
    /// The address. Whoever knows it sees when the person has something.
    url: String,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<Feed> for CalendarFeedView {
    fn from(feed: Feed) -> Self {
        Self {
            id: feed.id,
            created_at: feed.created_at,
            last_read_at: feed.last_read_at,
        }
    }
}

/// List the caller's addresses for calendar programs: at most one is open.
#[utoipa::path(
    tag = "calendar_feeds",
    responses((status = 200, body = Page<CalendarFeedView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/calendar-feeds")]
async fn list_calendar_feeds(ctx: Ctx) -> Result<Json<Page<CalendarFeedView>>> {
    let items = ctx.read(async |tx| {
        let permit = access::on_network::<Own>(tx)?;
        let feeds = queries::list(tx, permit).await?;
        tx.record(Entry::new("calendar_feeds.list").listing(feeds.len()));
        Ok(feeds.into_iter().map(CalendarFeedView::from).collect())
    });
    Ok(Json(Page {
        items: items.await?,
        next: None,
    }))
}

/// Make an address for calendar programs; the one before ends. The address is shown this once.
#[utoipa::path(
    tag = "calendar_feeds",
    request_body = CreateCalendarFeed,
    responses((status = 201, body = NewCalendarFeed), (status = "4XX", body = Problem)),
)]
#[post("/v1/calendar-feeds")]
async fn create_calendar_feed(ctx: Ctx, input: Input<CreateCalendarFeed>) -> Result<Answer> {
    let id = input.value.id;
    ctx.write(&input.digest, async |tx| {
        let permit = access::on_network::<Own>(tx)?;
        let token = Token::new(tx.tenant_id)?;
        queries::revoke(tx, None).await?;
        queries::insert(tx, permit, id, &token.digest()).await?;
        tx.record(Entry::new("calendar_feed.create").on("calendar_feed", id));
        let made = NewCalendarFeed {
            id,
            url: token.address(&tx.app().config.public_url),
            created_at: tx.now,
        };
        Ok(Reply::created(made).once())
    })
    .await
}

/// End an address for calendar programs at once.
#[utoipa::path(
    tag = "calendar_feeds",
    request_body = Nothing,
    responses((status = 204), (status = "4XX", body = Problem)),
)]
#[post("/v1/calendar-feeds/{feed_id}/revoke")]
async fn revoke_calendar_feed(
    ctx: Ctx,
    feed_id: Path<Uuid>,
    input: Input<Nothing>,
) -> Result<Answer> {
    let id = *feed_id;
    ctx.write(&input.digest, async |tx| {
        let _permit = access::on_network::<Own>(tx)?;
        if queries::revoke(tx, Some(id)).await? == 0 {
            return Err(Error::NotFound);
        }
        tx.record(Entry::new("calendar_feed.revoke").on("calendar_feed", id));
        Ok(Reply::done(()))
    })
    .await
}

/// Fetch one's appointments for a calendar program, with exchanges of devices and deadlines for answers: kind and time
/// from a month ago to half a year ahead, no names. The address is the key; 404 once it ended, with the account or with
/// the post.
#[utoipa::path(
    tag = "calendar_feeds",
    security(()),
    responses(
        (status = 200, description = "RFC 5545", content_type = "text/calendar", body = String),
        (status = 304, description = "Nothing has changed"),
        (status = "4XX", body = Problem),
    ),
)]
#[get("/v1/calendar-feeds/{token}.ics")]
async fn read_calendar_feed(
    door: Door,
    token: Path<String>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let token = Token::read(&token).ok_or(Error::NotFound)?;
    let digest = token.digest();
    let tenant_id = token.tenant_id();
    let known = door.look_up(tenant_id, async |tx| queries::find_owner(tx, &digest).await);
    let known = known.await?.ok_or(Error::NotFound)?;
    // What is due is asked for as the person whose calendar it is.
    let reader = Actor::Person(known.person);
    let (text, changed_at) = door
        .within(tenant_id, reader, async |tx| read(tx, &digest).await)
        .await?;
    Ok(answer(&request, text, changed_at))
}

/// The calendar behind an address that is still good, and when any of it was last changed.
async fn read(tx: &Tx<'_>, digest: &[u8]) -> Result<(String, Option<DateTime<Utc>>)> {
    let owner = queries::find_owner(tx, digest)
        .await?
        .ok_or(Error::NotFound)?;
    let _permit = access::on_network::<Own>(tx)?;
    let post = owner.person.staff_member_id;
    let days = (tx.today() - feed::BACK, tx.today() + feed::AHEAD);
    let shown = Shown {
        taken: appointments::of_person(tx, post, days).await?,
        due: appointments::deadlines(tx, days).await?,
    };
    queries::note_read(tx, owner.feed_id).await?;
    tx.record(
        Entry::new("calendar_feed.read")
            .on("calendar_feed", owner.feed_id)
            .listing(shown.taken.len() + shown.due.len()),
    );
    Ok((
        feed::calendar(post, &shown, owner.japanese),
        feed::changed_at(&shown),
    ))
}

fn answer(request: &HttpRequest, text: String, changed_at: Option<DateTime<Utc>>) -> HttpResponse {
    let etag = format!("\"{}\"", ids::hex_digest(text.as_bytes()));
    let seen = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|tags| {
            tags.split(',')
                .any(|tag| tag.trim().trim_start_matches("W/") == etag)
        });
    let mut answer = if seen {
        HttpResponse::NotModified()
    } else {
        HttpResponse::Ok()
    };
    answer.insert_header((header::ETAG, etag));
    if let Some(at) = changed_at {
        let at = header::HttpDate::from(std::time::SystemTime::from(at));
        answer.insert_header((header::LAST_MODIFIED, at));
    }
    if seen {
        return answer.finish();
    }
    answer
        .content_type("text/calendar; charset=utf-8")
        .body(text)
}
