//! Errors of an SMTP conversation, and whether they concern the message, this client or the mail server.

use std::{error::Error as _, fmt, time::Duration};

use lettre::transport::smtp;
use vestibule_domain::SendError;

/// The number of characters of a reply that are stored and logged.
const MAX_TEXT_CHARS: usize = 500;

/// A step of an SMTP conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// The connection, the greeting and the first `EHLO`; with `smtps`, also the TLS handshake.
    Connect,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// The message itself, up to the reply after the final dot.
    Message,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::StartTls => "STARTTLS",
            Self::Auth => "AUTH",
            Self::Mail => "MAIL FROM",
            Self::Rcpt => "RCPT TO",
            Self::Data => "DATA",
            Self::Message => "the message",
        })
    }
}

/// The cause of an [`SmtpError`].
#[derive(Debug)]
pub(crate) enum Cause {
    /// The server rejected the step, or the connection broke.
    Smtp(smtp::Error),
    /// The conversation exceeded this timeout.
    TimedOut(Duration),
}

/// The failure of one step.
#[derive(Debug)]
pub(crate) struct SmtpError {
    pub(crate) step: Step,
    pub(crate) cause: Cause,
}

impl SmtpError {
    /// Returns whether the server replied, and the connection can be used again.
    pub(crate) fn is_recoverable_reply(&self) -> bool {
        self.code().is_some_and(|code| code != 421)
    }

    /// Returns whether the server did not reply to the message in time. It may have accepted it.
    pub(crate) fn is_acceptance_timeout(&self) -> bool {
        self.step == Step::Message && matches!(self.cause, Cause::TimedOut(_))
    }

    /// Converts the error for the outbox. Steps before `RCPT` are the same for every message, so their errors concern
    /// the mail server or this client.
    pub(crate) fn into_send_error(self) -> SendError {
        let reason = self.to_string();
        if self.step < Step::Rcpt {
            return SendError::Unavailable(reason);
        }
        let Some(code) = self.code() else {
            // A slow recipient or content filter cannot be distinguished from a server that hangs.
            return SendError::Unclear {
                reason,
                is_permanent: false,
            };
        };
        match classify_reply(code, &self.text()) {
            ReplySubject::Message if code >= 500 => SendError::Rejected(reason),
            ReplySubject::Message => SendError::Failed(reason),
            ReplySubject::Client => SendError::Unclear {
                reason,
                is_permanent: false,
            },
            ReplySubject::Unclear => SendError::Unclear {
                reason,
                is_permanent: code >= 500,
            },
        }
    }

    fn code(&self) -> Option<u16> {
        let Cause::Smtp(error) = &self.cause else { return None };
        error.status().map(u16::from)
    }

    /// Returns the text of the reply, or a description of the failure if there was no reply.
    fn text(&self) -> String {
        match &self.cause {
            Cause::Smtp(error) => {
                let mut text = error.source().map_or_else(|| error.to_string(), ToString::to_string);
                let mut source = error.source().and_then(std::error::Error::source);
                while let Some(cause) = source {
                    let cause_text = cause.to_string();
                    if !text.contains(&cause_text) {
                        text = format!("{text}: {cause_text}");
                    }
                    source = cause.source();
                }
                single_line(&text)
            }
            Cause::TimedOut(timeout) => format!("no reply within {} s", timeout.as_secs()),
        }
    }
}

impl fmt::Display for SmtpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code() {
            Some(code) => write!(f, "{}: {code} {}", self.step, self.text()),
            None => write!(f, "{}: {}", self.step, self.text()),
        }
    }
}

/// Joins the words of a text on one line of at most [`MAX_TEXT_CHARS`] characters, without control characters.
fn single_line(text: &str) -> String {
    let words: Vec<_> = text.split(|c: char| c.is_control() || c.is_whitespace()).collect();
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_TEXT_CHARS).collect()
}

/// The party that a rejection concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReplySubject {
    /// The recipient or the content.
    Message,
    /// This client, which may not send, or not to this recipient. The operator can change that.
    Client,
    Unclear,
}

/// Phrases of replies that concern the client, in lower case: relaying, authentication, host names and blocklists.
const CLIENT_PHRASES: [&str; 16] = [
    "relay",
    "rcpthosts",
    "authenticat",
    "authoriz",
    "auth required",
    "credentials",
    "log in",
    "login",
    "client host",
    "helo",
    "ehlo",
    "sender address",
    "sender rejected",
    "blocked using",
    "blocklist",
    "blacklist",
];

