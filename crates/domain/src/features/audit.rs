//! Listing and purging the audit log.

use crate::{
    model::{Actor, AuditEvent, Id, ListEvents, Page, Permission},
    ports::{AuditRepo, Store, StoreResult},
    services::{
        App,
        error::Error,
        pages::{COUNT_BOUND, page},
        purge::in_batches,
    },
};

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
    let count = db.count_events(list, COUNT_BOUND);
    Ok(page(list, rows, COUNT_BOUND, count).await?)
}

/// Deletes events that are older than the retention time of the policy, in batches. Returns how many were deleted.
///
/// # Errors
/// The store failed. The batches before that remain deleted.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - app.policy.audit_retention;
    in_batches(app, async |tx, limit| tx.delete_events(before, limit).await).await
}
