//! Listing and purging the audit log.

use std::num::NonZeroU32;

use crate::{
    model::{Actor, AuditEvent, Id, ListEvents, Page, Permission, Total},
    ports::{AuditRepo, Store, StoreResult},
    services::{App, error::Error, purge::in_batches},
};

/// Counting goes no further than this.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// One page of events, the newest first, counted on the first page. Needs `audit:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    list: &ListEvents,
) -> Result<Page<AuditEvent, Id<AuditEvent>>, Error> {
    actor.require(&Permission::AUDIT_READ)?;
    let conn = app.store.db();
    let rows = conn.list_events(list).await?;
    let total = match (list.after, list.limit.total_of_first(&rows)) {
        (Some(_), _) => None,
        (None, Some(total)) => Some(total),
        (None, None) => Some(Total::bounded(conn.count_events(list, COUNT_BOUND).await?, COUNT_BOUND)),
    };
    Ok(Page::cut(rows, list.limit, total))
}

/// Removes events that are older than the policy keeps them, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - app.policy.audit_retention;
    in_batches(app, async |tx, limit| tx.delete_events(before, limit).await).await
}
