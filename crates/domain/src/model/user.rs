//! Users.

use crate::model::{EmailAddress, Id, Kind, RoleName, Timestamp, Version, names::open_names, text::text_type};

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
    /// True if the user was invited and has not set a password yet.
    pub invited: bool,
}

open_names! {
    /// The status of a user. A user with a status that this version does not know may not sign in, and their sessions
    /// grant no access.
    pub enum Status {
        /// The user may sign in.
        Active = "active",
        /// The user may not sign in. All sessions are revoked.
        Disabled = "disabled",
    }
}

text_type! {
    /// The display name of a user: one line of 1 to 200 code points.
    pub struct DisplayName(line, 200);
}

/// Times that are stored separately from a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct UserTimes {
    /// The time of the user's last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
    /// The time when the password was set; `None` without a password.
    pub password_changed_at: Option<Timestamp>,
}
