//! Signing out.

use crate::{
    model::{Actor, AuditAction, AuditEvent, ClientInfo, Id, RefreshToken, Session, Timestamp, User},
    ports::{AuditRepo, Commit, SessionRepo, Store, StoreResult},
    services::App,
};

pub(super) const SESSION_ENDED: AuditAction = AuditAction::new("session.ended", "A user signed out");

/// The tokens of a client that signs out.
#[derive(Debug, Default)]
pub struct SignOut {
    /// An access token, which may have expired.
    pub access_token: Option<String>,
    /// Refresh tokens, of any generation.
    pub refresh_tokens: Vec<RefreshToken>,
    /// The client.
    pub client: ClientInfo,
}

/// Revokes the sessions of all these tokens. Ignores tokens that this server did not issue.
///
/// # Errors
/// The store failed.
pub async fn sign_out<S: Store>(app: &App<S>, cmd: SignOut) -> StoreResult<()> {
    let claims = cmd.access_token.and_then(|token| app.access_tokens.read(&token).ok());
    let mut sessions: Vec<SessionAndUser> = Vec::new();
    sessions.extend(claims.map(|claims| (claims.session, Some(claims.user))));
    for token in &cmd.refresh_tokens {
        sessions.extend(find_genuine_session(app, token).await?);
    }
    if sessions.is_empty() {
        return Ok(());
    }
    // All requests lock the rows in the same order.
    sessions.sort_unstable_by_key(|(session, _)| *session);
    let mut tx = app.store.begin().await?;
    let actor = Actor::anonymous(cmd.client);
    for session in sessions {
        revoke(app, &mut tx, &actor, session, app.clock.now()).await?;
    }
    tx.commit().await
}

/// A session, and its user unless the user was deleted.
pub(super) type SessionAndUser = (Id<Session>, Option<Id<User>>);

/// Finds the session of a refresh token of any generation, if this server issued the token.
pub(crate) async fn find_genuine_session<S: Store>(
    app: &App<S>,
    token: &RefreshToken,
) -> StoreResult<Option<SessionAndUser>> {
    let session = app.store.db().find_session(token.session).await?;
    Ok(session
        .filter(|session| token.is_genuine(session, app.mac_keys.as_ref()))
        .map(|session| (session.id, session.user)))
}

/// Revokes a session on behalf of its user, if it is live.
pub(crate) async fn revoke<S: Store>(
    app: &App<S>,
    tx: &mut S::Transaction,
    actor: &Actor,
    (session, user): SessionAndUser,
    now: Timestamp,
) -> StoreResult<()> {
    if tx.revoke_session(session, now).await? {
        let event = AuditEvent::new(app, now, actor, SESSION_ENDED).target(session);
        tx.insert_event(&user.map_or(event.clone(), |user| event.actor(user)))
            .await?;
    }
    Ok(())
}
