use actix_web::{
    delete, get, post, put,
    web::{Json, Path},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    model::{Choice, Kind, MailChoice, Quiet, Settings},
    policy,
    push::{self, Subscription},
    queries,
    send::PURPOSE,
};
use crate::{
    Error, Result,
    ctx::{Ctx, Tx},
    error::{FieldError, Problem},
    features::events,
    spine::{
        audit::Entry,
        clock::{parse_minute, write_minute},
        ids,
        input::{Check, Input, Nothing},
        reply::{Answer, Reply},
    },
};

/// How many browsers of a person are told.
const MOST_BROWSERS: usize = 10;

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(find_notice_settings)
        .service(update_notice_settings)
        .service(create_push_subscription)
        .service(delete_push_subscription)
        .service(finish_notice);
}

/// How somebody is told of one kind of notice.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NoticeChoice {
    /// The kind.
    kind: Kind,
    /// Whether by push.
    push: bool,
    /// By mail at once, together once a day, or not.
    mail: MailChoice,
}

/// Hours of every day in which nobody is to be disturbed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct QuietHours {
    /// From when, by the clock in Japan: `21:00`.
    from: String,
    /// Until when: `07:00`.
    to: String,
}

impl QuietHours {
    fn quiet(&self) -> Option<Quiet> {
        let (from, to) = (parse_minute(&self.from)?, parse_minute(&self.to)?);
        (from < 1440 && to < 1440 && from != to).then_some(Quiet { from, to })
    }
}

/// How the caller wants to be told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UpdateNoticeSettings {
    /// By kind; kinds that are left out are as usual.
    kinds: Vec<NoticeChoice>,
    /// When not, but for what is urgent, and while one is on call. None when left out.
    #[serde(default)]
    quiet_hours: Option<QuietHours>,
    /// When mail goes out together: `07:30`.
    digest_at: String,
}

impl Check for UpdateNoticeSettings {
    fn check(&self, errors: &mut Vec<FieldError>) {
        let mut kinds: Vec<Kind> = self.kinds.iter().map(|choice| choice.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.len() != self.kinds.len() {
            let message = "each kind once";
            errors.push(FieldError::new("kinds", "not_allowed", message));
        }
        if self
            .quiet_hours
            .as_ref()
            .is_some_and(|hours| hours.quiet().is_none())
        {
            let message = "two different times such as 21:00 and 07:00";
            errors.push(FieldError::new("quiet_hours", "not_allowed", message));
        }
        if parse_minute(&self.digest_at).is_none_or(|minute| minute == 1440) {
            let message = "a time such as 07:30";
            errors.push(FieldError::new("digest_at", "not_allowed", message));
        }
    }
}

/// How the caller is told.
#[derive(Debug, Serialize, ToSchema)]
struct NoticeSettingsView {
    /// Every kind.
    kinds: Vec<NoticeChoice>,
    /// When not.
    quiet_hours: Option<QuietHours>,
    /// When mail goes out together.
    digest_at: String,
    /// The key by which a browser knows this server (`applicationServerKey`).
    push_key: String,
    /// The caller's browsers that can be told something.
    push_subscription_ids: Vec<Uuid>,
    /// Whether the account has a mail address.
    has_mail_address: bool,
}

/// Where a browser can be told something, as the browser says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreatePushSubscription {
    /// Identifier, chosen by the device.
    id: Uuid,
    /// Address at the browser's push service: https, at most 2,000 characters.
    endpoint: String,
    /// Key of the browser, in base64url.
    p256dh: String,
    /// Secret of the subscription, in base64url.
    auth: String,
}

impl CreatePushSubscription {
    fn subscription(&self) -> Option<Subscription> {
        let decode = |text: &str| ids::from_base64(text.trim_end_matches('='));
        let subscription = Subscription {
            endpoint: self.endpoint.clone(),
            p256dh: decode(&self.p256dh)?,
            auth: decode(&self.auth)?,
        };
        subscription.has_good_keys().then_some(subscription)
    }
}

impl Check for CreatePushSubscription {
    fn check(&self, errors: &mut Vec<FieldError>) {
        if self.endpoint.len() > 2000 {
            errors.push(FieldError::new(
                "endpoint",
                "too_long",
                "at most 2,000 characters",
            ));
        }
        if self.subscription().is_none() {
            let message = "keys as a browser gives them";
            errors.push(FieldError::new("p256dh", "not_allowed", message));
        }
    }
}

/// A browser that can be told something.
#[derive(Debug, Serialize, ToSchema)]
struct PushSubscriptionView {
    /// Identifier.
    id: Uuid,
}

/// A notice that waits no more.
#[derive(Debug, Serialize, ToSchema)]
struct FinishedNoticeView {
    /// Identifier.
    id: Uuid,
}

/// See how one is told of what waits.
#[utoipa::path(tag = "notices", responses((status = 200, body = NoticeSettingsView), (status = "4XX", body = Problem)))]
#[get("/v1/notice-settings")]
async fn find_notice_settings(ctx: Ctx) -> Result<Json<NoticeSettingsView>> {
    let view = ctx.read(async |tx| {
        let (account, _permit) = policy::may_keep_own(tx)?;
        tx.record(Entry::new("notice_settings.read"));
        settings_view(tx, account).await
    });
    Ok(Json(view.await?))
}

