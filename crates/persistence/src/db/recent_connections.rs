//! Connections that were used a moment ago.
//!
//! The pool of sqlx pings a connection whenever it is returned, which costs a round trip after each statement. A
//! connection that is used again soon therefore skips the pool. It still returns to the pool about once a second, so
//! that the pool can test and replace it.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use super::{limits::TEST_WHEN_IDLE_FOR, pooled_connection::PooledConnection};

/// The time for which a connection skips the pool.
pub(super) const MAX_LOAN: Duration = Duration::from_secs(1);

/// The connections of a pool that are not in use and skip the pool.
#[derive(Debug)]
pub(super) struct RecentConnections {
    /// One permit for each connection that may be in use. The connections that are not in use have none, so the holder
    /// of a permit never waits for the pool.
    permits: Arc<Semaphore>,
    max_loan: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    connections: Vec<RecentConnection>,
    /// The number of times that the connections were retired.
    generation: u64,
    is_closed: bool,
}

/// A connection that was used a moment ago.
#[derive(Debug)]
pub(super) struct RecentConnection {
    pub(super) conn: PooledConnection,
    pub(super) loan: Loan,
    idle_since: Instant,
}

impl RecentConnection {
    /// Returns whether the connection was idle so long that it must be tested before use.
    pub(super) fn needs_test(&self) -> bool {
        self.idle_since.elapsed() >= TEST_WHEN_IDLE_FOR
    }
}

/// The time for which a connection is taken from the pool.
#[derive(Debug, Clone, Copy)]
pub(super) struct Loan {
    since: Instant,
    generation: u64,
}

impl Drop for RecentConnections {
    /// Closes the connections. Only a runtime could return them to the pool, and it may have ended.
    fn drop(&mut self) {
        for recent in self.close() {
            recent.conn.close();
        }
    }
}

impl RecentConnections {
    pub(super) fn new(max_connections: u32, max_loan: Duration) -> Self {
        Self {
            permits: Arc::new(Semaphore::new(max_connections as usize)),
            max_loan,
            state: Mutex::default(),
        }
    }

    /// Waits until a connection may be used.
    pub(super) async fn permit(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        Arc::clone(&self.permits).acquire_owned().await
    }

    /// Takes the connection that was used last.
    pub(super) fn take(&self) -> Option<RecentConnection> {
        self.lock().connections.pop()
    }

    /// Begins the loan of a connection, before it is taken from the pool.
    pub(super) fn begin_loan(&self) -> Loan {
        Loan {
            since: Instant::now(),
            generation: self.lock().generation,
        }
    }

    /// Adds a connection that is no longer in use. Gives it back if it must return to the pool.
    pub(super) fn add(&self, conn: PooledConnection, loan: Loan) -> Result<(), PooledConnection> {
        let now = Instant::now();
        let mut state = self.lock();
        if state.is_closed || loan.generation != state.generation || now - loan.since >= self.max_loan {
            return Err(conn);
        }
        state.connections.push(RecentConnection {
            conn,
            loan,
            idle_since: now,
        });
        Ok(())
    }

    /// Removes the connections that were not used for the time of a loan.
    pub(super) fn take_idle(&self) -> Vec<RecentConnection> {
        let is_idle = |recent: &mut RecentConnection| recent.idle_since.elapsed() >= self.max_loan;
        self.lock().connections.extract_if(.., is_idle).collect()
    }

    /// Removes all connections, and makes those in use return to the pool.
    pub(super) fn retire(&self) -> Vec<RecentConnection> {
        let mut state = self.lock();
        state.generation += 1;
        std::mem::take(&mut state.connections)
    }

    /// Removes all connections, and accepts no more.
    pub(super) fn close(&self) -> Vec<RecentConnection> {
        self.lock().is_closed = true;
        self.retire()
    }

    pub(super) fn len(&self) -> usize {
        self.lock().connections.len()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
