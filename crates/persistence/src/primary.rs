//! Discovery of the writable server of a PostgreSQL cluster, at start-up and after a failover.
//!
//! After a failover the connections of a pool may still work, but to a server that only accepts reads, or they hang. A
//! monitor checks once a second. If needed it finds the writable server among the hosts of the URL (or behind its one
//! name), makes the pool connect to it, and retires the older connections.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement};
use sqlx::{Connection, PgConnection, PgPool, Row, postgres::PgConnectOptions};
use tokio::time::{sleep, timeout};
use vestibule_domain::Timestamp;

use crate::{
    clock::{DatabaseClock, Reading},
    connect::Epoch,
    db::{ACQUIRE_TIMEOUT, Db},
    repo::no_row,
};

/// The interval of the monitor's checks.
const INTERVAL: Duration = Duration::from_secs(1);

/// The minimum interval between two checks, however often statements fail.
const MIN_INTERVAL: Duration = Duration::from_millis(200);

/// The default time limit for connecting to a server and probing it.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// The time limit for probing on a connection of the pool: one second more than waiting for a connection may take.
const POOL_PROBE_TIMEOUT: Duration = Duration::from_secs(ACQUIRE_TIMEOUT.as_secs() + 1);

/// The query that returns whether the server is read-only, and its time.
const PROBE: &str =
    "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean, clock_timestamp()";

/// The message for a server that accepts no writes.
const READ_ONLY: &str = "the server is read-only";

/// The servers that a URL names, in its order.
#[derive(Clone)]
pub(crate) struct Hosts {
    pub(crate) options: Vec<PgConnectOptions>,
    /// True if read-only servers are skipped (`target_session_attrs=read-write`).
    pub(crate) must_be_writable: bool,
    /// The time limit for connecting to a server, if the URL sets one (`connect_timeout`).
    pub(crate) connect_timeout: Option<Duration>,
}

/// The result of probing a server.
#[derive(Debug, Clone, Copy)]
struct Probe {
    is_read_only: bool,
    reading: Reading,
}

/// A server that was probed successfully.
struct ProbedHost {
    index: usize,
    probe: Probe,
}

impl Hosts {
    /// Returns the first usable server, probing one after the other.
    async fn find(&self) -> Result<ProbedHost, sqlx::Error> {
        let mut failures = Vec::new();
        for (index, options) in self.options.iter().enumerate() {
            match probe(options, self.connect_timeout.unwrap_or(PROBE_TIMEOUT)).await {
                Ok(probe) if self.must_be_writable && probe.is_read_only => {
                    failures.push((options, io::Error::other(READ_ONLY).into()));
                }
                Ok(probe) => return Ok(ProbedHost { index, probe }),
                Err(error) => failures.push((options, error)),
            }
        }
        Err(combine(failures))
    }
}

/// Combines the failures of all servers into one error.
fn combine(mut failures: Vec<(&PgConnectOptions, sqlx::Error)>) -> sqlx::Error {
    if let [_] = failures[..]
        && let Some((_, error)) = failures.pop()
    {
        return error;
    }
    let each = failures.iter().map(|(options, error)| {
        let (host, port) = (options.get_host(), options.get_port());
        format!("{host}:{port}: {error}")
    });
    let all = each.collect::<Vec<_>>().join("; ");
    io::Error::new(io::ErrorKind::NotConnected, format!("no usable database server: {all}")).into()
}

/// Probes a server on a new connection.
async fn probe(options: &PgConnectOptions, limit: Duration) -> Result<Probe, sqlx::Error> {
    let probing = async {
        let mut conn = PgConnection::connect_with(options).await?;
        let sent_at = Instant::now();
        let row = sqlx::raw_sql(PROBE).fetch_one(&mut conn).await?;
        let probe = Probe {
            is_read_only: row.try_get(0)?,
            reading: Reading::new(row.try_get(1)?, sent_at),
        };
        let _ = conn.close().await;
        Ok(probe)
    };
    let timed_out = || io::Error::new(io::ErrorKind::TimedOut, "the server did not respond in time").into();
    timeout(limit, probing).await.unwrap_or_else(|_| Err(timed_out()))
}

/// The last known state of the writable server.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Available,
    /// Unavailable, with the reason.
    Unavailable(String),
}

