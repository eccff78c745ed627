//! Signing out.

use crate::{
    Actor, App, Commit, Id, Origin, Store,
    audit::{Action, AuditEvent, AuditRepo},
    session::{RefreshToken, Session, SessionError, SessionRepo},
    user::User,
};

/// What a client that signs out has in its hands.
#[derive(Debug, Default)]
pub struct SignOut {
    /// An access token; it may have expired.
    pub access_token: Option<String>,
    /// A refresh token, of any generation.
    pub refresh_token: Option<RefreshToken>,
    /// Where this happens.
    pub origin: Origin,
}

/// Ends the session of the access token, else of the refresh token. Tokens that are not ours end
/// nothing, and that is no error.
///
/// # Errors
/// Only [`SessionError::Store`].
pub async fn sign_out<S: Store>(app: &App<S>, cmd: SignOut) -> Result<(), SessionError> {
    let actor = Actor::anonymous(cmd.origin.clone());
    let Some((session, user)) = session_of(app, cmd).await? else {
        return Ok(());
    };
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    if tx.revoke_session(session, now).await? {
        let event = AuditEvent::new(app, now, &actor, Action::SessionEnded).to(session);
        tx.insert_event(&user.map_or(event.clone(), |user| event.by(user)))
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The session and whose it is.
async fn session_of<S: Store>(
    app: &App<S>,
    cmd: SignOut,
) -> Result<Option<(Id<Session>, Option<Id<User>>)>, SessionError> {
    let claims = cmd.access_token.and_then(|token| app.access_tokens.read(&token).ok());
    if let Some(claims) = claims {
        return Ok(Some((claims.session, Some(claims.user))));
    }
    let Some(token) = cmd.refresh_token else {
        return Ok(None);
    };
    let session = app.store.conn().find_session(token.session).await?;
    Ok(session
        .filter(|session| token.is_genuine(session, app.keyed.as_ref()))
        .map(|session| (session.id, session.user)))
}
