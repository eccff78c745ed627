//! Ending sessions.

use crate::{
    Actor, App, Commit, Id, Permission, Store,
    audit::{Action, AuditEvent, AuditRepo},
    role::RoleRepo,
    session::{Session, SessionError, SessionRepo},
    user::{User, UserRepo},
};

/// How many sessions of all users live. It is for the operator: counting takes longer the more there are.
///
/// # Errors
/// [`SessionError::Store`].
pub async fn count<S: Store>(app: &App<S>) -> Result<u64, SessionError> {
    Ok(app.store.conn().count_live_sessions(app.clock.now()).await?)
}

/// Ends one of the actor's own sessions, the current one too.
///
/// # Errors
/// [`SessionError::NotFound`] when it is not a live session of the actor.
pub async fn end<S: Store>(app: &App<S>, actor: &Actor, session: Id<Session>) -> Result<(), SessionError> {
    let (user, _) = actor.signed_in()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let found = tx
        .find_session_row(session)
        .await?
        .filter(|found| found.user == Some(user) && found.is_live(now));
    found.ok_or(SessionError::NotFound)?;
    if !tx.revoke_session(session, now).await? {
        return Err(SessionError::NotFound);
    }
    tx.insert_event(&AuditEvent::new(app, now, actor, Action::SessionRevoked).to(session))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends one session of any user. Needs `sessions:revoke`, and every permission of that user.
///
/// # Errors
/// [`SessionError::Denied`], [`SessionError::NotFound`] when it is not a live session.
pub async fn end_any<S: Store>(app: &App<S>, actor: &Actor, session: Id<Session>) -> Result<(), SessionError> {
    actor.require(&Permission::SESSIONS_REVOKE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let found = tx.find_session_row(session).await?.filter(|found| found.is_live(now));
    let user = found.and_then(|found| found.user).ok_or(SessionError::NotFound)?;
    actor.require_reach(user, &tx.permissions_of(user).await?)?;
    if !tx.revoke_session(session, now).await? {
        return Err(SessionError::NotFound);
    }
    let event = AuditEvent::new(app, now, actor, Action::SessionRevoked).to(user);
    tx.insert_event(&event.saying("session", session.to_string())).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all of the actor's sessions but the current one.
///
/// # Errors
/// [`SessionError::Denied`] when nobody is signed in, [`SessionError::UserNotFound`].
pub async fn end_others<S: Store>(app: &App<S>, actor: &Actor) -> Result<(), SessionError> {
    let (user, current) = actor.signed_in()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    // As every change of several sessions of a user, so that no two wait for each other.
    tx.lock_user(user).await?.ok_or(SessionError::UserNotFound)?;
    tx.revoke_sessions(user, Some(current), now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, Action::SessionsRevoked).to(user))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of any user. Needs `sessions:revoke`, and every permission of that user.
///
/// # Errors
/// [`SessionError::Denied`], [`SessionError::UserNotFound`].
pub async fn end_of_user<S: Store>(app: &App<S>, actor: &Actor, user: Id<User>) -> Result<(), SessionError> {
    actor.require(&Permission::SESSIONS_REVOKE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.lock_user(user).await?.ok_or(SessionError::UserNotFound)?;
    actor.require_reach(user, &tx.permissions_of(user).await?)?;
    tx.revoke_sessions(user, None, now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, Action::SessionsRevoked).to(user))
        .await?;
    tx.commit().await?;
    Ok(())
}
