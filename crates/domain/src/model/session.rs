//! Sessions of signed-in users.

use crate::model::{Actor, ClientInfo, Denied, Device, Id, Permission, Permissions, Secret, Timestamp, User};

/// A sign-in that lasts until it expires or is ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its identifier, the `sid` of its access tokens.
    pub id: Id<Session>,
    /// Whose it is; `None` once that user was deleted. The row stays, so that a token that was good is
    /// told apart from a forged one.
    pub user: Option<Id<User>>,
    /// Goes into the digest of its refresh tokens, with the server's key.
    pub secret: SessionSecret,
    /// How often it was refreshed.
    pub generation: u32,
    /// When it was last refreshed; `None` before the first time.
    pub rotated_at: Option<Timestamp>,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When the user signed in or last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it was ended before that.
    pub revoked_at: Option<Timestamp>,
    /// Where it was started.
    pub device: Device,
}

impl Session {
    /// Whether it is still good `at` this time.
    #[must_use]
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.user.is_some() && self.revoked_at.is_none() && at < self.expires_at
    }
}

/// A session as a list shows it, without what its tokens are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Its identifier.
    pub id: Id<Session>,
    /// Its user; `None` once that user was deleted.
    pub user: Option<Id<User>>,
    /// When the user signed in.
    pub created_at: Timestamp,
    /// When the user signed in or last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it was revoked before that.
    pub revoked_at: Option<Timestamp>,
    /// Where it was started.
    pub device: Device,
}

impl SessionRow {
    /// Whether it is still valid at this time.
    #[must_use]
    pub fn is_live(&self, at: Timestamp) -> bool {
        self.user.is_some() && self.revoked_at.is_none() && at < self.expires_at
    }
}

/// The secret of a session's row: without it, the server's key alone forges no refresh token.
pub type SessionSecret = Secret<[u8; 32]>;

/// A session with its user and what that user may do now, read in one round trip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthenticatedSession {
    /// When the session ends in any case.
    pub expires_at: Timestamp,
    /// When it was ended before that.
    pub revoked_at: Option<Timestamp>,
    /// The user and the user's current permissions; `None` once the user was deleted.
    pub user: Option<(User, Permissions)>,
    /// The address that the user asked to change to, as it was typed, and until when it can be confirmed.
    pub pending_email: Option<(String, Timestamp)>,
}

/// A user who is signed in, as of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentUser {
    /// The user.
    pub user: User,
    /// The session by which the user is signed in.
    pub session: Id<Session>,
    /// What the user may do now.
    pub permissions: Permissions,
    /// The address that the user asked to change to and has not confirmed yet, as it was typed.
    pub pending_email: Option<String>,
}

impl CurrentUser {
    /// Asks for one permission.
    ///
    /// # Errors
    /// [`Denied::Forbidden`] when it is not held.
    pub fn require(&self, permission: &Permission) -> Result<(), Denied> {
        if self.permissions.contains(permission) {
            Ok(())
        } else {
            Err(Denied::Forbidden(Some(permission.clone())))
        }
    }

    /// The caller as the one who asks for something from there.
    #[must_use]
    pub fn actor(&self, client: ClientInfo) -> Actor {
        Actor::user(self.user.id, self.session, self.permissions.clone(), client)
    }
}
