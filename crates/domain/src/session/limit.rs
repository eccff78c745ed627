//! The bound on the live sessions of one account.

use crate::{
    Actor, App, Id, Repos, StoreResult, Timestamp,
    audit::{Action, AuditEvent, Detail},
    user::User,
};

/// How many live sessions an account has at most: a further sign-in revokes the one that was used least
/// recently.
pub const MAX_LIVE_SESSIONS: u32 = 100;

/// How many sessions are revoked with an event each. An account that had more sessions before there was a
/// bound gets one event for all of them.
const MAX_EVENTS: u32 = 10;

/// The reason in the details of the events.
const REASON: &str = "session_limit";

/// Revokes the least recently used sessions of a user, so that there is room for one more. The caller has
/// locked the user, so that of any number of simultaneous sign-ins each finds the sessions of the others.
pub(super) async fn make_room<S>(
    app: &App<S>,
    tx: &mut impl Repos,
    actor: &Actor,
    user: Id<User>,
    now: Timestamp,
) -> StoreResult<()> {
    let keep = MAX_LIVE_SESSIONS - 1;
    let surplus = tx.list_surplus_sessions(user, now, keep, MAX_EVENTS + 1).await?;
    let event = |action| {
        let event = AuditEvent::new(app, now, actor, action).by(user);
        event.saying("reason", REASON)
    };
    if surplus.len() > MAX_EVENTS as usize {
        let count = tx.revoke_surplus_sessions(user, now, keep).await?;
        let mut event = event(Action::SessionsRevoked).to(user);
        event.details.insert("count".to_owned(), Detail::Count(count));
        return tx.insert_event(&event).await;
    }
    for session in surplus {
        // Somebody may have signed out of it in the meantime.
        if tx.revoke_session(session, now).await? {
            tx.insert_event(&event(Action::SessionRevoked).to(session)).await?;
        }
    }
    Ok(())
}