/// Say how one wants to be told, by kind of notice, and when not. Nothing that is sent by push or mail names a patient.
#[utoipa::path(
    tag = "notices",
    request_body = UpdateNoticeSettings,
    responses((status = 200, body = NoticeSettingsView), (status = "4XX", body = Problem)),
)]
#[put("/v1/notice-settings")]
async fn update_notice_settings(ctx: Ctx, input: Input<UpdateNoticeSettings>) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (account, permit) = policy::may_keep_own(tx)?;
        let choices = new.kinds.iter().map(|of| {
            let (push, mail) = (of.push, of.mail);
            (of.kind, Choice { push, mail })
        });
        let settings = Settings {
            choices: choices.collect(),
            quiet: new.quiet_hours.as_ref().and_then(QuietHours::quiet),
            digest_at: parse_minute(&new.digest_at).unwrap_or_default(),
        };
        queries::put_settings(tx, permit, account, &settings).await?;
        tx.record(Entry::new("notice_settings.update"));
        Ok(Reply::ok(settings_view(tx, account).await?))
    })
    .await
}

async fn settings_view(tx: &Tx<'_>, account: Uuid) -> Result<NoticeSettingsView> {
    let settings = queries::find_settings(tx, account).await?;
    let browsers = queries::list_subscriptions(tx, &[account]).await?;
    let mut accounts = queries::list_accounts(tx, &[account]).await?;
    let kinds = Kind::ALL.into_iter().map(|kind| {
        let Choice { push, mail } = settings.choice(kind);
        NoticeChoice { kind, push, mail }
    });
    Ok(NoticeSettingsView {
        kinds: kinds.collect(),
        quiet_hours: settings.quiet.map(|quiet| QuietHours {
            from: write_minute(quiet.from),
            to: write_minute(quiet.to),
        }),
        digest_at: write_minute(settings.digest_at),
        push_key: push::public_key(&tx.app().seal)?,
        push_subscription_ids: browsers.into_iter().map(|(id, ..)| id).collect(),
        has_mail_address: accounts.pop().is_some_and(|(.., email)| email.is_some()),
    })
}

/// Let a browser of one's own be told something. The same address again replaces what was known of it; of more than ten
/// browsers the oldest is forgotten.
#[utoipa::path(
    tag = "notices",
    request_body = CreatePushSubscription,
    responses((status = 201, body = PushSubscriptionView), (status = "4XX", body = Problem)),
)]
#[post("/v1/push-subscriptions")]
async fn create_push_subscription(
    ctx: Ctx,
    input: Input<CreatePushSubscription>,
) -> Result<Answer> {
    let new = &input.value;
    ctx.write(&input.digest, async |tx| {
        let (account, permit) = policy::may_keep_own(tx)?;
        let app = tx.app();
        let subscription = new.subscription().ok_or(Error::NotFound)?;
        if app.push.push_address(&new.endpoint).is_none() {
            let message = "an https address of a push service on the internet";
            return Err(Error::invalid("endpoint", "not_allowed", message));
        }
        let plain = serde_json::to_vec(&subscription).map_err(Error::internal)?;
        let sealed = app.seal.seal(PURPOSE, &[new.id], &plain)?;
        let digest = app.seal.mac(PURPOSE, new.endpoint.as_bytes());
        queries::put_subscription(tx, permit, (new.id, account), &digest, &sealed).await?;
        let known = queries::list_subscriptions(tx, &[account]).await?;
        let oldest = known.into_iter().skip(MOST_BROWSERS).map(|(id, ..)| id);
        let oldest: Vec<Uuid> = oldest.collect();
        queries::delete_subscriptions(tx, account, &oldest).await?;
        tx.record(Entry::new("push_subscription.create").on("push_subscription", new.id));
        Ok(Reply::created(PushSubscriptionView { id: new.id }))
    })
    .await
}

/// Let a browser of one's own not be told any more.
#[utoipa::path(
    tag = "notices",
    responses((status = 204, description = "Gone"), (status = "4XX", body = Problem)),
)]
#[delete("/v1/push-subscriptions/{push_subscription_id}")]
async fn delete_push_subscription(ctx: Ctx, push_subscription_id: Path<Uuid>) -> Result<Answer> {
    let id = *push_subscription_id;
    ctx.write(&[], async |tx| {
        let (account, _permit) = policy::may_keep_own(tx)?;
        if queries::delete_subscriptions(tx, account, &[id]).await? == 0 {
            return Err(Error::NotFound);
        }
        tx.record(Entry::new("push_subscription.delete").on("push_subscription", id));
        Ok(Reply::done(()))
    })
    .await
}

/// Take something off My work that one has seen: a mention, an answer, an announcement. Doing so again changes nothing.
#[utoipa::path(
    tag = "notices",
    request_body = Nothing,
    responses((status = 200, body = FinishedNoticeView), (status = "4XX", body = Problem)),
)]
#[post("/v1/notices/{notice_id}/finish")]
async fn finish_notice(ctx: Ctx, notice_id: Path<Uuid>, input: Input<Nothing>) -> Result<Answer> {
    let id = *notice_id;
    ctx.write(&input.digest, async |tx| {
        let (account, permit) = policy::may_keep_own(tx)?;
        if !queries::finish(tx, permit, account, id).await? {
            return Err(Error::NotFound);
        }
        events::enqueue_for(tx, events::WORK_CHANGED, None, &[tx.actor.ids().0]).await?;
        tx.record(Entry::new("notice.finish").on("notice", id));
        Ok(Reply::ok(FinishedNoticeView { id }))
    })
    .await
}
