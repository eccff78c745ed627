//! Listing and revoking sessions.

use std::num::NonZeroU32;

use chrono::TimeDelta;

use crate::{
    model::{Actor, AuditAction, AuditEvent, Id, Limit, Page, Permission, Session, SessionRow, Total, User},
    ports::{AuditRepo, Commit, RoleRepo, SessionRepo, Store, StoreResult, UserRepo},
    services::{
        App,
        error::{Error, Resource},
        purge::in_batches,
    },
};

/// Counting stops here.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// One page of live sessions.
type SessionPage = Page<SessionRow, Id<Session>>;

/// One page of the actor's own live sessions after the session `after`, newest first; counted on the first
/// page.
///
/// # Errors
/// [`Error::Denied`] when nobody is signed in.
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    after: Option<Id<Session>>,
    limit: Limit,
) -> Result<SessionPage, Error> {
    let (user, _) = actor.signed_in()?;
    Ok(page(app, user, after, limit).await?)
}

/// One page of the live sessions of any user, newest first; counted on the first page. Needs
/// `sessions:read`.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn list_for_user<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: Id<User>,
    after: Option<Id<Session>>,
    limit: Limit,
) -> Result<SessionPage, Error> {
    actor.require(&Permission::SESSIONS_READ)?;
    let found = app.store.db().find_user(user).await?;
    found.ok_or(Error::NotFound(Resource::User))?;
    Ok(page(app, user, after, limit).await?)
}

async fn page<S: Store>(
    app: &App<S>,
    user: Id<User>,
    after: Option<Id<Session>>,
    limit: Limit,
) -> StoreResult<SessionPage> {
    let (conn, now) = (app.store.db(), app.clock.now());
    let rows = conn.list_live_sessions(user, now, after, limit).await?;
    let total = match (after, limit.total_of_first(&rows)) {
        (Some(_), _) => None,
        (None, Some(total)) => Some(total),
        (None, None) => {
            let count = conn.count_live_sessions_of(user, now, COUNT_BOUND).await?;
            Some(Total::bounded(count, COUNT_BOUND))
        }
    };
    Ok(Page::cut(rows, limit, total))
}

/// How many sessions of all users live. It is for the operator: counting takes longer the more there are.
///
/// # Errors
/// The store failed.
pub async fn count<S: Store>(app: &App<S>) -> StoreResult<u64> {
    app.store.db().count_live_sessions(app.clock.now()).await
}

/// Ends one of the actor's own sessions, the current one too.
///
/// # Errors
/// [`Error::NotFound`] when it is not a live session of the actor.
pub async fn revoke<S: Store>(app: &App<S>, actor: &Actor, session: Id<Session>) -> Result<(), Error> {
    let (user, _) = actor.signed_in()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let found = tx
        .find_session_row(session)
        .await?
        .filter(|found| found.user == Some(user) && found.is_live(now));
    found.ok_or(Error::NotFound(Resource::Session))?;
    if !tx.revoke_session(session, now).await? {
        return Err(Error::NotFound(Resource::Session));
    }
    tx.insert_event(&AuditEvent::new(app, now, actor, AuditAction::SessionRevoked).target(session))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends one session of any user. Needs `sessions:revoke`, and every permission of that user.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`] when it is not a live session.
pub async fn revoke_any<S: Store>(app: &App<S>, actor: &Actor, session: Id<Session>) -> Result<(), Error> {
    actor.require(&Permission::SESSIONS_REVOKE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let found = tx.find_session_row(session).await?.filter(|found| found.is_live(now));
    let user = found
        .and_then(|found| found.user)
        .ok_or(Error::NotFound(Resource::Session))?;
    actor.require_can_manage(user, &tx.permissions_of(user).await?)?;
    if !tx.revoke_session(session, now).await? {
        return Err(Error::NotFound(Resource::Session));
    }
    let event = AuditEvent::new(app, now, actor, AuditAction::SessionRevoked).target(user);
    tx.insert_event(&event.detail("session", session.to_string())).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all of the actor's sessions but the current one.
///
/// # Errors
/// [`Error::Denied`] when nobody is signed in, [`Error::NotFound`].
pub async fn revoke_others<S: Store>(app: &App<S>, actor: &Actor) -> Result<(), Error> {
    let (user, current) = actor.signed_in()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    // As every change of several sessions of a user, so that no two wait for each other.
    tx.lock_user(user).await?.ok_or(Error::NotFound(Resource::User))?;
    tx.revoke_sessions(user, Some(current), now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, AuditAction::SessionsRevoked).target(user))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of any user. Needs `sessions:revoke`, and every permission of that user.
///
/// # Errors
/// [`Error::Denied`], [`Error::NotFound`].
pub async fn revoke_all<S: Store>(app: &App<S>, actor: &Actor, user: Id<User>) -> Result<(), Error> {
    actor.require(&Permission::SESSIONS_REVOKE)?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    tx.lock_user(user).await?.ok_or(Error::NotFound(Resource::User))?;
    actor.require_can_manage(user, &tx.permissions_of(user).await?)?;
    tx.revoke_sessions(user, None, now).await?;
    tx.insert_event(&AuditEvent::new(app, now, actor, AuditAction::SessionsRevoked).target(user))
        .await?;
    tx.commit().await?;
    Ok(())
}

/// How long an expired session is kept, so that its tokens are still told apart from forged ones.
const KEEP: TimeDelta = TimeDelta::days(7);

/// Removes sessions that expired more than seven days ago, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - KEEP;
    in_batches(app, async |tx, limit| tx.delete_expired_sessions(before, limit).await).await
}
