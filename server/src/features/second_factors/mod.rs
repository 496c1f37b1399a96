//! One's own factors: password, one-time codes, recovery codes. Owns `recovery_codes` and the columns of `accounts` that
//! hold factors; spends `temporary_codes`.

mod queries;

use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{Result, ctx::Tx, features::accounts, spine::ids};

pub use queries::drop_all;

/// Registers the operations.
pub fn configure(_: &mut ServiceConfig<'_>) {}

/// What came of a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spending {
    /// It was good, and is spent. Names the temporary code that it was, if it was one.
    Good(Option<Uuid>),
    /// It was good before.
    Used,
    /// It is not right.
    Wrong,
}

/// Spends a code, in this transaction.
pub async fn spend(tx: &Tx<'_>, account_id: Uuid, typed: &str) -> Result<Spending> {
    let digest = ids::digest(ids::as_given_out(typed).as_bytes());
    Ok(
        match queries::spend_temporary_code(tx, account_id, &digest).await? {
            None => Spending::Wrong,
            Some((_, false)) => Spending::Used,
            Some((id, true)) => Spending::Good(Some(id)),
        },
    )
}

/// A change of somebody's factors, of which the owner is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// An administrator has withdrawn all factors.
    Reset,
    /// A new passkey.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
}

/// Tells the owner of an account by mail that factors have changed.
pub async fn notify(tx: &Tx<'_>, account_id: Uuid, change: Change) -> Result<()> {
    let sentence = match change {
        Change::Reset => "管理者が認証方法をリセットしました。",
        Change::PasskeyAdded => "パスキーが登録されました。",
        Change::PasskeyRemoved => "パスキーの登録が削除されました。",
    };
    accounts::notify(tx, account_id, "つむぎ 認証方法に関するお知らせ", sentence).await
}
