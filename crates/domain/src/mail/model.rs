//! What a mail in the outbox is.

use crate::{Id, Timestamp, user::User, verification::OneTimeToken};

/// A mail that has to be sent. It goes with its user. In lists, `K` is the name of a kind, which may be one
/// that only a newer version knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail<K = MailKind> {
    /// Its identifier.
    pub id: Id<Mail>,
    /// What it tells.
    pub kind: K,
    /// Whom it is about.
    pub user: Option<Id<User>>,
    /// Where it goes. `None` is for nobody: such a row makes an unknown address take as long as a known one.
    pub address: Option<String>,
    /// The token in its link. Without the row of that token there is nothing to send any more.
    pub token: Option<Id<OneTimeToken>>,
    /// What else it tells, such as the device that signed in.
    pub note: Option<String>,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it is to be tried next; `None` once it is parked.
    pub due_at: Option<Timestamp>,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it could not be sent the last time.
    pub last_error: Option<String>,
}

/// A mail as a list shows it, with the name of its kind.
pub type ListedMail = Mail<String>;

/// How many mails the outbox holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MailCount {
    /// Those that will be tried.
    pub waiting: u64,
    /// Those that will not, until the operator says so.
    pub parked: u64,
}

/// What a mail tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// A link to show that the address is one's own.
    VerifyEmail,
    /// A link to choose another password.
    ResetPassword,
    /// A link to choose the first password.
    Invitation,
    /// A link to confirm a new address.
    ChangeEmail,
    /// Somebody asked to change the address; told to the old one.
    EmailChangeRequested,
    /// The address is another one; told to the old one.
    EmailChanged,
    /// The password is another one.
    PasswordChanged,
    /// Somebody signed in from a device that never did before.
    NewDevice,
    /// The operator tries whether mail arrives.
    Test,
}

impl MailKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::VerifyEmail,
        Self::ResetPassword,
        Self::Invitation,
        Self::ChangeEmail,
        Self::EmailChangeRequested,
        Self::EmailChanged,
        Self::PasswordChanged,
        Self::NewDevice,
        Self::Test,
    ];

    /// Its name, as it is stored and shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::Invitation => "invitation",
            Self::ChangeEmail => "change_email",
            Self::EmailChangeRequested => "email_change_requested",
            Self::EmailChanged => "email_changed",
            Self::PasswordChanged => "password_changed",
            Self::NewDevice => "new_device",
            Self::Test => "test",
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
