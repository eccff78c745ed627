//! Roles: named sets of permissions.

use std::{borrow::Cow, fmt, str::FromStr};

use uuid::Uuid;

use crate::model::{Id, Permissions, TextError, Timestamp, Version, is_name, text};

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its identifier.
    pub id: Id<Role>,
    /// Its name, unique.
    pub name: RoleName,
    /// What it is for.
    pub description: Option<Description>,
    /// What it permits; everything for `admin`.
    pub permissions: Permissions,
    /// Whether it comes with every installation.
    pub built_in: bool,
    /// Raised by every change of the above.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl Role {
    /// The identifier of `admin`, the same in every installation.
    pub const ADMIN_ID: Id<Self> = Id::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
    /// The identifier of `member`, the same in every installation.
    pub const MEMBER_ID: Id<Self> = Id::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002));
}

/// A role as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// The role.
    pub role: Role,
    /// How many users have it.
    pub user_count: u64,
}

/// The name of a role: `^[a-z][a-z0-9_-]{0,39}$`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleName(Cow<'static, str>);

/// The text is not the name of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be 1 to 40 lower-case letters, digits, `_` and `-`, and start with a letter")]
pub struct ParseRoleNameError;

impl RoleName {
    /// The role that has every permission.
    pub const ADMIN: Self = Self(Cow::Borrowed("admin"));
    /// The role that everybody is given at sign-up.
    pub const MEMBER: Self = Self(Cow::Borrowed("member"));

    /// Takes a name that was checked before it was stored.
    #[must_use]
    pub const fn new_unchecked(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoleName {
    type Err = ParseRoleNameError;

    fn from_str(text: &str) -> Result<Self, ParseRoleNameError> {
        if is_name(text) {
            Ok(Self(Cow::Owned(text.to_owned())))
        } else {
            Err(ParseRoleNameError)
        }
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a role is for: 1 to 500 code points on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    const MAX_LENGTH: usize = 500;

    /// Trims and checks a description.
    ///
    /// # Errors
    /// [`TextError`] when it is empty or too long, has a control character or one that changes the direction of
    /// the text, or shows nothing.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        text::line(text, Self::MAX_LENGTH).map(Self)
    }

    /// Takes a description that was checked before it was stored.
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
