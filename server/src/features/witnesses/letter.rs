//! The mail to the person responsible: the checkpoint at the end of the last month and the newest one, every month.

use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};

use super::{
    model::{Kind, begin_of, month_of, next_letter_at},
    queries::{self, Witness},
};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::{checkpoint::Checkpoint, note::Note},
    spine::{
        clock::japanese_time,
        mail::{self, Mail},
        sealing,
    },
};

/// What a letter is made of.
struct Contents<'a> {
    name: &'a str,
    network: &'a str,
    /// The month that has ended, and the checkpoint at its end, where there was one.
    last: Option<(NaiveDate, Kept)>,
    newest: Kept,
    public_key: String,
}

/// A checkpoint in a letter.
struct Kept {
    size: u64,
    at: DateTime<Utc>,
    note: String,
}

/// Writes the letters that are due; answers how many. Needs the role that reads the log.
pub async fn write_letters(tx: &Tx<'_>) -> Result<usize> {
    let mut due = queries::lock_all(tx, Kind::Mail).await?;
    due.retain(|row| row.next_at <= tx.now);
    if due.is_empty() {
        return Ok(0);
    }
    let Some(head) = sealing::current(tx).await? else {
        return Ok(0);
    };
    let Some((checkpoint, note, at)) = head.signed else {
        return Ok(0);
    };
    let month = month_of(tx.now);
    let before = month.checked_sub_months(Months::new(1)).unwrap_or(month);
    let span = (begin_of(before), begin_of(month));
    let last = queries::find_last_checkpoint(tx, span).await?;
    let key = tx.app().signer.verifier(&head.origin).await;
    let mut contents = Contents {
        name: "",
        network: &queries::find_network_name(tx).await?,
        last: last.and_then(|(note, at)| {
            let size = Checkpoint::parse(&Note::parse(&note)?.text)?.size;
            Some((before, Kept { size, at, note }))
        }),
        newest: Kept {
            size: checkpoint.size,
            at,
            note: note.to_string(),
        },
        public_key: key.map_err(Error::unavailable)?.to_string(),
    };
    for row in &due {
        contents.name = &row.name;
        send(tx, row, &contents).await?;
        let size = (head.tree, checkpoint.size.cast_signed());
        queries::update_witnessed(tx, row.id, size, next_letter_at(tx.now)).await?;
    }
    Ok(due.len())
}

async fn send(tx: &Tx<'_>, row: &Witness, contents: &Contents<'_>) -> Result<()> {
    let Some(recipient) = row.address.as_deref() else {
        return Err(Error::internal("a mail without an address"));
    };
    let month = month_of(tx.now);
    let subject = format!(
        "つむぎ アクセスログの控え（{}年{}月）",
        month.year(),
        month.month()
    );
    let mail = Mail {
        account_id: None,
        recipient,
        subject: &subject,
        body: &body(contents),
    };
    mail::enqueue(tx, &mail).await
}

fn kept(title: &str, kept: &Kept) -> String {
    let at = japanese_time(kept.at).format("%Y年%-m月%-d日 %-H時%-M分");
    let (size, note) = (kept.size, kept.note.trim_end());
    format!("■ {title}\n記録 {size} 件まで／{at} 署名\n\n--------\n{note}\n--------\n")
}

fn body(contents: &Contents<'_>) -> String {
    let (name, network, key) = (contents.name, contents.network, &contents.public_key);
    let last = contents.last.as_ref().map(|(month, last)| {
        let title = format!("{}年{}月末の控え", month.year(), month.month());
        format!("{}\n", kept(&title, last))
    });
    let last = last.unwrap_or_default();
    let newest = kept("最新の控え", &contents.newest);
    format!(
        "{name} 様\n\n\
         「{network}」のアクセスログ（誰が・いつ・どの情報を見たかの記録）の控えをお送りします。\n\
         毎月1回、医療情報システム安全管理責任者の方にお送りしているものです。\n\n\
         【お願い】\n\
         このメールは削除せずに保管してください。印刷して綴じておくと、より確実です。\n\n\
         控えは、その時点までのアクセスログ全体に対する電子署名です。あとからログが書き換えられたり、\
         消されたり、古い状態に戻されたりすると、この控えと合わなくなるので、必ず分かります。\n\
         控えに患者さんの情報は含まれていません。\n\n\
         {last}{newest}\n\
         ■ 公開鍵（署名の確認に使います）\n{key}\n\n\
         ■ 確かめるとき\n\
         「--------」で囲まれた部分をそのまま（空行も含めて）テキストファイルに保存し、公開鍵と一緒に監査担当者へ渡して、\
         「tsumugi audit verify」による検証を依頼してください。検証はサーバーの管理者以外の方でもできます。\n\
         「最新の控え」が先月のメールの控えより小さい件数になっているとき、または検証で「不一致」と出たときは、\
         ログが失われたか書き換えられたおそれがあります。すぐにネットワーク管理者と運用担当者へ連絡し、\
         このメールを証拠として保管してください。\n\n\
         担当者や宛先が変わるときは、ネットワーク管理者へお知らせください。\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_holds_both_checkpoints_as_they_are() {
        let note = |size: u64| {
            format!(
                "localhost/access-log/kita/1\n{size}\nAAAA\n\n— localhost/access-log/kita/1 BBBB\n"
            )
        };
        let at: DateTime<Utc> = "2026-11-30T14:59:00Z".parse().unwrap();
        let kept = |size| Kept {
            size,
            at,
            note: note(size),
        };
        let contents = Contents {
            name: "安全 太郎",
            network: "北部在宅ケアネット",
            last: NaiveDate::from_ymd_opt(2026, 11, 1).zip(Some(kept(120))),
            newest: kept(130),
            public_key: "localhost/access-log/kita/1+aaaa+AAAA".to_owned(),
        };
        let text = body(&contents);
        assert!(text.starts_with("安全 太郎 様\n"));
        assert!(text.contains("2026年11月末の控え\n記録 120 件まで／2026年11月30日 23時59分 署名"));
        for size in [120, 130] {
            assert!(
                text.contains(&format!("--------\n{}--------\n", note(size))),
                "{text}"
            );
        }
        let without = body(&Contents {
            last: None,
            ..contents
        });
        assert!(!without.contains("月末の控え") && without.contains("最新の控え"));
    }
}
