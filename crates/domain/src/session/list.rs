//! Lists of the sessions of a user.

use std::num::NonZeroU32;

use crate::{
    Actor, App, Id, Limit, Page, Permission, Store, StoreResult, Total,
    session::{Session, SessionError, SessionRepo, SessionRow},
    user::{User, UserRepo},
};

/// Counting stops here.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// One page of live sessions.
type SessionPage = Page<SessionRow, Id<Session>>;

/// One page of the actor's own live sessions after the session `after`, newest first; counted on the first
/// page.
///
/// # Errors
/// [`SessionError::Denied`] when nobody is signed in.
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    after: Option<Id<Session>>,
    limit: Limit,
) -> Result<SessionPage, SessionError> {
    let (user, _) = actor.signed_in()?;
    Ok(page(app, user, after, limit).await?)
}

/// One page of the live sessions of any user, newest first; counted on the first page. Needs
/// `sessions:read`.
///
/// # Errors
/// [`SessionError::Denied`], [`SessionError::UserNotFound`].
pub async fn list_of_user<S: Store>(
    app: &App<S>,
    actor: &Actor,
    user: Id<User>,
    after: Option<Id<Session>>,
    limit: Limit,
) -> Result<SessionPage, SessionError> {
    actor.require(&Permission::SESSIONS_READ)?;
    let found = app.store.conn().find_user(user).await?;
    found.ok_or(SessionError::UserNotFound)?;
    Ok(page(app, user, after, limit).await?)
}

async fn page<S: Store>(
    app: &App<S>,
    user: Id<User>,
    after: Option<Id<Session>>,
    limit: Limit,
) -> StoreResult<SessionPage> {
    let (conn, now) = (app.store.conn(), app.clock.now());
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
