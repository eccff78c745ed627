//! Connections that wait for the next message.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use lettre::transport::smtp::client::AsyncSmtpConnection;
use tokio::time::{sleep, timeout};

/// How long a connection waits for the next message before it is ended. Servers end idle ones themselves.
const MAX_IDLE: Duration = Duration::from_secs(5);

/// How long a server may take to say goodbye.
const QUIT_TIMEOUT: Duration = Duration::from_secs(1);

#[derive(Default, Clone)]
pub(crate) struct Pool(Arc<Mutex<Vec<Idle>>>);

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

impl Pool {
    /// Takes the connection that was used last.
    pub(crate) fn take(&self) -> Option<AsyncSmtpConnection> {
        self.lock().pop().map(|idle| idle.connection)
    }

    /// Keeps a connection that is ready for another message.
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
            tokio::spawn(self.clone().end_idle());
        }
    }

    /// Ends all connections.
    pub(crate) async fn close(&self) {
        let idle = std::mem::take(&mut *self.lock());
        for idle in idle {
            quit(idle.connection).await;
        }
    }

    /// Ends connections that have waited long enough, until there is none.
    async fn end_idle(self) {
        loop {
            sleep(MAX_IDLE).await;
            let old = {
                let mut idle = self.lock();
                let young = idle.iter().position(|idle| idle.since.elapsed() < MAX_IDLE);
                let count = young.unwrap_or(idle.len());
                idle.drain(..count).collect::<Vec<_>>()
            };
            for idle in old {
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
