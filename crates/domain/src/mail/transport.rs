//! The port to whatever carries mail.

use uuid::Uuid;

use crate::{BoxFuture, Timestamp, mail::MailKind, verification::LinkToken};

/// A mail as it is about to be sent: it may hold a secret.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The same each time that the mail is sent, so that a reader can tell a duplicate.
    pub id: Uuid,
    /// What it tells.
    pub kind: MailKind,
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
}

/// Sends mail.
pub trait Mailer: Send + Sync {
    /// Sends one, and comes back once it is accepted.
    fn send<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>>;
}

/// Why a mail was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It never will be (a reply of RFC 5321, section 4.2.1, that begins with 5).
    #[error("refused for good: {0}")]
    Refused(String),
    /// It may be later.
    #[error("failed for now: {0}")]
    Failed(String),
}
