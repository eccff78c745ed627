//! The port to sending email.

use uuid::Uuid;

use crate::{
    model::{EmailKind, LinkToken, Timestamp},
    ports::BoxFuture,
};

/// A mail as it is about to be sent: it may hold a secret.
#[derive(Debug, Clone)]
pub struct EmailMessage {
    /// The same each time that the mail is sent, so that a reader can tell a duplicate.
    pub id: Uuid,
    /// What it tells.
    pub kind: EmailKind,
    /// Where it goes.
    pub to: String,
    /// The name of whom it goes to, who has shown to own the address.
    pub name: Option<String>,
    /// The token of its link.
    pub token: Option<LinkToken>,
    /// What else it tells.
    pub note: Option<String>,
    /// When what it tells happened.
    pub at: Timestamp,
    /// The time of this delivery attempt, for the `Date` header.
    pub sent_at: Timestamp,
}

/// Sends mail.
pub trait Mailer: Send + Sync {
    /// Sends one, and comes back once it is accepted.
    fn send<'a>(&'a self, letter: &'a EmailMessage) -> BoxFuture<'a, Result<(), SendError>>;
}

/// Why a mail was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The server rejects this message permanently (a reply of RFC 5321, section 4.2.1, that begins with 5
    /// and is about the recipient or the content).
    #[error("refused for good: {0}")]
    Refused(String),
    /// The recipient's address cannot be used with any server. No server was asked.
    #[error("refused for good: {0}")]
    InvalidAddress(String),
    /// The server rejects this message for now.
    #[error("failed for now: {0}")]
    Failed(String),
    /// The server cannot be used, whatever the message: it is down, or it rejects this client.
    #[error("failed for now: the mail server is unavailable: {0}")]
    Unavailable(String),
    /// The reply, or its absence, can be about this message or about this client. If the server accepts other
    /// messages it is about this one.
    #[error("failed for now: {reason}")]
    Unclear {
        /// The reply, or what happened instead of one.
        reason: String,
        /// Whether retrying is useless if it is about this message.
        is_permanent: bool,
    },
}
