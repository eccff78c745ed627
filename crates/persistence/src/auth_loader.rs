//! Reads of callers that are under way at the same time, joined into one statement.
//!
//! Every authenticated request reads its caller, and under load a round trip to the database costs more
//! than what it brings. Here a request that finds a statement under way waits for it and goes with the
//! next, together with everybody who has come meanwhile. Unlike a cache this is exact: a read never begins
//! before the request that asks for it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use sea_orm::ConnectionTrait;
use tokio::{sync::oneshot, time::timeout};
use vestibule_domain::{AuthenticatedSession, Id, Session, StoreError, StoreResult};

use crate::{connect::ACQUIRE_TIMEOUT, db::Db, error::IntoStoreResult, repo::authentication};

/// How many statements are under way at most. With one, a slow statement would hold up everybody.
const STATEMENTS: usize = 2;

type Found = StoreResult<Option<AuthenticatedSession>>;

/// The callers that one statement has brought. An error belongs to its own row.
type Batch = HashMap<Id<Session>, StoreResult<AuthenticatedSession>>;

/// Joins reads over the connections of one instance.
pub(crate) struct AuthLoader {
    db: Db,
    queue: Mutex<Queue>,
}

#[derive(Default)]
struct Queue {
    statements: usize,
    waiting: Vec<Pending>,
}

struct Pending {
    id: Id<Session>,
    answer: oneshot::Sender<Found>,
}

impl AuthLoader {
    pub(crate) fn new(db: Db) -> Self {
        Self {
            db,
            queue: Mutex::default(),
        }
    }

    /// Reads one caller.
    pub(crate) async fn find(self: &Arc<Self>, id: Id<Session>) -> Found {
        let (answer, found) = oneshot::channel();
        if self.enqueue(Pending { id, answer }) {
            // A task of its own: the request that began it may be cancelled, and others wait for it.
            tokio::spawn(Slot(Some(Arc::clone(self))).serve());
        }
        match timeout(ACQUIRE_TIMEOUT, found).await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) => Err(StoreError::Unavailable("the reader has ended".into())),
            Err(_) => Err(too_late()),
        }
    }

    /// Says whether a statement may be begun.
    fn enqueue(&self, waiting: Pending) -> bool {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.waiting.push(waiting);
        let may_begin = queue.statements < STATEMENTS;
        if may_begin {
            queue.statements += 1;
        }
        may_begin
    }

    /// Those who are next; nobody, and then one statement less is under way.
    fn take(&self) -> Vec<Pending> {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let next = queue.waiting.len().min(authentication::MAX_BATCH);
        if next == 0 {
            queue.statements -= 1;
        }
        queue.waiting.drain(..next).collect()
    }

    fn end_statement(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).statements -= 1;
    }

    async fn read(&self, waiting: &[Pending]) -> StoreResult<Batch> {
        let mut ids: Vec<_> = waiting.iter().map(|one| one.id).collect();
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

/// One of the statements that may be under way. It is free again when its task ends, in whatever way:
/// a panic or the end of its runtime must not keep the others waiting for good.
struct Slot(Option<Arc<AuthLoader>>);

impl Slot {
    async fn serve(mut self) {
        while let Some(reads) = self.0.clone() {
            let waiting = reads.take();
            if waiting.is_empty() {
                // Freed already, together with the look at the queue: else somebody could come in between.
                self.0 = None;
                return;
            }
            let read = timeout(ACQUIRE_TIMEOUT, reads.read(&waiting)).await;
            let found = read.unwrap_or_else(|_| Err(too_late()));
            for Pending { id, answer } in waiting {
                // Who has gone needs no answer.
                let _ = answer.send(match &found {
                    Ok(found) => match found.get(&id) {
                        Some(Ok(caller)) => Ok(Some(caller.clone())),
                        Some(Err(error)) => Err(repeat(error)),
                        None => Ok(None),
                    },
                    Err(error) => Err(repeat(error)),
                });
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        if let Some(reads) = &self.0 {
            reads.end_statement();
        }
    }
}

fn too_late() -> StoreError {
    StoreError::Unavailable("the database does not answer".into())
}

/// The same error for one more.
fn repeat(error: &StoreError) -> StoreError {
    let told = match error {
        StoreError::Duplicate { key } => return StoreError::Duplicate { key: *key },
        StoreError::Conflict(cause) | StoreError::Unavailable(cause) | StoreError::Failure(cause) => cause.to_string(),
    };
    match error {
        StoreError::Conflict(_) => StoreError::Conflict(told.into()),
        StoreError::Unavailable(_) => StoreError::Unavailable(told.into()),
        _ => StoreError::Failure(told.into()),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{DatabaseOptions, SeaStore};

    /// As a runtime does that ends, or a panic.
    #[tokio::test]
    async fn tasks_that_are_cut_off_keep_nobody_waiting() {
        let url = "sqlite::memory:".to_owned();
        let store = SeaStore::connect(&DatabaseOptions::new(url)).await.expect("opened");
        let reads = Arc::new(AuthLoader::new(store.reader().clone()));
        for _ in 0..3 * STATEMENTS {
            let (answer, _) = oneshot::channel();
            let id = Id::from_uuid(Uuid::nil());
            assert!(reads.enqueue(Pending { id, answer }), "a statement may be begun");
            drop(Slot(Some(Arc::clone(&reads))));
        }
        // There is no table, which is an answer too; whoever was kept waiting would be told `Unavailable`.
        let found = reads.find(Id::from_uuid(Uuid::nil())).await;
        assert!(matches!(found, Err(StoreError::Failure(_))), "{found:?}");
    }
}
