//! Who asks, and what they may do.

use crate::{Id, Permission, Permissions, session::Session, user::User};

/// Who asks for something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Nobody in particular.
    Anonymous,
    /// A user who is signed in.
    User {
        /// The user.
        id: Id<User>,
        /// The session by which the user is signed in.
        session: Id<Session>,
        /// What the user may do now.
        permissions: Permissions,
    },
    /// The operator at the command line, who may do everything.
    Operator,
}

/// The actor may not do this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// Nobody is signed in.
    #[error("not authenticated")]
    Unauthenticated,
    /// A permission is missing: this one, or the role `admin` where none is named.
    #[error("not allowed")]
    Forbidden(Option<Permission>),
}

impl Actor {
    /// Whether the actor is this user.
    #[must_use]
    pub fn is(&self, user: Id<User>) -> bool {
        matches!(self, Self::User { id, .. } if *id == user)
    }

    /// The user who is signed in and the session by which.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] when the actor is not a signed-in user.
    pub fn signed_in(&self) -> Result<(Id<User>, Id<Session>), Denied> {
        match self {
            Self::User { id, session, .. } => Ok((*id, *session)),
            Self::Anonymous | Self::Operator => Err(Denied::Unauthenticated),
        }
    }

    /// Asks for one permission.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] when nobody is signed in, [`Denied::Forbidden`] when the permission
    /// is not held.
    pub fn require(&self, permission: &Permission) -> Result<(), Denied> {
        match self {
            Self::Anonymous => Err(Denied::Unauthenticated),
            Self::User { permissions, .. } if !permissions.contains(permission) => {
                Err(Denied::Forbidden(Some(permission.clone())))
            }
            Self::User { .. } | Self::Operator => Ok(()),
        }
    }

    /// Asks for every one of some permissions: nobody acts beyond themselves.
    ///
    /// # Errors
    /// As [`Actor::require`].
    pub fn require_all(&self, wanted: &Permissions) -> Result<(), Denied> {
        match self {
            Self::Anonymous => Err(Denied::Unauthenticated),
            Self::User { permissions, .. } if !permissions.covers(wanted) => {
                Err(Denied::Forbidden(permissions.first_missing(wanted)))
            }
            Self::User { .. } | Self::Operator => Ok(()),
        }
    }

    /// Asks for what it takes to act on `user`, who holds `held`: nothing more when that is the actor,
    /// else all that `user` holds.
    ///
    /// # Errors
    /// As [`Actor::require`].
    pub fn require_reach(&self, user: Id<User>, held: &Permissions) -> Result<(), Denied> {
        if self.is(user) { Ok(()) } else { self.require_all(held) }
    }
}