/// The writable server with the pool and the clock that follow it. Clones share their state.
#[derive(Clone)]
pub(crate) struct Primary {
    hosts: Arc<Hosts>,
    db: Db,
    pool: PgPool,
    epoch: Epoch,
    clock: DatabaseClock,
    state: Arc<Mutex<State>>,
}

/// The server in use at start-up, before there is a pool.
pub(crate) struct FirstHost {
    hosts: Hosts,
    first: ProbedHost,
}

impl FirstHost {
    /// Finds a usable server.
    ///
    /// # Errors
    /// No server is usable; the error gives the reason for each.
    pub(crate) async fn find(hosts: Hosts) -> Result<Self, sqlx::Error> {
        let first = hosts.find().await?;
        Ok(Self { hosts, first })
    }

    /// Returns the options to connect to it.
    pub(crate) fn options(&self) -> PgConnectOptions {
        self.hosts.options[self.first.index].clone()
    }

    /// Starts to track the writable server for a pool.
    pub(crate) fn into_primary(self, db: Db, pool: PgPool, epoch: Epoch) -> Primary {
        Primary {
            hosts: Arc::new(self.hosts),
            db,
            pool,
            epoch,
            clock: DatabaseClock::new(self.first.probe.reading),
            state: Arc::new(Mutex::new(State::Available)),
        }
    }
}

impl Primary {
    pub(crate) fn clock(&self) -> DatabaseClock {
        self.clock.clone()
    }

    /// Checks the connections until the future is dropped: at intervals, and soon after a statement has failed.
    pub(crate) async fn monitor(&self) {
        loop {
            tokio::select! {
                () = sleep(INTERVAL) => {}
                () = self.db.became_unavailable() => sleep(MIN_INTERVAL).await,
            }
            self.check().await;
        }
    }

    async fn check(&self) {
        self.db.return_idle_connections();
        // Shorter than the time limit of a statement: if this connection hangs, the others may hang as well.
        let probe = timeout(POOL_PROBE_TIMEOUT, self.probe_pool()).await;
        let is_exhausted = match probe {
            Ok(Ok(probe)) if !probe.is_read_only => {
                self.clock.adjust(probe.reading);
                return self.set_state(State::Available);
            }
            Ok(Err(error)) => is_exhausted(&error),
            Ok(Ok(_)) | Err(_) => false,
        };
        match self.hosts.find().await {
            Ok(ProbedHost { index, probe }) if !probe.is_read_only => {
                if !is_exhausted || !self.is_current(index) {
                    self.switch_to(index);
                }
                self.clock.adjust(probe.reading);
                self.set_state(State::Available);
            }
            Ok(_) => self.set_state(State::Unavailable(READ_ONLY.to_owned())),
            Err(error) => self.set_state(State::Unavailable(error.to_string())),
        }
    }

    async fn probe_pool(&self) -> Result<Probe, DbErr> {
        let sent_at = Instant::now();
        let row = self
            .db
            .query_one_raw(Statement::from_string(DbBackend::Postgres, PROBE))
            .await?
            .ok_or_else(no_row)?;
        let time: Timestamp = row.try_get_by_index(1)?;
        Ok(Probe {
            is_read_only: row.try_get_by_index(0)?,
            reading: Reading::new(time, sent_at),
        })
    }

    fn is_current(&self, index: usize) -> bool {
        let (current, other) = (self.pool.connect_options(), &self.hosts.options[index]);
        current.get_host() == other.get_host()
            && current.get_port() == other.get_port()
            && current.get_socket() == other.get_socket()
    }

    /// Makes the pool open new connections to this server, and retires the open ones.
    fn switch_to(&self, index: usize) {
        self.pool.set_connect_options(self.hosts.options[index].clone());
        self.epoch.advance();
        self.db.retire_connections();
    }

    /// Sets the state, and logs it if it changed.
    fn set_state(&self, state: State) {
        let mut current = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *current == state {
            return;
        }
        match &state {
            State::Available => tracing::info!("the database is available again"),
            State::Unavailable(reason) => tracing::warn!("the database is unavailable: {reason}"),
        }
        *current = state;
    }
}

/// Returns whether all connections of the pool are in use, which is not a failure of the server.
fn is_exhausted(error: &DbErr) -> bool {
    matches!(error, DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error)) if matches!(**error, sqlx::Error::PoolTimedOut))
}
