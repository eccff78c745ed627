//! Idle connections to the mail server.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::{sleep, timeout};

/// The time after which an idle connection is closed. Servers close idle connections too.
const MAX_IDLE: Duration = Duration::from_secs(5);

/// The longest wait for the reply to `QUIT`.
const QUIT_TIMEOUT: Duration = Duration::from_secs(1);

/// Idle connections, for reuse by the next message.
#[derive(Default, Clone)]
pub(crate) struct ConnectionPool(Arc<Mutex<Vec<Idle>>>);

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl ConnectionPool {
    /// Removes and returns the connection that was used last.
    pub(crate) fn take(&self) -> Option<AsyncSmtpConnection> {
        self.lock().pop().map(|idle| idle.connection)
    }

    /// Adds a connection that is ready for another message. A broken one is dropped.
    pub(crate) fn put(&self, connection: AsyncSmtpConnection) {
        if connection.has_broken() {
            return;
        }
        let mut idle = self.lock();
        let is_first = idle.is_empty();
        idle.push(Idle {
            connection,
            since: Instant::now(),
        });
        drop(idle);
        if is_first {
            tokio::spawn(self.clone().close_idle());
        }
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        let idle = std::mem::take(&mut *self.lock());
        for idle in idle {
            quit(idle.connection).await;
        }
    }

    /// Closes connections that have been idle for [`MAX_IDLE`], until the pool is empty.
    async fn close_idle(self) {
        loop {
            sleep(MAX_IDLE).await;
            let expired = {
                let mut idle = self.lock();
                let first_recent = idle.iter().position(|idle| idle.since.elapsed() < MAX_IDLE);
                let count = first_recent.unwrap_or(idle.len());
                idle.drain(..count).collect::<Vec<_>>()
            };
            for idle in expired {
                quit(idle.connection).await;
            }
            if self.lock().is_empty() {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn quit(mut connection: AsyncSmtpConnection) {
    let _ = timeout(QUIT_TIMEOUT, connection.quit()).await;
}
