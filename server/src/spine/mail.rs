//! Mail: written in the transaction of what it tells of, sent by the worker. Never holds information about a patient,
//! and never is a factor of signing in.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use tsumugi_schema::tables::mails;
use uuid::Uuid;

use super::ids;
use crate::{Result, ctx::Tx};

/// A mail to be sent: plain text.
#[derive(Debug)]
pub struct Mail<'a> {
    /// The account that it concerns.
    pub account_id: Option<Uuid>,
    /// Address.
    pub recipient: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Text.
    pub body: &'a str,
}

/// Whether mail can be sent there, as far as the address tells.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.is_ascii() && text.parse::<lettre::Address>().is_ok()
}

/// Puts a mail into the post of this transaction.
pub async fn enqueue(tx: &Tx<'_>, mail: &Mail<'_>) -> Result<()> {
    diesel::insert_into(mails::table)
        .values((
            mails::tenant_id.eq(tx.tenant_id),
            mails::id.eq(ids::new_id()),
            mails::account_id.eq(mail.account_id),
            mails::recipient.eq(mail.recipient),
            mails::subject.eq(mail.subject),
            mails::body.eq(mail.body),
            mails::created_at.eq(tx.now),
            mails::due_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    tx.note_work();
    Ok(())
}
