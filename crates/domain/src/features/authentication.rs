//! Authenticating requests by their access token.

use chrono::TimeDelta;

use crate::{
    model::{ClaimedTimesError, CurrentUser, Id, Session},
    ports::{Commit, SessionRepo, Store, StoreError},
    services::App,
};

/// The access token does not authenticate its bearer.
#[derive(Debug, thiserror::Error)]
pub enum AuthenticationError {
    /// It is not a valid token of this server.
    #[error("the access token is invalid")]
    Invalid,
    /// It has expired.
    #[error("the access token has expired")]
    Expired,
    /// Its session was revoked.
    #[error("the session was revoked")]
    Revoked,
    /// Its user was deleted.
    #[error("the user was deleted")]
    UserDeleted,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Authenticates the bearer of an access token. Checks the token, and the current state of the session and the user.
///
/// # Errors
/// [`AuthenticationError`].
pub async fn authenticate<S: Store>(app: &App<S>, token: &str) -> Result<CurrentUser, AuthenticationError> {
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
        .db()
        .find_authenticated_session(claims.session)
        .await?
        .ok_or(AuthenticationError::Revoked)?;
    let (user, permissions) = found.user.ok_or(AuthenticationError::UserDeleted)?;
    if user.id != claims.user {
        return Err(AuthenticationError::Invalid);
    }
    if found.revoked_at.is_some() || found.expires_at <= now || !user.is_active() {
        return Err(AuthenticationError::Revoked);
    }
    if let Some(idle_ttl) = app.policy.session_idle_ttl {
        check_use(app, claims.session, idle_ttl).await?;
    }
    let pending = found.pending_email.filter(|(_, expires_at)| *expires_at > now);
    let pending_email = pending.map(|(email, _)| email);
    Ok(CurrentUser {
        user,
        session: claims.session,
        permissions,
        pending_email,
    })
}

/// Checks that a session was used recently, and records this use, unless one within a tenth of the idle timeout is recorded
/// already.
async fn check_use<S: Store>(app: &App<S>, id: Id<Session>, idle_ttl: TimeDelta) -> Result<(), AuthenticationError> {
    let now = app.clock.now();
    let session = app.store.db().find_session_row(id).await?;
    let session = session.filter(|session| session.is_live(&app.policy.live_at(now)));
    let last_used_at = session.ok_or(AuthenticationError::Revoked)?.last_used_at;
    let before = now - idle_ttl / 10;
    if last_used_at <= before {
        let mut tx = app.store.begin().await?;
        tx.record_session_use(id, before, now).await?;
        tx.commit().await?;
    }
    Ok(())
}
