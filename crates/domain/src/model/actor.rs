//! The actor of a use case, and its permissions.

use crate::model::{ClientInfo, EventActor, Id, Permission, Permissions, Session, User};

/// Who asks for something, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    who: Who,
    client: ClientInfo,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Who {
    Anonymous,
    User {
        id: Id<User>,
        session: Id<Session>,
        permissions: Permissions,
    },
    Operator,
    System,
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
    /// Nobody in particular.
    #[must_use]
    pub const fn anonymous(client: ClientInfo) -> Self {
        let who = Who::Anonymous;
        Self { who, client }
    }

    /// A user who is signed in by a session and may do this now.
    #[must_use]
    pub const fn user(id: Id<User>, session: Id<Session>, permissions: Permissions, client: ClientInfo) -> Self {
        let who = Who::User {
            id,
            session,
            permissions,
        };
        Self { who, client }
    }

    /// The operator at the command line, who may do everything.
    #[must_use]
    pub fn operator() -> Self {
        Self {
            who: Who::Operator,
            client: ClientInfo::default(),
        }
    }

    /// The server itself, which may do everything.
    #[must_use]
    pub fn system() -> Self {
        Self {
            who: Who::System,
            client: ClientInfo::default(),
        }
    }

    /// Where the actor is.
    #[must_use]
    pub const fn client(&self) -> &ClientInfo {
        &self.client
    }

    /// The actor as audit events show it.
    pub(crate) const fn shown(&self) -> EventActor {
        match &self.who {
            Who::Anonymous => EventActor::Anonymous,
            Who::User { id, .. } => EventActor::User(*id),
            Who::Operator => EventActor::Cli,
            Who::System => EventActor::System,
        }
    }

    /// Whether nobody in particular asks.
    #[must_use]
    pub const fn is_anonymous(&self) -> bool {
        matches!(self.who, Who::Anonymous)
    }

    /// Whether the actor is this user.
    #[must_use]
    pub fn is(&self, user: Id<User>) -> bool {
        matches!(&self.who, Who::User { id, .. } if *id == user)
    }

    /// The user who is signed in and the session by which.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] when the actor is not a signed-in user.
    pub fn signed_in(&self) -> Result<(Id<User>, Id<Session>), Denied> {
        match &self.who {
            Who::User { id, session, .. } => Ok((*id, *session)),
            Who::Anonymous | Who::Operator | Who::System => Err(Denied::Unauthenticated),
        }
    }

    /// Asks for one permission.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] when nobody is signed in, [`Denied::Forbidden`] when the permission
    /// is not held.
    pub fn require(&self, permission: &Permission) -> Result<(), Denied> {
        match &self.who {
            Who::Anonymous => Err(Denied::Unauthenticated),
            Who::User { permissions, .. } if !permissions.contains(permission) => {
                Err(Denied::Forbidden(Some(permission.clone())))
            }
            Who::User { .. } | Who::Operator | Who::System => Ok(()),
        }
    }

    /// Asks for every one of some permissions: nobody acts beyond themselves.
    ///
    /// # Errors
    /// As [`Actor::require`].
    pub fn require_all(&self, wanted: &Permissions) -> Result<(), Denied> {
        match &self.who {
            Who::Anonymous => Err(Denied::Unauthenticated),
            Who::User { permissions, .. } if !permissions.covers(wanted) => {
                Err(Denied::Forbidden(permissions.first_missing(wanted)))
            }
            Who::User { .. } | Who::Operator | Who::System => Ok(()),
        }
    }

    /// Asks for what it takes to act on `user`, who holds `held`: nothing more when that is the actor,
    /// else all that `user` holds.
    ///
    /// # Errors
    /// As [`Actor::require`].
    pub fn require_can_manage(&self, user: Id<User>, held: &Permissions) -> Result<(), Denied> {
        if self.is(user) { Ok(()) } else { self.require_all(held) }
    }
}
