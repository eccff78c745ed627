//! A data loader that batches the session lookups of concurrent requests.
//!
//! Every authenticated request loads its session and user, and under load the round trip to the database costs
//! more than the rows. While the running statements occupy all slots, further lookups queue up, and the next
//! statement loads them together. Unlike a cache this never returns stale data: a statement starts only after the
//! requests that it serves.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::ConnectionTrait;
use tokio::{sync::oneshot, time::timeout};
use vestibule_domain::{AuthenticatedSession, Id, Session, StoreError, StoreResult};

use crate::{connect::ACQUIRE_TIMEOUT, db::Db, error::IntoStoreResult, repo::authentication};

/// The maximum number of concurrent statements. With one, a slow statement would delay every request.
const MAX_STATEMENTS: usize = 2;

type LoadResult = StoreResult<Option<AuthenticatedSession>>;

/// The sessions that one statement has loaded. A row that cannot be read fails only its own session.
type Batch = HashMap<Id<Session>, StoreResult<AuthenticatedSession>>;

/// Batches the session lookups of one instance.
pub(crate) struct AuthLoader {
    db: Db,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    /// The number of occupied slots.
    running: usize,
    pending: Vec<Pending>,
}

/// A lookup that waits for its result.
struct Pending {
    id: Id<Session>,
    sender: oneshot::Sender<LoadResult>,
}

impl AuthLoader {
    pub(crate) fn new(db: Db) -> Self {
        Self {
            db,
            queue: Mutex::default(),
        }
    }

    /// Loads a session with its user, or returns `None` if there is no such session.
    pub(crate) async fn load(self: &Arc<Self>, id: Id<Session>) -> LoadResult {
        let (sender, receiver) = oneshot::channel();
        if self.enqueue(Pending { id, sender }) {
            // In a task, because this request may be cancelled while other requests wait for the statement.
            tokio::spawn(Slot(Some(Arc::clone(self))).run());
        }
        match timeout(ACQUIRE_TIMEOUT, receiver).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(StoreError::Unavailable("loading the session was interrupted".into())),
            Err(_) => Err(timed_out()),
        }
    }

    /// Adds a lookup to the queue. Returns whether it occupied a slot; the caller must then start a task for the slot.
    fn enqueue(&self, pending: Pending) -> bool {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.pending.push(pending);
        let has_free_slot = queue.running < MAX_STATEMENTS;
        if has_free_slot {
            queue.running += 1;
        }
        has_free_slot
    }

    /// Removes the next batch from the queue. If the queue is empty, frees the slot and returns nothing.
    fn next_batch(&self) -> Vec<Pending> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let size = queue.pending.len().min(authentication::MAX_BATCH);
        if size == 0 {
            queue.running -= 1;
        }
        queue.pending.drain(..size).collect()
    }

    fn free_slot(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).running -= 1;
    }

    async fn load_batch(&self, batch: &[Pending]) -> StoreResult<Batch> {
        let mut ids: Vec<_> = batch.iter().map(|pending| pending.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let statement = authentication::statement(self.db.get_database_backend(), &ids);
        let rows = self.db.query_all_raw(statement).await.into_store_result()?;
        let read = |row| {
            Ok((
                authentication::read_id(row)?,
                authentication::read(row).into_store_result(),
            ))
        };
        rows.iter().map(read).collect::<Result<_, _>>().into_store_result()
    }
}

/// An occupied slot. Dropping it frees the slot, so that a panic or a runtime that shuts down cannot block
/// later lookups.
struct Slot(Option<Arc<AuthLoader>>);

impl Slot {
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
                    Ok(sessions) => match sessions.get(&id) {
                        Some(Ok(session)) => Ok(Some(session.clone())),
                        Some(Err(error)) => Err(copy_of(error)),
                        None => Ok(None),
                    },
                    Err(error) => Err(copy_of(error)),
                });
            }
        }
    }
}

impl Drop for Slot {
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
    let text = match error {
        StoreError::Duplicate { key } => return StoreError::Duplicate { key: *key },
        StoreError::Conflict(cause) | StoreError::Unavailable(cause) | StoreError::Failure(cause) => cause.to_string(),
    };
    match error {
        StoreError::Conflict(_) => StoreError::Conflict(text.into()),
        StoreError::Unavailable(_) => StoreError::Unavailable(text.into()),
        _ => StoreError::Failure(text.into()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{DatabaseOptions, SeaStore};

    #[tokio::test]
    async fn dropped_tasks_free_their_slots() {
        let url = "sqlite::memory:".to_owned();
        let store = SeaStore::connect(&DatabaseOptions::new(url)).await.expect("opened");
        let loader = Arc::new(AuthLoader::new(store.reader().clone()));
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
