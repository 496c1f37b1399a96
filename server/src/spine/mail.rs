//! Mail: written in the transaction of what it tells of, sent by the worker. Never holds information about a patient,
//! and never is a factor of signing in.
//!
//! A mail is claimed by putting it off until the next attempt, in a transaction of its own, so that no transaction is
//! open while a mail server is spoken to, two nodes never send the same mail at once, and a node that dies leaves
//! nothing behind. Taken by the mail server and noted as sent are two steps: a mail may arrive twice, with the same
//! `Message-ID`, and is never lost.

use std::{fmt, net::IpAddr, time::Duration};

use actix_web::http::Uri;
use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Body, Mailbox,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use tsumugi_schema::tables::mails;
use uuid::Uuid;

use super::ids;
use crate::{Result, config::Config, ctx::Tx, error::FieldError};

/// Minutes until the next attempt, by the number of attempts made; the last goes on.
const WAITS: [i64; 4] = [1, 5, 15, 60];
/// After this a mail is given up.
const GIVEN_UP_AFTER: TimeDelta = TimeDelta::hours(24);
/// Longest talk with the mail server about one mail: shorter than the first wait.
const PATIENCE: Duration = Duration::from_secs(40);

/// A mail to be sent: plain text.
#[derive(Debug)]
pub struct Mail<'a> {
    /// The account that it concerns.
    pub account_id: Option<Uuid>,
    /// Address.
    pub recipient: &'a str,
    /// Subject.
    pub subject: &'a str,
    /// Text.
    pub body: &'a str,
}

/// Whether mail can be sent there, as far as the address tells.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.is_ascii() && text.parse::<lettre::Address>().is_ok()
}

/// Puts a mail into the post of this transaction.
pub async fn enqueue(tx: &Tx<'_>, mail: &Mail<'_>) -> Result<()> {
    diesel::insert_into(mails::table)
        .values((
            mails::tenant_id.eq(tx.tenant_id),
            mails::id.eq(ids::new_id()),
            mails::account_id.eq(mail.account_id),
            mails::recipient.eq(mail.recipient),
            mails::subject.eq(mail.subject),
            mails::body.eq(mail.body),
            mails::created_at.eq(tx.now),
            mails::due_at.eq(tx.now),
        ))
        .execute(&mut tx.conn())
        .await?;
    tx.note_work();
    Ok(())
}

/// A mail that was claimed for one attempt.
#[derive(Debug, Clone, Queryable)]
pub struct Letter {
    /// Identifier.
    pub id: Uuid,
    recipient: String,
    subject: String,
    body: Option<String>,
    created_at: DateTime<Utc>,
    /// Attempts, with the one that it was claimed for.
    pub attempts: i32,
}

impl Letter {
    /// When the attempt after this one is due.
    fn next_at(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let made = usize::try_from(self.attempts.max(1) - 1).unwrap_or(0);
        let [.., last] = WAITS;
        now + TimeDelta::minutes(WAITS.get(made).copied().unwrap_or(last))
    }
}

/// Claims the mail that is due longest and that nobody else has claimed.
pub async fn claim(tx: &Tx<'_>) -> Result<Option<Letter>> {
    let found: Option<Letter> = mails::table
        .filter(mails::tenant_id.eq(tx.tenant_id))
        .filter(mails::sent_at.is_null())
        .filter(mails::failed_at.is_null())
        .filter(mails::due_at.le(tx.now))
        .order((mails::due_at, mails::id))
        .select((
            mails::id,
            mails::recipient,
            mails::subject,
            mails::body,
            mails::created_at,
            mails::attempts,
        ))
        .for_update()
        .skip_locked()
        .first(&mut tx.conn())
        .await
        .optional()?;
    let Some(mut letter) = found else {
        return Ok(None);
    };
    letter.attempts += 1;
    diesel::update(mails::table.find((tx.tenant_id, letter.id)))
        .set((
            mails::attempts.eq(letter.attempts),
            mails::due_at.eq(letter.next_at(tx.now)),
        ))
        .execute(&mut tx.conn())
        .await?;
    Ok(Some(letter))
}

/// What becomes of a mail after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// The mail server has it; its text is gone from here.
    Sent,
    /// It is tried again.
    PutOff,
    /// It is not tried again; its text is gone.
    GivenUp,
}

