//! Codes as people write them, and what is told of a change.

use unicode_normalization::UnicodeNormalization;

use crate::{
    Result,
    spine::{auth::totp::base32, ids},
};

/// How many recovery codes somebody has.
const RECOVERY_CODES: usize = 10;
/// Bytes of a recovery code.
const RECOVERY_BYTES: usize = 16;
/// Letters of a recovery code.
const RECOVERY_LETTERS: usize = 26;

/// What somebody typed in place of a second factor.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Code {
    /// Six digits of an authenticator app.
    OneTime(String),
    /// A recovery code, as its digest.
    Recovery([u8; 32]),
    /// A code that an administrator gave (`T-…`), as its digest.
    Temporary([u8; 32]),
    /// Nothing that could be right.
    Nothing,
}

impl Code {
    /// Reads a code: full-width characters, small letters, spaces and hyphens are how people type, not what they mean.
    pub(super) fn read(typed: &str) -> Self {
        let plain: String = typed.trim().nfkc().collect();
        let upper = plain.to_ascii_uppercase();
        let letters = condensed(&upper);
        if letters.len() == 6 && letters.bytes().all(|b| b.is_ascii_digit()) {
            Self::OneTime(letters)
        } else if upper.starts_with("T-") {
            Self::Temporary(digest_of(typed))
        } else if letters.len() == RECOVERY_LETTERS {
            Self::Recovery(digest_of(typed))
        } else {
            Self::Nothing
        }
    }
}

/// SHA-256 of a code, of its letters and digits only. What is kept of recovery codes and temporary codes.
pub fn digest_of(code: &str) -> [u8; 32] {
    let plain: String = code.nfkc().collect();
    ids::digest(condensed(&plain.to_ascii_uppercase()).as_bytes())
}

fn condensed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '‑' | '–' | '−' | 'ー'))
        .collect()
}

/// Fresh recovery codes: shown once, kept as digests.
#[derive(Debug)]
pub struct RecoveryCodes(Vec<String>);

impl RecoveryCodes {
    /// Ten codes of 128 bits.
    pub fn new() -> Result<Self> {
        let mut codes = Vec::with_capacity(RECOVERY_CODES);
        for _ in 0..RECOVERY_CODES {
            let random = ids::secret()?;
            let letters = base32(random.get(..RECOVERY_BYTES).unwrap_or_default());
            let groups: Vec<String> = letters
                .as_bytes()
                .chunks(4)
                .map(|group| String::from_utf8_lossy(group).to_lowercase())
                .collect();
            codes.push(groups.join("-"));
        }
        Ok(Self(codes))
    }

    /// What to keep.
    pub fn digests(&self) -> Vec<[u8; 32]> {
        self.0.iter().map(|code| digest_of(code)).collect()
    }

    /// What to show, once.
    pub fn show(self) -> Vec<String> {
        self.0
    }
}

/// A change of somebody's factors, of which the owner is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Factors were set up for the first time.
    Enrolled,
    /// All factors were replaced, after they had been lost.
    Recovered,
    /// An administrator has withdrawn all factors.
    Reset,
    /// Another password.
    Password,
    /// Another authenticator app.
    OneTimeCodes,
    /// No authenticator app any more.
    OneTimeCodesRemoved,
    /// New recovery codes.
    RecoveryCodes,
    /// A recovery code was used to sign in.
    RecoveryCodeUsed,
    /// A new passkey.
    PasskeyAdded,
    /// A passkey was removed.
    PasskeyRemoved,
}

impl Change {
    /// What happened, as a Japanese sentence.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Enrolled => "利用登録が完了しました。",
            Self::Recovered => {
                "認証方法を登録し直しました。以前のパスワード、認証アプリ、パスキー、回復コードは使えなくなり、すべての端末でサインアウトされました。"
            }
            Self::Reset => {
                "管理者が認証方法をリセットしました。すべての端末でサインアウトされています。新しい登録のご案内を別のメールでお送りしています。"
            }
            Self::Password => "パスワードが変更されました。ほかの端末ではサインアウトされました。",
            Self::OneTimeCodes => "認証アプリ（ワンタイムコード）が登録されました。",
            Self::OneTimeCodesRemoved => "認証アプリ（ワンタイムコード）の登録が削除されました。",
            Self::RecoveryCodes => {
                "回復コードが新しく発行されました。以前の回復コードは使えません。"
            }
            Self::RecoveryCodeUsed => {
                "回復コードを使ってサインインしました。使った回復コードはもう使えません。"
            }
            Self::PasskeyAdded => "パスキーが登録されました。",
            Self::PasskeyRemoved => "パスキーの登録が削除されました。",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(Code::read(" 123 456 "), Code::OneTime("123456".to_owned()));
        assert_eq!(
            Code::read("１２３４５６"),
            Code::OneTime("123456".to_owned())
        );
        assert_eq!(Code::read("12345"), Code::Nothing);
        assert_eq!(Code::read(""), Code::Nothing);
        let codes = RecoveryCodes::new().unwrap();
        let digests = codes.digests();
        let shown = codes.show();
        assert_eq!((shown.len(), digests.len()), (10, 10));
        for (code, digest) in shown.iter().zip(digests) {
            assert_eq!(code.len(), 32);
            assert_eq!(Code::read(code), Code::Recovery(digest));
            let other = code.to_uppercase().replace('-', " ");
            assert_eq!(Code::read(&other), Code::Recovery(digest));
        }
        assert_eq!(
            Code::read("t-k7qm-3xwp"),
            Code::Temporary(digest_of("T-K7QM-3XWP"))
        );
    }
}
