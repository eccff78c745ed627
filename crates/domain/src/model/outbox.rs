//! Emails in the outbox.

use crate::model::{Id, OneTimeToken, Timestamp, User, names::closed_names};

/// An email to send. It is deleted with its user. In lists, `K` is the name of the kind, which may be unknown to this
/// version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedEmail<K = EmailKind> {
    /// Its identifier.
    pub id: Id<QueuedEmail>,
    /// The kind of email.
    pub kind: K,
    /// The user that it is about.
    pub user: Option<Id<User>>,
    /// The recipient. `None` for an email that is never sent: it makes a request for an unknown address take as long
    /// as one for a known address.
    pub address: Option<String>,
    /// The token in its link. If the token no longer exists, the email is not sent.
    pub token: Option<Id<OneTimeToken>>,
    /// Additional text, such as the device that signed in.
    pub note: Option<String>,
    /// The time when it was created.
    pub created_at: Timestamp,
    /// The time of the next delivery attempt; `None` for a dead letter.
    pub due_at: Option<Timestamp>,
    /// The number of delivery attempts.
    pub attempts: u32,
    /// The error of the last failed attempt.
    pub last_error: Option<String>,
    /// Its priority.
    pub priority: Priority,
    /// The time of the first failure that was caused by this email and not by the mail server.
    pub failing_since: Option<Timestamp>,
}

/// The priority of an email. Urgent email never waits behind bulk email.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// A person is waiting for it or has to know immediately.
    Urgent,
    /// It may be one of thousands, such as the invitations of an import.
    Bulk,
}

impl Priority {
    /// Every priority, the most urgent first.
    pub const ALL: [Self; 2] = [Self::Urgent, Self::Bulk];

    /// Returns the number that is stored. Lower numbers are sent first.
    #[must_use]
    pub const fn as_number(self) -> i64 {
        match self {
            Self::Urgent => 0,
            Self::Bulk => 1,
        }
    }

    /// Returns the priority for a stored number. Numbers of newer versions count as bulk.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        if number == Self::Urgent.as_number() {
            Self::Urgent
        } else {
            Self::Bulk
        }
    }
}

/// An email in a list, with the name of its kind.
pub type ListedEmail = QueuedEmail<String>;

/// The number of emails in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OutboxCounts {
    /// Emails that will be attempted.
    pub waiting: u64,
    /// Dead letters: emails that are not attempted until the operator retries them.
    pub dead_letters: u64,
}

closed_names! {
    /// A kind of email.
    pub enum EmailKind {
        /// A link to verify an email address.
        VerifyEmail = "verify_email",
        /// A link to reset a password.
        ResetPassword = "reset_password",
        /// A link to choose the first password.
        Invitation = "invitation",
        /// A link to confirm a new email address.
        ChangeEmail = "change_email",
        /// A change of the email address was requested; sent to the current address.
        EmailChangeRequested = "email_change_requested",
        /// The email address was changed; sent to the previous address.
        EmailChanged = "email_changed",
        /// The password was changed.
        PasswordChanged = "password_changed",
        /// A sign-in from a new device.
        NewDevice = "new_device",
        /// A second factor was added.
        FactorAdded = "factor_added",
        /// A second factor was removed.
        FactorRemoved = "factor_removed",
        /// An administrator removed all second factors.
        FactorsReset = "factors_reset",
        /// A recovery code was used.
        RecoveryCodeUsed = "recovery_code_used",
        /// New recovery codes were generated.
        RecoveryCodesGenerated = "recovery_codes_generated",
        /// A test of the mail settings by the operator.
        Test = "test",
    }
}

impl EmailKind {
    /// Returns the priority of emails of this kind.
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
            | Self::FactorAdded
            | Self::FactorRemoved
            | Self::FactorsReset
            | Self::RecoveryCodeUsed
            | Self::RecoveryCodesGenerated
            | Self::Test => Priority::Urgent,
        }
    }
}
