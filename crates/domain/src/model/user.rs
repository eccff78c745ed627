//! Users.

use crate::model::{EmailAddress, Id, Kind, RoleName, TextError, Timestamp, Version, text};

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its identifier.
    pub id: Id<User>,
    /// The email address, which the user signs in with.
    pub email: EmailAddress,
    /// The display name.
    pub display_name: Option<DisplayName>,
    /// True if the user may sign in.
    pub status: Status,
    /// True if the user has verified the email address.
    pub email_verified: bool,
    /// The names of the user's roles, sorted.
    pub roles: Vec<RoleName>,
    /// The version, which every change of the fields above increments.
    pub version: Version,
    /// The time when the account was created.
    pub created_at: Timestamp,
    /// The time when the account was last changed.
    pub updated_at: Timestamp,
}

impl Kind for User {
    const KIND: &'static str = "user";
}

impl User {
    /// Returns whether the user may sign in.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// Returns whether the user has the role `admin`.
    #[must_use]
    pub fn is_administrator(&self) -> bool {
        self.roles.contains(&RoleName::ADMIN)
    }

    /// Returns the user with the next version, changed at this time.
    pub(crate) fn touched(self, at: Timestamp) -> Self {
        Self {
            version: self.version.next(),
            updated_at: at,
            ..self
        }
    }
}

/// A user in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// The user.
    pub user: User,
    /// The time of the user's last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
}

/// The status of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// The user may sign in.
    Active,
    /// The user may not sign in. All sessions are revoked.
    Disabled,
    /// A status that a newer version has set. The user may not sign in, and sessions grant no access. It remains stored
    /// until a different status is set.
    Other(String),
}

impl Status {
    /// Returns its name, as stored and shown.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Other(name) => name,
        }
    }

    /// Converts a stored name.
    #[must_use]
    pub fn new_unchecked(name: String) -> Self {
        Self::from_name(&name).unwrap_or(Self::Other(name))
    }

    /// Returns the status with this name, if it can be set.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Active, Self::Disabled]
            .into_iter()
            .find(|status| status.as_str() == name)
    }
}

/// The display name of a user: one line of 1 to 200 code points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisplayName(String);

impl DisplayName {
    const MAX_LENGTH: usize = 200;

    /// Trims and checks a name.
    ///
    /// # Errors
    /// [`TextError`] if it is empty, too long or invisible, or contains control characters or characters that change
    /// the direction of text.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        text::line(text, Self::MAX_LENGTH).map(Self)
    }

    /// Creates a name from a text that was checked before it was stored.
    #[must_use]
    pub const fn new_unchecked(text: String) -> Self {
        Self(text)
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

/// Times that are stored separately from a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserTimes {
    /// The time of the user's last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The time when the password was set; `None` without a password.
    pub password_changed_at: Option<Timestamp>,
}
