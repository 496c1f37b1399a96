//! Telling the person concerned, by mail that names no patient and says nothing of what was found.

use chrono::TimeDelta;
use uuid::Uuid;

use super::{
    super::model::{NewStep, StepKind},
    queries,
};
use crate::{
    Result,
    ctx::Tx,
    spine::{
        audit::Entry,
        mail::{self, Mail},
    },
};

/// How often somebody is reminded of a question that waits too long.
const EVERY: TimeDelta = TimeDelta::days(3);

/// Tells somebody that an auditor has asked something.
pub(in super::super) async fn ask_by_mail(tx: &Tx<'_>, person: Uuid) -> Result<()> {
    let text = "アクセスログの監査者から、記録の利用について確認のお願いがあります。";
    tell(
        tx,
        person,
        "つむぎ アクセスの理由についてご回答ください",
        text,
    )
    .await
}

/// Reminds those who have not answered in time. Run by the worker.
pub(in super::super) async fn remind(tx: &Tx<'_>) -> Result<()> {
    let mut steps = Vec::new();
    for (id, finding, person) in queries::take_overdue(tx, EVERY).await? {
        let text = "アクセスログの監査者からの確認のお願いについて、回答期限を過ぎています。";
        tell(
            tx,
            person,
            "つむぎ 確認のお願いの回答期限が過ぎています",
            text,
        )
        .await?;
        let version = queries::next_version(tx, finding).await?;
        let mut step = NewStep::by_server(tx, finding, version, StepKind::Reminded);
        step.request_id = Some(id);
        steps.push(step);
        tx.record(Entry::new("justification_request.remind").on("justification_request", id));
    }
    queries::insert_steps(tx, &steps).await
}

async fn tell(tx: &Tx<'_>, person: Uuid, subject: &str, text: &str) -> Result<()> {
    let Some((account_id, Some(recipient))) = queries::address_of(tx, person).await? else {
        return Ok(());
    };
    let link = tx.app().config.public_url.trim_end_matches('/');
    let body = format!(
        "{text}\n\n内容はつむぎにサインインして確認し、回答してください。\n{link}/justifications\n"
    );
    let mail = Mail {
        account_id: Some(account_id),
        recipient: &recipient,
        subject,
        body: &body,
    };
    mail::enqueue(tx, &mail).await
}