/// Notes how an attempt ended.
pub async fn settle(
    tx: &Tx<'_>,
    letter: &Letter,
    outcome: Result<(), Undelivered>,
) -> Result<Settled> {
    let row = mails::table.find((tx.tenant_id, letter.id));
    let is_last = letter.next_at(tx.now) > letter.created_at + GIVEN_UP_AFTER;
    match outcome {
        Ok(()) => {
            diesel::update(row)
                .set((mails::sent_at.eq(tx.now), mails::body.eq(None::<String>)))
                .execute(&mut tx.conn())
                .await?;
            Ok(Settled::Sent)
        }
        Err(Undelivered::Unusable) => give_up(tx, letter.id).await,
        Err(_) if is_last => give_up(tx, letter.id).await,
        Err(_) => Ok(Settled::PutOff),
    }
}

async fn give_up(tx: &Tx<'_>, id: Uuid) -> Result<Settled> {
    diesel::update(mails::table.find((tx.tenant_id, id)))
        .set((mails::failed_at.eq(tx.now), mails::body.eq(None::<String>)))
        .execute(&mut tx.conn())
        .await?;
    Ok(Settled::GivenUp)
}

/// Why a mail was not delivered. Says nothing of what is in it, and nothing of what the mail server said about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Undelivered {
    /// The mail server answered with this code.
    #[error("the mail server answered {0}")]
    Refused(u16),
    /// The mail server could not be reached, did not prove who it is, or did not answer in time.
    #[error("the mail server cannot be spoken to")]
    Unreachable,
    /// The mail itself cannot be sent, to this address or at all.
    #[error("the mail cannot be sent as it is")]
    Unusable,
}

/// Whoever carries mail to the mail server.
pub struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl fmt::Debug for Postman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The transport knows a password.
        f.debug_struct("Postman").finish_non_exhaustive()
    }
}

/// Why the settings of mail cannot be used.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BadMailSettings {
    /// The address of the mail server.
    #[error("TSUMUGI_SMTP_URL is not usable; write smtps://user:password@host")]
    Url,
    /// A mail server elsewhere that is not spoken to in secret.
    #[error(
        "TSUMUGI_SMTP_URL must be smtps://… or smtp://…?tls=required unless the mail server is on this machine"
    )]
    NotEncrypted,
    /// The sender.
    #[error("TSUMUGI_MAIL_FROM is not usable; write つむぎ <no-reply@example.jp>")]
    From,
}

impl Postman {
    /// The postman that the settings ask for: none without a mail server, or while mail is shown instead.
    pub fn of(config: &Config) -> Result<Option<Self>, BadMailSettings> {
        let from = sender(&config.mail_from).ok_or(BadMailSettings::From)?;
        let Some(url) = config.smtp_url.as_ref().filter(|_| !config.mailbox) else {
            return Ok(None);
        };
        insist_encrypted(&url.0)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.0)
            .map_err(|_| BadMailSettings::Url)?
            .timeout(Some(PATIENCE / 2))
            .build();
        Ok(Some(Self { transport, from }))
    }

    /// Gives a mail to the mail server.
    pub async fn send(&self, letter: &Letter) -> Result<(), Undelivered> {
        let message = self.message(letter).ok_or(Undelivered::Unusable)?;
        match tokio::time::timeout(PATIENCE, self.transport.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(error.status().map_or(Undelivered::Unreachable, |code| {
                Undelivered::Refused(code.into())
            })),
            Err(_) => Err(Undelivered::Unreachable),
        }
    }

    fn message(&self, letter: &Letter) -> Option<Message> {
        let to: Address = letter.recipient.parse().ok()?;
        let body = letter.body.clone()?;
        // Base64 goes through every mail server and leaves Japanese as it is.
        let body = Body::new_with_encoding(body, ContentTransferEncoding::Base64).ok()?;
        let by_program = HeaderName::new_from_ascii_str("Auto-Submitted");
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .date(letter.created_at.into())
            // The same for every attempt, by which a mail that comes twice can be known.
            .message_id(Some(format!(
                "<{}@{}>",
                letter.id,
                self.from.email.domain()
            )))
            .raw_header(HeaderValue::new(by_program, "auto-generated".to_owned()))
            .header(ContentType::TEXT_PLAIN)
            .body(body)
            .ok()
    }
}

