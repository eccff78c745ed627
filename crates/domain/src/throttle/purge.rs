//! Forgetting turns that have all come back.

use crate::{App, Commit, Store, StoreResult, throttle::ThrottleRepo};

/// How many rows one transaction removes, so that it never holds up others for long.
const BATCH: u32 = 500;

/// Removes rows that say nothing any more, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let mut removed = 0;
    loop {
        let mut tx = app.store.begin().await?;
        let batch = tx.delete_turns(app.clock.now(), BATCH).await?;
        tx.commit().await?;
        removed += batch;
        if batch < u64::from(BATCH) {
            return Ok(removed);
        }
    }
}
