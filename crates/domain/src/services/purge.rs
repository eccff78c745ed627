//! Deleting rows in batches.

use crate::{
    ports::{Commit, Store, StoreResult},
    services::App,
};

/// The number of rows that one transaction deletes. It is small, so that other transactions do not wait long.
pub(crate) const BATCH: u32 = 500;

/// Deletes rows in batches, each in its own transaction, until a batch is not full. Returns how many were deleted.
pub(crate) async fn in_batches<S: Store>(
    app: &App<S>,
    delete: impl AsyncFn(&mut S::Transaction, u32) -> StoreResult<u64>,
) -> StoreResult<u64> {
    let mut deleted = 0;
    loop {
        let mut tx = app.store.begin().await?;
        let batch = delete(&mut tx, BATCH).await?;
        tx.commit().await?;
        deleted += batch;
        if batch < u64::from(BATCH) {
            return Ok(deleted);
        }
    }
}
