//! Listing and revoking sessions.

use chrono::TimeDelta;

use crate::{
    model::{Actor, AuditEvent, Id, ListSessions, Page, Permission, Session, SessionRow, User},
    ports::{AuditRepo, Commit, RoleRepo, SessionRepo, Store, StoreResult, UserRepo},
    services::{
        App,
        error::Error,
        pages::{COUNT_BOUND, page},
        purge::in_batches,
        session_limit::{SESSION_REVOKED, SESSIONS_REVOKED},
    },
};

/// One page of live sessions.
type SessionPage = Page<SessionRow, Id<Session>>;

/// Returns one page of the actor's live sessions, newest first. The first page includes the total.
///
/// # Errors
/// [`Error::Denied`] if the actor is not signed in.
pub async fn list<S: Store>(app: &App<S>, actor: &Actor, list: &ListSessions) -> Result<SessionPage, Error> {
    let (user, _) = actor.signed_in()?;
    Ok(live_sessions(app, user, list).await?)
}

/// Returns one page of the live sessions of any user, newest first. The first page includes the total. Requires
/// `sessions:read`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn list_for_user<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: Id<User>,
    list: &ListSessions,
) -> Result<SessionPage, Error> {
    actor.require(&Permission::SESSIONS_READ)?;
    let found = app.store.db().find_user(user).await?;
    found.ok_or(Error::not_found::<User>())?;
    Ok(live_sessions(app, user, list).await?)
}

async fn live_sessions<S: Store>(app: &App<S>, user: Id<User>, list: &ListSessions) -> StoreResult<SessionPage> {
    let (db, live) = (app.store.db(), app.policy.live_at(app.clock.now()));
    let rows = db.list_live_sessions(user, &live, list.after, list.limit).await?;
    let count = db.count_live_sessions_of(user, &live, COUNT_BOUND);
    page(list, rows, COUNT_BOUND, count).await
}

/// Counts the live sessions of all users, without a bound. It is meant for the command line, because it may be slow.
///
/// # Errors
/// The store failed.
pub async fn count<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let live = app.policy.live_at(app.clock.now());
    app.store.db().count_live_sessions(&live).await
}

/// Revokes one of the actor's sessions, which may be the current one.
///
/// # Errors
/// [`Error::NotFound`] if it is not a live session of the actor.
pub async fn revoke<S: Store>(app: &App<S>, actor: &Actor, session: Id<Session>) -> Result<(), Error> {
    let (user, _) = actor.signed_in()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let found = tx
        .find_session_row(session)
        .await?
        .filter(|found| found.user == Some(user) && found.is_live(&app.policy.live_at(now)));
    found.ok_or(Error::not_found::<Session>())?;
    if !tx.revoke_session(session, now).await? {
        return Err(Error::not_found::<Session>());
    }
    tx.insert_event(&AuditEvent::new(app, now, actor, SESSION_REVOKED).target(session))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Revokes one session of any user. Requires `sessions:revoke` and every permission of the user.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] if it is not a live session.
pub async fn revoke_any<S: Store>(app: &App<S>, actor: &Actor, session: Id<Session>) -> Result<(), Error> {
    actor.require(&Permission::SESSIONS_REVOKE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let found = tx
        .find_session_row(session)
        .await?
        .filter(|found| found.is_live(&app.policy.live_at(now)));
    let user = found
        .and_then(|found| found.user)
        .ok_or(Error::not_found::<Session>())?;
    actor.require_can_manage(user, &tx.permissions_of(user).await?)?;
    if !tx.revoke_session(session, now).await? {
        return Err(Error::not_found::<Session>());
    }
    let event = AuditEvent::new(app, now, actor, SESSION_REVOKED).target(user);
    tx.insert_event(&event.detail("session", session.to_string())).await?;
    tx.commit().await?;
    Ok(())
}

/// Revokes all of the actor's sessions except the current one.
///
/// # Errors
/// [`Error::Denied`] if the actor is not signed in, [`Error::NotFound`].
pub async fn revoke_others<S: Store>(app: &App<S>, actor: &Actor) -> Result<(), Error> {
    let (user, current) = actor.signed_in()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    // Every change of several sessions of a user locks the user first, which prevents deadlocks.
    tx.lock_user(user).await?.ok_or(Error::not_found::<User>())?;
    tx.revoke_sessions(user, Some(current), now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, SESSIONS_REVOKED).target(user))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Revokes all sessions of any user. Requires `sessions:revoke` and every permission of the user.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn revoke_all<S: Store>(app: &App<S>, actor: &Actor, user: Id<User>) -> Result<(), Error> {
    actor.require(&Permission::SESSIONS_REVOKE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.lock_user(user).await?.ok_or(Error::not_found::<User>())?;
    actor.require_can_manage(user, &tx.permissions_of(user).await?)?;
    tx.revoke_sessions(user, None, now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, SESSIONS_REVOKED).target(user))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// The time after which expired sessions are deleted. Until then, their tokens can be distinguished from forged ones.
const RETENTION: TimeDelta = TimeDelta::days(7);

/// Deletes sessions that expired more than seven days ago, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - RETENTION;
    in_batches(app, async |tx, limit| tx.delete_expired_sessions(before, limit).await).await
}
