//! Forgetting sessions that expired long ago.

use chrono::TimeDelta;

use crate::{App, Commit, Store, StoreResult, session::SessionRepo};

/// How long an expired session is kept, so that its tokens are still told apart from forged ones.
const KEEP: TimeDelta = TimeDelta::days(7);

/// How many rows one transaction removes, so that it never holds up others for long.
const BATCH: u32 = 500;

/// Removes sessions that expired more than seven days ago, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - KEEP;
    let mut removed = 0;
    loop {
        let mut tx = app.store.begin().await?;
        let batch = tx.delete_expired_sessions(before, BATCH).await?;
        tx.commit().await?;
        removed += batch;
        if batch < u64::from(BATCH) {
            return Ok(removed);
        }
    }
}
