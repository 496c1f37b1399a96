use uuid::Uuid;

use super::{Change, queries};
use crate::{
    Result,
    ctx::Tx,
    spine::{
        clock,
        mail::{self, Mail},
    },
};

/// Tells the owner of an account by mail that factors have changed. Says what and when, never a secret.
pub async fn notify(tx: &Tx<'_>, account_id: Uuid, change: Change) -> Result<()> {
    let Some((name, Some(email))) = queries::address(tx, account_id).await? else {
        return Ok(());
    };
    let at = clock::japanese_time(tx.now).format("%Y年%-m月%-d日 %-H時%-M分");
    let body = format!(
        "{name} 様\n\nつむぎ（多職種連携ネットワーク）からのお知らせです。\n\n{at}、{}\n\n\
         お心当たりのない場合は、すぐにネットワーク管理者へ連絡してください。\n",
        change.sentence()
    );
    let mail = Mail {
        account_id: Some(account_id),
        recipient: &email,
        subject: "つむぎ 認証方法に関するお知らせ",
        body: &body,
    };
    mail::enqueue(tx, &mail).await
}
