use uuid::Uuid;

use super::{
    Change,
    model::Code,
    notify,
    queries::{self, Held},
    seeds::unseal,
};
use crate::{Result, ctx::Tx};

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

/// Whether the account has anything that can be shown besides the password.
pub async fn has_second_factor(tx: &Tx<'_>, account_id: Uuid) -> Result<bool> {
    let held = queries::held(tx, account_id).await?;
    let temporary = queries::has_temporary_code(tx, account_id).await?;
    Ok(temporary || held.is_some_and(|held| held.second_factors() > 0 || held.recovery_codes > 0))
}

/// Spends a code of any kind, in this transaction: whoever comes second with the same code finds it used, wherever that
/// is (AN-05). A caller that answers with a refusal all the same must not take the spending back.
pub async fn spend(tx: &Tx<'_>, account_id: Uuid, typed: &str) -> Result<Spending> {
    match Code::read(typed) {
        Code::OneTime(code) => one_time(tx, account_id, &code).await,
        Code::Recovery(digest) => {
            let spending = match queries::spend_recovery_code(tx, account_id, &digest).await? {
                None => Spending::Wrong,
                Some(false) => Spending::Used,
                Some(true) => Spending::Good(None),
            };
            if spending == Spending::Good(None) {
                notify(tx, account_id, Change::RecoveryCodeUsed).await?;
            }
            Ok(spending)
        }
        Code::Temporary(digest) => Ok(
            match queries::spend_temporary_code(tx, account_id, &digest).await? {
                None => Spending::Wrong,
                Some((_, false)) => Spending::Used,
                Some((id, true)) => Spending::Good(Some(id)),
            },
        ),
        Code::Nothing => Ok(Spending::Wrong),
    }
}

async fn one_time(tx: &Tx<'_>, account_id: Uuid, code: &str) -> Result<Spending> {
    let held: Option<Held> = queries::held(tx, account_id).await?;
    let Some(sealed) = held.and_then(|held| held.totp_sealed) else {
        return Ok(Spending::Wrong);
    };
    let Some(step) = unseal(tx, account_id, &sealed)?.step_of(code, tx.now) else {
        return Ok(Spending::Wrong);
    };
    Ok(if queries::advance_step(tx, account_id, step).await? {
        Spending::Good(None)
    } else {
        Spending::Used
    })
}
