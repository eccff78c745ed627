//! Refreshing the tokens of a session.

use crate::{
    features::sign_in::{
        SignInError,
        rotation::{Rotation, decide},
    },
    model::{Actor, AuditAction, AuditEvent, ClientInfo, RefreshToken, Session, Timestamp, TokenPair},
    ports::{AuditRepo, Commit, SessionRepo, Store, UserRepo},
    services::{App, tokens},
};

/// Gives new tokens for a refresh token, and replaces it.
///
/// For the grace after a rotation, the replaced and the new token both give the same current token, so
/// that tabs, retries and lost answers do no harm. A token that was replaced longer ago ends the session.
///
/// # Errors
/// [`SignInError::InvalidCredentials`] when the token is not ours; [`SignInError::Revoked`] when the
/// session has ended, also by this very call.
pub async fn refresh<S: Store>(
    app: &App<S>,
    client: ClientInfo,
    token: &RefreshToken,
) -> Result<TokenPair, SignInError> {
    let session = app
        .store
        .db()
        .find_session(token.session)
        .await?
        .ok_or(SignInError::InvalidCredentials)?;
    if !token.is_genuine(&session, app.mac_keys.as_ref()) {
        return Err(SignInError::InvalidCredentials);
    }
    let now = app.clock.now();
    let session = match verdict(app, &session, token, now)? {
        Rotation::Repeat => session,
        Rotation::Rotate | Rotation::Reuse | Rotation::FromTheFuture => {
            advance(app, &Actor::anonymous(client), session, token, now).await?
        }
    };
    let user = match session.user {
        Some(user) => app.store.db().find_user(user).await?,
        None => None,
    };
    match user {
        Some(user) if user.is_active() => tokens::issue(app, &session, &user, now).map_err(SignInError::Signing),
        _ => Err(revoked(app, &session, now)),
    }
}

/// Decides about a token of a session, which must be live.
fn verdict<S>(app: &App<S>, session: &Session, token: &RefreshToken, now: Timestamp) -> Result<Rotation, SignInError> {
    if !session.is_live(now) {
        return Err(revoked(app, session, now));
    }
    match decide(session, token.generation, now, app.policy.refresh_grace) {
        Rotation::FromTheFuture => Err(SignInError::InvalidCredentials),
        rotation => Ok(rotation),
    }
}

/// Moves the session on, or ends it, in one transaction. Whoever loses a race against another call goes
/// by what that one left.
async fn advance<S: Store>(
    app: &App<S>,
    actor: &Actor,
    session: Session,
    token: &RefreshToken,
    now: Timestamp,
) -> Result<Session, SignInError> {
    let mut tx = app.store.begin().await?;
    let not_after = now - app.policy.refresh_grace;
    let won = tx.rotate_session(session.id, token.generation, not_after, now).await?;
    let current = tx
        .find_session(session.id)
        .await?
        .ok_or(SignInError::InvalidCredentials)?;
    if won {
        tx.commit().await?;
        return Ok(current);
    }
    match verdict(app, &current, token, now)? {
        Rotation::Reuse => {
            tx.revoke_session(current.id, now).await?;
            let event = AuditEvent::new(app, now, actor, AuditAction::ReuseDetected);
            let event = event.detail("session", current.id.to_string());
            tx.insert_event(&current.user.map_or(event.clone(), |user| event.target(user)))
                .await?;
            // The refusal must not undo the end of the session.
            tx.commit().await?;
            Err(SignInError::Revoked { just_now: true })
        }
        Rotation::Repeat | Rotation::Rotate | Rotation::FromTheFuture => Ok(current),
    }
}

fn revoked<S>(app: &App<S>, session: &Session, now: Timestamp) -> SignInError {
    let just_now = session.revoked_at.is_some_and(|at| now - at < app.policy.refresh_grace);
    SignInError::Revoked { just_now }
}
