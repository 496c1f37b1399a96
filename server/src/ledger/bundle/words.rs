//! A report in words.

use chrono::{DateTime, FixedOffset};

use super::{
    lines::Held,
    report::{Alteration, Kind, Lack, Outcome, Report},
};

/// The language of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Japanese.
    #[default]
    Japanese,
    /// English.
    English,
}

/// Both languages of a sentence, of which one is taken.
type Both<T = String> = (T, T);

impl Language {
    fn of<T>(self, both: Both<T>) -> T {
        match self {
            Self::Japanese => both.0,
            Self::English => both.1,
        }
    }
}

/// What was found, line by line.
pub fn explain(report: &Report, language: Language) -> Vec<String> {
    let mut lines = vec![headline(report.outcome)];
    if let Some(alteration) = &report.alteration {
        lines.extend(alteration_lines(alteration, report.places));
    }
    if report.bad_signatures > 0 {
        lines.push(bad_signatures(report.bad_signatures));
    }
    lines.extend(
        report
            .lacks
            .iter()
            .map(|lack| lack_line(*lack, report.line)),
    );
    if let Some(kind) = report.kind {
        lines.push((
            format!("ログ：{}（{}）", report.origin, held(kind).0),
            format!("log: {} ({})", report.origin, held(kind).1),
        ));
        lines.push(counts(report));
        lines.push(signed(report));
        lines.push(key(report));
    }
    lines.extend(
        report
            .since
            .iter()
            .map(|since| since_line(since.size, since.fits)),
    );
    lines.extend(remarks(report));
    lines.into_iter().map(|both| language.of(both)).collect()
}

fn both(japanese: &str, english: &str) -> Both {
    (japanese.to_owned(), english.to_owned())
}

fn headline(outcome: Outcome) -> Both {
    match outcome {
        Outcome::Sound => both(
            "健全です。記録は、署名されたときのままです。",
            "SOUND: the log is as it was signed.",
        ),
        Outcome::Altered => both(
            "改ざんがあります。記録が、署名されたときと違います。",
            "ALTERED: the log is not what was signed.",
        ),
        Outcome::Incomplete => both(
            "判定できません。確かめるために必要なものが足りません。",
            "INCOMPLETE: something that is needed to tell is missing.",
        ),
        Outcome::BadSignature => both(
            "署名が正しくありません。",
            "BAD SIGNATURE: this was not signed by the key of the log.",
        ),
        Outcome::Stale => both(
            "署名が古くなっています。記録は署名されたときのままですが、その後の署名がありません。",
            "STALE: the log is as it was signed, but nothing was signed for too long.",
        ),
    }
}

/// Places are counted from 0, as the interface counts them.
fn alteration_lines(alteration: &Alteration, places: u64) -> Vec<Both> {
    let mut lines = Vec::new();
    let at = alteration.index.unwrap_or(0);
    lines.push(match (alteration.kind, alteration.index) {
        (Kind::Edited, _) => (
            format!("書き換え（edited）：位置 {at} の記録の内容が変えられています。"),
            format!("edited: the entry at {at} says something else than it did."),
        ),
        (Kind::Deleted, _) => (
            format!("削除（deleted）：位置 {at} の記録が取り除かれています。"),
            format!("deleted: the entry at {at} was removed."),
        ),
        (Kind::Truncated, _) => (
            format!("末尾の切り捨て（truncated）：位置 {at} から後の記録がありません。"),
            format!("truncated: everything from {at} on is gone."),
        ),
        (Kind::Inserted, Some(at)) => (
            format!("差し込み（inserted）：位置 {at} に、なかったはずの記録があります。"),
            format!("inserted: the entry at {at} was put in."),
        ),
        (Kind::Inserted, None) => both(
            "差し込み（inserted）：サーバーが書いたものではない記録が加えられています。",
            "inserted: there is an entry that is not the server's; it has no place in the log.",
        ),
        (Kind::Swapped, _) => (
            format!("入れ替え（swapped）：位置 {at} の記録が、別の記録と入れ替えられています。"),
            format!("swapped: the entry at {at} was exchanged with another."),
        ),
        (Kind::RolledBack, _) => (
            format!(
                "巻き戻し（rolled_back）：以前のチェックポイントにあった記録が、位置 {at} から後で失われたか、別のものになっています。"
            ),
            format!(
                "rolled_back: from {at} on, the log is not what an older checkpoint stands for."
            ),
        ),
    });
    if let Some(before) = alteration.before {
        lines.push((
            format!("正確な位置は分かりません。位置 {at} 以後、{before} より前で始まっています。"),
            format!("Exactly where is not known: it begins at or after {at} and before {before}."),
        ));
    }
    if let Some(id) = alteration.id {
        lines.push((format!("記録の番号：{id}"), format!("entry: {id}")));
    }
    if places > 1 {
        lines.push((
            format!("問題のある箇所は、全部で {places} か所です。"),
            format!("Something is wrong in {places} places."),
        ));
    }
    lines
}

