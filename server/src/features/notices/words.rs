//! What people are told outside of the app: how many things wait. Never who, never what.

use super::model::Kind;

/// How many notices of each kind.
pub(super) type Counts = std::collections::BTreeMap<Kind, usize>;

/// A text in the language of the account.
pub(super) struct Words {
    pub(super) title: String,
    pub(super) body: String,
}

/// One line for a notification.
pub(super) fn push(counts: &Counts, language: &str) -> Words {
    let english = language == "en";
    let list = list(counts, english, if english { ", " } else { "・" });
    if english {
        Words {
            title: "Tsumugi".to_owned(),
            body: format!("Something waits for you in Tsumugi: {list}"),
        }
    } else {
        let request = counts.keys().any(|kind| {
            matches!(
                kind,
                Kind::Acknowledgement | Kind::Reminder | Kind::Escalation
            )
        });
        let what = if request {
            "確認の依頼"
        } else {
            "お知らせ"
        };
        Words {
            title: "つむぎ".to_owned(),
            body: format!("Tsumugi に{what}があります（{list}）"),
        }
    }
}

/// A mail.
pub(super) fn mail(counts: &Counts, language: &str, link: &str) -> Words {
    let count: usize = counts.values().sum();
    if language == "en" {
        let list = list(counts, true, "\n- ");
        Words {
            title: format!("Tsumugi: {count} things wait for you"),
            body: format!(
                "These wait for you in Tsumugi:\n\n- {list}\n\nPlease sign in to read them.\n{link}\n\n\
                 What you are told by mail can be changed in the settings of notices.\n"
            ),
        }
    } else {
        let list = list(counts, false, "\n・");
        Words {
            title: format!("つむぎ お知らせ{count}件"),
            body: format!(
                "つむぎに、ご確認いただきたいことがあります。\n\n・{list}\n\n\
                 内容はつむぎにサインインしてご確認ください。\n{link}\n\n\
                 メールでのお知らせは、つむぎの「通知の設定」で変更できます。\n"
            ),
        }
    }
}

fn list(counts: &Counts, english: bool, between: &str) -> String {
    let one = |(kind, count): (&Kind, &usize)| {
        if english {
            format!("{} {count}", name_en(*kind))
        } else {
            format!("{} {count}件", name_ja(*kind))
        }
    };
    counts.iter().map(one).collect::<Vec<_>>().join(between)
}

fn name_ja(kind: Kind) -> &'static str {
    match kind {
        Kind::Acknowledgement => "確認の依頼",
        Kind::Reminder => "期限が近い確認の依頼",
        Kind::Escalation => "代わりに対応をお願いする依頼",
        Kind::Unanswered => "期限までに確認されていない依頼",
        Kind::Answer => "依頼への返信",
        Kind::Mention => "あなた宛の投稿",
        Kind::UrgentPost => "急な変化の投稿",
        Kind::Message => "メッセージ",
        Kind::Announcement => "回覧",
        Kind::Approval => "承認の依頼",
        Kind::Schedule => "予定・期日",
    }
}

fn name_en(kind: Kind) -> &'static str {
    match kind {
        Kind::Acknowledgement => "requests to acknowledge",
        Kind::Reminder => "requests that are due soon",
        Kind::Escalation => "requests to stand in for",
        Kind::Unanswered => "own requests without an answer",
        Kind::Answer => "answers",
        Kind::Mention => "posts for you",
        Kind::UrgentPost => "urgent posts",
        Kind::Message => "messages",
        Kind::Announcement => "announcements",
        Kind::Approval => "approvals",
        Kind::Schedule => "dates",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_says_how_many_and_no_more() {
        let counts = Counts::from([(Kind::Acknowledgement, 2), (Kind::Mention, 1)]);
        assert_eq!(
            push(&counts, "ja").body,
            "Tsumugi に確認の依頼があります（確認の依頼 2件・あなた宛の投稿 1件）"
        );
        let mail = mail(&counts, "ja", "https://tsumugi.example.jp/work");
        assert_eq!(mail.title, "つむぎ お知らせ3件");
        assert!(mail.body.contains("・あなた宛の投稿 1件\n"));
    }
}