/// `name <address>` or an address. The name may be Japanese without quotation marks.
fn sender(text: &str) -> Option<Mailbox> {
    let Some((name, rest)) = text.rsplit_once('<') else {
        return Some(Mailbox::new(None, text.trim().parse().ok()?));
    };
    let address: Address = rest.trim().strip_suffix('>')?.trim().parse().ok()?;
    let name = name.trim().trim_matches('"').trim().to_owned();
    Some(Mailbox::new((!name.is_empty()).then_some(name), address))
}

/// TLS with a proven name, unless the mail server is on this machine (TL-04).
fn insist_encrypted(url: &str) -> Result<(), BadMailSettings> {
    let uri: Uri = url.parse().map_err(|_| BadMailSettings::Url)?;
    let host = uri
        .host()
        .map(|host| host.trim_matches(['[', ']']))
        .filter(|host| !host.is_empty())
        .ok_or(BadMailSettings::Url)?;
    let mut options = uri.query().unwrap_or_default().split('&');
    let encrypted = match uri.scheme_str() {
        Some("smtps") => true,
        Some("smtp") => options.any(|option| option == "tls=required"),
        _ => return Err(BadMailSettings::Url),
    };
    let here = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    if encrypted || here {
        Ok(())
    } else {
        Err(BadMailSettings::NotEncrypted)
    }
}

/// Checks an address that mail is to go to: ASCII, one @, at most 254 characters.
pub fn check_address(field: &str, text: &str, errors: &mut Vec<FieldError>) {
    if text.len() > 254 {
        errors.push(FieldError::new(field, "too_long", "at most 254 characters"));
    } else if !text.is_ascii() || text.parse::<Address>().is_err() {
        errors.push(FieldError::new(
            field,
            "not_allowed",
            "must be a mail address such as name@example.jp",
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tl_04_mail_is_not_sent_in_the_clear_to_another_machine() {
        for good in [
            "smtps://user:pa%40ss@mail.example.jp",
            "smtps://mail.example.jp:465",
            "smtp://user:pass@mail.example.jp:587?tls=required",
            "smtp://127.0.0.1:2525",
            "smtp://localhost",
            "smtp://[::1]:25",
        ] {
            assert_eq!(insist_encrypted(good), Ok(()), "{good}");
        }
        for bad in [
            "smtp://mail.example.jp",
            "smtp://mail.example.jp?tls=opportunistic",
            "smtp://localhost@mail.example.jp:25",
            "smtp://127.0.0.1.example.jp",
            "smtp://10.0.0.1:25?ehlo=tls=required",
        ] {
            assert_eq!(
                insist_encrypted(bad),
                Err(BadMailSettings::NotEncrypted),
                "{bad}"
            );
        }
        for unusable in ["mail.example.jp", "https://mail.example.jp", "", "smtps://"] {
            assert_eq!(
                insist_encrypted(unusable),
                Err(BadMailSettings::Url),
                "{unusable}"
            );
        }
    }

    #[test]
    fn a_sender_may_have_a_japanese_name() {
        let named = sender("つむぎ <no-reply@example.jp>").unwrap();
        assert_eq!(named.name.as_deref(), Some("つむぎ"));
        assert_eq!(named.email.to_string(), "no-reply@example.jp");
        assert_eq!(sender("no-reply@example.jp").unwrap().name, None);
        for bad in ["つむぎ", "つむぎ <no-reply>", "<a@b", ""] {
            assert!(sender(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn attempts_grow_rarer_and_end() {
        let created_at = DateTime::UNIX_EPOCH;
        let mut letter = Letter {
            id: Uuid::nil(),
            recipient: String::new(),
            subject: String::new(),
            body: None,
            created_at,
            attempts: 1,
        };
        let mut waits = Vec::new();
        for attempts in 1..=5 {
            letter.attempts = attempts;
            waits.push((letter.next_at(created_at) - created_at).num_minutes());
        }
        assert_eq!(waits, [1, 5, 15, 60, 60]);
    }

    #[test]
    fn addresses_are_checked() {
        let wrong = |text: &str| {
            let mut errors = Vec::new();
            check_address("email", text, &mut errors);
            !errors.is_empty()
        };
        assert!(!wrong("sato.misaki@example.jp"));
        for bad in [
            "",
            "sato",
            "sato@",
            "@example.jp",
            "佐藤@example.jp",
            "a@b@c",
            "a b@example.jp",
            "a@example.jp\r\nBcc: x@example.jp",
        ] {
            assert!(wrong(bad), "{bad:?}");
        }
    }
}
