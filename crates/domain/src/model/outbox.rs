//! Emails in the outbox.

use crate::model::{Id, OneTimeToken, Timestamp, User};

/// A mail that has to be sent. It goes with its user. In lists, `K` is the name of a kind, which may be one
/// that only a newer version knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedEmail<K = EmailKind> {
    /// Its identifier.
    pub id: Id<QueuedEmail>,
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
    /// The order in which due mail is sent.
    pub priority: Priority,
    /// The time of the first failure that was about this mail and not about the mail server.
    pub failing_since: Option<Timestamp>,
}

/// The order in which due mail is sent: urgent mail never waits behind bulk mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// A person is waiting for it, or has to know at once.
    Urgent,
    /// It may be one of thousands, such as the invitations of an import.
    Bulk,
}

impl Priority {
    /// Every priority, the most urgent first.
    pub const ALL: [Self; 2] = [Self::Urgent, Self::Bulk];

    /// The number that is stored: the lower, the sooner.
    #[must_use]
    pub const fn as_number(self) -> i64 {
        match self {
            Self::Urgent => 0,
            Self::Bulk => 1,
        }
    }

    /// Returns the priority for a stored number. Numbers of later versions count as bulk.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        if number == Self::Urgent.as_number() {
            Self::Urgent
        } else {
            Self::Bulk
        }
    }
}

/// A mail as a list shows it, with the name of its kind.
pub type ListedEmail = QueuedEmail<String>;

/// How many mails the outbox holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// Those that will be tried.
    pub waiting: u64,
    /// Those that will not, until the operator says so.
    pub parked: u64,
}

/// What a mail tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EmailKind {
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

impl EmailKind {
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

    /// Returns how urgent mails of this kind are.
    #[must_use]
    pub const fn priority(self) -> Priority {
        match self {
            Self::Invitation => Priority::Bulk,
            Self::VerifyEmail
            | Self::ResetPassword
            | Self::ChangeEmail
            | Self::EmailChangeRequested
            | Self::EmailChanged
            | Self::PasswordChanged
            | Self::NewDevice
            | Self::Test => Priority::Urgent,
        }
    }

    /// The kind with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}
