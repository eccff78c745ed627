//! Permissions and sets of permissions.

use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

/// The name of one thing that may be done, such as `users:read`.
///
/// The built-in ones are constants here; applications that share these roles may use any other name of
/// the form `^[a-z][a-z0-9_-]{0,39}:[a-z][a-z0-9_-]{0,39}$`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(Cow<'static, str>);

/// The text is not of the form `resource:action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be two names of lower-case letters, digits, `_` and `-`, joined by a colon, such as `reports:read`")]
pub struct ParsePermissionError;

impl Permission {
    /// See any user.
    pub const USERS_READ: Self = Self(Cow::Borrowed("users:read"));
    /// Create users, also while sign-up is closed.
    pub const USERS_CREATE: Self = Self(Cow::Borrowed("users:create"));
    /// Change users.
    pub const USERS_WRITE: Self = Self(Cow::Borrowed("users:write"));
    /// Delete users.
    pub const USERS_DELETE: Self = Self(Cow::Borrowed("users:delete"));
    /// See roles and permissions.
    pub const ROLES_READ: Self = Self(Cow::Borrowed("roles:read"));
    /// Create, change and delete roles.
    pub const ROLES_WRITE: Self = Self(Cow::Borrowed("roles:write"));
    /// Give roles to users and take them away.
    pub const ROLES_ASSIGN: Self = Self(Cow::Borrowed("roles:assign"));
    /// See the sessions of any user.
    pub const SESSIONS_READ: Self = Self(Cow::Borrowed("sessions:read"));
    /// End the sessions of any user.
    pub const SESSIONS_REVOKE: Self = Self(Cow::Borrowed("sessions:revoke"));
    /// Read the audit trail.
    pub const AUDIT_READ: Self = Self(Cow::Borrowed("audit:read"));

    /// The built-in permissions with a line about each, sorted by name.
    pub const BUILT_IN: [(Self, &'static str); 10] = [
        (Self::AUDIT_READ, "Read the audit trail"),
        (Self::ROLES_ASSIGN, "Give roles to users and take them away"),
        (Self::ROLES_READ, "See roles and permissions"),
        (Self::ROLES_WRITE, "Create, change and delete roles"),
        (Self::SESSIONS_READ, "See the sessions of any user"),
        (Self::SESSIONS_REVOKE, "End the sessions of any user"),
        (Self::USERS_CREATE, "Create users, also while sign-up is closed"),
        (Self::USERS_DELETE, "Delete users"),
        (Self::USERS_READ, "See any user"),
        (Self::USERS_WRITE, "Change users"),
    ];

    /// Takes a name that was checked before it was stored.
    #[must_use]
    pub const fn new_unchecked(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// Its name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Permission {
    type Err = ParsePermissionError;

    fn from_str(text: &str) -> Result<Self, ParsePermissionError> {
        match text.split_once(':') {
            Some((resource, action)) if is_name(resource) && is_name(action) => Ok(Self(Cow::Owned(text.to_owned()))),
            _ => Err(ParsePermissionError),
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether the text is `^[a-z][a-z0-9_-]{0,39}$`, the form of the names of roles and of both halves of
/// a permission.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// What somebody holds: some permissions, or every one that there is or will be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permissions {
    /// Everything, as the role `admin` has it.
    All,
    /// These and no others.
    Set(BTreeSet<Permission>),
}

impl Permissions {
    /// No permission at all.
    #[must_use]
    pub const fn none() -> Self {
        Self::Set(BTreeSet::new())
    }

    /// Whether `permission` is among them.
    #[must_use]
    pub fn contains(&self, permission: &Permission) -> bool {
        match self {
            Self::All => true,
            Self::Set(held) => held.contains(permission),
        }
    }

    /// Whether every permission in `other` is among them.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Set(_), Self::All) => false,
            (Self::Set(held), Self::Set(other)) => other.is_subset(held),
        }
    }

    /// What either of the two holds.
    #[must_use]
    pub fn union(self, other: &Self) -> Self {
        match (self, other) {
            (Self::Set(one), Self::Set(other)) => Self::Set(one.union(other).cloned().collect()),
            _ => Self::All,
        }
    }

    /// The first permission in `other`, by name, that is not among these. Nothing when these cover
    /// `other`, or when it takes the role `admin` itself to cover it.
    #[must_use]
    pub fn first_missing(&self, other: &Self) -> Option<Permission> {
        let held = match self {
            Self::All => return None,
            Self::Set(held) => held,
        };
        match other {
            Self::All => Permission::BUILT_IN
                .into_iter()
                .map(|(name, _)| name)
                .find(|name| !held.contains(name)),
            Self::Set(other) => other.difference(held).next().cloned(),
        }
    }

    /// The names to show, sorted. `All` shows as every built-in permission.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::All => Permission::BUILT_IN.iter().map(|(name, _)| name.to_string()).collect(),
            Self::Set(held) => held.iter().map(Permission::to_string).collect(),
        }
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        Self::Set(permissions.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_is_two_names_joined_by_a_colon() {
        let forty = "a".repeat(40);
        for good in ["users:read", "a:b", "my-app:do_it", &format!("{forty}:{forty}")] {
            assert!(good.parse::<Permission>().is_ok(), "{good}");
        }
        for bad in [
            "",
            "users",
            ":read",
            "users:",
            "Users:read",
            "1a:b",
            "a:b:c",
            "a b:c",
            &format!("{forty}a:b"),
        ] {
            assert_eq!(bad.parse::<Permission>(), Err(ParsePermissionError), "{bad}");
        }
    }

    #[test]
    fn only_everything_covers_everything() {
        let some: Permissions = [Permission::USERS_READ, Permission::ROLES_READ].into_iter().collect();
        let built_in: Permissions = Permission::BUILT_IN.into_iter().map(|(name, _)| name).collect();
        assert!(Permissions::All.covers(&some) && Permissions::All.covers(&Permissions::All));
        assert!(built_in.covers(&some) && !some.covers(&built_in));
        assert!(!built_in.covers(&Permissions::All));
        assert_eq!(built_in.first_missing(&Permissions::All), None);
        assert_eq!(some.first_missing(&built_in), Some(Permission::AUDIT_READ));
    }

    #[test]
    fn the_built_in_permissions_are_sorted_and_well_formed() {
        assert!(Permission::BUILT_IN.is_sorted_by_key(|(name, _)| name.to_string()));
        assert!(
            Permission::BUILT_IN
                .iter()
                .all(|(name, _)| name.as_str().parse::<Permission>().as_ref() == Ok(name))
        );
    }
}
