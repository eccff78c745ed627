//! Listing and purging the audit log.

use std::num::NonZeroU32;

use crate::{
    model::{Actor, AuditEvent, Id, ListEvents, Page, Permission, Total},
    ports::{AuditRepo, Store, StoreResult},
    services::{App, error::Error, purge::in_batches},
};

/// The number of rows at which counting stops.
const COUNT_BOUND: NonZeroU32 = NonZeroU32::new(10_000).unwrap();

/// Returns one page of events, newest first. The first page includes the total. Requires `audit:read`.
///
/// # Errors
/// [`Error::Denied`].
pub async fn list<S: Store>(
    app: &App<S>,
    actor: &Actor,
    list: &ListEvents,
) -> Result<Page<AuditEvent, Id<AuditEvent>>, Error> {
    actor.require(&Permission::AUDIT_READ)?;
    let db = app.store.db();
    let rows = db.list_events(list).await?;
    let total = match (list.after, list.limit.total_of_first_page(&rows)) {
        (Some(_), _) => None,
        (None, Some(total)) => Some(total),
        (None, None) => Some(Total::bounded(db.count_events(list, COUNT_BOUND).await?, COUNT_BOUND)),
    };
    Ok(Page::new(rows, list.limit, total))
}

/// Deletes events that are older than the retention time of the policy, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - app.policy.audit_retention;
    in_batches(app, async |tx, limit| tx.delete_events(before, limit).await).await
}
