//! The actions of the access log in words that a patient understands.
//!
//! Every action that the server records is in `words.txt`: with its words where it may concern a patient, or as one that
//! concerns nobody's record. A new action without a line there fails a test.

use std::{collections::HashMap, sync::LazyLock};

use serde::Serialize;
use utoipa::ToSchema;

/// What was done, as one of a few kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AccessClass {
    /// 見た
    Seen,
    /// 書いた
    Written,
    /// 直した・取り消した
    Corrected,
    /// 確認した
    Confirmed,
    /// 印刷や書き出しをした
    Exported,
    /// 探した
    Searched,
    /// 一覧に表示された
    Listed,
    /// 同意を変えた
    Consent,
    /// 担当者を変えた
    Team,
    /// 登録・手続きをした
    Kept,
    /// 連携システムから届いた
    Received,
    /// 緊急時アクセスをした
    Emergency,
    /// 点検した
    Checked,
    /// その他
    Other,
}

/// A verb: its name in `words.txt`, its kind, done and tried in Japanese after its object, in English before it.
type Verb = (
    &'static str,
    AccessClass,
    (&'static str, &'static str),
    (&'static str, &'static str),
);

const VERBS: [Verb; 20] = {
    use AccessClass as C;
    [
        ("see", C::Seen, ("を見た", "を見ようとして"), ("saw", "see")),
        (
            "write",
            C::Written,
            ("を書いた", "を書こうとして"),
            ("wrote", "write"),
        ),
        (
            "link",
            C::Written,
            ("を記録に加えた", "を記録に加えようとして"),
            ("added", "add"),
        ),
        (
            "resend",
            C::Written,
            ("を送り直した", "を送り直そうとして"),
            ("sent again", "send again"),
        ),
        (
            "correct",
            C::Corrected,
            ("を直した", "を直そうとして"),
            ("corrected", "correct"),
        ),
        (
            "retract",
            C::Corrected,
            ("を取り消した", "を取り消そうとして"),
            ("retracted", "retract"),
        ),
        (
            "confirm",
            C::Confirmed,
            ("を確認した", "を確認しようとして"),
            ("acknowledged", "acknowledge"),
        ),
        (
            "export",
            C::Exported,
            ("を書き出した", "を書き出そうとして"),
            ("exported", "export"),
        ),
        (
            "search",
            C::Searched,
            ("で探した", "で探そうとして"),
            ("searched by", "search by"),
        ),
        (
            "list",
            C::Listed,
            ("に表示された", "を開こうとして"),
            ("listed the patient", "list the patient"),
        ),
        (
            "agree",
            C::Consent,
            ("を記録した", "を記録しようとして"),
            ("recorded", "record"),
        ),
        (
            "withdraw",
            C::Consent,
            ("を取り下げた", "を取り下げようとして"),
            ("withdrew", "withdraw"),
        ),
        (
            "join",
            C::Team,
            ("を登録した", "を登録しようとして"),
            ("registered", "register"),
        ),
        (
            "leave",
            C::Team,
            ("を終えた", "を終えようとして"),
            ("ended", "end"),
        ),
        (
            "keep",
            C::Kept,
            ("を登録した", "を登録しようとして"),
            ("registered", "register"),
        ),
        (
            "close",
            C::Kept,
            ("を終えた", "を終えようとして"),
            ("ended", "end"),
        ),
        (
            "send",
            C::Received,
            ("を届けた", "を届けようとして"),
            ("delivered", "deliver"),
        ),
        (
            "open",
            C::Emergency,
            ("を始めた", "を始めようとして"),
            ("began", "begin"),
        ),
        (
            "shut",
            C::Emergency,
            ("を終えた", "を終えようとして"),
            ("ended", "end"),
        ),
        (
            "check",
            C::Checked,
            ("を点検した", "を点検しようとして"),
            ("checked", "check"),
        ),
    ]
};

/// Whose record an action may concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concern {
    /// A patient's.
    Patient,
    /// Nobody's.
    Nobody,
}

/// An action in words.
struct Words {
    verb: Verb,
    ja: &'static str,
    en: &'static str,
}

/// Every line of `words.txt`; nothing for what concerns nobody's record.
static WORDS: LazyLock<HashMap<&'static str, Option<Words>>> = LazyLock::new(|| {
    let lines = include_str!("words.txt").lines();
    lines.filter_map(read).collect()
});

