//! Every act that the log can name: what kind of act it is for programs of others, and what it is called in Japanese.
//! Acts that are no longer done stay on the list, because the log goes on naming them.

use std::sync::OnceLock;

/// One line for each: act, kind, name.
const LIST: &str = include_str!("actions.txt");

/// What an act does, in the words of FHIR and DICOM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Search,
    Create,
    Update,
    Delete,
    Login,
    Logout,
    /// An access token was given out.
    Token,
    /// Emergency access begins.
    OverrideStart,
    /// Emergency access ends.
    OverrideStop,
    /// Information leaves the system.
    Export,
    /// Information comes into the system.
    Import,
    /// Anything else.
    Act,
}

/// The group of acts that an act belongs to, as it is called in reports.
pub fn kind_ja(action: &str) -> &'static str {
    match kind(action) {
        Kind::Read => "閲覧",
        Kind::Search => "一覧の表示・検索",
        Kind::Create => "登録・記入",
        Kind::Update => "変更・訂正",
        Kind::Delete => "削除・取り消し",
        Kind::Login => "サインイン",
        Kind::Logout => "サインアウト",
        Kind::Token => "連携用トークンの発行",
        Kind::OverrideStart => "緊急時アクセスの開始",
        Kind::OverrideStop => "緊急時アクセスの終了",
        Kind::Export => "書き出し",
        Kind::Import => "文書の受信",
        Kind::Act => "その他の操作",
    }
}

impl Kind {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "read" => Self::Read,
            "search" => Self::Search,
            "create" => Self::Create,
            "update" => Self::Update,
            "delete" => Self::Delete,
            "login" => Self::Login,
            "logout" => Self::Logout,
            "token" => Self::Token,
            "override_start" => Self::OverrideStart,
            "override_stop" => Self::OverrideStop,
            "export" => Self::Export,
            "import" => Self::Import,
            "act" => Self::Act,
            _ => return None,
        })
    }
}

/// An act.
#[derive(Debug, Clone, Copy)]
pub(super) struct Action {
    /// `feature.verb`.
    pub(super) code: &'static str,
    pub(super) kind: Kind,
    /// 日本語の名前
    pub(super) ja: &'static str,
}

/// All of them, in order.
pub(super) fn all() -> &'static [Action] {
    static ALL: OnceLock<Vec<Action>> = OnceLock::new();
    ALL.get_or_init(|| LIST.lines().filter_map(line).collect())
}

fn line(text: &'static str) -> Option<Action> {
    let mut words = text.splitn(3, ' ');
    Some(Action {
        code: words.next()?,
        kind: Kind::parse(words.next()?)?,
        ja: words.next()?,
    })
}

/// The act with this code, if the list has it.
pub(super) fn find(code: &str) -> Option<Action> {
    let found = all().binary_search_by_key(&code, |action| action.code);
    all().get(found.ok()?).copied()
}

/// What an act is; an unknown one is just an act.
pub(super) fn kind(code: &str) -> Kind {
    find(code).map_or(Kind::Act, |action| action.kind)
}

/// Codes of all acts of a group: those that begin with the same word.
pub(super) fn in_group(group: &str) -> Vec<&'static str> {
    let is_in = |action: &&Action| {
        let word = action.code.split('.').next();
        word == Some(group)
    };
    all()
        .iter()
        .filter(is_in)
        .map(|action| action.code)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read_and_found() {
        assert_eq!(all().len(), LIST.lines().count());
        assert!(all().is_sorted_by_key(|action| action.code));
        for action in all() {
            assert_eq!(find(action.code).unwrap().ja, action.ja);
            assert!(!action.ja.is_ascii(), "{}", action.code);
        }
        assert!(find("timeline").is_none());
        assert_eq!(in_group("timeline"), ["timeline.list"]);
        assert_eq!(in_group("emergency_access").len(), 8);
        assert_eq!(kind("something.new"), Kind::Act);
        assert_eq!(kind_ja("audit_report.export"), "書き出し");
    }
}