/// Classifies a reply to `RCPT`, `DATA` or the message by its code, the enhanced code of RFC 3463 at the beginning of
/// its text, and its words.
fn classify_reply(code: u16, text: &str) -> ReplySubject {
    // An address may contain any of the phrases.
    let words: Vec<_> = text.split(' ').filter(|word| !word.contains('@')).collect();
    let lower = words.join(" ").to_lowercase();
    let is_about_client = CLIENT_PHRASES.iter().any(|phrase| lower.contains(phrase));
    let is_greylisting = code < 500 && (lower.contains("grey") || lower.contains("gray"));
    match (code, enhanced_code(text)) {
        // Authentication and encryption (RFC 4954, RFC 3207); credentials and the sender's domain (RFC 7372, the
        // registry of RFC 5248).
        (454 | 523 | 524 | 525 | 530 | 534 | 535 | 538, _) | (_, Some((7, 8..=30 | 54 | 57 | 60 | 64))) => {
            ReplySubject::Client
        }
        // Some servers reply with the code of an unknown mailbox when they deny relaying.
        _ if is_about_client => ReplySubject::Client,
        // The service closes (RFC 5321), the host accepts no mail (RFC 7504), or commands are out of order.
        (421 | 503 | 521, _) => ReplySubject::Unclear,
        // The mailbox, the route to it, the content, the size of the message.
        (_, Some((1 | 2 | 4 | 6, _) | (3, 4))) | (450..=453 | 500..=502 | 504 | 550..=553 | 555 | 556, None) => {
            ReplySubject::Message
        }
        (_, Some((7, _))) if is_greylisting => ReplySubject::Message,
        _ => ReplySubject::Unclear,
    }
}

/// Returns the subject and detail of an enhanced status code, such as 1 and 10 of `5.1.10`.
fn enhanced_code(text: &str) -> Option<(u16, u16)> {
    let word = text.split([' ', '-']).next()?;
    let mut numbers = word.trim_matches(['#', '(', ')', ':']).split('.');
    let class = numbers.next()?;
    let (subject, detail) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    (matches!(class, "4" | "5") && numbers.next().is_none()).then_some((subject, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classify_reply_of_real_servers() {
        use ReplySubject::{Client, Message, Unclear};
        for (code, text, expected) in [
            (
                550,
                "5.1.1 <eve@example.com>: Recipient address rejected: User unknown",
                Message,
            ),
            (550, "no such user", Message),
            (550, "5.1.1 <login@relay.example>: User unknown", Message),
            (550, "relay@example.com: no such user", Message),
            (551, "User not local", Message),
            (552, "5.2.2 Mailbox full", Message),
            (553, "5.1.3 Bad recipient address syntax", Message),
            (501, "5.1.3 Bad recipient address syntax", Message),
            (501, "Bad address syntax", Message),
            (556, "5.1.10 Recipient address has null MX", Message),
            (450, "4.2.0 Greylisted", Message),
            (450, "4.7.1 <a@b.c>: Recipient address rejected: Greylisted", Message),
            (451, "Temporary local problem", Message),
            (452, "4.2.2 Over quota", Message),
            (550, "5.4.1 Recipient address rejected: Access denied", Message),
            (552, "5.3.4 Message size exceeds fixed limit", Message),
            (554, "5.7.1 <eve@example.org>: Relay access denied", Client),
            (454, "4.7.1 <eve@example.org>: Relay access denied", Client),
            (550, "relay not permitted", Client),
            (550, "5.7.1 Unable to relay", Client),
            (
                550,
                "5.7.54 SMTP; Unable to relay recipient in non-accepted domain",
                Client,
            ),
            (
                553,
                "sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
                Client,
            ),
            (530, "5.7.0 Authentication required", Client),
            (535, "5.7.8 Authentication credentials invalid", Client),
            (550, "5.7.57 Client not authenticated to send mail", Client),
            (
                550,
                "5.7.26 This mail has been blocked because the sender is unauthenticated",
                Client,
            ),
            (
                554,
                "5.7.1 Service unavailable; Client host [192.0.2.7] blocked using zen.spamhaus.org",
                Client,
            ),
            (450, "4.7.1 Client host rejected: cannot find your hostname", Client),
            (
                504,
                "5.5.2 <x>: Helo command rejected: need fully-qualified hostname",
                Client,
            ),
            (554, "5.7.1 Spam message rejected", Unclear),
            (554, "Transaction failed", Unclear),
            (421, "4.3.2 Shutting down", Unclear),
            (452, "4.3.1 Insufficient system storage", Unclear),
            (451, "4.7.0 Try again later", Unclear),
        ] {
            assert_eq!(classify_reply(code, text), expected, "{code} {text}");
        }
    }

    #[test]
    fn reply_text_is_one_line_of_limited_length() {
        assert_eq!(single_line("no\r\nsuch\t user\u{1b}[31m"), "no such user [31m");
        assert_eq!(single_line(&"x".repeat(5000)).len(), MAX_TEXT_CHARS);
    }

    #[test]
    fn timeout_before_recipient_makes_server_unavailable() {
        for step in [Step::Connect, Step::StartTls, Step::Auth, Step::Mail] {
            let cause = Cause::TimedOut(Duration::from_secs(20));
            let error = SmtpError { step, cause }.into_send_error();
            assert!(matches!(error, SendError::Unavailable(_)), "{error}");
        }
        for step in [Step::Rcpt, Step::Data, Step::Message] {
            let cause = Cause::TimedOut(Duration::from_secs(20));
            let error = SmtpError { step, cause }.into_send_error();
            assert!(
                matches!(
                    error,
                    SendError::Unclear {
                        is_permanent: false,
                        ..
                    }
                ),
                "{error}"
            );
        }
    }
}
