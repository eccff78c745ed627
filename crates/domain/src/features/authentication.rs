//! Authenticating requests by their access token.

use crate::{
    model::{ClaimedTimesError, CurrentUser},
    ports::{SessionRepo, Store, StoreError},
    services::App,
};

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
    let (user, permissions) = found.user.ok_or(AuthenticationError::UserGone)?;
    if user.id != claims.user {
        return Err(AuthenticationError::Invalid);
    }
    if found.revoked_at.is_some() || found.expires_at <= now || !user.is_active() {
        return Err(AuthenticationError::Revoked);
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
