use uuid::Uuid;

use super::queries;
use crate::{
    Error, Result,
    ctx::Tx,
    spine::{
        auth::password_rules::{self, Rules},
        settings,
    },
};

/// Checks a new password of this account by the rules of its network; refuses with what is wrong about `field`.
pub async fn check_password(
    tx: &Tx<'_>,
    account_id: Uuid,
    field: &str,
    password: &str,
) -> Result<()> {
    let (login, name, slug, network) = queries::context(tx, account_id).await?;
    let rules = Rules {
        composition: settings::of_network(tx).await?.password_composition,
        context: vec![login, name, slug, network],
    };
    let mut wrong = Vec::new();
    password_rules::check(field, password, &rules, &mut wrong);
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(wrong))
    }
}