fn bad_signatures(count: u64) -> Both {
    (
        format!("このログの鍵による署名と認められないチェックポイントが {count} 件あります。"),
        format!("Checkpoints that the key did not sign: {count}."),
    )
}

fn lack_line(lack: Lack, line: Option<u64>) -> Both {
    let number = line.unwrap_or(0);
    match lack {
        Lack::Malformed => (
            format!("{number} 行目が読み取れません。"),
            format!("Line {number} cannot be read."),
        ),
        Lack::End => both(
            "ファイルが途中で終わっています。",
            "The file ends too early.",
        ),
        Lack::Checkpoint => both(
            "署名されたチェックポイントがないか、最新のものが欠けています。",
            "There is no signed checkpoint, or the newest is not there.",
        ),
        Lack::Tiles => both(
            "ハッシュ値が足りないため、署名された値と照らし合わせられません。",
            "Hashes are missing that lead to what was signed.",
        ),
        Lack::Proof => both(
            "証明の付いていない記録があります。",
            "An entry has no proof.",
        ),
        Lack::Opened => both(
            "内容の一部が省かれている記録があります。",
            "An entry does not say all that it is about.",
        ),
        Lack::Archive => both(
            "保管ファイルに移された記録は、まだ確かめていません。--archive でそのファイルを指定してください。",
            "Entries that were moved to an archive were not looked at; name its file with --archive.",
        ),
        Lack::Since => both(
            "以前のチェックポイントから続いているかどうかは、これだけでは分かりません。",
            "Whether it goes on from an older checkpoint cannot be told from this.",
        ),
    }
}

fn held(kind: Held) -> Both<&'static str> {
    match kind {
        Held::Full => ("全体", "all of it"),
        Held::Archive => ("一部の期間", "a part of it"),
        Held::Patient => ("一人の患者に関する記録", "what was about one patient"),
        Held::Entry => ("記録 1 件", "one entry"),
    }
}

fn counts(report: &Report) -> Both {
    let Report {
        entries,
        unsigned,
        unsealed,
        elsewhere,
        ..
    } = report;
    (
        format!(
            "確かめた記録：{entries} 件（うち署名待ち {unsigned} 件）。封印待ち：{unsealed} 件。別のファイルにある記録：{elsewhere} 件。"
        ),
        format!(
            "entries looked at: {entries} (not signed yet: {unsigned}); waiting for their place: {unsealed}; in other files: {elsewhere}"
        ),
    )
}

fn signed(report: &Report) -> Both {
    let Some(at) = report.signed_at else {
        return both("署名：なし", "signed: never");
    };
    let (size, at) = (report.size, japanese_time(at));
    (
        format!("最後の署名：{at}（日本時間）、{size} 件分"),
        format!("signed last: {at} (Japan), {size} entries"),
    )
}

fn key(report: &Report) -> Both {
    let key = &report.key;
    if report.key_given {
        return (format!("公開鍵：{key}"), format!("key: {key}"));
    }
    (
        format!(
            "公開鍵：{key}（調べた対象そのものから取った鍵です。別の手段で受け取った鍵と同じことを必ず確かめてください）"
        ),
        format!(
            "key: {key} (taken from what was examined: compare it with one that came another way)"
        ),
    )
}

fn since_line(size: u64, fits: Option<bool>) -> Both {
    match fits {
        Some(true) => (
            format!("以前のチェックポイント（{size} 件分）から続いています。"),
            format!("It goes on from the older checkpoint of {size} entries."),
        ),
        Some(false) => (
            format!("以前のチェックポイント（{size} 件分）と食い違っています。"),
            format!("It does not go on from the older checkpoint of {size} entries."),
        ),
        None => (
            format!("以前のチェックポイント（{size} 件分）とは照らし合わせられませんでした。"),
            format!("The older checkpoint of {size} entries could not be held against it."),
        ),
    }
}

fn remarks(report: &Report) -> Vec<Both> {
    let Report { late, ahead, .. } = report;
    let mut lines = Vec::new();
    if *late > 0 {
        lines.push((
            format!(
                "参考：記録された時刻から 1 時間以上たって封印されたものが {late} 件あります。"
            ),
            format!("note: {late} entries were sealed more than an hour after their time."),
        ));
    }
    if *ahead > 0 {
        lines.push((
            format!("参考：署名の時刻より後の時刻が書かれた記録が {ahead} 件あります。時計のずれを確かめてください。"),
            format!("note: {ahead} entries have a time after that of their signature; look at the clocks."),
        ));
    }
    lines
}

fn japanese_time(seconds: u64) -> String {
    let at = i64::try_from(seconds).ok();
    let at = at.and_then(|at| DateTime::from_timestamp(at, 0));
    match (at, FixedOffset::east_opt(9 * 3600)) {
        (Some(at), Some(japan)) => at
            .with_timezone(&japan)
            .format("%Y-%m-%d %H:%M:%S")
            .to_string(),
        _ => seconds.to_string(),
    }
}
