//! Data loaders that batch the lookups of concurrent requests.
//!
//! Every authenticated request loads its session and user, and under load the round trip to the database costs
//! more than the rows. While a statement runs, further lookups queue up, and the next statement loads them together.
//! Unlike a cache this never returns stale data: a statement starts only after the requests that it serves.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::ConnectionTrait;
use tokio::{sync::oneshot, time::timeout};
use vestibule_domain::{Id, StoreError, StoreResult};

use crate::db::{ACQUIRE_TIMEOUT, Db};

/// A lookup of resources by their identifiers.
pub(crate) trait Lookup: Sized + 'static {
    /// The resource that the identifiers belong to.
    type Resource: 'static;
    /// The data of one resource.
    type Found: Clone + Send + Sync + 'static;

    /// Loads resources with one statement.
    fn load(
        db: &impl ConnectionTrait,
        ids: &[Id<Self::Resource>],
    ) -> impl Future<Output = StoreResult<Batch<Self>>> + Send;

    /// Loads one resource, or returns `None` if it does not exist.
    fn load_one(
        db: &impl ConnectionTrait,
        id: Id<Self::Resource>,
    ) -> impl Future<Output = StoreResult<Option<Self::Found>>> + Send {
        async move { Self::load(db, &[id]).await?.remove(&id).transpose() }
    }
}

/// The resources that one statement has loaded. A row that cannot be read fails only the lookups of this row.
pub(crate) type Batch<L> = HashMap<Id<<L as Lookup>::Resource>, StoreResult<<L as Lookup>::Found>>;

type LoadResult<L> = StoreResult<Option<<L as Lookup>::Found>>;

/// The numbers of identifiers of a statement. A statement for fewer identifiers repeats the last one, so that there are
/// few texts and each connection prepares each of them once.
const SIZES: [usize; 4] = [1, 4, 16, 64];

/// The maximum number of identifiers of a statement.
const MAX_BATCH: usize = SIZES[SIZES.len() - 1];

/// The maximum number of concurrent statements. With one, a slow statement would delay every request.
const MAX_STATEMENTS: usize = 2;

/// The time after which a statement is slow. Until then further lookups wait for its end, because few large batches take
/// less time than many small ones.
const SLOW: Duration = Duration::from_millis(1);

/// Batches the lookups of one instance.
pub(crate) struct BatchLoader<L: Lookup> {
    db: Db,
    queue: Mutex<Queue<L>>,
}

struct Queue<L: Lookup> {
    /// The number of occupied slots.
    running: usize,
    /// The time when the last statement started.
    started: Instant,
    pending: Vec<Pending<L>>,
}

/// A lookup that waits for its result.
struct Pending<L: Lookup> {
    id: Id<L::Resource>,
    sender: oneshot::Sender<LoadResult<L>>,
}

impl<L: Lookup> BatchLoader<L> {
    pub(crate) fn new(db: Db) -> Self {
        let queue = Queue {
            running: 0,
            started: Instant::now(),
            pending: Vec::new(),
        };
        Self {
            db,
            queue: Mutex::new(queue),
        }
    }

