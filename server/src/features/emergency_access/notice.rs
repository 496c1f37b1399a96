//! Telling those who oversee: at once when emergency access begins, and again when a review is overdue. Mail names
//! nobody who is cared for.

use super::queries;
use crate::{
    Result,
    ctx::Tx,
    spine::{
        audit::Entry,
        mail::{self, Mail},
    },
};

/// Tells every administrator and auditor.
pub(super) async fn tell(tx: &Tx<'_>, subject: &str, text: &str) -> Result<()> {
    let link = tx.app().config.public_url.trim_end_matches('/');
    let body =
        format!("{text}\n\n内容はつむぎにサインインして確認してください。\n{link}/emergency\n");
    for (account_id, email) in queries::list_overseers(tx).await? {
        let Some(recipient) = email else { continue };
        let mail = Mail {
            account_id: Some(account_id),
            recipient: &recipient,
            subject,
            body: &body,
        };
        mail::enqueue(tx, &mail).await?;
    }
    Ok(())
}

/// Writes the end of what ran out into the log, and asks again for reviews that are overdue. Run by the worker.
pub async fn watch(tx: &Tx<'_>) -> Result<()> {
    for (id, patient_id) in queries::take_expired(tx).await? {
        tx.record(
            Entry::new("emergency_access.end")
                .of_patient(patient_id)
                .on("emergency_access", id),
        );
    }
    let overdue = queries::take_overdue(tx).await?;
    if overdue.is_empty() {
        return Ok(());
    }
    for id in &overdue {
        tx.record(Entry::new("emergency_access.overdue").on("emergency_access", *id));
    }
    let text = format!(
        "緊急時アクセスの確認（事後評価）が72時間を過ぎても行われていないものが{}件あります。",
        overdue.len()
    );
    tell(tx, "つむぎ 緊急時アクセスの確認が済んでいません", &text).await
}
