//! What a failure of an SMTP conversation means for the message and for the mail server.

use std::{error::Error as _, fmt, time::Duration};

use lettre::transport::smtp;
use vestibule_domain::SendError;

/// The longest text of a server that is stored and logged.
const MAX_TEXT: usize = 500;

/// A step of an SMTP conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Connecting, the greeting and the first `EHLO`; with `smtps`, TLS before them.
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

/// Why a step failed.
#[derive(Debug)]
pub(crate) enum Cause {
    /// The server rejected it, or the connection broke.
    Smtp(smtp::Error),
    /// The conversation took longer than this.
    TimedOut(Duration),
}

/// A failed step.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) step: Step,
    pub(crate) cause: Cause,
}

impl Failure {
    /// Returns whether the server answered, and the conversation can go on.
    pub(crate) fn is_reply(&self) -> bool {
        self.code().is_some_and(|code| code != 421)
    }

    pub(crate) fn is_timeout_after_the_message(&self) -> bool {
        self.step == Step::Message && matches!(self.cause, Cause::TimedOut(_))
    }

    fn code(&self) -> Option<u16> {
        let Cause::Smtp(error) = &self.cause else { return None };
        error.status().map(u16::from)
    }

    /// The text of the reply, or what happened instead.
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
                plain(&text)
            }
            Cause::TimedOut(after) => format!("no answer within {} s", after.as_secs()),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code() {
            Some(code) => write!(f, "{}: {code} {}", self.step, self.text()),
            None => write!(f, "{}: {}", self.step, self.text()),
        }
    }
}

/// The text on one line, at most [`MAX_TEXT`] characters.
fn plain(text: &str) -> String {
    let words: Vec<_> = text.split(|c: char| c.is_control() || c.is_whitespace()).collect();
    let words: Vec<_> = words.into_iter().filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(MAX_TEXT).collect()
}

/// Returns what a failure means. Everything before `RCPT` is the same for every message and concerns the mail
/// server, or this client of it.
pub(crate) fn send_error(failure: &Failure) -> SendError {
    let reason = failure.to_string();
    if failure.step < Step::Rcpt {
        return SendError::Unavailable(reason);
    }
    let Some(code) = failure.code() else {
        // One slow recipient, or content that a filter chokes on, is not told from a server that hangs.
        return SendError::Unclear {
            reason,
            is_permanent: false,
        };
    };
    match subject(code, &failure.text()) {
        Subject::Message if code >= 500 => SendError::Refused(reason),
        Subject::Message => SendError::Failed(reason),
        Subject::Client => SendError::Unclear {
            reason,
            is_permanent: false,
        },
        Subject::Unclear => SendError::Unclear {
            reason,
            is_permanent: code >= 500,
        },
    }
}

/// What a reply is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// The recipient or the content.
    Message,
    /// This client: it may not send, or not to there. The operator can change that.
    Client,
    Unclear,
}

/// Texts of replies that are about the client, in lower case: relaying, authentication, names and blocklists.
const ABOUT_THE_CLIENT: [&str; 16] = [
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

/// The subject of a reply to `RCPT`, `DATA` or the message, by its code, the enhanced code of RFC 3463 at the
/// beginning of its text, and its words.
fn subject(code: u16, text: &str) -> Subject {
    // Addresses are the recipient's choice of words.
    let words: Vec<_> = text.split(' ').filter(|word| !word.contains('@')).collect();
    let lower = words.join(" ").to_lowercase();
    let is_about_client = ABOUT_THE_CLIENT.iter().any(|words| lower.contains(words));
    let is_greylisting = code < 500 && (lower.contains("grey") || lower.contains("gray"));
    match (code, enhanced_code(text)) {
        // Authentication and encryption (RFC 4954, RFC 3207); credentials and the sender's domain (RFC 7372, the
        // registry of RFC 5248).
        (454 | 523 | 524 | 525 | 530 | 534 | 535 | 538, _) | (_, Some((7, 8..=30 | 54 | 57 | 60 | 64))) => {
            Subject::Client
        }
        // Some servers give the code of an unknown mailbox to recipients to whom they do not relay.
        _ if is_about_client => Subject::Client,
        // The service closes (RFC 5321), the host takes no mail (RFC 7504), commands are out of order.
        (421 | 503 | 521, _) => Subject::Unclear,
        // The mailbox, the route to it, the content, the size of the message.
        (_, Some((1 | 2 | 4 | 6, _) | (3, 4))) | (450..=453 | 500..=502 | 504 | 550..=553 | 555 | 556, None) => {
            Subject::Message
        }
        (_, Some((7, _))) if is_greylisting => Subject::Message,
        _ => Subject::Unclear,
    }
}

/// The subject and detail of an enhanced status code, such as 1 and 10 of `5.1.10`.
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
    fn replies_of_real_servers_are_about_the_recipient_or_the_client() {
        use Subject::{Client, Message, Unclear};
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
            assert_eq!(subject(code, text), expected, "{code} {text}");
        }
    }

    #[test]
    fn texts_of_servers_are_one_line_of_bounded_length() {
        assert_eq!(plain("no\r\nsuch\t user\u{1b}[31m"), "no such user [31m");
        assert_eq!(plain(&"x".repeat(5000)).len(), MAX_TEXT);
    }

    #[test]
    fn a_failure_before_the_recipient_concerns_the_server() {
        for step in [Step::Connect, Step::StartTls, Step::Auth, Step::Mail] {
            let cause = Cause::TimedOut(Duration::from_secs(20));
            let error = send_error(&Failure { step, cause });
            assert!(matches!(error, SendError::Unavailable(_)), "{error}");
        }
        for step in [Step::Rcpt, Step::Data, Step::Message] {
            let cause = Cause::TimedOut(Duration::from_secs(20));
            let error = send_error(&Failure { step, cause });
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
