//! Sessions of signed-in users.

use crate::model::{
    Actor, ClientInfo, Denied, Device, Id, Kind, ListRequest, Permission, Permissions, Secret, Timestamp, User,
};

/// A session, which lasts from sign-in until it expires or is revoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identifier, the `sid` of its access tokens.
    pub id: Id<Session>,
    /// The user; `None` once the user was deleted. The row remains, so that its tokens can still be distinguished from
    /// forged ones.
    pub user: Option<Id<User>>,
    /// An input of the MAC of its refresh tokens, in addition to the secret key of the server.
    pub secret: SessionSecret,
    /// The number of rotations of its refresh token.
    pub generation: u32,
    /// The time of the last rotation; `None` before the first one.
    pub rotated_at: Option<Timestamp>,
    /// The time of the sign-in.
    pub created_at: Timestamp,
    /// The time of the sign-in or of the last refresh.
    pub last_used_at: Timestamp,
    /// The time when it expires.
    pub expires_at: Timestamp,
    /// The time when it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The device that signed in.
    pub device: Device,
}

impl Kind for Session {
    const KIND: &'static str = "session";
}

impl Session {
    /// Returns whether it is neither expired nor revoked at this time.
    #[must_use]
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.user.is_some() && self.revoked_at.is_none() && at < self.expires_at
    }
}

/// A session in a list, without the secrets that its tokens are derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its identifier.
    pub id: Id<Session>,
    /// The user; `None` once the user was deleted.
    pub user: Option<Id<User>>,
    /// The time of the sign-in.
    pub created_at: Timestamp,
    /// The time of the sign-in or of the last refresh.
    pub last_used_at: Timestamp,
    /// The time when it expires.
    pub expires_at: Timestamp,
    /// The time when it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The device that signed in.
    pub device: Device,
}

impl SessionRow {
    /// Returns whether it is neither expired nor revoked at this time.
    #[must_use]
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.user.is_some() && self.revoked_at.is_none() && at < self.expires_at
    }
}

/// A request for one page of sessions.
pub type ListSessions = ListRequest<(), (), Id<Session>>;

/// The secret of a session, without which the secret key of the server does not suffice to forge refresh tokens.
pub type SessionSecret = Secret<[u8; 32]>;

/// A session with its user and the user's current permissions, read in one round trip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedSession {
    /// The time when the session expires.
    pub expires_at: Timestamp,
    /// The time when the session was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The user and the user's current permissions; `None` once the user was deleted.
    pub user: Option<(User, Permissions)>,
    /// The pending new email address as it was typed, and the time when the link to confirm it expires.
    pub pending_email: Option<(String, Timestamp)>,
}

/// The signed-in user who sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentUser {
    /// The user.
    pub user: User,
    /// The session that the user is signed in through.
    pub session: Id<Session>,
    /// The current permissions of the user.
    pub permissions: Permissions,
    /// The new email address, as it was typed, that the user has not confirmed yet.
    pub pending_email: Option<String>,
}

impl CurrentUser {
    /// Checks that the user has a permission.
    ///
    /// # Errors
    /// [`Denied::Forbidden`] if the permission is missing.
    pub fn require(&self, permission: &Permission) -> Result<(), Denied> {
        if self.permissions.contains(permission) {
            Ok(())
        } else {
            Err(Denied::Forbidden(Some(permission.clone())))
        }
    }

    /// Returns the user as the actor of a use case.
    #[must_use]
    pub fn actor(&self, client: ClientInfo) -> Actor {
        Actor::user(self.user.id, self.session, self.permissions.clone(), client)
    }
}
