//! Refreshing the tokens of a session.

use crate::{
    features::sign_in::{
        error::{InvalidCredentials, RefreshError, Revoked, Signing},
        rotation::{Rotation, decide},
    },
    model::{Actor, AuditAction, AuditEvent, ClientInfo, RefreshToken, Session, Timestamp, TokenPair},
    ports::{AuditRepo, Commit, SessionRepo, Store, UserRepo},
    services::{App, tokens},
};

pub(super) const SESSION_REUSE_DETECTED: AuditAction = AuditAction::new(
    "session.reuse_detected",
    "A refresh token was reused long after it was replaced, and its session was revoked",
);

/// Exchanges a refresh token for new tokens, and replaces it.
///
/// During the grace period after a rotation, both the replaced and the new token return the current token, so that
/// several tabs, retries and lost responses cause no error. Using a token that was replaced earlier revokes the
/// session.
///
/// # Errors
/// [`RefreshError::InvalidCredentials`] if this server did not issue the token; [`RefreshError::Revoked`] if the session
/// is not live, or if this call revoked it.
pub async fn refresh<S: Store>(
    app: &App<S>,
    client: ClientInfo,
    token: &RefreshToken,
) -> Result<TokenPair, RefreshError> {
    let session = app
        .store
        .db()
        .find_session(token.session)
        .await?
        .ok_or(InvalidCredentials)?;
    if !token.is_genuine(&session, app.mac_keys.as_ref()) {
        return Err(InvalidCredentials.into());
    }
    let now = app.clock.now();
    let session = match check(app, &session, token, now)? {
        Rotation::Repeat => session,
        Rotation::Rotate | Rotation::Reuse | Rotation::FromTheFuture => {
            rotate(app, &Actor::anonymous(client), session, token, now).await?
        }
    };
    let user = match session.user {
        Some(user) => app.store.db().find_user(user).await?,
        None => None,
    };
    match user {
        Some(user) if user.is_active() => Ok(tokens::issue(app, &session, &user, now).map_err(Signing)?),
        _ => Err(revoked(app, &session, now)),
    }
}

/// Checks that the session is live, and decides how to handle the token.
fn check<S>(app: &App<S>, session: &Session, token: &RefreshToken, now: Timestamp) -> Result<Rotation, RefreshError> {
    if !session.is_live(&app.policy.live_at(now)) {
        return Err(revoked(app, session, now));
    }
    match decide(session, token.generation, now, app.policy.refresh_grace) {
        Rotation::FromTheFuture => Err(InvalidCredentials.into()),
        rotation => Ok(rotation),
    }
}

/// Rotates the refresh token of a session, or revokes the session, in one transaction. If a concurrent call was faster,
/// returns the session as that call left it.
async fn rotate<S: Store>(
    app: &App<S>,
    actor: &Actor,
    session: Session,
    token: &RefreshToken,
    now: Timestamp,
) -> Result<Session, RefreshError> {
    let mut tx = app.store.begin().await?;
    let not_after = now - app.policy.refresh_grace;
    let rotated = tx.rotate_session(session.id, token.generation, not_after, now).await?;
    let current = tx.find_session(session.id).await?.ok_or(InvalidCredentials)?;
    if rotated {
        tx.commit().await?;
        return Ok(current);
    }
    match check(app, &current, token, now)? {
        Rotation::Reuse => {
            tx.revoke_session(current.id, now).await?;
            let event = AuditEvent::new(app, now, actor, SESSION_REUSE_DETECTED);
            let event = event.detail("session", current.id.to_string());
            tx.insert_event(&current.user.map_or(event.clone(), |user| event.target(user)))
                .await?;
            // Commit before returning the error, so that the session stays revoked.
            tx.commit().await?;
            Err(Revoked { just_now: true }.into())
        }
        Rotation::Repeat | Rotation::Rotate | Rotation::FromTheFuture => Ok(current),
    }
}

fn revoked<S>(app: &App<S>, session: &Session, now: Timestamp) -> RefreshError {
    let just_now = session.revoked_at.is_some_and(|at| now - at < app.policy.refresh_grace);
    Revoked { just_now }.into()
}
