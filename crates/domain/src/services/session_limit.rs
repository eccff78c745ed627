//! The limit on the live sessions of an account.

use crate::{
    model::{Actor, AuditAction, AuditEvent, Detail, Id, Timestamp, User},
    ports::{Commit, Repositories, SessionRepo, Store, StoreResult},
    services::App,
};

/// How many live sessions an account has at most: a further sign-in revokes the one that was used least
/// recently.
pub const MAX_LIVE_SESSIONS: u32 = 100;

/// How many sessions are revoked with an event each. An account that had more sessions before there was a
/// bound gets one event for each batch of them.
const MAX_EVENTS: u32 = 10;

/// How many sessions one transaction revokes.
const BATCH: u32 = 5_000;

/// The reason in the details of the events.
const REASON: &str = "session_limit";

/// Brings an account that had more sessions before there was a bound down to it, in batches, so that no transaction
/// takes long.
pub(crate) async fn trim_sessions<S: Store>(app: &App<S>, actor: &Actor, user: Id<User>) -> StoreResult<()> {
    let now = app.clock.now();
    let most = MAX_LIVE_SESSIONS + MAX_EVENTS;
    while !app
        .store
        .db()
        .list_surplus_sessions(user, now, most, 1)
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
    let count = tx.revoke_surplus_sessions(user, now, keep, BATCH).await?;
    let event = AuditEvent::new(app, now, actor, AuditAction::SessionsRevoked)
        .actor(user)
        .target(user);
    let mut event = event.detail("reason", REASON);
    event.details.insert("count".to_owned(), Detail::Count(count));
    tx.insert_event(&event).await
}

/// Revokes the least recently used sessions of a user, so that there is room for one more. The caller has
/// locked the user, so that of any number of simultaneous sign-ins each finds the sessions of the others.
pub(crate) async fn make_room_for_session<S>(
    app: &App<S>,
    tx: &mut impl Repositories,
    actor: &Actor,
    user: Id<User>,
    now: Timestamp,
) -> StoreResult<()> {
    let keep = MAX_LIVE_SESSIONS - 1;
    let surplus = tx.list_surplus_sessions(user, now, keep, MAX_EVENTS + 1).await?;
    let event = |action| {
        let event = AuditEvent::new(app, now, actor, action).actor(user);
        event.detail("reason", REASON)
    };
    if surplus.len() > MAX_EVENTS as usize {
        return revoke_batch(app, tx, actor, user, keep, now).await;
    }
    for session in surplus {
        // Somebody may have signed out of it in the meantime.
        if tx.revoke_session(session, now).await? {
            tx.insert_event(&event(AuditAction::SessionRevoked).target(session))
                .await?;
        }
    }
    Ok(())
}
