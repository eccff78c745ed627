//! Deleting rows in batches.

use crate::{
    ports::{Commit, Store, StoreResult},
    services::App,
};

/// How many rows one transaction removes, so that it never holds up others for long.
pub(crate) const BATCH: u32 = 500;

/// Removes rows in batches, each in a transaction of its own, until fewer are left than one batch has: says
/// how many.
pub(crate) async fn in_batches<S: Store>(
    app: &App<S>,
    remove: impl AsyncFn(&mut S::Transaction, u32) -> StoreResult<u64>,
) -> StoreResult<u64> {
    let mut removed = 0;
    loop {
        let mut tx = app.store.begin().await?;
        let batch = remove(&mut tx, BATCH).await?;
        tx.commit().await?;
        removed += batch;
        if batch < u64::from(BATCH) {
            return Ok(removed);
        }
    }
}
