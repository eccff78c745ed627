//! Telling who sends a request.

use crate::{
    Actor, App, Denied, Id, Origin, Permission, Permissions, Store, StoreError,
    session::{ClaimedTimesError, Session, SessionRepo},
    user::User,
};

/// A user who is signed in, as of now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The user.
    pub user: User,
    /// The session by which the user is signed in.
    pub session: Id<Session>,
    /// What the user may do now.
    pub permissions: Permissions,
    /// The address that the user asked to change to and has not confirmed yet, as it was typed.
    pub pending_email: Option<String>,
}

impl Caller {
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
    pub fn actor(&self, origin: Origin) -> Actor {
        Actor::user(self.user.id, self.session, self.permissions.clone(), origin)
    }
}

/// Why an access token does not sign its bearer in.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// It is not a token of ours.
    #[error("invalid token")]
    Invalid,
    /// It was good until it expired.
    #[error("token expired")]
    Expired,
    /// Its session was ended.
    #[error("session revoked")]
    Revoked,
    /// Its user was deleted.
    #[error("user gone")]
    UserGone,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Tells who bears an access token, from the token and from what the database says now.
///
/// # Errors
/// [`AuthenticationError`] says why the token does not sign its bearer in.
pub async fn authenticate<S: Store>(app: &App<S>, token: &str) -> Result<Caller, AuthenticationError> {
    let claims = app
        .access_tokens
        .read(token)
        .map_err(|_| AuthenticationError::Invalid)?;
    let now = app.clock.now();
    claims.check_times(now).map_err(|error| match error {
        ClaimedTimesError::Early => AuthenticationError::Invalid,
        ClaimedTimesError::Expired => AuthenticationError::Expired,
    })?;

    let found = app
        .store
        .conn()
        .find_caller(claims.session)
        .await?
        .ok_or(AuthenticationError::Revoked)?;
    let (user, permissions) = found.user.ok_or(AuthenticationError::UserGone)?;
    if user.id != claims.user {
        return Err(AuthenticationError::Invalid);
    }
    if found.revoked_at.is_some() || found.expires_at <= now || !user.is_active() {
        return Err(AuthenticationError::Revoked);
    }
    let pending = found.pending_email.filter(|(_, expires_at)| *expires_at > now);
    let pending_email = pending.map(|(email, _)| email);
    Ok(Caller {
        user,
        session: claims.session,
        permissions,
        pending_email,
    })
}