    /// Loads a resource, or returns `None` if it does not exist.
    pub(crate) async fn load(self: &Arc<Self>, id: Id<L::Resource>) -> LoadResult<L> {
        let (sender, receiver) = oneshot::channel();
        if self.enqueue(Pending { id, sender }) {
            // In a task, because this request may be cancelled while other requests wait for the statement.
            tokio::spawn(Slot(Some(Arc::clone(self))).run());
        }
        match timeout(ACQUIRE_TIMEOUT, receiver).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(StoreError::Unavailable("the lookup was interrupted".into())),
            Err(_) => Err(timed_out()),
        }
    }

    /// Adds a lookup to the queue. Returns whether it occupied a slot; the caller must then start a task for the slot.
    fn enqueue(&self, pending: Pending<L>) -> bool {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.pending.push(pending);
        let may_start = queue.running == 0 || queue.running < MAX_STATEMENTS && queue.started.elapsed() >= SLOW;
        if may_start {
            queue.running += 1;
            queue.started = Instant::now();
        }
        may_start
    }

    /// Removes the next batch from the queue. If the queue is empty, frees the slot and returns nothing.
    fn next_batch(&self) -> Vec<Pending<L>> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let size = queue.pending.len().min(MAX_BATCH);
        if size == 0 {
            queue.running -= 1;
        } else {
            queue.started = Instant::now();
        }
        queue.pending.drain(..size).collect()
    }

    fn free_slot(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).running -= 1;
    }

    async fn load_batch(&self, batch: &[Pending<L>]) -> StoreResult<Batch<L>> {
        let mut ids: Vec<_> = batch.iter().map(|pending| pending.id).collect();
        ids.sort_unstable();
        ids.dedup();
        if let (Some(size), Some(last)) = (SIZES.into_iter().find(|size| *size >= ids.len()), ids.last()) {
            ids.resize(size, *last);
        }
        L::load(&self.db, &ids).await
    }
}

/// An occupied slot. Dropping it frees the slot, so that a panic or a runtime that shuts down cannot block
/// later lookups.
struct Slot<L: Lookup>(Option<Arc<BatchLoader<L>>>);

impl<L: Lookup> Slot<L> {
    /// Loads batches until the queue is empty.
    async fn run(mut self) {
        while let Some(loader) = self.0.clone() {
            let batch = loader.next_batch();
            if batch.is_empty() {
                // `next_batch` has freed the slot under the same lock, so no lookup can be left in the queue.
                self.0 = None;
                return;
            }
            let result = timeout(ACQUIRE_TIMEOUT, loader.load_batch(&batch)).await;
            let result = result.unwrap_or_else(|_| Err(timed_out()));
            for Pending { id, sender } in batch {
                // Sending fails if the request was cancelled.
                let _ = sender.send(match &result {
                    Ok(batch) => match batch.get(&id) {
                        Some(Ok(found)) => Ok(Some(found.clone())),
                        Some(Err(error)) => Err(copy_of(error)),
                        None => Ok(None),
                    },
                    Err(error) => Err(copy_of(error)),
                });
            }
        }
    }
}

impl<L: Lookup> Drop for Slot<L> {
    fn drop(&mut self) {
        if let Some(loader) = &self.0 {
            loader.free_slot();
        }
    }
}

fn timed_out() -> StoreError {
    StoreError::Unavailable("the database did not respond in time".into())
}

/// Copies an error for another request of the batch: the cause, which is not `Clone`, becomes text.
fn copy_of(error: &StoreError) -> StoreError {
    match error {
        StoreError::Duplicate { key } => StoreError::Duplicate { key: key.clone() },
        StoreError::Reference(cause) => StoreError::Reference(cause.to_string().into()),
        StoreError::Conflict(cause) => StoreError::Conflict(cause.to_string().into()),
        StoreError::Unavailable(cause) => StoreError::Unavailable(cause.to_string().into()),
        StoreError::Failure(cause) => StoreError::Failure(cause.to_string().into()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{DatabaseOptions, SeaStore, repo::authentication::SessionLookup};

    #[tokio::test]
    async fn dropped_tasks_free_their_slots() {
        let url = "sqlite::memory:".to_owned();
        let store = SeaStore::connect(&DatabaseOptions::new(url)).await.expect("opened");
        let loader = Arc::new(BatchLoader::<SessionLookup>::new(store.reader().clone()));
        for _ in 0..3 * MAX_STATEMENTS {
            let (sender, _) = oneshot::channel();
            let id = Id::from_uuid(Uuid::nil());
            assert!(loader.enqueue(Pending { id, sender }), "a slot is free");
            drop(Slot(Some(Arc::clone(&loader))));
        }
        // The tables do not exist, so the statement fails. Without a free slot the lookup would time out.
        let result = loader.load(Id::from_uuid(Uuid::nil())).await;
        assert!(matches!(result, Err(StoreError::Failure(_))), "{result:?}");
    }
}
