//! Sessions of signed-in users.

use chrono::TimeDelta;

use crate::model::{
    Actor, AuthMethods, ClientInfo, Denied, Device, Id, Kind, ListRequest, Permission, Permissions, Secret, Timestamp,
    User,
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
    /// The time of the sign-in, of the last refresh or, with an idle timeout, of about the last request.
    pub last_used_at: Timestamp,
    /// The time when it expires.
    pub expires_at: Timestamp,
    /// The time when it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The time when the user last proved who they are: at sign-in, or later by a step-up.
    pub authenticated_at: Timestamp,
    /// The methods of these proofs.
    pub methods: AuthMethods,
    /// The device that signed in.
    pub device: Device,
}

impl Kind for Session {
    const KIND: &'static str = "session";
}

impl Session {
    /// Returns whether it is neither expired, idle nor revoked.
    #[must_use]
    pub fn is_live(&self, live: &LiveAt) -> bool {
        self.user.is_some() && live.includes(self.revoked_at, self.expires_at, self.last_used_at)
    }
}

/// A condition for live sessions: neither revoked nor expired at a time, and not idle for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveAt {
    /// The time.
    pub at: Timestamp,
    /// The time after which a session must have been used; `None` if idle sessions do not end.
    pub used_after: Option<Timestamp>,
}

impl LiveAt {
    /// Creates the condition for a time and an idle timeout.
    #[must_use]
    pub fn new(at: Timestamp, idle_ttl: Option<TimeDelta>) -> Self {
        let used_after = idle_ttl.map(|idle_ttl| at - idle_ttl);
        Self { at, used_after }
    }

    /// Returns whether a session meets it.
    #[must_use]
    pub fn includes(&self, revoked_at: Option<Timestamp>, expires_at: Timestamp, last_used_at: Timestamp) -> bool {
        let is_idle = self.used_after.is_some_and(|used_after| last_used_at <= used_after);
        revoked_at.is_none() && self.at < expires_at && !is_idle
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
    /// The time of the sign-in, of the last refresh or, with an idle timeout, of about the last request.
    pub last_used_at: Timestamp,
    /// The time when it expires.
    pub expires_at: Timestamp,
    /// The time when it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The device that signed in.
    pub device: Device,
}

impl SessionRow {
    /// Returns whether it is neither expired, idle nor revoked.
    #[must_use]
    pub fn is_live(&self, live: &LiveAt) -> bool {
        self.user.is_some() && live.includes(self.revoked_at, self.expires_at, self.last_used_at)
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
    pub user: Option<(User, CurrentPermissions)>,
    /// The pending new email address as it was typed, and the time when the link to confirm it expires.
    pub pending_email: Option<(String, Timestamp)>,
}

/// The permissions of a user, divided by whether they are in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentPermissions {
    /// The permissions in force.
    pub in_force: Permissions,
    /// The permissions of roles that require a second factor, which the user does not have; `None` if the user has one
    /// or no role requires it.
    pub withheld: Option<Permissions>,
}

impl CurrentPermissions {
    /// Returns these permissions, all in force.
    #[must_use]
    pub const fn in_force(permissions: Permissions) -> Self {
        Self {
            in_force: permissions,
            withheld: None,
        }
    }

    /// Returns the permissions of both.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let withheld = match (&self.withheld, &other.withheld) {
            (Some(one), Some(other)) => Some(one.union(other)),
            (one, other) => one.as_ref().or(other.as_ref()).cloned(),
        };
        Self {
            in_force: self.in_force.union(&other.in_force),
            withheld,
        }
    }

    /// Checks that a permission is in force.
    ///
    /// # Errors
    /// [`Denied::Forbidden`], or [`Denied::SecondFactorMissing`] if the permission is withheld.
    pub fn require(&self, permission: &Permission) -> Result<(), Denied> {
        if self.in_force.contains(permission) {
            return Ok(());
        }
        Err(match &self.withheld {
            Some(withheld) if withheld.contains(permission) => Denied::SecondFactorMissing,
            _ => Denied::Forbidden(Some(permission.clone())),
        })
    }

    /// Checks that all of these permissions are in force.
    ///
    /// # Errors
    /// As [`CurrentPermissions::require`].
    pub fn require_all(&self, required: &Permissions) -> Result<(), Denied> {
        if self.in_force.covers(required) {
            return Ok(());
        }
        Err(match &self.withheld {
            Some(withheld) if self.in_force.union(withheld).covers(required) => Denied::SecondFactorMissing,
            _ => Denied::Forbidden(self.in_force.first_missing(required)),
        })
    }
}

/// The signed-in user who sent a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrentUser {
    /// The user.
    pub user: User,
    /// The session that the user is signed in through.
    pub session: Id<Session>,
    /// The current permissions of the user.
    pub permissions: CurrentPermissions,
    /// The new email address, as it was typed, that the user has not confirmed yet.
    pub pending_email: Option<String>,
}

impl CurrentUser {
    /// Checks that the user has a permission.
    ///
    /// # Errors
    /// As [`CurrentPermissions::require`].
    pub fn require(&self, permission: &Permission) -> Result<(), Denied> {
        self.permissions.require(permission)
    }

    /// Returns the user as the actor of a use case.
    #[must_use]
    pub fn actor(&self, client: ClientInfo) -> Actor {
        Actor::user(self, client)
    }
}
