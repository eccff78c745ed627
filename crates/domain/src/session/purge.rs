//! Forgetting sessions that expired long ago.

use chrono::TimeDelta;

use crate::{App, Store, StoreResult, purge::in_batches, session::SessionRepo};

/// How long an expired session is kept, so that its tokens are still told apart from forged ones.
const KEEP: TimeDelta = TimeDelta::days(7);

/// Removes sessions that expired more than seven days ago, in batches: says how many.
///
/// # Errors
/// The store failed; what was removed before that stays removed.
pub async fn purge<S: Store>(app: &App<S>) -> StoreResult<u64> {
    let before = app.clock.now() - KEEP;
    in_batches(app, async |tx, limit| tx.delete_expired_sessions(before, limit).await).await
}
