//! The writable server of a PostgreSQL cluster, and the way back to it after a failover.
//!
//! A pool keeps connections for as long as they work. After a failover they may well work, and lead to a server that
//! only reads, or to one that does not answer. A monitor asks once a second, finds the writable server among the hosts
//! of the URL (or behind its one name), and retires the connections to the other one.

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
    connect::{ACQUIRE_TIMEOUT, Epoch},
    db::Db,
};

/// How often the monitor asks.
const INTERVAL: Duration = Duration::from_secs(1);

/// The least time between two questions, however often statements fail.
const MIN_INTERVAL: Duration = Duration::from_millis(200);

/// How long connecting to a server and asking it may take by default.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long asking on a connection of the pool may take, beyond what waiting for one takes.
const POOL_PROBE_TIMEOUT: Duration = Duration::from_secs(ACQUIRE_TIMEOUT.as_secs() + 1);

/// Asks a server whether it only reads, and for its time.
const PROBE: &str =
    "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean, clock_timestamp()";

/// The servers that a URL names, in its order.
#[derive(Clone)]
pub(crate) struct Hosts {
    pub(crate) options: Vec<PgConnectOptions>,
    /// Whether a server that only reads is passed over (`target_session_attrs=read-write`).
    pub(crate) must_be_writable: bool,
    /// How long connecting may take (`connect_timeout`), where that is set.
    pub(crate) connect_timeout: Option<Duration>,
}

/// What a server answered.
#[derive(Debug, Clone, Copy)]
struct Answer {
    is_read_only: bool,
    reading: Reading,
}

/// A server that answered.
struct Found {
    index: usize,
    answer: Answer,
}

impl Hosts {
    /// The first server that may be used. Each is given some seconds.
    async fn find(&self) -> Result<Found, sqlx::Error> {
        let mut failures = Vec::new();
        for (index, options) in self.options.iter().enumerate() {
            match ask(options, self.connect_timeout.unwrap_or(PROBE_TIMEOUT)).await {
                Ok(answer) if self.must_be_writable && answer.is_read_only => {
                    failures.push((options, io::Error::other("it only accepts reads").into()));
                }
                Ok(answer) => return Ok(Found { index, answer }),
                Err(error) => failures.push((options, error)),
            }
        }
        Err(joined(failures))
    }
}

/// One error for all servers.
fn joined(mut failures: Vec<(&PgConnectOptions, sqlx::Error)>) -> sqlx::Error {
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
    io::Error::new(io::ErrorKind::NotConnected, format!("no server can be used: {all}")).into()
}

/// Asks a server on a connection of its own.
async fn ask(options: &PgConnectOptions, limit: Duration) -> Result<Answer, sqlx::Error> {
    let asking = async {
        let mut conn = PgConnection::connect_with(options).await?;
        let asked = Instant::now();
        let row = sqlx::raw_sql(PROBE).fetch_one(&mut conn).await?;
        let answer = Answer {
            is_read_only: row.try_get(0)?,
            reading: Reading::new(row.try_get(1)?, asked),
        };
        let _ = conn.close().await;
        Ok(answer)
    };
    let too_late = || io::Error::new(io::ErrorKind::TimedOut, "the server does not answer").into();
    timeout(limit, asking).await.unwrap_or_else(|_| Err(too_late()))
}

/// What is known of the writable server.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Available,
    /// Why not.
    Unavailable(String),
}

/// The server in use, and everything that leads to it. Clones are the same.
#[derive(Clone)]
pub(crate) struct Primary {
    hosts: Arc<Hosts>,
    db: Db,
    pool: PgPool,
    epoch: Epoch,
    clock: DatabaseClock,
    state: Arc<Mutex<State>>,
}

/// The server to begin with.
pub(crate) struct FirstHost {
    hosts: Hosts,
    found: Found,
}

impl FirstHost {
    /// Looks for a server that may be used.
    ///
    /// # Errors
    /// The reason of each server why it may not.
    pub(crate) async fn find(hosts: Hosts) -> Result<Self, sqlx::Error> {
        let found = hosts.find().await?;
        Ok(Self { hosts, found })
    }

    /// How to connect to it.
    pub(crate) fn options(&self) -> PgConnectOptions {
        self.hosts.options[self.found.index].clone()
    }

    /// The server as that of a pool.
    pub(crate) fn of_pool(self, db: Db, pool: PgPool, epoch: Epoch) -> Primary {
        Primary {
            hosts: Arc::new(self.hosts),
            db,
            pool,
            epoch,
            clock: DatabaseClock::new(self.found.answer.reading),
            state: Arc::new(Mutex::new(State::Available)),
        }
    }
}

impl Primary {
    pub(crate) fn clock(&self) -> DatabaseClock {
        self.clock.clone()
    }

    /// Watches over the connections until it is dropped.
    pub(crate) async fn monitor(&self) {
        loop {
            tokio::select! {
                () = sleep(INTERVAL) => {}
                () = self.db.trouble() => sleep(MIN_INTERVAL).await,
            }
            self.check().await;
        }
    }

    async fn check(&self) {
        // Sooner than a statement gives up: until then the other connections may be as dead as this one.
        let answer = timeout(POOL_PROBE_TIMEOUT, self.ask_pool()).await;
        let is_exhausted = match answer {
            Ok(Ok(answer)) if !answer.is_read_only => {
                self.clock.follow(answer.reading);
                return self.note(State::Available);
            }
            Ok(Err(error)) => is_exhausted(&error),
            Ok(Ok(_)) | Err(_) => false,
        };
        match self.hosts.find().await {
            Ok(Found { index, answer }) if !answer.is_read_only => {
                if !is_exhausted || !self.is_current(index) {
                    self.lead_to(index);
                }
                self.clock.follow(answer.reading);
                self.note(State::Available);
            }
            Ok(_) => self.note(State::Unavailable("it only accepts reads".to_owned())),
            Err(error) => self.note(State::Unavailable(error.to_string())),
        }
    }

    async fn ask_pool(&self) -> Result<Answer, DbErr> {
        let asked = Instant::now();
        let row = self
            .db
            .query_one_raw(Statement::from_string(DbBackend::Postgres, PROBE))
            .await?
            .ok_or_else(|| DbErr::RecordNotFound("answer".to_owned()))?;
        let time: Timestamp = row.try_get_by_index(1)?;
        Ok(Answer {
            is_read_only: row.try_get_by_index(0)?,
            reading: Reading::new(time, asked),
        })
    }

    fn is_current(&self, index: usize) -> bool {
        let (current, other) = (self.pool.connect_options(), &self.hosts.options[index]);
        current.get_host() == other.get_host()
            && current.get_port() == other.get_port()
            && current.get_socket() == other.get_socket()
    }

    /// Has new connections lead to this server, and retires the ones that are open.
    fn lead_to(&self, index: usize) {
        self.pool.set_connect_options(self.hosts.options[index].clone());
        self.epoch.advance();
    }

    /// Logs a change of the state, once.
    fn note(&self, state: State) {
        let mut known = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *known == state {
            return;
        }
        match &state {
            State::Available => tracing::info!("the database is available again"),
            State::Unavailable(reason) => tracing::warn!("the database is unavailable: {reason}"),
        }
        *known = state;
    }
}

/// Returns whether all connections of the pool are in use, which is no fault of the server.
fn is_exhausted(error: &DbErr) -> bool {
    matches!(error, DbErr::Conn(sea_orm::RuntimeErr::SqlxError(error)) if matches!(**error, sqlx::Error::PoolTimedOut))
}
