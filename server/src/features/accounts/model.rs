//! What is told to the owner of an account.

use uuid::Uuid;

use super::queries;
use crate::{
    Result,
    ctx::Tx,
    spine::mail::{self, Mail},
};

/// Tells the owner of an account something by mail. Nothing when there is no address. Never a secret, never of patients.
pub async fn notify(tx: &Tx<'_>, account_id: Uuid, subject: &str, text: &str) -> Result<()> {
    let Some(owner) = queries::find_owner(tx, account_id).await? else {
        return Ok(());
    };
    let Some(email) = owner.email else {
        return Ok(());
    };
    let body = format!(
        "{} 様\n\nつむぎ（多職種連携ネットワーク）からのお知らせです。\n\n{text}\n",
        owner.name
    );
    let mail = Mail {
        account_id: Some(account_id),
        recipient: &email,
        subject,
        body: &body,
    };
    mail::enqueue(tx, &mail).await
}
