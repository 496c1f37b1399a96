use actix_web::{get, web::Json};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::queries;
use crate::{
    Error, Result,
    ctx::{Door, Tx},
    error::Problem,
    spine::{audit::Entry, auth::Actor, page::Page},
};

/// How many mails are shown.
const SHOWN: usize = 100;

/// Registers the operations.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_mails);
}

/// A mail that is shown instead of being sent.
#[derive(Debug, Serialize, ToSchema)]
struct MailView {
    /// Identifier.
    id: Uuid,
    /// Address.
    recipient: String,
    /// Subject.
    subject: String,
    /// Text.
    body: String,
    /// When it was written.
    created_at: DateTime<Utc>,
}

/// List the newest 100 mails of all networks, newest first, without signing in. Only in the demonstration: elsewhere
/// there is no such address.
#[utoipa::path(
    tag = "mailbox",
    security(()),
    responses((status = 200, body = Page<MailView>), (status = "4XX", body = Problem)),
)]
#[get("/v1/mailbox")]
async fn list_mails(door: Door) -> Result<Json<Page<MailView>>> {
    if !door.app.config.mailbox {
        return Err(Error::NotFound);
    }
    let mut items = Vec::new();
    // Networks are walled off from each other, so that each is read on its own.
    for network in door.look_up(Uuid::nil(), queries::networks).await? {
        let read = async |tx: &Tx<'_>| {
            let mails = queries::newest(tx, i64::try_from(SHOWN).unwrap_or(i64::MAX)).await?;
            tx.record(Entry::new("mails.list").listing(mails.len()));
            Ok(mails)
        };
        let mails = door.within(network, Actor::Anonymous, read).await?;
        items.extend(mails.into_iter().map(|mail| MailView {
            id: mail.id,
            recipient: mail.recipient,
            subject: mail.subject,
            body: mail.body.unwrap_or_default(),
            created_at: mail.created_at,
        }));
    }
    items.sort_by_key(|mail| std::cmp::Reverse((mail.created_at, mail.id)));
    items.truncate(SHOWN);
    Ok(Json(Page { items, next: None }))
}
