//! Recomputes the entries of a month, and the tree from them up to the latest checkpoint.

use super::{
    super::{model::Period, policy::Read},
    queries::{self, Places},
};
use crate::{
    Error, Result,
    ctx::Tx,
    ledger::bundle::{Asked, Kind, Lack, Outcome, Report},
    print::Verification,
    spine::{
        access::Permit,
        sealing::{
            self, Head,
            walk::{self, Walk},
        },
    },
};

/// Most places that are recomputed for one report: some seconds of work.
const MOST: u64 = 200_000;

/// Recomputes what something signed stands for, at most so much, the newest of the month.
pub(super) async fn verify(
    tx: &Tx<'_>,
    permit: &Permit<Read>,
    head: &Head,
    period: &Period,
    places: &Places,
) -> Result<Verification> {
    let Some((signed, ..)) = &head.signed else {
        return Ok(Verification::NotChecked);
    };
    if let Some(loose) = without_place(tx, permit, head, period).await? {
        return Ok(loose);
    }
    let Some((first, last)) = places.first.zip(places.last) else {
        return Ok(Verification::Nothing);
    };
    let end = (last + 1).min(signed.size);
    if first >= end {
        return Ok(Verification::Nothing);
    }
    let start = first.max(end.saturating_sub(MOST));
    let report = examine(tx, start..end).await?;
    Ok(match report {
        Some(report) => said(tx, &report, start - first),
        None => Verification::NotChecked,
    })
}

/// Entries that have no place although nothing is left to be sealed: nobody but a server writes entries, and whatever a
/// server writes gets its place.
async fn without_place(
    tx: &Tx<'_>,
    permit: &Permit<Read>,
    head: &Head,
    period: &Period,
) -> Result<Option<Verification>> {
    let loose = queries::count_without_place(tx, permit, head.tree, period.span()).await?;
    let waiting = sealing::unsealed(tx, head.tree).await?.waiting;
    Ok((loose > waiting).then(|| Verification::NotSound {
        at: tx.now,
        first: None,
        what: format!(
            "サーバーが封印していない記録が{}件あります",
            loose - waiting
        ),
    }))
}

async fn examine(tx: &Tx<'_>, places: std::ops::Range<u64>) -> Result<Option<Report>> {
    let Some(walk) = Walk::within(tx, places).await? else {
        return Ok(None);
    };
    let verifier = tx.app().signer.verifier(walk.origin()).await;
    let verifier = verifier.map_err(Error::unavailable)?;
    let header = walk.header(&verifier, &tx.now.to_rfc3339());
    // Known here: it did not come out of what is verified.
    let asked = Asked {
        key_given: true,
        ..Asked::default()
    };
    Ok(Some(walk::examine(walk, header, &verifier, asked).await?))
}

/// What was found, as it is printed; `before` places of the month were passed over.
fn said(tx: &Tx<'_>, report: &Report, before: u64) -> Verification {
    let (at, checked) = (tx.now, report.entries);
    let elsewhere = report.lacks == [Lack::Archive];
    match report.outcome {
        Outcome::Sound | Outcome::Stale | Outcome::Incomplete
            if report.outcome != Outcome::Incomplete || elsewhere =>
        {
            match rest(before, report.elsewhere) {
                None => Verification::Sound { at, checked },
                Some(rest) => Verification::Partly { at, checked, rest },
            }
        }
        Outcome::BadSignature => Verification::NotSound {
            at,
            first: None,
            what: "チェックポイントの署名が、このログの鍵によるものではありません".to_owned(),
        },
        Outcome::Altered => Verification::NotSound {
            at,
            first: report.alteration.and_then(|found| found.index),
            what: report
                .alteration
                .map_or("", |found| what(found.kind))
                .to_owned(),
        },
        _ => Verification::Incomplete {
            at,
            what: "確かめるために必要なハッシュまたはチェックポイントが足りません".to_owned(),
        },
    }
}

/// What was not recomputed.
fn rest(before: u64, elsewhere: u64) -> Option<String> {
    let (first, other) = (grouped(before), grouped(elsewhere));
    let passed = format!(
        "当月のはじめの{first}件は再計算していません。全件の検証は、運用担当者が検証コマンドで行います"
    );
    let filed = format!("ほかの月の{other}件は保管ファイルにあるため、ここでは再計算していません");
    match (before, elsewhere) {
        (0, 0) => None,
        (_, 0) => Some(passed),
        (0, _) => Some(filed),
        (..) => Some(format!("{filed}。{passed}")),
    }
}

/// 1234567 as 1,234,567.
fn grouped(number: u64) -> String {
    let rest = number % 1000;
    match number / 1000 {
        0 => rest.to_string(),
        thousands => format!("{},{rest:03}", grouped(thousands)),
    }
}

fn what(kind: Kind) -> &'static str {
    match kind {
        Kind::Edited => "記録の内容が、署名されたときと違います",
        Kind::Deleted | Kind::Truncated => "記録が取り除かれています",
        Kind::Inserted => "サーバーが書いたものではない記録が加えられています",
        Kind::Swapped => "記録が入れ替わっています",
        Kind::RolledBack => "以前に署名された状態より前に戻っています",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_recomputed_is_said() {
        assert_eq!(rest(0, 0), None);
        assert!(rest(5, 0).unwrap().starts_with("当月のはじめの5件"));
        assert!(rest(0, 7).unwrap().starts_with("ほかの月の7件"));
        assert_eq!(grouped(1_026_742), "1,026,742");
        let both = rest(5, 7).unwrap();
        assert!(both.contains("7件は保管ファイル") && both.contains("はじめの5件"));
    }
}
