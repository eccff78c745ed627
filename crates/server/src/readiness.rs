//! Readiness check: the database is reachable, migrated, durable and writable.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use tokio::{sync::Mutex, time::timeout};
use vestibule_api::Readiness;
use vestibule_domain::BoxFuture;
use vestibule_migrate::Runner;
use vestibule_persistence::SeaStore;

use crate::{bootstrap, error::with_causes};

/// The time for which a result is reused, so that frequent checks do not load the database. A success is also discarded
/// when a statement fails.
const MAX_AGE: Duration = Duration::from_secs(1);

/// The maximum time for a check of the database.
const DATABASE_TIMEOUT: Duration = Duration::from_secs(2);

/// The result of a check; the error is the reason why the server is not ready.
type CheckResult = Result<(), String>;

/// The readiness check of the database, run at most once a second.
pub(crate) struct DatabaseReadiness {
    migrations: Runner,
    store: SeaStore,
    last: Mutex<Option<LastCheck>>,
}

struct LastCheck {
    started_at: Instant,
    /// The number of failed statements when the check started.
    failures: u64,
    result: CheckResult,
}

impl DatabaseReadiness {
    pub(crate) fn new(store: SeaStore) -> Self {
        Self {
            migrations: bootstrap::migrations(&store),
            store,
            last: Mutex::new(None),
        }
    }

    /// Returns the last result while it is fresh; otherwise checks again. Concurrent callers wait for the same check.
    /// The age of a result is measured from the start of its check.
    async fn check_or_reuse(&self) -> CheckResult {
        let mut last = self.last.lock().await;
        if let Some(last) = last.as_ref()
            && last.started_at.elapsed() < MAX_AGE
            && (last.result.is_err() || last.failures == self.store.failures())
        {
            return last.result.clone();
        }
        let (started_at, failures) = (Instant::now(), self.store.failures());
        let result = timeout(DATABASE_TIMEOUT, self.check_database()).await;
        let result = result.unwrap_or_else(|_| Err("the database did not respond in time".to_owned()));
        *last = Some(LastCheck {
            started_at,
            failures,
            result: result.clone(),
        });
        result
    }

    /// Returns a fixed text as the reason. The details, which may contain host names, are only logged.
    async fn check_database(&self) -> CheckResult {
        self.store
            .ping()
            .await
            .map_err(|error| not_ready("the database does not respond", &error))?;
        let status = self.migrations.status_on(self.store.reader()).await;
        let status = status.map_err(|error| not_ready("the database schema cannot be read", &error))?;
        match status.pending_count() {
            0 => {}
            pending => return Err(format!("the database has pending migrations ({pending})")),
        }
        self.store
            .check_durability()
            .await
            .map_err(|error| not_ready("the database settings allow acknowledged writes to be lost", &error))?;
        self.store
            .check_writable()
            .await
            .map_err(|error| not_ready("the database does not accept writes", &error))
    }
}

impl Readiness for DatabaseReadiness {
    fn check(&self) -> BoxFuture<'_, CheckResult> {
        Box::pin(self.check_or_reuse())
    }
}

fn not_ready(reason: &str, error: &dyn Error) -> String {
    tracing::warn!(error = with_causes(error), "not ready: {reason}");
    reason.to_owned()
}
