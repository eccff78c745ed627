//! Users.

use crate::model::{EmailAddress, Id, RoleName, TextError, Timestamp, Version, text};

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its identifier.
    pub id: Id<User>,
    /// The address to sign in with.
    pub email: EmailAddress,
    /// The name to show.
    pub display_name: Option<DisplayName>,
    /// Whether the user may sign in.
    pub status: Status,
    /// Whether the user has shown to own the address.
    pub email_verified: bool,
    /// The names of the user's roles, sorted.
    pub roles: Vec<RoleName>,
    /// Raised by every change of the above.
    pub version: Version,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl User {
    /// Whether the user may sign in.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// Whether the user has the role `admin`.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.roles.contains(&RoleName::ADMIN)
    }

    /// The same user, changed at this time.
    pub(crate) fn touched(self, at: Timestamp) -> Self {
        Self {
            version: self.version.next(),
            updated_at: at,
            ..self
        }
    }
}

/// A user as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The user.
    pub user: User,
    /// When the user last signed in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// Whether a user may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The user may sign in.
    Active,
    /// The user may not, and every session has ended.
    Disabled,
    /// A newer version has given the user this status, about which nothing is known here: the user may not
    /// sign in, and sessions give no access. It is stored as it is until another one is set.
    Other(String),
}

impl Status {
    /// Its name, as it is stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Other(name) => name,
        }
    }

    /// Takes a status as it is stored.
    #[must_use]
    pub fn new_unchecked(name: String) -> Self {
        Self::from_name(&name).unwrap_or(Self::Other(name))
    }

    /// The status with this name, of those that can be set.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Disabled]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

/// The name of a user as others see it: 1 to 200 code points on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    const MAX_LENGTH: usize = 200;

    /// Trims and checks a name.
    ///
    /// # Errors
    /// [`TextError`] when it is empty or too long, has a control character or one that changes the direction of
    /// the text, or shows nothing.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        text::line(text, Self::MAX_LENGTH).map(Self)
    }

    /// Takes a name that was checked before it was stored.
    #[must_use]
    pub const fn new_unchecked(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Times that are kept beside a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserTimes {
    /// When the user last signed in.
    pub last_sign_in_at: Option<Timestamp>,
    /// When the password was chosen; `None` without one.
    pub password_changed_at: Option<Timestamp>,
}