fn read(line: &'static str) -> Option<(&'static str, Option<Words>)> {
    let mut parts = line.split(" | ");
    let (action, name) = (parts.next()?, parts.next()?);
    if name == "nobody" {
        return Some((action, None));
    }
    let verb = VERBS.into_iter().find(|(known, ..)| *known == name)?;
    let (ja, en) = (parts.next()?, parts.next()?);
    Some((action, Some(Words { verb, ja, en })))
}

/// Whose record an action may concern; nothing for an action that nobody has put into words.
pub fn concern(action: &str) -> Option<Concern> {
    WORDS.get(action).map(|words| match words {
        Some(_) => Concern::Patient,
        None => Concern::Nobody,
    })
}

/// What somebody was shown or changed by an action: which information, and whether it was a list or a search only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// In Japanese.
    pub ja: &'static str,
    /// In English.
    pub en: &'static str,
    /// Whether the patient was named among others only.
    pub listed: bool,
}

/// The information that an action is about.
pub fn subject(action: &str) -> Subject {
    let Some(words) = WORDS.get(action).and_then(Option::as_ref) else {
        return Subject {
            ja: "その他",
            en: "other information",
            listed: false,
        };
    };
    let (_, class, ..) = words.verb;
    let listed = [AccessClass::Listed, AccessClass::Searched].contains(&class);
    if listed {
        return Subject {
            ja: "一覧の項目（氏名・生年月日など）",
            en: "what a list shows (name, birth date)",
            listed,
        };
    }
    Subject {
        ja: words.ja,
        en: words.en,
        listed,
    }
}

/// What was done, as a kind and as a sentence without its subject, in Japanese and in English. What has no words is said
/// to be another act: it is never left out.
pub(super) fn say(action: &str, refused: bool) -> (AccessClass, String, String) {
    let Some(Words { verb, ja, en }) = WORDS.get(action).and_then(Option::as_ref) else {
        let (ja, en) = if refused {
            (
                "その他の操作をしようとして断られた",
                "tried another act and was refused",
            )
        } else {
            ("その他の操作をした", "did another act")
        };
        return (AccessClass::Other, ja.to_owned(), en.to_owned());
    };
    let (_, class, (done_ja, tried_ja), (done_en, try_en)) = verb;
    if refused {
        let tried = format!("tried to {try_en} {en} and was refused");
        return (*class, format!("{ja}{tried_ja}断られた"), tried);
    }
    (*class, format!("{ja}{done_ja}"), format!("{done_en} {en}"))
}

/// A purpose of use, in Japanese and in English.
pub(super) fn purpose(code: &str) -> (&'static str, &'static str) {
    match code {
        "TREAT" => ("診療・看護・介護のため", "Treatment and care"),
        "CAREMGT" => ("ケアマネジメントのため", "Care management"),
        "ETREAT" => ("緊急の対応のため", "Treatment in an emergency"),
        "HSYSADMIN" => ("仕組みの管理のため", "Keeping the system"),
        "HCOMPL" => ("監査のため", "Audit"),
        "PATRQT" => ("ご本人の求めによる", "At the patient's request"),
        "FAMRQT" => ("ご家族の求めによる", "At the family's request"),
        _ => ("その他の目的", "Another purpose"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_understood_and_in_order() {
        let lines = include_str!("words.txt").lines();
        let lines: Vec<&str> = lines.filter(|line| !line.starts_with('#')).collect();
        assert_eq!(WORDS.len(), lines.len());
        for line in &lines {
            assert!(read(line).is_some(), "{line}");
        }
        let (about, apart): (Vec<&str>, Vec<&str>) = lines
            .into_iter()
            .partition(|line| !line.ends_with(" | nobody"));
        assert!(about.is_sorted() && apart.is_sorted());
    }

    #[test]
    fn sentences_are_those_of_people() {
        let ja = |action, refused| say(action, refused).1;
        assert_eq!(ja("timeline.list", false), "記録・連絡を見た");
        assert_eq!(ja("patient.read", true), "基本情報を見ようとして断られた");
        assert_eq!(ja("patients.list", false), "担当する方の一覧に表示された");
        assert_eq!(
            ja("emergency_access.start", false),
            "緊急時アクセスを始めた"
        );
        assert_eq!(
            ja("emergency_access.search", false),
            "緊急時に氏名と生年月日で探した"
        );
        assert_eq!(say("consent.withdraw", false).0, AccessClass::Consent);
        assert_eq!(
            say("post.read", true).2,
            "tried to see an entry of the timeline and was refused"
        );
        assert_eq!(say("nobody.knows", false).0, AccessClass::Other);
    }
}
