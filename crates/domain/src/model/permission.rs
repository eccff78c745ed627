//! Permissions and sets of permissions.

use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

/// The name of a permission, such as `users:read`.
///
/// The built-in permissions are constants. Applications that share the roles may define further permissions of the form
/// `^[a-z][a-z0-9_-]{0,39}:[a-z][a-z0-9_-]{0,39}$`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(Cow<'static, str>);

/// The text is not of the form `resource:action`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be two names of lower-case letters, digits, `_` and `-`, joined by a colon, such as `reports:read`")]
pub struct ParsePermissionError;

/// A permission as a type, which a handler requires in its signature.
pub trait RequiredPermission {
    /// The permission.
    const PERMISSION: Permission;
}

/// Declares each built-in permission as a constant and as a type, with its name and its description.
macro_rules! permissions {
    ($($constant:ident, $type:ident = $name:literal, $description:literal;)+) => {
        impl Permission {
            $(#[doc = $description] pub const $constant: Self = Self(Cow::Borrowed($name));)+

            /// The built-in permissions with a description of each, sorted by name.
            pub const BUILT_IN: &[(Self, &str)] = &[$((Self::$constant, $description),)+];
        }

        $(
            #[doc = $description]
            pub struct $type;

            impl RequiredPermission for $type {
                const PERMISSION: Permission = Permission::$constant;
            }
        )+
    };
}

permissions! {
    AUDIT_READ, AuditRead = "audit:read", "Read the audit log";
    ROLES_ASSIGN, RolesAssign = "roles:assign", "Assign roles to users and revoke them";
    ROLES_READ, RolesRead = "roles:read", "See roles and permissions";
    ROLES_WRITE, RolesWrite = "roles:write", "Create, change and delete roles";
    SESSIONS_READ, SessionsRead = "sessions:read", "See the sessions of any user";
    SESSIONS_REVOKE, SessionsRevoke = "sessions:revoke", "Revoke the sessions of any user";
    USERS_CREATE, UsersCreate = "users:create", "Create users, even while sign-up is closed";
    USERS_DELETE, UsersDelete = "users:delete", "Delete users";
    USERS_READ, UsersRead = "users:read", "See any user";
    USERS_WRITE, UsersWrite = "users:write", "Change users";
}

impl Permission {
    /// Creates a permission from a name that was checked before it was stored.
    #[must_use]
    pub const fn new_unchecked(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// Returns its name.
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

/// Returns whether the text matches `^[a-z][a-z0-9_-]{0,39}$`, the form of role names and of both halves of a
/// permission.
pub(crate) fn is_name(text: &str) -> bool {
    text.len() <= 40
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-')
}

/// A set of permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Permissions {
    /// Every permission, including those not defined yet. The role `admin` has it.
    All,
    /// Exactly these permissions.
    Set(BTreeSet<Permission>),
}

impl Permissions {
    /// Returns the empty set.
    #[must_use]
    pub const fn none() -> Self {
        Self::Set(BTreeSet::new())
    }

    /// Returns whether the set contains a permission.
    #[must_use]
    pub fn contains(&self, permission: &Permission) -> bool {
        match self {
            Self::All => true,
            Self::Set(held) => held.contains(permission),
        }
    }

    /// Returns whether the set contains every permission in `other`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Set(_), Self::All) => false,
            (Self::Set(held), Self::Set(other)) => other.is_subset(held),
        }
    }

    /// Returns the permissions of both sets.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Set(one), Self::Set(other)) => Self::Set(one.union(other).cloned().collect()),
            _ => Self::All,
        }
    }

    /// Returns the first permission in `other`, by name, that is missing in this set. Returns `None` if the set covers
    /// `other`, or if only the role `admin` itself would cover it.
    #[must_use]
    pub fn first_missing(&self, other: &Self) -> Option<Permission> {
        let held = match self {
            Self::All => return None,
            Self::Set(held) => held,
        };
        match other {
            Self::All => Permission::BUILT_IN
                .iter()
                .map(|(name, _)| name)
                .find(|name| !held.contains(name))
                .cloned(),
            Self::Set(other) => other.difference(held).next().cloned(),
        }
    }

    /// Returns the names to show, sorted. `All` is shown as every built-in permission.
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
    fn permission_is_two_names_joined_by_a_colon() {
        let forty = "a".repeat(40);
        for valid in ["users:read", "a:b", "my-app:do_it", &format!("{forty}:{forty}")] {
            assert!(valid.parse::<Permission>().is_ok(), "{valid}");
        }
        for invalid in [
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
            assert_eq!(invalid.parse::<Permission>(), Err(ParsePermissionError), "{invalid}");
        }
    }

    #[test]
    fn only_all_permissions_cover_all() {
        let some: Permissions = [Permission::USERS_READ, Permission::ROLES_READ].into_iter().collect();
        let built_in: Permissions = Permission::BUILT_IN.iter().map(|(name, _)| name.clone()).collect();
        assert!(Permissions::All.covers(&some) && Permissions::All.covers(&Permissions::All));
        assert!(built_in.covers(&some) && !some.covers(&built_in));
        assert!(!built_in.covers(&Permissions::All));
        assert_eq!(built_in.first_missing(&Permissions::All), None);
        assert_eq!(some.first_missing(&built_in), Some(Permission::AUDIT_READ));
    }

    #[test]
    fn built_in_permissions_are_sorted_and_well_formed() {
        assert!(Permission::BUILT_IN.is_sorted_by_key(|(name, _)| name.to_string()));
        assert!(
            Permission::BUILT_IN
                .iter()
                .all(|(name, _)| name.as_str().parse::<Permission>().as_ref() == Ok(name))
        );
    }
}
