//! Forgetting events that are older than the operator keeps them.

use crate::{App, Commit, Store, StoreResult, audit::AuditRepo};

/// How many rows one transaction removes, so that it never holds up others for long.
const BATCH: u32 = 500;

/// Removes events that are older than the policy keeps them, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - app.policy.audit_retention;
    let mut removed = 0;
    loop {
        let mut tx = app.store.begin().await?;
        let batch = tx.delete_events(before, BATCH).await?;
        tx.commit().await?;
        removed += batch;
        if batch < u64::from(BATCH) {
            return Ok(removed);
        }
    }
}
