//! Forgetting turns that have all come back.

use crate::{App, Store, StoreResult, purge::in_batches, throttle::ThrottleRepo};

/// Removes rows that say nothing any more, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let now = app.clock.now();
    in_batches(app, async |tx, limit| tx.delete_turns(now, limit).await).await
}
