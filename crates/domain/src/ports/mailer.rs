//! The port to sending email.

use uuid::Uuid;

use crate::{
    model::{EmailKind, LinkToken, Timestamp},
    ports::BoxFuture,
};

/// An email to be sent. It may contain a secret.
#[derive(Debug, Clone)]
pub struct EmailMessage {
    /// Its identifier, which is the same for every delivery attempt, so that mail programs can detect duplicates.
    pub id: Uuid,
    /// The kind of email.
    pub kind: EmailKind,
    /// The address of the recipient.
    pub to: String,
    /// The name of the recipient, if the recipient has verified the address.
    pub name: Option<String>,
    /// The token of its link.
    pub token: Option<LinkToken>,
    /// Additional text.
    pub note: Option<String>,
    /// The time of the event that the email reports.
    pub at: Timestamp,
    /// The time of this delivery attempt, for the `Date` header.
    pub sent_at: Timestamp,
}

/// Sends email.
pub trait Mailer: Send + Sync {
    /// Sends an email. Returns once the mail server has accepted it.
    fn send<'a>(&'a self, message: &'a EmailMessage) -> BoxFuture<'a, Result<(), SendError>>;
}

/// The email was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The server rejects this message permanently (a reply of RFC 5321, section 4.2.1, that begins with 5
    /// and is about the recipient or the content).
    #[error("permanent failure: {0}")]
    Rejected(String),
    /// The recipient's address is unusable. No server was contacted.
    #[error("permanent failure: {0}")]
    InvalidAddress(String),
    /// The server rejects this message temporarily.
    #[error("temporary failure: {0}")]
    Failed(String),
    /// The server accepts no message: it is down, or it rejects this client.
    #[error("temporary failure: the mail server is unavailable: {0}")]
    Unavailable(String),
    /// The cause may be this message or this client. If the server accepts other messages, it is this message.
    #[error("temporary failure: {reason}")]
    Unclear {
        /// The reply, or the error that occurred instead.
        reason: String,
        /// True if retrying is useless, provided that the cause is this message.
        is_permanent: bool,
    },
}
