//! Invitations to enrol: a link that is mailed, and a code that whoever invites hands over after looking at the person.
//! Both are needed, so that neither the mailbox nor the code alone opens an account. Owns `invitations`.

mod queries;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    Result,
    ctx::Tx,
    spine::{
        ids,
        mail::{self, Mail},
    },
};

/// How long an invitation is good.
const LIFETIME: TimeDelta = TimeDelta::days(7);
/// What codes are made of: nothing that looks like something else.
const ALPHABET: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// What an invitation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The first enrolment.
    First,
    /// A new beginning after everything was lost.
    Recovery,
}

impl Purpose {
    /// The code in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Recovery => "recovery",
        }
    }
}

/// An invitation that was made. The code is shown this once, to be handed over.
#[derive(Debug, Serialize, serde::Deserialize, ToSchema)]
pub struct NewInvitation {
    /// Identifier.
    pub id: Uuid,
    /// Code to be handed over, such as `K7QM-3XWP`.
    pub code: String,
    /// Until when it is good.
    pub expires_at: DateTime<Utc>,
}

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}

/// Invites the owner of an account: earlier invitations die, the link is mailed, the code is answered.
pub async fn invite(
    tx: &Tx<'_>,
    account_id: Uuid,
    name: &str,
    email: &str,
    purpose: Purpose,
) -> Result<NewInvitation> {
    let (token, code) = (ids::to_base64(&ids::secret()?), code()?);
    let invitation = NewInvitation {
        id: ids::new_id(),
        expires_at: tx.now + LIFETIME,
        code,
    };
    queries::revoke_open(tx, account_id).await?;
    queries::insert(tx, account_id, purpose, &invitation, &token).await?;
    let link = format!(
        "{}/enrol#{}.{token}",
        tx.app().config.public_url.trim_end_matches('/'),
        tx.tenant_id.simple()
    );
    let body = format!(
        "{name} 様\n\nつむぎ（多職種連携ネットワーク）の利用登録のご案内です。\n\n\
         次のリンクを開き、別にお渡しする登録コードを入力してください。\n{link}\n\n\
         リンクの有効期間は7日間です。お心当たりのない場合は、このメールを破棄してください。\n"
    );
    let mail = Mail {
        account_id: Some(account_id),
        recipient: email,
        subject: "つむぎ 利用登録のご案内",
        body: &body,
    };
    mail::enqueue(tx, &mail).await?;
    Ok(invitation)
}

/// Eight characters in two groups: 40 bits, good only together with the link and only for a few tries.
fn code() -> Result<String> {
    let random = ids::secret()?;
    let text: String = random
        .iter()
        .take(8)
        .filter_map(|byte| ALPHABET.get(usize::from(byte % 32)))
        .map(|byte| char::from(*byte))
        .collect();
    let (first, second) = text.split_at_checked(4).unwrap_or((&text, ""));
    Ok(format!("{first}-{second}"))
}
