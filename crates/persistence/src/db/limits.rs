//! Time limits of connections and statements.

use std::time::Duration;

/// The time that a request waits for a connection before it fails.
pub(crate) const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(2);

/// The idle time after which a connection is tested before use, because a firewall or a restart may have ended it.
pub(crate) const TEST_WHEN_IDLE_FOR: Duration = Duration::from_secs(5);

/// The time limit of that test.
pub(crate) const TEST_TIMEOUT: Duration = Duration::from_millis(500);

/// The time that a statement waits for a lock, so that one locked table does not block every connection.
const LOCK_TIMEOUT: Duration = Duration::from_secs(2);

/// The time after which PostgreSQL ends an idle transaction. Transactions are idle that long only if this process was
/// stopped.
const IDLE_IN_TRANSACTION_TIMEOUT: Duration = Duration::from_secs(10);

/// Time limits and session mode of the connections.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The time limit of a statement, which PostgreSQL enforces too.
    pub(crate) statement: Duration,
    /// True if a pooler in transaction mode is in use. Then settings are sent with each transaction, and every
    /// statement with parameters runs in a transaction, because it takes more than one round trip.
    pub(crate) is_transaction_pooled: bool,
}

/// The additional time, for the network, that this side waits for a statement after the server's limit.
const NETWORK_ALLOWANCE: Duration = Duration::from_secs(1);

impl Limits {
    /// Returns the time that this side waits for the end of a statement.
    pub(super) fn client_side(&self) -> Duration {
        self.statement + NETWORK_ALLOWANCE
    }

    /// Returns the settings that every transaction on PostgreSQL needs.
    pub(crate) fn settings(self) -> impl Iterator<Item = (&'static str, String)> {
        let lock_timeout = LOCK_TIMEOUT.min(self.statement);
        let millis = |limit: Duration| limit.as_millis().to_string();
        [
            ("statement_timeout", millis(self.statement)),
            ("lock_timeout", millis(lock_timeout)),
            (
                "idle_in_transaction_session_timeout",
                millis(IDLE_IN_TRANSACTION_TIMEOUT),
            ),
            // Every query reads at most some hundreds of rows by an index, so starting parallel workers or the JIT
            // compiler would take longer than the query.
            ("max_parallel_workers_per_gather", "0".to_owned()),
            ("jit", "off".to_owned()),
        ]
        .into_iter()
    }
}
