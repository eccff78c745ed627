//! Roles: named sets of permissions.

use std::{borrow::Cow, fmt, str::FromStr};

use uuid::Uuid;

use crate::model::{Id, Kind, ListRequest, Permissions, Position, Timestamp, Version, is_name, text::text_type};

/// A named set of permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its identifier.
    pub id: Id<Role>,
    /// Its unique name.
    pub name: RoleName,
    /// Its description.
    pub description: Option<Description>,
    /// Its permissions; all for `admin`.
    pub permissions: Permissions,
    /// True if its permissions are in force only for users with a second factor.
    pub requires_second_factor: bool,
    /// True if it exists in every installation.
    pub built_in: bool,
    /// Its version, which every change of the fields above increments.
    pub version: Version,
    /// The time when it was created.
    pub created_at: Timestamp,
    /// The time when it was last changed.
    pub updated_at: Timestamp,
}

impl Kind for Role {
    const KIND: &'static str = "role";
}

impl Role {
    /// The identifier of `admin`, the same in every installation.
    pub const ADMIN_ID: Id<Self> = Id::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
    /// The identifier of `member`, the same in every installation.
    pub const MEMBER_ID: Id<Self> = Id::from_uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0002));
}

/// A role in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRow {
    /// The role.
    pub role: Role,
    /// The number of users that have it.
    pub user_count: u64,
}

/// A request for one page of roles.
pub type ListRoles = ListRequest<(), (), Position<Role>>;

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
    /// The role that users are assigned at sign-up.
    pub const MEMBER: Self = Self(Cow::Borrowed("member"));

    /// Creates a name from a text that was checked before it was stored.
    #[must_use]
    pub const fn new_unchecked(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// Returns the text.
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

impl From<RoleName> for String {
    fn from(name: RoleName) -> Self {
        name.0.into_owned()
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

text_type! {
    /// The description of a role: one line of 1 to 500 code points.
    pub struct Description(line, 500);
}
