//! Forgetting events that are older than the operator keeps them.

use crate::{App, Store, StoreResult, audit::AuditRepo, purge::in_batches};

/// Removes events that are older than the policy keeps them, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - app.policy.audit_retention;
    in_batches(app, async |tx, limit| tx.delete_events(before, limit).await).await
}
