//! Signing out.

use crate::{
    model::{Actor, AuditAction, AuditEvent, ClientInfo, Id, RefreshToken, Session, Timestamp, User},
    ports::{AuditRepo, Commit, SessionRepo, Store, StoreResult},
    services::App,
};

/// What a client that signs out has in its hands.
#[derive(Debug, Default)]
pub struct SignOut {
    /// An access token; it may have expired.
    pub access_token: Option<String>,
    /// Refresh tokens, of any generation.
    pub refresh_tokens: Vec<RefreshToken>,
    /// Where this happens.
    pub client: ClientInfo,
}

/// Ends the sessions of all these tokens, which may be those of different sessions. Tokens that are not ours end
/// nothing, and that is no error.
///
/// # Errors
/// The store failed.
pub async fn sign_out<S: Store>(app: &App<S>, cmd: SignOut) -> StoreResult<()> {
    let claims = cmd.access_token.and_then(|token| app.access_tokens.read(&token).ok());
    let mut sessions: Vec<Owned> = Vec::new();
    sessions.extend(claims.map(|claims| (claims.session, Some(claims.user))));
    for token in &cmd.refresh_tokens {
        sessions.extend(session_of(app, token).await?);
    }
    if sessions.is_empty() {
        return Ok(());
    }
    // All requests lock the rows in one order.
    sessions.sort_unstable_by_key(|(session, _)| *session);
    let mut tx = app.store.begin().await?;
    let actor = Actor::anonymous(cmd.client);
    for session in sessions {
        end(app, &mut tx, &actor, session, app.clock.now()).await?;
    }
    tx.commit().await
}

/// A session and whose it is, or was.
type Owned = (Id<Session>, Option<Id<User>>);

/// The session of a refresh token of any generation, if the token is ours.
pub(crate) async fn session_of<S: Store>(app: &App<S>, token: &RefreshToken) -> StoreResult<Option<Owned>> {
    let session = app.store.db().find_session(token.session).await?;
    Ok(session
        .filter(|session| token.is_genuine(session, app.mac_keys.as_ref()))
        .map(|session| (session.id, session.user)))
}

/// Ends a session in the name of whose it is, unless it has ended already.
pub(crate) async fn end<S: Store>(
    app: &App<S>,
    tx: &mut S::Transaction,
    actor: &Actor,
    (session, user): Owned,
    now: Timestamp,
) -> StoreResult<()> {
    if tx.revoke_session(session, now).await? {
        let event = AuditEvent::new(app, now, actor, AuditAction::SessionEnded).target(session);
        tx.insert_event(&user.map_or(event.clone(), |user| event.actor(user)))
            .await?;
    }
    Ok(())
}
