//! The limit on the live sessions of an account.

use crate::{
    model::{Actor, AuditAction, AuditEvent, Detail, Id, Timestamp, User},
    ports::{Commit, Repositories, SessionRepo, Store, StoreResult},
    services::App,
};

pub(crate) const SESSION_REVOKED: AuditAction = AuditAction::new(
    "session.revoked",
    "One session was revoked by its user or an administrator, or because the user had too many; `reason` is then `session_limit`",
);
pub(crate) const SESSIONS_REVOKED: AuditAction = AuditAction::new(
    "sessions.revoked",
    "All sessions of a user, or all but one, were revoked, or `count` sessions because the user had too many; `reason` is then `session_limit`",
);

/// The maximum number of live sessions of an account. A further sign-in revokes the least recently used session.
pub const MAX_LIVE_SESSIONS: u32 = 100;

/// The maximum number of sessions that are revoked with one event each. If there are more, because the account is older
/// than the limit, one event is recorded for each batch.
const MAX_EVENTS: u32 = 10;

/// The maximum number of sessions that one transaction revokes.
const BATCH: u32 = 5_000;

/// The reason in the details of the events.
const REASON: &str = "session_limit";

/// Revokes the surplus sessions of an account that is older than the limit, in batches, so that no transaction takes
/// long.
pub(crate) async fn trim_sessions<S: Store>(app: &App<S>, actor: &Actor, user: Id<User>) -> StoreResult<()> {
    let now = app.clock.now();
    let max = MAX_LIVE_SESSIONS + MAX_EVENTS;
    while !app
        .store
        .db()
        .list_surplus_sessions(user, &app.policy.live_at(now), max, 1)
        .await?
        .is_empty()
    {
        let mut tx = app.store.begin().await?;
        revoke_batch(app, &mut tx, actor, user, MAX_LIVE_SESSIONS, now).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn revoke_batch<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    actor: &Actor,
    user: Id<User>,
    keep: u32,
    now: Timestamp,
) -> StoreResult<()> {
    let count = tx
        .revoke_surplus_sessions(user, &app.policy.live_at(now), keep, BATCH)
        .await?;
    let event = AuditEvent::new(app, now, actor, SESSIONS_REVOKED)
        .actor(user)
        .target(user);
    let mut event = event.detail("reason", REASON);
    event.details.insert("count".to_owned(), Detail::Count(count));
    tx.insert_event(&event).await
}

/// Revokes the least recently used sessions of a user, so that one more session stays within the limit. The caller must
/// have locked the user, so that concurrent sign-ins see each other's sessions.
pub(crate) async fn make_room_for_session<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    actor: &Actor,
    user: Id<User>,
    now: Timestamp,
) -> StoreResult<()> {
    let keep = MAX_LIVE_SESSIONS - 1;
    let surplus = tx
        .list_surplus_sessions(user, &app.policy.live_at(now), keep, MAX_EVENTS + 1)
        .await?;
    let event = |action| {
        let event = AuditEvent::new(app, now, actor, action).actor(user);
        event.detail("reason", REASON)
    };
    if surplus.len() > MAX_EVENTS as usize {
        return revoke_batch(app, tx, actor, user, keep, now).await;
    }
    for session in surplus {
        // It may have been revoked in the meantime.
        if tx.revoke_session(session, now).await? {
            tx.insert_event(&event(SESSION_REVOKED).target(session)).await?;
        }
    }
    Ok(())
}
