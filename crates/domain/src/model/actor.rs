//! The actor of a use case, and its permissions.

use crate::model::{
    ClientInfo, CurrentPermissions, CurrentUser, EventActor, Id, Permission, Permissions, Session, User,
};

/// The party that executes a use case: an anonymous client, a signed-in user, the operator or the server itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    identity: Identity,
    client: ClientInfo,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Identity {
    Anonymous,
    User {
        id: Id<User>,
        session: Id<Session>,
        permissions: CurrentPermissions,
    },
    Operator,
    System,
}

/// The actor is not allowed to do this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The actor is not signed in.
    #[error("authentication is required")]
    Unauthenticated,
    /// The actor lacks this permission or, if none is given, the role `admin`.
    #[error("permission denied")]
    Forbidden(Option<Permission>),
    /// A role of the actor grants the permission, but requires a second factor, which the actor does not have.
    #[error("a second factor must be set up first")]
    SecondFactorMissing,
}

impl Actor {
    /// Returns an actor that is not signed in.
    #[must_use]
    pub const fn anonymous(client: ClientInfo) -> Self {
        let identity = Identity::Anonymous;
        Self { identity, client }
    }

    /// Returns a signed-in user.
    #[must_use]
    pub fn user(current: &CurrentUser, client: ClientInfo) -> Self {
        let identity = Identity::User {
            id: current.user.id,
            session: current.session,
            permissions: current.permissions.clone(),
        };
        Self { identity, client }
    }

    /// Returns the operator at the command line, who has every permission.
    #[must_use]
    pub fn operator() -> Self {
        Self {
            identity: Identity::Operator,
            client: ClientInfo::default(),
        }
    }

    /// Returns the server itself, which has every permission.
    #[must_use]
    pub fn system() -> Self {
        Self {
            identity: Identity::System,
            client: ClientInfo::default(),
        }
    }

    /// Returns the client that the actor uses.
    #[must_use]
    pub const fn client(&self) -> &ClientInfo {
        &self.client
    }

    /// Returns the actor as audit events store it.
    pub(crate) const fn to_event_actor(&self) -> EventActor {
        match &self.identity {
            Identity::Anonymous => EventActor::Anonymous,
            Identity::User { id, .. } => EventActor::User(*id),
            Identity::Operator => EventActor::Cli,
            Identity::System => EventActor::System,
        }
    }

    /// Returns whether the actor is not signed in.
    #[must_use]
    pub const fn is_anonymous(&self) -> bool {
        matches!(self.identity, Identity::Anonymous)
    }

    /// Returns whether the actor is this user.
    #[must_use]
    pub fn is(&self, user: Id<User>) -> bool {
        matches!(&self.identity, Identity::User { id, .. } if *id == user)
    }

    /// Returns the signed-in user and their session.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] if the actor is not a signed-in user.
    pub fn signed_in(&self) -> Result<(Id<User>, Id<Session>), Denied> {
        match &self.identity {
            Identity::User { id, session, .. } => Ok((*id, *session)),
            Identity::Anonymous | Identity::Operator | Identity::System => Err(Denied::Unauthenticated),
        }
    }

    /// Checks that the actor has a permission.
    ///
    /// # Errors
    /// [`Denied::Unauthenticated`] if the actor is not signed in; [`Denied::Forbidden`] if the permission is missing;
    /// [`Denied::SecondFactorMissing`] if it is withheld until the actor has a second factor.
    pub fn require(&self, permission: &Permission) -> Result<(), Denied> {
        match &self.identity {
            Identity::Anonymous => Err(Denied::Unauthenticated),
            Identity::User { permissions, .. } => permissions.require(permission),
            Identity::Operator | Identity::System => Ok(()),
        }
    }

    /// Checks that the actor has all of these permissions, so that users cannot grant more than they have.
    ///
    /// # Errors
    /// As [`Actor::require`].
    pub fn require_all(&self, required: &Permissions) -> Result<(), Denied> {
        match &self.identity {
            Identity::Anonymous => Err(Denied::Unauthenticated),
            Identity::User { permissions, .. } => permissions.require_all(required),
            Identity::Operator | Identity::System => Ok(()),
        }
    }

    /// Checks that the actor may act on `user`, who has the permissions `held`: actors may act on themselves, and on
    /// users all of whose permissions they have.
    ///
    /// # Errors
    /// As [`Actor::require`].
    pub fn require_can_manage(&self, user: Id<User>, held: &Permissions) -> Result<(), Denied> {
        if self.is(user) { Ok(()) } else { self.require_all(held) }
    }
}
